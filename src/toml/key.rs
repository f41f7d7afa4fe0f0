//! Describes the keys of one kind of file, such as documents, to the table reader.
//!
//! This module must not depend on the tables of a specific kind of file.

use crate::toml::{
    quantity::Wanted,
    tree::{NodeId, Tree},
};

/// A key of a table in one kind of file.
///
/// The defaults are for a kind of file without hints about misplaced keys.
pub(crate) trait TableKey: Copy + Eq + 'static {
    /// The functions that provide examples for lines with syntax errors.
    const HINTS: Hints = Hints { example: |_| None, header: ToOwned::to_owned };

    /// Returns the text of the key.
    fn key(self) -> &'static str;

    /// Returns another key of the same field, which states the value in another unit.
    fn twin(self) -> Option<&'static str> {
        None
    }

    /// Returns true if a table can state the field under this key.
    fn has_key(self, key: &str) -> bool {
        self.key() == key || self.twin() == Some(key)
    }

    /// Returns true if a key of a table with these keys contains named or numbered tables.
    fn holds_tables(_keys: &[Self], _key: Self) -> bool {
        false
    }

    /// Returns true if the value of the key is a single table.
    fn is_table(self) -> bool {
        false
    }

    /// Returns true if a table with these keys contains only tables.
    fn has_only_tables(_keys: &[Self]) -> bool {
        false
    }

    /// Returns the declaration to which a table belongs, if keys of the table can also be in other
    /// parts of the declaration.
    fn declaration(_tree: &Tree<'_>, _table: NodeId, _keys: &[Self]) -> Option<NodeId> {
        None
    }

    /// Returns the entry that has this key in another part of a declaration.
    fn elsewhere(_tree: &Tree<'_>, _declaration: NodeId, _key: Self) -> Option<NodeId> {
        None
    }

    /// Returns the entries of a declaration that express a key in another unit, each with that key.
    fn respelt(_tree: &Tree<'_>, _declaration: NodeId) -> Vec<(NodeId, Self)> {
        Vec::new()
    }

    /// Returns true if the table with this key of a declaration is misplaced.
    fn is_misplaced_table(_tree: &Tree<'_>, _declaration: NodeId, _key: Self) -> bool {
        false
    }

    /// Returns true if an unknown entry of a table with these keys belongs below a header.
    fn is_above_header(_tree: &Tree<'_>, _keys: &[Self], _entry: NodeId) -> bool {
        false
    }

    /// Returns a sentence that contains the header to write above an entry that belongs below a
    /// header.
    fn header_above(_tree: &Tree<'_>, _entry: NodeId) -> String {
        String::new()
    }

    /// Returns the keys of a whole declaration, for comparison with unknown keys.
    fn of_declaration() -> Wanted<'static> {
        Wanted::new(std::iter::empty())
    }

    /// Returns a sentence that says where an unknown entry belongs.
    fn home(
        _tree: &Tree<'_>,
        _table: NodeId,
        _keys: &[Self],
        _entry: NodeId,
        _wanted: &Wanted<'_>,
    ) -> Option<String> {
        None
    }

    /// Returns the headers to write instead of double brackets.
    fn headers(_tree: &Tree<'_>, _array: NodeId) -> Option<String> {
        None
    }

    /// Returns true if examples can complete the table at a path. False for tables that state facts,
    /// such as measurements.
    fn can_complete(_path: &str) -> bool {
        false
    }

    /// Returns lines to paste for the keys that are missing from the table at a path.
    fn lines(_path: &str, missing: &[(Self, String)]) -> String {
        let lines: Vec<_> = missing.iter().map(|(key, _)| format!("{} = ", key.key())).collect();
        lines.join("\n")
    }
}

/// The keys of a kind of file without hints about misplaced keys.
impl TableKey for &'static str {
    fn key(self) -> &'static str {
        self
    }
}

/// The functions that provide examples for text with syntax errors.
#[derive(Clone, Copy)]
pub(crate) struct Hints {
    /// A function that returns an example value of a key, in TOML.
    pub(crate) example: fn(&str) -> Option<String>,
    /// A function that returns the path of the table that a key with a colon opens.
    pub(crate) header: fn(&str) -> String,
}
