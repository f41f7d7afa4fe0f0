//! Describes the keys of one kind of file, such as documents, to the reader of tables.
//!
//! Must never know which tables a kind of file has.

use crate::toml::{
    quantity::Wanted,
    tree::{NodeId, Tree},
};

/// A key that a table of some kind of file can have.
///
/// The defaults are for a kind of file without hints about misplaced keys.
pub(crate) trait TableKey: Copy + Eq + 'static {
    /// Examples for lines that are not TOML.
    const HINTS: Hints = Hints { example: |_| None, header: ToOwned::to_owned };

    /// The text of the key.
    fn key(self) -> &'static str;

    /// Returns true if a key of such a table has named or numbered tables.
    fn holds_tables(_keys: &[Self], _key: Self) -> bool {
        false
    }

    /// Returns true if the value of the key is one table.
    fn is_table(self) -> bool {
        false
    }

    /// Returns true if such a table contains only tables.
    fn has_only_tables(_keys: &[Self]) -> bool {
        false
    }

    /// The declaration that such a table is a part of, if its keys can be in other parts of it.
    fn declaration(_tree: &Tree<'_>, _table: NodeId, _keys: &[Self]) -> Option<NodeId> {
        None
    }

    /// The entry for a key in another part of a declaration.
    fn elsewhere(_tree: &Tree<'_>, _declaration: NodeId, _key: Self) -> Option<NodeId> {
        None
    }

    /// The entries of a declaration whose keys mean another key in another unit, with that key.
    fn respelt(_tree: &Tree<'_>, _declaration: NodeId) -> Vec<(NodeId, Self)> {
        Vec::new()
    }

    /// Returns true if the table under a key of a declaration is misplaced.
    fn is_misplaced_table(_tree: &Tree<'_>, _declaration: NodeId, _key: Self) -> bool {
        false
    }

    /// Returns true if an unknown entry of such a table belongs below a header.
    fn is_above_header(_tree: &Tree<'_>, _keys: &[Self], _entry: NodeId) -> bool {
        false
    }

    /// The header to write above such an entry, as a sentence.
    fn header_above(_tree: &Tree<'_>, _entry: NodeId) -> String {
        String::new()
    }

    /// The keys of a whole declaration, to compare unknown keys with.
    fn of_declaration() -> Wanted<'static> {
        Wanted::new(std::iter::empty())
    }

    /// Returns the place where an unknown entry belongs, as a sentence.
    fn home(
        _tree: &Tree<'_>,
        _table: NodeId,
        _keys: &[Self],
        _entry: NodeId,
        _wanted: &Wanted<'_>,
    ) -> Option<String> {
        None
    }

    /// The headers to write instead of double brackets.
    fn headers(_tree: &Tree<'_>, _array: NodeId) -> Option<String> {
        None
    }

    /// Lines to paste where keys are missing from the table with a path.
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

/// Examples for text that is not TOML.
#[derive(Clone, Copy)]
pub(crate) struct Hints {
    /// A plausible value of a key, in TOML.
    pub(crate) example: fn(&str) -> Option<String>,
    /// The path of the table that a key with a colon opens.
    pub(crate) header: fn(&str) -> String,
}
