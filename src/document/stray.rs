//! Keys in the wrong table of a driver.
//!
//! They are unknown in their table, and not missing from the table to which they belong.

use crate::{
    model::Field,
    toml::{
        quantity::{Relation, Wanted},
        tree::{NodeId, Tree},
    },
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
pub(crate) fn driver_of(tree: &Tree<'_>, table: NodeId, keys: &[Field]) -> Option<NodeId> {
    if keys == Field::DRIVER {
        return Some(table);
    }
    TABLES.iter().find(|(_, part)| *part == keys).and_then(|_| tree.parent(table))
}

/// Whether a field is one of the tables inside a driver's table.
pub(crate) fn is_part(field: Field) -> bool {
    TABLES.iter().any(|(part, _)| *part == field)
}

/// Returns true if a key belongs to one of the tables of a driver.
pub(crate) fn is_part_key(key: &str) -> bool {
    TABLES.iter().any(|(part, _)| part.key() == key)
}

/// The tables of a driver: its own, then those inside.
fn tables(tree: &Tree<'_>, driver: NodeId) -> impl Iterator<Item = NodeId> {
    let parts = TABLES.iter().filter_map(move |(part, _)| tree.child(driver, part.key()));
    std::iter::once(driver).chain(parts)
}

/// The entry under the key of a field in any table of a driver, or above every header.
pub(crate) fn find(tree: &Tree<'_>, driver: NodeId, field: Field) -> Option<NodeId> {
    let tables = tables(tree, driver).chain([tree.root()]);
    let mut entries = tables.filter_map(|table| tree.child(table, field.key()));
    entries.find(|entry| !tree.node(*entry).repeated)
}

/// The entries of a driver's tables whose unknown keys mean a field in another unit, with the
/// field.
pub(crate) fn respelt(tree: &Tree<'_>, driver: NodeId) -> Vec<(NodeId, Field)> {
    let wanted = wanted();
    let entries = tables(tree, driver).flat_map(|table| tree.children(table));
    let unknown = entries.filter(|entry| !is_known(&tree.node(*entry).key));
    let meant = |entry| Some((entry, intended(&tree.node(entry).key, &wanted)?.1));
    unknown.filter_map(meant).collect()
}

/// Whether some table of a driver has this key.
pub(crate) fn is_known(key: &str) -> bool {
    every_key().any(|(_, field)| field.key() == key)
}

/// Every key of a driver with the table that it is in; none is the driver's own.
fn every_key() -> impl Iterator<Item = (Option<Field>, Field)> {
    let own = Field::DRIVER.iter().map(|field| (None, *field));
    let parts = TABLES
        .iter()
        .flat_map(|(part, fields)| fields.iter().map(move |field| (Some(*part), *field)));
    own.chain(parts)
}

/// Every key of a driver, to compare unknown keys with.
pub(crate) fn wanted() -> Wanted<'static> {
    Wanted::new(every_key().map(|(_, field)| field.key()))
}

/// The key of a driver that a key is, or means in another unit, with the table that has it.
fn intended(key: &str, wanted: &Wanted<'_>) -> Option<(Option<Field>, Field, Relation)> {
    let (intended, relation) = wanted.intended(key, |_| true)?;
    let (part, field) = every_key().find(|(_, field)| field.key() == intended)?;
    Some((part, field, relation))
}

/// The path of the table that a key belongs into, of a driver with a path, and the key that it
/// means there.
pub(crate) fn home(
    driver: String,
    key: &str,
    of_driver: &Wanted<'_>,
) -> Option<(String, Field, Relation)> {
    let (part, field, relation) = intended(key, of_driver)?;
    let home = match part {
        Some(part) => format!("{driver}.{}", part.key()),
        None => driver,
    };
    Some((home, field, relation))
}
