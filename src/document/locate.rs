//! From a contract path to the bytes that hold it.

use crate::{
    document::{
        entries::{body, is_table, items, read_as, word_of_key},
        scopes::{BUDGETS, Scoped, WORKLOADS},
        tree::{NodeId, Tree},
    },
    model::{BenchmarkProfile, DriverName, Field, Scope, Vocabulary},
    source::Span,
};

/// A declaration inside one document.
#[derive(Clone, Debug)]
pub enum Declaration {
    /// `[driver.<name>]`.
    Driver(DriverName),
    /// A scope of `[budget.<profile>]`.
    Budget(BenchmarkProfile, Scope),
    /// A scope of `[workload.<profile>]`.
    Workload(BenchmarkProfile, Scope),
    /// The `[[benchmark]]` with this number in the document, from 0.
    Benchmark(usize),
    /// The `[[waiver]]` with this number in the document, from 0.
    Waiver(usize),
}

/// The bytes of a declaration, or of one of its fields; of the innermost table that is there.
pub(super) fn locate(tree: &Tree<'_>, declaration: &Declaration, field: Option<Field>) -> Span {
    let table = body(tree, table_of(tree, declaration));
    let Some(field) = field else { return tree.table_place(table) };
    let path: Vec<&str> = field.path().split('.').collect();
    let exact = path.iter().try_fold(table, |table, key| tree.child(table, key));
    let found = exact.or_else(|| read_as(tree, table, keys_of(declaration), field).next());
    found.map_or_else(|| tree.table_place(table), |found| value_place(tree, found))
}

const fn keys_of(declaration: &Declaration) -> &'static [Field] {
    match declaration {
        Declaration::Driver(_) => Field::DRIVER,
        Declaration::Budget(..) => Field::BUDGET,
        Declaration::Workload(..) => Field::WORKLOAD,
        Declaration::Benchmark(_) => Field::BENCHMARK,
        Declaration::Waiver(_) => Field::WAIVER,
    }
}

/// The bytes of a declaration's name in its header.
pub(super) fn locate_name(tree: &Tree<'_>, declaration: &Declaration) -> Span {
    tree.node(table_of(tree, declaration)).key_span
}

fn table_of(tree: &Tree<'_>, declaration: &Declaration) -> NodeId {
    let found = match declaration {
        Declaration::Driver(name) => named(tree, Field::Driver, name),
        Declaration::Budget(profile, scope) => locate_scope(tree, BUDGETS, *profile, scope),
        Declaration::Workload(profile, scope) => locate_scope(tree, WORKLOADS, *profile, scope),
        Declaration::Benchmark(index) => item(tree, Field::Benchmark, *index),
        Declaration::Waiver(index) => item(tree, Field::Waiver, *index),
    };
    found.unwrap_or(tree.root())
}

fn tables(tree: &Tree<'_>, field: Field) -> impl Iterator<Item = NodeId> {
    read_as(tree, tree.root(), Field::DOCUMENT, field)
}

fn named(tree: &Tree<'_>, field: Field, name: &str) -> Option<NodeId> {
    tables(tree, field).find_map(|table| tree.child(table, name))
}

fn locate_scope(
    tree: &Tree<'_>,
    scoped: Scoped,
    profile: BenchmarkProfile,
    scope: &Scope,
) -> Option<NodeId> {
    let roots = tables(tree, scoped.root);
    let profiles: Vec<_> = roots.flat_map(|table| by_word(tree, table, profile)).collect();
    let narrower = |field| {
        let bodies = profiles.iter().map(|profile| body(tree, *profile));
        bodies.flat_map(move |profile| read_as(tree, profile, scoped.profile, field))
    };
    match scope {
        Scope::All => profiles.first().copied(),
        Scope::Class(class) => {
            narrower(Field::Class).flat_map(|table| by_word(tree, table, *class)).next()
        }
        Scope::Driver(name) => narrower(Field::Driver).find_map(|table| tree.child(table, name)),
    }
}

/// The entries whose key is this word, then those whose key is a misspelling of it.
fn by_word<V: Vocabulary>(tree: &Tree<'_>, table: NodeId, word: V) -> Vec<NodeId> {
    let is_meant = |child: &NodeId| word_of_key(&tree.node(*child).key) == Some(word);
    let mut entries: Vec<_> = tree.children(table).filter(is_meant).collect();
    entries.sort_by_key(|child| tree.node(*child).key != word.word());
    entries
}

fn item(tree: &Tree<'_>, array: Field, index: usize) -> Option<NodeId> {
    tables(tree, array).flat_map(|array| items(tree, array)).nth(index)
}

fn value_place(tree: &Tree<'_>, id: NodeId) -> Span {
    let node = tree.node(id);
    if is_table(tree, id) { tree.table_place(id) } else { node.span }
}
