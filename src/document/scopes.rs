//! Reads profile tables and their narrower scopes, for budgets and workloads.

use std::collections::HashSet;

use crate::{
    document::{
        Table, misplaced, nameless,
        scalars::read_key_as_name,
        tables::{is_misspelt, tables_in},
    },
    model::{BenchmarkProfile, DriverClass, Field, Scope, Vocabulary},
    toml::{
        entries::{body, read_as, word_of_key},
        findings::DocumentFindings,
        rules::UNKNOWN_WORD,
        spelling::truncated,
        tree::{NodeId, Tree},
        value::read_key_as_word,
    },
};

/// A kind of table that is declared per scope.
#[derive(Clone, Copy)]
pub(super) struct ScopedTable {
    /// The top-level key in the document.
    pub(super) root: Field,
    /// The keys of a profile's table, including `class` and `driver`.
    pub(super) profile: &'static [Field],
    /// The keys of a narrower scope.
    pub(super) narrower: &'static [Field],
}

pub(super) const BUDGETS: ScopedTable =
    ScopedTable { root: Field::Budget, profile: Field::BUDGET, narrower: Field::BUDGET_SCOPE };
pub(super) const WORKLOADS: ScopedTable = ScopedTable {
    root: Field::Workload,
    profile: Field::WORKLOAD,
    narrower: Field::WORKLOAD_SCOPE,
};

/// The profile and scope of a table.
#[derive(Clone, Default)]
pub(super) struct Header {
    /// The profile, if its word is known.
    pub(super) profile: Option<BenchmarkProfile>,
    /// The scope, if its word or name could be read.
    pub(super) scope: Option<Scope>,
    /// Whether a part of the header is misspelt, so that the author might have meant a different
    /// table.
    pub(super) misspelt: bool,
}

impl Header {
    /// Returns true if the profile and the scope could be read.
    pub(super) const fn is_known(&self) -> bool {
        self.profile.is_some() && self.scope.is_some()
    }
}

/// Reads the table of every scope in a document.
pub(super) fn read_scopes(
    tree: &Tree<'_>,
    scoped: ScopedTable,
    findings: &mut DocumentFindings,
    mut read: impl FnMut(Table<'_, '_, '_>, Header),
) {
    let header = || format!("{}.<profile>", scoped.root.key());
    for table in read_as(tree, tree.root(), Field::DOCUMENT, scoped.root) {
        let misspelt = is_misspelt(tree, table, scoped.root);
        let direct = nameless::report(tree, table, scoped.root, findings);
        for id in tables_in(tree, (table, direct), &header, findings) {
            read_profile(tree, (id, misspelt), scoped, findings, &mut read);
        }
    }
}

fn read_profile(
    tree: &Tree<'_>,
    (id, misspelt): (NodeId, bool),
    scoped: ScopedTable,
    findings: &mut DocumentFindings,
    read: &mut impl FnMut(Table<'_, '_, '_>, Header),
) {
    let profile = word_of_key(&tree.node(id).key, tree.vocabulary);
    match misplaced::scope_without_profile(tree, id, scoped.root) {
        Some(help) if profile.is_none() => {
            let node = tree.node(id);
            let message = format!("unknown profile `{}`", truncated(&node.key));
            findings.push(UNKNOWN_WORD.finding(node.key_span, message).help(help));
        }
        _ => _ = read_key_as_word::<BenchmarkProfile>(tree, id, findings),
    }
    let misspelt = misspelt || is_misspelt_word(tree, id, profile);
    let header = Header { profile, scope: Some(Scope::All), misspelt };
    let id = body(tree, id);
    read(Table::open(tree, id, scoped.profile, findings), header.clone());
    for field in [Field::Class, Field::Driver] {
        for tables in read_as(tree, id, scoped.profile, field) {
            let misspelt = misspelt || is_misspelt(tree, tables, field);
            let title = if field == Field::Class { "class.<class>" } else { "driver.<name>" };
            let written = || format!("{}.{title}", tree.path(id));
            for id in tables_in(tree, (tables, HashSet::new()), &written, findings) {
                let (scope, misspelt) = read_scope(tree, id, (field, misspelt), findings);
                let table = Table::open(tree, body(tree, id), scoped.narrower, findings);
                read(table, Header { scope, misspelt, ..header.clone() });
            }
        }
    }
}

/// Returns the scope that a key names, and whether the key is misspelt.
fn read_scope(
    tree: &Tree<'_>,
    id: NodeId,
    (field, misspelt): (Field, bool),
    findings: &mut DocumentFindings,
) -> (Option<Scope>, bool) {
    if field == Field::Driver {
        return (read_key_as_name(tree, id, findings).map(Scope::Driver), misspelt);
    }
    let class: Option<DriverClass> = read_key_as_word(tree, id, findings);
    (class.map(Scope::Class), misspelt || is_misspelt_word(tree, id, class))
}

fn is_misspelt_word<V: Vocabulary>(tree: &Tree<'_>, id: NodeId, word: Option<V>) -> bool {
    word.is_some_and(|word| tree.node(id).key != word.word())
}
