//! Fixes: edits that resolve a finding.
//!
//! This module is independent of documents and bytes.

use crate::finding::ContractPath;

/// One or more edits that together resolve a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix<P = ContractPath> {
    /// The safety of the fix.
    pub safety: Safety,
    /// The edits, which are applied together or not at all.
    pub edits: Vec<Edit<P>>,
}

/// The effect of a fix on signatures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Safety {
    /// No signature changes.
    Safe,
    /// A signature changes.
    Unsafe,
}

impl Safety {
    /// Returns the word in machine-readable output.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Safe => "safe",
            Self::Unsafe => "unsafe",
        }
    }
}

/// A change at one location.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit<P = ContractPath> {
    /// The location.
    pub place: P,
    /// The change.
    pub change: EditAction,
}

/// The kind of a change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EditAction {
    /// Sets the value to this integer.
    Integer(u64),
    /// Sets the value to this string.
    Text(String),
    /// Appends this string to the array.
    AddItem(String),
    /// Removes an item of an array, with its comma.
    RemoveItem,
    /// Renames the key.
    RenameKey(String),
    /// Removes the text.
    Remove,
    /// Inserts this text.
    Insert(String),
    /// Inserts these lines below the line of the location's end, with the indentation of the line of
    /// its start.
    InsertBelow(String),
}
