//! Tells the table reader in which table misplaced document keys belong.

use crate::{
    document::{example, misplaced, nameless, stray},
    model::Field,
    toml::{
        key::{Hints, TableKey},
        quantity::Wanted,
        table::MAX_KEYS,
        tree::{NodeId, Tree},
    },
};

const _: () = assert!(Field::most_keys() <= MAX_KEYS);

impl TableKey for Field {
    const HINTS: Hints = Hints { example: example::of_key, header };

    fn key(self) -> &'static str {
        Self::key(self)
    }

    fn twin(self) -> Option<&'static str> {
        Self::twin(self)
    }

    fn holds_tables(keys: &[Self], key: Self) -> bool {
        keys == Self::DOCUMENT
            || ((keys == Self::BUDGET || keys == Self::WORKLOAD)
                && matches!(key, Self::Class | Self::Driver))
    }

    fn is_table(self) -> bool {
        stray::is_part(self) || self == Self::Instances
    }

    fn has_only_tables(keys: &[Self]) -> bool {
        keys == Self::DOCUMENT
    }

    fn declaration(tree: &Tree<'_>, table: NodeId, keys: &[Self]) -> Option<NodeId> {
        stray::driver_of(tree, table, keys)
    }

    fn elsewhere(tree: &Tree<'_>, driver: NodeId, key: Self) -> Option<NodeId> {
        stray::find(tree, driver, key).or_else(|| nameless::entry(tree, driver, key))
    }

    fn respelt(tree: &Tree<'_>, driver: NodeId) -> Vec<(NodeId, Self)> {
        stray::respelt(tree, driver)
    }

    fn is_misplaced_table(tree: &Tree<'_>, driver: NodeId, key: Self) -> bool {
        misplaced::is_at_top(tree, driver, key) || nameless::entry(tree, driver, key).is_some()
    }

    fn is_above_header(tree: &Tree<'_>, keys: &[Self], entry: NodeId) -> bool {
        keys == Self::DOCUMENT && misplaced::is_outside(tree, entry)
    }

    fn header_above(tree: &Tree<'_>, entry: NodeId) -> String {
        misplaced::header_above(tree, entry)
    }

    fn of_declaration() -> Wanted<'static> {
        stray::wanted()
    }

    fn home(
        tree: &Tree<'_>,
        table: NodeId,
        keys: &[Self],
        entry: NodeId,
        wanted: &Wanted<'_>,
    ) -> Option<String> {
        misplaced::help(tree, table, keys, entry, wanted)
    }

    fn headers(tree: &Tree<'_>, array: NodeId) -> Option<String> {
        nameless::headers(tree, array)
    }

    fn can_complete(path: &str) -> bool {
        path.split('.').next() == Some(Self::Driver.key())
    }

    fn lines(path: &str, missing: &[(Self, String)]) -> String {
        let driver = path.strip_prefix("driver.").and_then(|path| path.split('.').next());
        example::block(driver, missing)
    }
}

/// Returns the header of the table that a key with a colon opens.
fn header(key: &str) -> String {
    let (root, rest) = key.split_once('.').unwrap_or((key, ""));
    if root == Field::Driver.key() && rest.is_empty() {
        return "driver.example".to_owned();
    }
    if stray::is_part_key(key) {
        return format!("driver.example.{key}");
    }
    let is_root = Field::DOCUMENT.iter().any(|field| field.key() == root);
    if is_root && !rest.is_empty() { key.to_owned() } else { format!("driver.{key}") }
}
