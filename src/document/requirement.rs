//! Reads requirements.

use crate::{
    document::{OtherDeclarations, Table, record, scopes::Header},
    finding::Finding,
    model::{DriverName, Field, Requirement},
    source::Span,
    toml::{
        entries::{items, read_as},
        findings::DocumentFindings,
        rules::MISSING_KEY,
        table::expect_items,
        tree::{NodeId, Tree},
    },
};

/// A requirement, read completely or with errors.
#[derive(Clone, Debug)]
pub enum RequirementDeclaration {
    /// Every field was read.
    Complete(Requirement),
    /// The table has an error.
    Invalid {
        /// The driver that the entry names, if the name could be read.
        driver: Option<DriverName>,
    },
    /// A placeholder that keeps the indices of later requirements in the document.
    Ignored,
}

impl RequirementDeclaration {
    /// Returns the requirement, if every field was read.
    pub const fn requirement(&self) -> Option<&Requirement> {
        match self {
            Self::Complete(requirement) => Some(requirement),
            Self::Invalid { .. } | Self::Ignored => None,
        }
    }

    /// Returns true if the table has an error.
    pub const fn is_invalid(&self) -> bool {
        matches!(self, Self::Invalid { .. })
    }

    /// Returns the driver that the entry names, if the name could be read.
    pub const fn driver(&self) -> Option<&DriverName> {
        match self {
            Self::Complete(requirement) => Some(&requirement.driver),
            Self::Invalid { driver } => driver.as_ref(),
            Self::Ignored => None,
        }
    }
}

/// Reads all requirements of a document.
pub(super) fn read_all(
    tree: &Tree<'_>,
    findings: &mut DocumentFindings,
    others: &mut OtherDeclarations,
) {
    for table in read_as(tree, tree.root(), Field::DOCUMENT, Field::Requirement) {
        expect_items(tree, table, findings);
        for id in items(tree, table) {
            // The remaining items can name any driver, so one invalid item represents them.
            if findings.is_too_many() {
                others.requirements.push(RequirementDeclaration::Invalid { driver: None });
                break;
            }
            others.requirements.push(read_one(tree, id, findings));
        }
    }
}

fn read_one(
    tree: &Tree<'_>,
    id: NodeId,
    findings: &mut DocumentFindings,
) -> RequirementDeclaration {
    let before = findings.reported();
    let mut table = Table::open_item(tree, id, Field::REQUIREMENT, findings);
    let read = record::read::<Requirement>(&mut table, Header::default());
    if let Some(finding) = unpaired(&table) {
        table.findings.push(finding);
    }
    let is_whole = findings.reported() == before && read.unread.is_empty();
    match read.record {
        Some(requirement) if is_whole => RequirementDeclaration::Complete(requirement),
        record => {
            let record = record.filter(|_| !read.unread.contains(&Field::Driver));
            RequirementDeclaration::Invalid { driver: record.map(|it| it.driver) }
        }
    }
}

/// Reports limits of a budget without a profile, and a profile without limits.
fn unpaired(table: &Table<'_, '_, '_>) -> Option<Finding<Span>> {
    let has = |field: Field| table.entry(field).is_some() || table.guessed().contains(&field);
    let limits = Field::BUDGET_SCOPE.iter().copied();
    let limit = limits.into_iter().find(|limit| has(*limit));
    match (has(Field::Profile), limit) {
        (false, Some(limit)) => {
            let key = table.key_of(limit);
            let message = format!("`{key}` requires `profile`");
            let help = format!("add `profile = \"heavy_data\"`, or delete `{key}`");
            Some(MISSING_KEY.finding(table.place(limit), message).help(help))
        }
        (true, None) => {
            let finding = MISSING_KEY
                .finding(table.place(Field::Profile), "`profile` requires a limit of a budget")
                .help("add a limit, such as `max_p95_latency_ms = 200`, or delete `profile`");
            Some(finding)
        }
        (true, Some(_)) | (false, None) => None,
    }
}
