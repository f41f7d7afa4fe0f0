//! Finds the span of a contract path.

use std::collections::BTreeMap;

use crate::{
    document::scopes::{BUDGETS, ScopedTable, WORKLOADS},
    model::{
        BenchmarkProfile, DriverName, Field, InvalidText, ProjectVocabulary, Scope, ServerName,
        TemplateName, Vocabulary,
    },
    source::Span,
    toml::{
        entries::{body, is_table, items, read_as, word_of_key},
        tree::{NodeId, Tree},
    },
};

/// A declaration in a document.
#[derive(Clone, Debug)]
pub enum Declaration {
    /// `[driver.<name>]`.
    Driver(DriverName),
    /// A scope of `[budget.<profile>]`.
    Budget(BenchmarkProfile, Scope),
    /// A scope of `[workload.<profile>]`.
    Workload(BenchmarkProfile, Scope),
    /// The `[[benchmark]]` with this index in the document.
    Benchmark(usize),
    /// The `[[waiver]]` with this index in the document.
    Waiver(usize),
    /// `[template.<name>]`.
    Template(TemplateName),
    /// `[server.<name>]`.
    Server(ServerName),
    /// The number of instances of a driver, in `[server.<name>.instances]`.
    Instances(ServerName, DriverName),
    /// `[caller.<name>]`.
    Caller(DriverName),
    /// The `[[call]]` with this index in the document.
    Call(usize),
    /// The `[[requirement]]` with this index in the document.
    Requirement(usize),
}

/// Finds the spans of declarations and fields in the text of one document.
pub struct Locator<'s> {
    pub(super) tree: Tree<'s>,
    pub(super) index: Index,
    pub(super) text: &'s str,
}

impl<'s> Locator<'s> {
    /// Returns a locator for the text from which the declarations were read.
    pub fn new(text: &'s str, vocabulary: &'s ProjectVocabulary) -> Self {
        let tree = Tree::parse(text).with_vocabulary(vocabulary);
        let index = Index::new(&tree);
        Self { tree, index, text }
    }

    /// Returns the span of a declaration's name in its header, or of the header if the header has
    /// no name.
    pub fn locate_name(&self, declaration: &Declaration) -> Span {
        self.index.locate_name(&self.tree, declaration)
    }

    /// Returns the span of a field's value, or of the innermost existing table around the field.
    pub fn locate(&self, declaration: &Declaration, field: Option<Field>) -> Span {
        self.index.locate(&self.tree, declaration, field)
    }
}

/// An index of a document's declarations and their nodes.
///
/// It is built once, because a document can have a finding in each of a million declarations.
pub(super) struct Index {
    /// The drivers by name.
    pub(super) drivers: BTreeMap<DriverName, NodeId>,
    pub(super) budgets: BTreeMap<(BenchmarkProfile, Scope), NodeId>,
    pub(super) workloads: BTreeMap<(BenchmarkProfile, Scope), NodeId>,
    /// The benchmarks in source order.
    pub(super) benchmarks: Vec<NodeId>,
    pub(super) waivers: Vec<NodeId>,
    /// The templates by name.
    pub(super) templates: BTreeMap<TemplateName, NodeId>,
    /// The servers by name.
    pub(super) servers: BTreeMap<ServerName, NodeId>,
    /// The callers by name.
    pub(super) callers: BTreeMap<DriverName, NodeId>,
    /// The calls in source order.
    pub(super) calls: Vec<NodeId>,
    /// The requirements in source order.
    pub(super) requirements: Vec<NodeId>,
}

impl Index {
    pub(super) fn new(tree: &Tree<'_>) -> Self {
        Self {
            drivers: named(tree, Field::Driver, |name| DriverName::new(name)),
            budgets: scopes(tree, BUDGETS),
            workloads: scopes(tree, WORKLOADS),
            benchmarks: numbered(tree, Field::Benchmark),
            waivers: numbered(tree, Field::Waiver),
            templates: named(tree, Field::Template, |name| TemplateName::new(name)),
            servers: named(tree, Field::Server, |name| ServerName::new(name)),
            callers: named(tree, Field::Caller, |name| DriverName::new(name)),
            calls: numbered(tree, Field::Call),
            requirements: numbered(tree, Field::Requirement),
        }
    }

    pub(super) fn table_of(&self, tree: &Tree<'_>, declaration: &Declaration) -> NodeId {
        let found = match declaration {
            Declaration::Driver(name) => self.drivers.get(name),
            Declaration::Budget(profile, scope) => self.budgets.get(&(*profile, scope.clone())),
            Declaration::Workload(profile, scope) => self.workloads.get(&(*profile, scope.clone())),
            Declaration::Benchmark(index) => self.benchmarks.get(*index),
            Declaration::Waiver(index) => self.waivers.get(*index),
            Declaration::Template(name) => self.templates.get(name),
            Declaration::Server(name) => self.servers.get(name),
            Declaration::Instances(server, driver) => {
                return self.instances_of(tree, server, driver).unwrap_or(tree.root());
            }
            Declaration::Caller(name) => self.callers.get(name),
            Declaration::Call(index) => self.calls.get(*index),
            Declaration::Requirement(index) => self.requirements.get(*index),
        };
        found.copied().unwrap_or(tree.root())
    }

