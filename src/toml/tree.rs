//! The tree of a TOML document: every key and value with its span.
//!
//! Building the tree never fails. [`Tree::is_broken`] is true if the document has syntax errors,
//! and [`Errors`] reports them. [`Tree::repeats`] lists the keys that are defined more than once. A
//! repeated definition is marked and stays in the tree, so the values inside it can still be read.

mod build;
mod errors;
mod grammar;

use std::{borrow::Cow, collections::HashMap};

pub(crate) use self::{build::TreeBuffers, errors::Errors};
use crate::{model::ProjectVocabulary, source::Span, toml::spelling::truncated};

/// The maximum number of levels in a path in a message.
const SHOWN_LEVELS: usize = 12;

/// A node of a [`Tree`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct NodeId(u32);

/// A key with its value, or an item of an array.
#[derive(Debug)]
pub(crate) struct Node<'s> {
    /// The key with escapes resolved. Empty for array items and for the root.
    pub(crate) key: Cow<'s, str>,
    /// The span of the key, or of the value for an array item.
    pub(crate) key_span: Span,
    /// The span of the value. For a table, this is the header, or the key or the braces if there is
    /// no header.
    pub(crate) span: Span,
    /// The kind of value.
    pub(crate) kind: ValueKind<'s>,
    /// Whether the node repeats an earlier definition of the same key.
    pub(crate) repeated: bool,
    parent: Option<NodeId>,
    next: Option<NodeId>,
}

/// The kind of a value.
#[derive(Debug)]
pub(crate) enum ValueKind<'s> {
    /// A string, with escapes resolved.
    String(Cow<'s, str>),
    /// An integer, or `None` if it exceeds 64 bits.
    Integer(Option<i64>),
    /// A number with a fraction or an exponent, an infinity, or NaN, as written.
    Float(Cow<'s, str>),
    /// `true` or `false`.
    Boolean(bool),
    /// A date, a time or both, as written.
    DateTime(Cow<'s, str>),
    /// An array, either in brackets or of tables.
    Array(ArrayForm, Children),
    /// A table in any form.
    Table(TableForm, Children),
}

/// The syntax of an array.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ArrayForm {
    /// `[1, 2]`
    Bracketed,
    /// `[[header]]`
    OfTables,
}

/// The syntax of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TableForm {
    /// The document itself.
    Root,
    /// `[header]` or `[[header]]`
    Header,
    /// A table that is named only in the headers of its inner tables.
    Implied,
    /// A table that a dotted key names.
    Dotted,
    /// `{ … }`
    Inline,
}

/// The first and last nodes of a list.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Children {
    first: Option<NodeId>,
    last: Option<NodeId>,
    count: u32,
}

/// A repeated definition of a key.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Repeat {
    /// The first definition, which takes precedence.
    pub(crate) first: NodeId,
    /// The repeated definition.
    pub(crate) again: NodeId,
}

/// A TOML document.
#[derive(Debug)]
pub(crate) struct Tree<'s> {
    nodes: Vec<Node<'s>>,
    /// The keys of wide tables, for lookup.
    index: HashMap<NodeId, HashMap<Cow<'s, str>, NodeId>>,
    /// Whether the document has syntax errors.
    pub(crate) is_broken: bool,
    /// The repeated definitions.
    pub(crate) repeats: Vec<Repeat>,
    /// The comments that are addressed to driverc.
    pub(crate) directives: Vec<Span>,
    /// The words that the project declares.
    pub(crate) vocabulary: &'s ProjectVocabulary,
}

impl<'s> Tree<'s> {
    /// Parses a document. Skips a byte order mark.
    pub(crate) fn parse(text: &'s str) -> Self {
        Self::parse_in(text, &mut TreeBuffers::default())
    }

    /// Parses a document into memory that an earlier tree [returned](Self::recycle).
    pub(crate) fn parse_in(text: &'s str, buffers: &mut TreeBuffers) -> Self {
        build::build(text, buffers)
    }

    /// Returns the tree with the words that the project declares.
    #[must_use]
    pub(crate) const fn with_vocabulary(mut self, vocabulary: &'s ProjectVocabulary) -> Self {
        self.vocabulary = vocabulary;
        self
    }

