//! Reads callers and calls.

use crate::{
    document::{
        OtherDeclarations, Table,
        decode::decode_item,
        nameless,
        record::{self, ReadRecord},
        scalars::read_key_as_caller,
        tables::tables_in,
    },
    model::{Call, Caller, DriverName, Field},
    toml::{
        entries::{body, is_table, items, read_as},
        findings::DocumentFindings,
        table::expect_items,
        tree::{NodeId, Tree},
    },
};

/// A caller, read completely or with errors.
#[derive(Clone, Debug)]
pub enum CallerDeclaration {
    /// Every field was read.
    Complete(Caller),
    /// The table has an error.
    Invalid {
        /// The caller's name.
        name: DriverName,
    },
}

/// A call, read completely or with errors.
#[derive(Clone, Debug)]
pub enum CallDeclaration {
    /// Every field was read.
    Complete(Call),
    /// The table has an error.
    Invalid {
        /// The caller, if its name could be read.
        from: Option<DriverName>,
        /// The driver that it calls, if its name could be read.
        to: Option<DriverName>,
    },
    /// A placeholder that keeps the indices of later calls in the document.
    Ignored,
}

impl CallerDeclaration {
    /// Returns the caller's name.
    pub const fn name(&self) -> &DriverName {
        match self {
            Self::Complete(Caller { name, .. }) | Self::Invalid { name } => name,
        }
    }

    /// Returns the caller, if every field was read.
    pub const fn caller(&self) -> Option<&Caller> {
        match self {
            Self::Complete(caller) => Some(caller),
            Self::Invalid { .. } => None,
        }
    }
}

impl CallDeclaration {
    /// Returns the call, if every field was read.
    pub const fn call(&self) -> Option<&Call> {
        match self {
            Self::Complete(call) => Some(call),
            Self::Invalid { .. } | Self::Ignored => None,
        }
    }

    /// Returns true if the table has an error.
    pub const fn is_invalid(&self) -> bool {
        matches!(self, Self::Invalid { .. })
    }

    /// Returns the caller, if its name could be read.
    pub const fn from(&self) -> Option<&DriverName> {
        match self {
            Self::Complete(call) => Some(&call.from),
            Self::Invalid { from, .. } => from.as_ref(),
            Self::Ignored => None,
        }
    }

    /// Returns the driver that is called, if its name could be read.
    pub const fn to(&self) -> Option<&DriverName> {
        match self {
            Self::Complete(call) => Some(&call.to),
            Self::Invalid { to, .. } => to.as_ref(),
            Self::Ignored => None,
        }
    }
}

/// Reads all callers and calls of a document.
pub(super) fn read_all(
    tree: &Tree<'_>,
    findings: &mut DocumentFindings,
    others: &mut OtherDeclarations,
) {
    let tables = |field| read_as(tree, tree.root(), Field::DOCUMENT, field);
    for table in tables(Field::Caller) {
        let direct = nameless::report(tree, table, Field::Caller, findings);
        let has_names = is_table(tree, table) && tree.children(table).next().is_some();
        others.nameless_caller |= !direct.is_empty() || !has_names;
        let header = || "caller.<name>".to_owned();
        for id in tables_in(tree, (table, direct), &header, findings) {
            let caller = read_caller(tree, id, findings);
            others.nameless_caller |= caller.is_none();
            others.callers.extend(caller);
        }
    }
    for table in tables(Field::Call) {
        expect_items(tree, table, findings);
        others.calls.reserve_exact(tree.children(table).count());
        for id in items(tree, table) {
            // The remaining items can name any driver, so one invalid item represents them.
            if findings.is_too_many() {
                others.calls.push(CallDeclaration::Invalid { from: None, to: None });
                break;
            }
            others.calls.push(read_call(tree, id, findings));
        }
    }
}

fn read_caller(
    tree: &Tree<'_>,
    id: NodeId,
    findings: &mut DocumentFindings,
) -> Option<CallerDeclaration> {
    let before = findings.reported();
    let name = read_key_as_caller(tree, id, findings);
    let mut table = Table::open(tree, body(tree, id), Field::CALLER, findings);
    let ReadRecord { record, unread, guessed } =
        record::read_named::<Caller>(&mut table, name.clone());
    let whole = findings.reported() == before && is_table(tree, id);
    let name = name.filter(|_| !tree.node(id).repeated)?;
    Some(match record {
        Some(caller) if whole && unread.is_empty() && guessed.is_empty() => {
            CallerDeclaration::Complete(caller)
        }
        _ => CallerDeclaration::Invalid { name },
    })
}

fn read_call(tree: &Tree<'_>, id: NodeId, findings: &mut DocumentFindings) -> CallDeclaration {
    match decode_item::<Call>(tree, id, findings) {
        Ok(call) => CallDeclaration::Complete(call),
        Err(ReadRecord { record, unread, .. }) => {
            let (from, to) = record.map(|Call { from, to, .. }| (from, to)).unzip();
            let read = |name: Option<DriverName>, field| name.filter(|_| !unread.contains(&field));
            CallDeclaration::Invalid { from: read(from, Field::From), to: read(to, Field::To) }
        }
    }
}
