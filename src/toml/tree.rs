//! The tree of one TOML document: every key and value with its bytes.
//!
//! Building it never fails. Whether the grammar forbids something is in [`Tree::is_broken`], and
//! [`Errors`] tells what; what TOML's rule that a key is defined once forbids is in
//! [`Tree::repeats`]. The second definition stays in the tree, marked, so that what is inside it
//! can still be read.

mod build;
mod errors;
mod grammar;

use std::{borrow::Cow, collections::HashMap};

pub(crate) use self::{build::TreeBuffers, errors::Errors};
use crate::{source::Span, toml::spelling::truncated};

/// The maximum number of levels of a path in a message.
const SHOWN_LEVELS: usize = 12;

/// A node of a [`Tree`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct NodeId(u32);

/// One key with its value, or one item of an array.
#[derive(Debug)]
pub(crate) struct Node<'s> {
    /// The key, with escapes resolved; empty for items of arrays and for the root.
    pub(crate) key: Cow<'s, str>,
    /// The key as it is written; for an item of an array, its value.
    pub(crate) key_span: Span,
    /// The value: the header of a table that has one, else the key or the braces.
    pub(crate) span: Span,
    /// The kind of value.
    pub(crate) kind: ValueKind<'s>,
    /// Whether an earlier definition of the same key makes this one void.
    pub(crate) repeated: bool,
    parent: Option<NodeId>,
    next: Option<NodeId>,
}

/// The kind of a value.
#[derive(Debug)]
pub(crate) enum ValueKind<'s> {
    /// A string, with escapes resolved.
    String(Cow<'s, str>),
    /// An integer; none if it leaves 64 bits.
    Integer(Option<i64>),
    /// A number with a fraction or an exponent, an infinity, or not a number, as written.
    Float(Cow<'s, str>),
    /// `true` or `false`.
    Boolean,
    /// A date, a time or both, as written.
    DateTime(Cow<'s, str>),
    /// An array in brackets, or of tables.
    Array(ArrayForm, Children),
    /// A table in any form.
    Table(TableForm, Children),
}

/// How an array is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ArrayForm {
    /// `[1, 2]`
    Bracketed,
    /// `[[header]]`
    OfTables,
}

/// How a table is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TableForm {
    /// The document itself.
    Root,
    /// `[header]` or `[[header]]`
    Header,
    /// Named only by the header of a table inside it.
    Implied,
    /// Named by a dotted key.
    Dotted,
    /// `{ … }`
    Inline,
}

/// The first and last of a list of nodes.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Children {
    first: Option<NodeId>,
    last: Option<NodeId>,
    count: u32,
}

/// A key that was defined before.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Repeat {
    /// The definition that counts.
    pub(crate) first: NodeId,
    /// The span of the second definition.
    pub(crate) second: Span,
}

/// One TOML document.
#[derive(Debug)]
pub(crate) struct Tree<'s> {
    nodes: Vec<Node<'s>>,
    /// The keys of wide tables.
    index: HashMap<NodeId, HashMap<Cow<'s, str>, NodeId>>,
    /// Whether the grammar forbids something.
    pub(crate) is_broken: bool,
    /// The repeated definitions.
    pub(crate) repeats: Vec<Repeat>,
    /// The comments that are addressed to driverc.
    pub(crate) remarks: Vec<Span>,
}

impl<'s> Tree<'s> {
    /// Reads a document. A byte order mark is skipped.
    pub(crate) fn parse(text: &'s str) -> Self {
        Self::parse_in(text, &mut TreeBuffers::default())
    }

    /// The same, in the memory of a tree that was [given back](Self::give_back).
    pub(crate) fn parse_in(text: &'s str, room: &mut TreeBuffers) -> Self {
        build::build(text, room)
    }

    /// Gives its memory back.
    pub(crate) fn give_back(self, room: &mut TreeBuffers) {
        room.take_back(self);
    }

    /// The document as a table.
    #[expect(clippy::unused_self, reason = "a node belongs to a tree")]
    pub(crate) const fn root(&self) -> NodeId {
        NodeId(0)
    }

    /// Every node but the root, in the order of the text up to headers that come back.
    pub(crate) fn nodes(&self) -> impl Iterator<Item = (NodeId, &Node<'s>)> {
        let id = |index| NodeId(u32::try_from(index).unwrap_or(u32::MAX));
        self.nodes.iter().enumerate().skip(1).map(move |(index, node)| (id(index), node))
    }

    /// The node with this id.
    pub(crate) fn node(&self, id: NodeId) -> &Node<'s> {
        &self.nodes[id.0 as usize]
    }

    /// The table or array around a node; none around the root.
    pub(crate) fn parent(&self, id: NodeId) -> Option<NodeId> {
        self.node(id).parent
    }

    /// The entries of a table or the items of an array, as written; none of other values.
    pub(crate) fn children(&self, id: NodeId) -> impl Iterator<Item = NodeId> + use<'_, 's> {
        let first = match &self.node(id).kind {
            ValueKind::Array(_, children) | ValueKind::Table(_, children) => children.first,
            ValueKind::String(_)
            | ValueKind::Integer(_)
            | ValueKind::Float(_)
            | ValueKind::Boolean
            | ValueKind::DateTime(_) => None,
        };
        std::iter::successors(first, |id| self.node(*id).next)
    }

    /// Whether a node is an array without items.
    pub(crate) fn is_empty_array(&self, id: NodeId) -> bool {
        matches!(&self.node(id).kind, ValueKind::Array(_, children) if children.first.is_none())
    }

    /// The first entry of a table with this key.
    pub(crate) fn child(&self, id: NodeId, key: &str) -> Option<NodeId> {
        match self.index.get(&id) {
            Some(keys) => keys.get(key).copied(),
            None => self.children(id).find(|child| self.node(*child).key == key),
        }
    }

    /// The keys from the root to a node, joined by dots, items of arrays left out, long keys
    /// cropped; of a path that is longer than any that is right, the last ones.
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

    /// Returns the span for findings about missing keys: the header, or the key.
    pub(crate) fn table_place(&self, id: NodeId) -> Span {
        let node = self.node(id);
        let has_header = matches!(node.kind, ValueKind::Table(TableForm::Header, _));
        if has_header { node.span } else { node.key_span }
    }
}

impl ValueKind<'_> {
    /// Returns the kind of value with its article, for messages.
    pub(crate) fn noun(&self) -> &'static str {
        match self {
            Self::String(_) => "a string",
            Self::Integer(_) => "an integer",
            Self::Float(_) => "a float",
            Self::Boolean => "a boolean",
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