    /// Returns the memory of the tree to the buffers.
    pub(crate) fn recycle(self, buffers: &mut TreeBuffers) {
        buffers.recycle(self);
    }

    /// Returns the root table of the document.
    #[expect(clippy::unused_self, reason = "a node belongs to a tree")]
    pub(crate) const fn root(&self) -> NodeId {
        NodeId(0)
    }

    /// Returns every node except the root, in source order. If the header of a table comes after
    /// the header of an inner table, the table has the position of the inner table.
    pub(crate) fn nodes(&self) -> impl Iterator<Item = (NodeId, &Node<'s>)> {
        let id = |index| NodeId(u32::try_from(index).unwrap_or(u32::MAX));
        self.nodes.iter().enumerate().skip(1).map(move |(index, node)| (id(index), node))
    }

    /// Returns the node with this id.
    pub(crate) fn node(&self, id: NodeId) -> &Node<'s> {
        &self.nodes[id.0 as usize]
    }

    /// Returns the table or array that contains a node, or `None` for the root.
    pub(crate) fn parent(&self, id: NodeId) -> Option<NodeId> {
        self.node(id).parent
    }

    /// Returns the entries of a table or the items of an array, in source order. Other values have
    /// no children.
    pub(crate) fn children(&self, id: NodeId) -> impl Iterator<Item = NodeId> + use<'_, 's> {
        let first = match &self.node(id).kind {
            ValueKind::Array(_, children) | ValueKind::Table(_, children) => children.first,
            ValueKind::String(_)
            | ValueKind::Integer(_)
            | ValueKind::Float(_)
            | ValueKind::Boolean(_)
            | ValueKind::DateTime(_) => None,
        };
        std::iter::successors(first, |id| self.node(*id).next)
    }

    /// Returns true if a node is an array without items.
    pub(crate) fn is_empty_array(&self, id: NodeId) -> bool {
        matches!(&self.node(id).kind, ValueKind::Array(_, children) if children.first.is_none())
    }

    /// Returns the first entry of a table with this key.
    pub(crate) fn child(&self, id: NodeId, key: &str) -> Option<NodeId> {
        match self.index.get(&id) {
            Some(keys) => keys.get(key).copied(),
            None => self.children(id).find(|child| self.node(*child).key == key),
        }
    }

    /// Returns the path of a node: its keys from the root, joined by dots.
    ///
    /// The path omits array items and truncates long keys. A path with too many levels contains
    /// only its last keys.
    pub(crate) fn path(&self, id: NodeId) -> String {
        let up = |id: &NodeId| self.node(*id).parent;
        let mut above = std::iter::successors(Some(id), up).map(|id| self.node(id).key.as_ref());
        let near = above.by_ref().take(SHOWN_LEVELS);
        let mut keys: Vec<_> = near.filter(|key| !key.is_empty()).map(truncated).collect();
        if above.next().is_some_and(|key| !key.is_empty()) {
            keys.push("…".into());
        }
        keys.reverse();
        keys.join(".")
    }

    /// Returns the span for findings about missing keys, which is the header or the key.
    pub(crate) fn table_place(&self, id: NodeId) -> Span {
        let node = self.node(id);
        let has_header = matches!(node.kind, ValueKind::Table(TableForm::Header, _));
        if has_header { node.span } else { node.key_span }
    }
}

impl ValueKind<'_> {
    /// Returns the name of the kind of value, with its article, for messages.
    pub(crate) fn noun(&self) -> &'static str {
        match self {
            Self::String(_) => "a string",
            Self::Integer(_) => "an integer",
            Self::Float(_) => "a float",
            Self::Boolean(_) => "a boolean",
            Self::DateTime(text) if !text.contains(':') => "a date",
            Self::DateTime(text) if text.contains('-') => "a date with a time",
            Self::DateTime(_) => "a time",
            Self::Array(ArrayForm::Bracketed, _) => "an array",
            Self::Array(ArrayForm::OfTables, _) => "an array of tables",
            Self::Table(..) => "a table",
        }
    }
}

#[cfg(test)]
mod conformance;
#[cfg(test)]
mod plain_tests;
#[cfg(test)]
mod tests;
