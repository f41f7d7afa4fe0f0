//! Keys that stand in the wrong table of a driver.
//!
//! They are unknown where they stand, and not missing from the table that they belong into.

use crate::{
    document::{
        quantity::{self, Relation},
        tree::{NodeId, Tree},
    },
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

/// Whether a key is that of one of the tables inside a driver's table.
pub(super) fn is_part_key(key: &str) -> bool {
    TABLES.iter().any(|(part, _)| part.key() == key)
}

/// The entry that stands for a field in any table of a driver, perhaps with another unit.
pub(super) fn find(tree: &Tree<'_>, driver: NodeId, field: Field) -> Option<NodeId> {
    let parts = TABLES.iter().filter_map(|(part, _)| tree.child(driver, part.key()));
    // Above every header, too.
    let tables = std::iter::once(driver).chain(parts).chain([tree.root()]);
    let exact = |table: NodeId| tree.child(table, field.key());
    let mut entries = tables.clone().filter_map(exact);
    let found = entries.find(|entry| !tree.node(*entry).repeated);
    let tables = tables.filter(|table| *table != tree.root());
    found.or_else(|| {
        tables.flat_map(|table| tree.children(table)).find(|entry| {
            let key = &tree.node(*entry).key;
            !is_known(key) && intended(key).is_some_and(|(_, intended, _)| intended == field)
        })
    })
}

/// Whether some table of a driver has this key.
pub(super) fn is_known(key: &str) -> bool {
    every_key().any(|(_, field)| field.key() == key)
}

/// Every key of a driver with the table that it is in; none is the driver's own.
fn every_key() -> impl Iterator<Item = (Option<Field>, Field)> + Clone {
    let own = Field::DRIVER.iter().map(|field| (None, *field));
    let parts = TABLES
        .iter()
        .flat_map(|(part, fields)| fields.iter().map(move |field| (Some(*part), *field)));
    own.chain(parts)
}

/// The key of a driver that a key is, or means in another unit, with the table that has it.
fn intended(key: &str) -> Option<(Option<Field>, Field, Relation)> {
    let keys = every_key().map(|(_, field)| field.key());
    let (intended, relation) = quantity::intended(key, keys, |_| true)?;
    let (part, field) = every_key().find(|(_, field)| field.key() == intended)?;
    Some((part, field, relation))
}

/// The path of the table that a key belongs into, of a driver with a path, and the key that it means
/// there.
pub(super) fn home(driver: String, key: &str) -> Option<(String, Field, Relation)> {
    let (part, field, relation) = intended(key)?;
    let home = match part {
        Some(part) => format!("{driver}.{}", part.key()),
        None => driver,
    };
    Some((home, field, relation))
}