    /// Returns the entry with a driver's number of instances, or the server if there is no such
    /// entry.
    fn instances_of(
        &self,
        tree: &Tree<'_>,
        server: &ServerName,
        driver: &DriverName,
    ) -> Option<NodeId> {
        let server = *self.servers.get(server)?;
        let mut tables = read_as(tree, body(tree, server), Field::SERVER, Field::Instances);
        Some(tables.find_map(|table| tree.child(table, driver)).unwrap_or(server))
    }

    /// Returns the span of a declaration or of one of its fields. If the field is absent, returns
    /// the span of the table.
    pub(super) fn locate(
        &self,
        tree: &Tree<'_>,
        declaration: &Declaration,
        field: Option<Field>,
    ) -> Span {
        let table = body(tree, self.table_of(tree, declaration));
        let Some(field) = field else { return value_place(tree, table) };
        let mut path = field.path().split('.');
        let exact = path.try_fold(table, |table, key| tree.child(table, key));
        let exact = exact.or_else(|| tree.child(table, field.twin()?));
        let keys = keys_of(declaration);
        // The key of an inner table can also be a key of this table, with another meaning.
        let is_other = !keys.contains(&field) && keys.iter().any(|own| own.key() == field.key());
        let misspelt = || read_as(tree, table, keys, field).next();
        let found = exact.or_else(|| if is_other { None } else { misspelt() });
        value_place(tree, found.unwrap_or(table))
    }

    /// Returns the span of a declaration's name in its header.
    pub(super) fn locate_name(&self, tree: &Tree<'_>, declaration: &Declaration) -> Span {
        tree.node(self.table_of(tree, declaration)).key_span
    }
}

pub(super) const fn keys_of(declaration: &Declaration) -> &'static [Field] {
    match declaration {
        Declaration::Driver(_) => Field::DRIVER,
        Declaration::Budget(..) => Field::BUDGET,
        Declaration::Workload(..) => Field::WORKLOAD,
        Declaration::Benchmark(_) => Field::BENCHMARK,
        Declaration::Waiver(_) => Field::WAIVER,
        Declaration::Template(_) => Field::TEMPLATE,
        Declaration::Server(_) => Field::SERVER,
        Declaration::Instances(..) => &[],
        Declaration::Caller(_) => Field::CALLER,
        Declaration::Call(_) => Field::CALL,
        Declaration::Requirement(_) => Field::REQUIREMENT,
    }
}

fn tables(tree: &Tree<'_>, field: Field) -> impl Iterator<Item = NodeId> {
    read_as(tree, tree.root(), Field::DOCUMENT, field)
}

/// Returns the tables that are named by their key. Of several tables with the same name, returns
/// the first.
fn named<K: Ord>(
    tree: &Tree<'_>,
    field: Field,
    new: impl Fn(&str) -> Result<K, InvalidText>,
) -> BTreeMap<K, NodeId> {
    let mut named = BTreeMap::new();
    for child in tables(tree, field).flat_map(|table| tree.children(table)) {
        if let Ok(name) = new(&tree.node(child).key) {
            named.entry(name).or_insert(child);
        }
    }
    named
}

/// Adds an entry under its name, unless an earlier entry has the same name.
fn add_named<K: Ord>(
    tree: &Tree<'_>,
    entry: NodeId,
    entries: &mut BTreeMap<K, NodeId>,
    key: impl Fn(DriverName) -> K,
) {
    if let Ok(name) = DriverName::new(&tree.node(entry).key) {
        entries.entry(key(name)).or_insert(entry);
    }
}

/// Returns the table of each scope. Correctly spelt keys take precedence over misspelt keys.
fn scopes(tree: &Tree<'_>, scoped: ScopedTable) -> BTreeMap<(BenchmarkProfile, Scope), NodeId> {
    let mut found = BTreeMap::new();
    for root in tables(tree, scoped.root) {
        for (profile, id) in by_word(tree, root) {
            found.entry((profile, Scope::All)).or_insert(id);
            let narrower = |field| read_as(tree, body(tree, id), scoped.profile, field);
            for (class, id) in narrower(Field::Class).flat_map(|table| by_word(tree, table)) {
                found.entry((profile, Scope::Class(class))).or_insert(id);
            }
            for id in narrower(Field::Driver).flat_map(|table| tree.children(table)) {
                add_named(tree, id, &mut found, |name| (profile, Scope::Driver(name)));
            }
        }
    }
    found
}

/// Returns the entries whose key is a word, then the entries whose key misspells a word.
fn by_word<V: Vocabulary>(tree: &Tree<'_>, table: NodeId) -> Vec<(V, NodeId)> {
    let word =
        |child: NodeId| Some((word_of_key::<V>(&tree.node(child).key, tree.vocabulary)?, child));
    let mut entries: Vec<_> = tree.children(table).filter_map(word).collect();
    entries.sort_by_key(|(word, child)| tree.node(*child).key != word.word());
    entries
}

/// Returns the tables of an array, in source order.
fn numbered(tree: &Tree<'_>, array: Field) -> Vec<NodeId> {
    tables(tree, array).flat_map(|array| items(tree, array)).collect()
}

fn value_place(tree: &Tree<'_>, id: NodeId) -> Span {
    let node = tree.node(id);
    if is_table(tree, id) { tree.table_place(id) } else { node.span }
}
