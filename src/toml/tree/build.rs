//! Builds the tree from the events of the TOML grammar.

mod events;
mod plain;

use std::{borrow::Cow, collections::HashMap};

use toml_parser::{ParseError, Source};

use super::{
    ArrayForm, Children, Node, NodeId, Repeat, TableForm, Tree, ValueKind, grammar::Grammar,
};
use crate::{
    model::ProjectVocabulary,
    source::{Span, offset},
};

/// Memory for one node is reserved per this number of bytes of text. A contract needs less: it has
/// about one node per 25 bytes.
const BYTES_A_NODE: usize = 20;
/// The minimum number of entries of a table whose keys are indexed.
const INDEXED_FROM: u32 = 24;

pub(super) fn build<'s>(text: &'s str, buffers: &mut TreeBuffers) -> Tree<'s> {
    plain(text, buffers).unwrap_or_else(|| by_grammar(text, buffers))
}

/// Builds the tree of a plain document. Returns `None` for other documents.
pub(super) fn plain<'s>(text: &'s str, buffers: &mut TreeBuffers) -> Option<Tree<'s>> {
    let mut builder = Builder::new(text, buffers);
    let accepted = plain::read(text, &mut builder);
    // A rejected document can leave keys and values open.
    buffers.path = emptied(builder.path);
    buffers.open = emptied(builder.open);
    accepted.map(|()| builder.tree)
}

/// Builds the tree of any document.
pub(super) fn by_grammar<'s>(text: &'s str, buffers: &mut TreeBuffers) -> Tree<'s> {
    let mut builder = Builder::new(text, buffers);
    let mut is_broken = false;
    Grammar::new(text).read(&mut builder, &mut |_: ParseError| is_broken = true);
    builder.finish_line();
    builder.tree.is_broken = is_broken;
    builder.tree
}

type Key<'s> = (Cow<'s, str>, Span);

/// The memory of an unused tree, for the next tree.
#[derive(Debug, Default)]
pub(crate) struct TreeBuffers {
    nodes: Vec<Node<'static>>,
    path: Vec<Key<'static>>,
    open: Vec<NodeId>,
}

impl TreeBuffers {
    /// Stores the memory of a tree.
    pub(super) fn recycle(&mut self, tree: Tree<'_>) {
        self.nodes = emptied(tree.nodes);
    }
}

/// Empties a list and converts it to a list of items with another lifetime. The standard library
/// reuses the allocation if it can.
fn emptied<T, U>(list: Vec<T>) -> Vec<U> {
    list.into_iter().filter_map(|_| None).collect()
}

struct Builder<'s> {
    source: Source<'s>,
    tree: Tree<'s>,
    /// The table of the last header that was read.
    table: NodeId,
    /// The arrays and inline tables that are not closed yet.
    open: Vec<NodeId>,
    /// The keys that were read since the last header, comma or value.
    path: Vec<Key<'s>>,
    /// The current header, with its kind and its span.
    header: Option<(ArrayOrTable, Span)>,
    /// The last definition of each repeated key.
    redefined: HashMap<NodeId, NodeId>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum ArrayOrTable {
    Array,
    Table,
}

fn span(span: toml_parser::Span) -> Span {
    Span::new(offset(span.start()), offset(span.end()))
}

/// Returns true if a span is empty, because the parser inserted a token that is not in the text.
const fn is_nothing(place: Span) -> bool {
    place.start == place.end
}

impl<'s> Builder<'s> {
    fn new(text: &'s str, buffers: &mut TreeBuffers) -> Self {
        let document = Node {
            key: Cow::Borrowed(""),
            key_span: Span::default(),
            span: Span::default(),
            kind: ValueKind::Table(TableForm::Root, Children::default()),
            repeated: false,
            parent: None,
            next: None,
        };
        let mut nodes = emptied(std::mem::take(&mut buffers.nodes));
        nodes.reserve(text.len() / BYTES_A_NODE + 1);
        nodes.push(document);
        let tree = Tree {
            nodes,
            index: HashMap::new(),
            is_broken: false,
            repeats: Vec::new(),
            directives: Vec::new(),
            vocabulary: ProjectVocabulary::empty(),
        };
        Self {
            source: Source::new(text),
            tree,
            table: NodeId(0),
            open: std::mem::take(&mut buffers.open),
            path: emptied(std::mem::take(&mut buffers.path)),
            header: None,
            redefined: HashMap::new(),
        }
    }

