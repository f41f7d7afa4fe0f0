//! Keys that stand in the wrong table of a driver.
//!
//! They are unknown where they stand, and not missing from the table that they belong into.

use crate::{
    document::tree::{NodeId, Tree},
    model::Field,
};

/// The tables inside a driver's table with their keys; no key is in two of them, or in the
/// driver's table.
const TABLES: [(Field, &[Field]); 3] = [
    (Field::TimeoutPolicy, Field::TIMEOUT_POLICY),
    (Field::RetryPolicy, Field::RETRY_POLICY),
    (Field::Telemetry, Field::TELEMETRY),
];

/// The driver that a table with these keys is, or is a part of.
#[cold]
pub(super) fn driver_of(tree: &Tree<'_>, table: NodeId, keys: &[Field]) -> Option<NodeId> {
    if keys == Field::DRIVER {
        return Some(table);
    }
    TABLES.iter().find(|(_, part)| *part == keys).and_then(|_| tree.parent(table))
}

/// Whether a field is one of the tables inside a driver's table.
pub(super) fn is_part(field: Field) -> bool {
    TABLES.iter().any(|(part, _)| *part == field)
}

/// The entry that stands for a field in any table of a driver.
pub(super) fn find(tree: &Tree<'_>, driver: NodeId, field: Field) -> Option<NodeId> {
    let parts = TABLES.iter().filter_map(|(part, _)| tree.child(driver, part.key()));
    let tables = std::iter::once(driver).chain(parts);
    let mut entries = tables.filter_map(|table| tree.child(table, field.key()));
    entries.find(|entry| !tree.node(*entry).repeated)
}

/// The path of the table of a driver that a key belongs into.
pub(super) fn home(tree: &Tree<'_>, driver: NodeId, key: &str) -> Option<String> {
    let has = |fields: &[Field]| fields.iter().any(|field| field.key() == key);
    let driver = tree.path(driver);
    if has(Field::DRIVER) {
        return Some(driver);
    }
    let (part, _) = TABLES.iter().find(|(_, fields)| has(fields))?;
    Some(format!("{driver}.{}", part.key()))
}
