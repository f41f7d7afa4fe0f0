//! From a contract path to the bytes that hold it.

use crate::{
    document::tree::{Kind, NodeId, Tree},
    model::{BenchmarkProfile, DriverName, Field, Scope},
    source::Span,
};

/// A declaration inside one document.
#[derive(Clone, Debug)]
pub enum Declaration {
    /// `[driver.<name>]`.
    Driver(DriverName),
    /// A scope of `[budget.<profile>]`.
    Budget(BenchmarkProfile, Scope),
    /// The `[[benchmark]]` with this number in the document, from 0.
    Benchmark(usize),
    /// The `[[waiver]]` with this number in the document, from 0.
    Waiver(usize),
}

/// The bytes of a declaration, or of one of its fields; of the innermost table that is there.
pub(super) fn locate(tree: &Tree<'_>, declaration: &Declaration, field: Option<Field>) -> Span {
    let table = table_of(tree, declaration);
    let Some(field) = field else { return tree.table_place(table) };
    let path: Vec<&str> = field.path().split('.').collect();
    match path.iter().try_fold(table, |table, key| tree.child(table, key)) {
        Some(found) => value_place(tree, found),
        None => tree.table_place(table),
    }
}

/// The bytes of a declaration's name in its header.
pub(super) fn locate_name(tree: &Tree<'_>, declaration: &Declaration) -> Span {
    tree.node(table_of(tree, declaration)).key_span
}

fn table_of(tree: &Tree<'_>, declaration: &Declaration) -> NodeId {
    match declaration {
        Declaration::Driver(name) => descend(tree, &[Field::Driver.key(), name]),
        Declaration::Budget(profile, scope) => locate_scope(tree, *profile, scope),
        Declaration::Benchmark(index) => item(tree, Field::Benchmark, *index),
        Declaration::Waiver(index) => item(tree, Field::Waiver, *index),
    }
}

fn locate_scope(tree: &Tree<'_>, profile: BenchmarkProfile, scope: &Scope) -> NodeId {
    let (budget, profile) = (Field::Budget.key(), profile.label());
    match scope {
        Scope::All => descend(tree, &[budget, profile]),
        Scope::Class(class) => descend(tree, &[budget, profile, Field::Class.key(), class.label()]),
        Scope::Driver(name) => descend(tree, &[budget, profile, Field::Driver.key(), name]),
    }
}

/// As far along the keys as the document goes.
fn descend(tree: &Tree<'_>, keys: &[&str]) -> NodeId {
    keys.iter()
        .try_fold(tree.root(), |table, key| tree.child(table, key).ok_or(table))
        .unwrap_or_else(|table| table)
}

fn item(tree: &Tree<'_>, array: Field, index: usize) -> NodeId {
    tree.child(tree.root(), array.key())
        .and_then(|array| tree.children(array).nth(index))
        .unwrap_or(tree.root())
}

fn value_place(tree: &Tree<'_>, id: NodeId) -> Span {
    let node = tree.node(id);
    match node.kind {
        Kind::Table(..) => tree.table_place(id),
        _ => node.span,
    }
}
