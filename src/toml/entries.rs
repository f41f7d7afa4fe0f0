//! Finds the entries of a field, even if their keys are misspelt or their brackets are wrong.

use crate::{
    model::{ProjectVocabulary, Vocabulary},
    toml::{
        key::TableKey,
        spelling::{intended_word, nearest},
        tree::{ArrayForm, NodeId, TableForm, Tree, ValueKind},
    },
};

/// Returns the entries that are read as a field: the entry with the field's key, then misspelt
/// entries.
///
/// Only the first entry is used, except for fields with named or numbered tables.
pub(crate) fn read_as<K: TableKey>(
    tree: &Tree<'_>,
    table: NodeId,
    keys: &'static [K],
    field: K,
) -> impl Iterator<Item = NodeId> {
    let entries = || tree.children(table).filter(|child| !tree.node(*child).repeated);
    let exact = entries().filter(move |child| field.has_key(&tree.node(*child).key));
    let misspelt = entries().filter(move |child| {
        let key = &tree.node(*child).key;
        keys.iter().all(|field| !field.has_key(key))
            && nearest(key, keys.iter().map(|field| field.key())) == Some(field.key())
    });
    exact.chain(misspelt)
}

/// Returns the word that a key matches or misspells.
pub(crate) fn word_of_key<V: Vocabulary>(key: &str, vocabulary: &ProjectVocabulary) -> Option<V> {
    vocabulary.find(key).or_else(|| intended_word(key, vocabulary))
}

/// Returns the table that contains the entries: the value, or the first item of an array of tables.
pub(crate) fn body(tree: &Tree<'_>, id: NodeId) -> NodeId {
    let is_array = matches!(tree.node(id).kind, ValueKind::Array(ArrayForm::OfTables, _));
    let first = if is_array { tree.children(id).next() } else { None };
    first.unwrap_or(id)
}

/// Returns the tables of an array, or the single table that replaces the array.
pub(crate) fn items(tree: &Tree<'_>, id: NodeId) -> impl Iterator<Item = NodeId> {
    let kind = &tree.node(id).kind;
    let is_alone = matches!(kind, ValueKind::Table(TableForm::Header | TableForm::Inline, _));
    let itself = is_alone.then_some(id);
    let is_array = matches!(kind, ValueKind::Array(..));
    let tables = tree.children(id).filter(move |item| is_array && is_table(tree, *item));
    itself.into_iter().chain(tables)
}

/// Returns true if a node is a table in any form.
pub(crate) fn is_table(tree: &Tree<'_>, id: NodeId) -> bool {
    matches!(tree.node(id).kind, ValueKind::Table(..))
}