    fn node_mut(&mut self, id: NodeId) -> &mut Node<'s> {
        &mut self.tree.nodes[id.0 as usize]
    }

    /// Adds a node at the end of a table or an array.
    fn append(
        &mut self,
        parent: NodeId,
        (key, key_span): Key<'s>,
        value: Span,
        kind: ValueKind<'s>,
    ) -> NodeId {
        let id = NodeId(u32::try_from(self.tree.nodes.len()).unwrap_or(u32::MAX));
        let indexed = self.tree.index.get_mut(&parent);
        if let Some(keys) = indexed {
            keys.entry(key.clone()).or_insert(id);
        }
        self.tree.nodes.push(Node {
            key,
            key_span,
            span: value,
            kind,
            repeated: false,
            parent: Some(parent),
            next: None,
        });
        let (ValueKind::Array(_, children) | ValueKind::Table(_, children)) =
            &mut self.node_mut(parent).kind
        else {
            return id;
        };
        let previous = children.last.replace(id);
        children.first.get_or_insert(id);
        children.count += 1;
        let is_wide = children.count == INDEXED_FROM;
        if let Some(previous) = previous {
            self.node_mut(previous).next = Some(id);
        }
        // The index is built from the list, which already contains the new entry.
        if is_wide {
            self.index_keys(parent);
        }
        id
    }

    fn index_keys(&mut self, table: NodeId) {
        let mut keys = HashMap::new();
        for child in self.tree.children(table) {
            keys.entry(self.tree.node(child).key.clone()).or_insert(child);
        }
        self.tree.index.insert(table, keys);
    }

    /// Returns the last definition of a key.
    fn lookup(&self, table: NodeId, key: &str) -> Option<NodeId> {
        let first = self.tree.child(table, key)?;
        Some(self.redefined.get(&first).copied().unwrap_or(first))
    }

    /// Adds a repeated definition of a key and records the repetition.
    fn repeat(&mut self, parent: NodeId, key: Key<'s>, value: Span, kind: ValueKind<'s>) -> NodeId {
        let first = self.tree.child(parent, &key.0);
        let again = self.append(parent, key, value, kind);
        self.node_mut(again).repeated = true;
        if let Some(first) = first {
            self.tree.repeats.push(Repeat { first, again });
            self.redefined.insert(first, again);
        }
        again
    }

    /// Returns the table that the keys before the last key refer to.
    ///
    /// Empties the list of keys and stores it for reuse.
    fn descend(&mut self, from: NodeId, mut keys: Vec<Key<'s>>, form: TableForm) -> NodeId {
        // Most paths have only one key.
        if keys.is_empty() {
            self.path = keys;
            return from;
        }
        let table = keys.drain(..).fold(from, |table, key| self.step(table, key, form));
        self.path = keys;
        table
    }

    fn step(&mut self, table: NodeId, key: Key<'s>, form: TableForm) -> NodeId {
        let place = key.1;
        let empty = ValueKind::Table(form, Children::default());
        let Some(existing) = self.lookup(table, &key.0) else {
            return self.append(table, key, place, empty);
        };
        let kind = &mut self.node_mut(existing).kind;
        if let ValueKind::Table(of, _) = kind
            && can_extend(*of, form)
        {
            // After a dotted key leads through a table, a header cannot define it.
            if form == TableForm::Dotted {
                *of = form;
            }
            return existing;
        }
        // A header can continue in the last table of an array, but a dotted key cannot.
        if let ValueKind::Array(ArrayForm::OfTables, items) = kind
            && form == TableForm::Implied
        {
            return items.last.unwrap_or(existing);
        }
        self.repeat(table, key, place, empty)
    }

    /// Opens the table that a header names.
    fn open_table(&mut self, shape: ArrayOrTable, header: Span) {
        let mut keys = std::mem::take(&mut self.path);
        let Some(key) = keys.pop() else { return };
        let parent = self.descend(self.tree.root(), keys, TableForm::Implied);
        let existing = self.lookup(parent, &key.0);
        self.table = match shape {
            ArrayOrTable::Table => self.open_single(parent, existing, key, header),
            ArrayOrTable::Array => self.open_item(parent, existing, key, header),
        };
    }

    fn open_single(
        &mut self,
        parent: NodeId,
        existing: Option<NodeId>,
        key: Key<'s>,
        header: Span,
    ) -> NodeId {
        let empty = ValueKind::Table(TableForm::Header, Children::default());
        let Some(existing) = existing else { return self.append(parent, key, header, empty) };
        let node = self.node_mut(existing);
        if let ValueKind::Table(form @ TableForm::Implied, _) = &mut node.kind {
            *form = TableForm::Header;
            node.key_span = key.1;
            node.span = header;
            return existing;
        }
        self.repeat(parent, key, header, empty)
    }

    fn open_item(
        &mut self,
        parent: NodeId,
        existing: Option<NodeId>,
        key: Key<'s>,
        header: Span,
    ) -> NodeId {
        let key_span = key.1;
        let empty = ValueKind::Array(ArrayForm::OfTables, Children::default());
        let array = match existing {
            None => self.append(parent, key, header, empty),
            Some(id) if self.is_array_of_tables(id) => id,
            Some(_) => self.repeat(parent, key, header, empty),
        };
        let item = ValueKind::Table(TableForm::Header, Children::default());
        self.append(array, (Cow::Borrowed(""), key_span), header, item)
    }

    fn is_array_of_tables(&self, id: NodeId) -> bool {
        matches!(self.tree.node(id).kind, ValueKind::Array(ArrayForm::OfTables, _))
    }

    /// Adds a value under the keys before it, or to the array that contains it.
    fn put(&mut self, value: Span, kind: ValueKind<'s>) -> NodeId {
        let container = self.open.last().copied().unwrap_or(self.table);
        let mut keys = std::mem::take(&mut self.path);
        let Some(key) = keys.pop() else {
            self.path = keys;
            return self.append(container, (Cow::Borrowed(""), value), value, kind);
        };
        let table = self.descend(container, keys, TableForm::Dotted);
        if self.tree.child(table, &key.0).is_some() {
            return self.repeat(table, key, value, kind);
        }
        self.append(table, key, value, kind)
    }

    /// Opens an array or an inline table.
    fn open_value(&mut self, opening: Span, kind: ValueKind<'s>) {
        // The parser also reports an opening bracket for a lone closing bracket. In an array, that
        // is not an item.
        let id = match self.open.last() {
            Some(array) if is_nothing(opening) && self.path.is_empty() => *array,
            Some(_) | None => self.put(opening, kind),
        };
        self.open.push(id);
    }

    /// Opens the table of the current header, which can lack its closing bracket. Discards the keys
    /// that an invalid line leaves.
    fn finish_line(&mut self) {
        if let Some((shape, header)) = self.header.take() {
            self.open_table(shape, header);
        }
        if self.open.is_empty() {
            self.path.clear();
        }
    }

    fn close(&mut self, end: Span) {
        if let Some(id) = self.open.pop() {
            let node = self.node_mut(id);
            node.span = node.span.to(end);
            if node.key.is_empty() {
                node.key_span = node.span;
            }
        }
        self.path.clear();
    }

    fn start_header(&mut self, shape: ArrayOrTable, at: toml_parser::Span) {
        self.finish_line();
        self.open.clear();
        self.header = Some((shape, span(at)));
    }

    fn close_header(&mut self, at: toml_parser::Span) {
        if let Some((_, header)) = &mut self.header {
            *header = header.to(span(at));
        }
        self.finish_line();
    }
}

/// Returns true if the path of a header or dotted key can pass through a table of this form.
const fn can_extend(table: TableForm, through: TableForm) -> bool {
    match table {
        TableForm::Implied | TableForm::Dotted => true,
        TableForm::Header | TableForm::Root => matches!(through, TableForm::Implied),
        TableForm::Inline => false,
    }
}
