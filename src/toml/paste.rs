//! Builds the edit that adds missing keys to a table of any form.

use crate::{
    finding::{Edit, EditAction},
    source::Span,
    toml::tree::{ArrayForm, Node, NodeId, TableForm, Tree, ValueKind},
};

/// The start of a comment after a value.
const COMMENT: &str = " # ";

/// Returns the edit that adds lines of keys to a table. If `absent` is set, creates an inner table
/// with this key and adds the lines to the inner table.
///
/// `None` if a line has no value, or if the path of the table cannot be written without quotes.
pub(crate) fn edit(
    tree: &Tree<'_>,
    table: NodeId,
    absent: Option<&str>,
    lines: &str,
) -> Option<Edit<Span>> {
    if lines.lines().any(|line| line.trim_end().ends_with('=')) {
        return None;
    }
    let ValueKind::Table(form, _) = tree.node(table).kind else { return None };
    match (form, absent) {
        (TableForm::Header, None) => Some(below(own_lines(tree, table), lines.to_owned())),
        (TableForm::Header | TableForm::Implied, _) => section(tree, table, absent, lines),
        (TableForm::Dotted, _) => dotted(tree, table, absent, lines),
        (TableForm::Inline, _) => Some(inline(tree, table, absent, lines)),
        (TableForm::Root, _) => None,
    }
}

/// Adds a new section with the keys after all lines of the table.
fn section(
    tree: &Tree<'_>,
    table: NodeId,
    absent: Option<&str>,
    lines: &str,
) -> Option<Edit<Span>> {
    let mut path = bare_path(tree, table, |_| true)?;
    path.extend(absent);
    Some(below(all_lines(tree, table), format!("\n[{}]\n{lines}", path.join("."))))
}

/// Adds dotted keys below the last key of the table.
fn dotted(tree: &Tree<'_>, table: NodeId, absent: Option<&str>, lines: &str) -> Option<Edit<Span>> {
    let is_dotted = |node: &Node<'_>| is_form(node, TableForm::Dotted);
    let mut path = bare_path(tree, table, is_dotted)?;
    let mut above = std::iter::successors(Some(table), |id| tree.parent(*id));
    let section = above.find(|id| !is_dotted(tree.node(*id)))?;
    if is_form(tree.node(section), TableForm::Inline) {
        return None;
    }
    path.extend(absent);
    let path = path.join(".");
    let lines: Vec<_> = lines.lines().map(|line| format!("{path}.{line}")).collect();
    Some(below(all_lines(tree, table), lines.join("\n")))
}

/// Adds entries inside the braces of the table.
fn inline(tree: &Tree<'_>, table: NodeId, absent: Option<&str>, lines: &str) -> Edit<Span> {
    let values = lines.lines().map(|line| line.split_once(COMMENT).map_or(line, |(it, _)| it));
    let values = values.collect::<Vec<_>>().join(", ");
    let entries = match absent {
        Some(key) => format!("{key} = {{ {values} }}"),
        None => values,
    };
    let (at, text) = match tree.children(table).last() {
        Some(last) => (all_lines(tree, last).end, format!(", {entries}")),
        None => (tree.node(table).span.start + 1, format!(" {entries} ")),
    };
    Edit { place: Span::new(at, at), change: EditAction::Insert(text) }
}

fn below(place: Span, text: String) -> Edit<Span> {
    Edit { place, change: EditAction::InsertBelow(text) }
}

/// Returns the span of the last entry of a section, or of the header if the section has no entries.
/// Ignores entries of inner sections.
fn own_lines(tree: &Tree<'_>, table: NodeId) -> Span {
    let has_header = |node: &Node<'_>| {
        let is_array = matches!(node.kind, ValueKind::Array(ArrayForm::OfTables, _));
        is_array || is_form(node, TableForm::Header) || is_form(node, TableForm::Implied)
    };
    let own = tree.children(table).filter(|child| !has_header(tree.node(*child)));
    let last = own.map(|child| all_lines(tree, child)).max_by_key(|span| span.end);
    last.unwrap_or(tree.node(table).span)
}

/// Returns the span of the last entry of a node, including the entries of all inner nodes.
fn all_lines(tree: &Tree<'_>, id: NodeId) -> Span {
    let node = tree.node(id);
    let own = if is_form(node, TableForm::Header) {
        node.span
    } else if is_form(node, TableForm::Implied) || is_form(node, TableForm::Dotted) {
        // The table has no line of its own: another header or key names it.
        node.key_span
    } else {
        Span::new(node.key_span.start.min(node.span.start), node.span.end)
    };
    let is_value = is_form(node, TableForm::Inline)
        || matches!(node.kind, ValueKind::Array(ArrayForm::Bracketed, _));
    let inner = if is_value { None } else { Some(tree.children(id)) };
    let inner = inner.into_iter().flatten().map(|child| all_lines(tree, child));
    inner.chain([own]).max_by_key(|span| span.end).unwrap_or(own)
}

/// Returns the keys of a table and its parents, up to the first node that does not match. The
/// outermost key comes first. Returns `None` if a key needs quotes.
fn bare_path<'t>(
    tree: &'t Tree<'_>,
    table: NodeId,
    matches: impl Fn(&Node<'_>) -> bool,
) -> Option<Vec<&'t str>> {
    let above = std::iter::successors(Some(table), |id| tree.parent(*id));
    let nodes = above.map(|id| tree.node(id)).take_while(|node| matches(node));
    let keys = nodes.filter(|node| !node.key.is_empty()).map(|node| node.key.as_ref());
    let mut keys: Vec<_> = keys.collect();
    keys.reverse();
    let is_bare = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-';
    keys.iter().all(|key| key.bytes().all(is_bare)).then_some(keys)
}

fn is_form(node: &Node<'_>, form: TableForm) -> bool {
    matches!(node.kind, ValueKind::Table(of, _) if of == form)
}
