//! Finds keys in the wrong table of a driver.
//!
//! Such a key is reported as unknown in its table, but not as missing from the table to which it
//! belongs.

use crate::{
    model::Field,
    toml::{
        quantity::{Relation, Wanted},
        tree::{NodeId, Tree},
    },
};

/// The tables inside a driver's table, with their keys. No key occurs in two tables, or in both a
/// table and the driver itself.
const TABLES: [(Field, &[Field]); 3] = [
    (Field::TimeoutPolicy, Field::TIMEOUT_POLICY),
    (Field::RetryPolicy, Field::RETRY_POLICY),
    (Field::Telemetry, Field::TELEMETRY),
];

/// Returns the driver that a table with these keys declares or belongs to.
#[cold]
pub(crate) fn driver_of(tree: &Tree<'_>, table: NodeId, keys: &[Field]) -> Option<NodeId> {
    if keys == Field::DRIVER || keys == Field::TEMPLATE {
        return Some(table);
    }
    TABLES.iter().find(|(_, part)| *part == keys).and_then(|_| tree.parent(table))
}

/// Returns true if a field is a table inside a driver's table.
pub(crate) fn is_part(field: Field) -> bool {
    TABLES.iter().any(|(part, _)| *part == field)
}

/// Returns true if a key names a table inside a driver's table.
pub(crate) fn is_part_key(key: &str) -> bool {
    TABLES.iter().any(|(part, _)| part.key() == key)
}

/// Returns the driver's own table, then its inner tables.
fn tables(tree: &Tree<'_>, driver: NodeId) -> impl Iterator<Item = NodeId> {
    let parts = TABLES.iter().filter_map(move |(part, _)| tree.child(driver, part.key()));
    std::iter::once(driver).chain(parts)
}

/// Returns true if a table of a driver has a key that does not belong there.
pub(crate) fn has_unknown_key(tree: &Tree<'_>, driver: NodeId) -> bool {
    let is_unknown = |table: NodeId, keys: &[Field]| {
        let mut entries = tree.children(table).map(|entry| &tree.node(entry).key);
        entries.any(|entry| keys.iter().all(|field| field.key() != entry))
    };
    let in_part = |(part, keys): &(Field, &[Field])| {
        tree.child(driver, part.key()).is_some_and(|table| is_unknown(table, keys))
    };
    is_unknown(driver, Field::DRIVER) || TABLES.iter().any(in_part)
}

/// Returns the entry with a field's key in any table of a driver, or above the first header.
pub(crate) fn find(tree: &Tree<'_>, driver: NodeId, field: Field) -> Option<NodeId> {
    let tables = tables(tree, driver).chain([tree.root()]);
    let mut entries = tables.filter_map(|table| tree.child(table, field.key()));
    entries.find(|entry| !tree.node(*entry).repeated)
}

/// Returns the entries of a driver whose unknown key names a field in a different unit, each with
/// the field.
pub(crate) fn respelt(tree: &Tree<'_>, driver: NodeId) -> Vec<(NodeId, Field)> {
    let wanted = wanted();
    let entries = tables(tree, driver).flat_map(|table| tree.children(table));
    let unknown = entries.filter(|entry| !is_known(&tree.node(*entry).key));
    let meant = |entry| Some((entry, intended(&tree.node(entry).key, &wanted)?.1));
    unknown.filter_map(meant).collect()
}

/// Returns true if any table of a driver can have this key.
pub(crate) fn is_known(key: &str) -> bool {
    every_key().any(|(_, field)| field.key() == key)
}

/// Returns every driver key with its table, or `None` for the driver's own keys.
fn every_key() -> impl Iterator<Item = (Option<Field>, Field)> {
    let own = Field::DRIVER.iter().map(|field| (None, *field));
    let parts = TABLES
        .iter()
        .flat_map(|(part, fields)| fields.iter().map(move |field| (Some(*part), *field)));
    own.chain(parts)
}

/// Returns every driver key, for comparison with unknown keys.
pub(crate) fn wanted() -> Wanted<'static> {
    Wanted::new(every_key().map(|(_, field)| field.key()))
}

/// Returns the driver key that a key means, in the same or in a different unit, and the table of
/// the driver key.
fn intended(key: &str, wanted: &Wanted<'_>) -> Option<(Option<Field>, Field, Relation)> {
    let (intended, relation) = wanted.intended(key, |_| true)?;
    let (part, field) = every_key().find(|(_, field)| field.key() == intended)?;
    Some((part, field, relation))
}

/// Returns the path of the table to which a key of the given driver belongs, and the key to write
/// there.
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
