//! Reads suppression comments: `# driverc: ignore[rule-a, rule-b] reason`.

use std::ops::Range;

use crate::{
    source::{Span, offset},
    toml::tree::{ArrayForm, Node, NodeId, Tree, ValueKind},
};

/// A comment that suppresses findings of some rules.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suppression {
    /// The span of the comment, up to a `#` in its reason that might start another comment.
    pub comment: Span,
    /// The rule names with their spans. Empty if the comment is not `ignore[…]`.
    pub rules: Vec<(String, Span)>,
    /// The reason. Empty if the comment gives none.
    pub reason: String,
    /// The covered span: a header, or a key with its value, on the line of the comment or below the
    /// comment.
    pub covers: Span,
}

/// The prefix of a comment that is addressed to driverc.
const ADDRESS: &str = "driverc:";

/// The characters that can be between the bracket and the reason.
const LEAD: [char; 5] = [' ', ':', '-', '–', '—'];

/// Reads the suppressions of a document, in source order.
pub(crate) fn read(tree: &Tree<'_>, text: &str) -> Vec<Suppression> {
    if tree.directives.is_empty() {
        return Vec::new();
    }
    let statements = Statements::new(tree);
    let mut below = Below { text, statements: &statements, last: None };
    // Starts at the end, because many comments in a row can cover the same line below them.
    let comments = tree.directives.iter().rev().flat_map(|comment| {
        let parts = directives(&text[comment.range()]).collect::<Vec<_>>().into_iter().rev();
        parts.map(|part| {
            let place = |at: usize| comment.start + offset(at);
            (*comment, Span::new(place(part.start), place(part.end)))
        })
    });
    let mut suppressions: Vec<_> =
        comments.map(|comment| suppression(comment, &mut below)).collect();
    suppressions.reverse();
    suppressions
}

fn suppression(comment: (Span, Span), below: &mut Below<'_>) -> Suppression {
    let text = below.text;
    let (whole, comment) = comment;
    let written = &text[comment.range()];
    let names = bracketed(written);
    let rules = names.clone().map_or_else(Vec::new, |names| {
        let offset = comment.start + length(&written[..names.start]);
        named(&written[names.start..names.end], offset)
    });
    let reason = names.as_ref().map_or("", |names| &written[names.end + 1..]);
    let own = length(&written[..own_end(written)]);
    Suppression {
        comment: Span::new(comment.start, comment.start + own),
        rules,
        reason: reason.trim_start_matches(LEAD).trim().to_owned(),
        covers: covered(whole, below),
    }
}

/// Returns true if a part of a comment is addressed to driverc.
pub(crate) fn is_addressed(comment: &str) -> bool {
    comment.contains(ADDRESS) && directives(comment).next().is_some()
}

/// Returns the parts of a comment that are addressed to driverc, without blanks around them.
///
/// A `#` starts a new part if the prefix of a tool follows. A `;` starts a new part if a driverc
/// directive follows.
fn directives(comment: &str) -> impl Iterator<Item = Range<usize>> {
    let marks = comment.match_indices(['#', ';']).map(|(at, _)| at);
    let starts = std::iter::once(0).chain(marks.filter(|at| *at > 0 && starts_part(comment, *at)));
    let ends = starts.clone().skip(1).chain(std::iter::once(comment.len()));
    let parts =
        starts.zip(ends).map(|(start, end)| start..start + comment[start..end].trim_end().len());
    parts.filter(|part| words_of(&comment[part.clone()]).starts_with(ADDRESS))
}

/// Returns the end of a directive. A ` # ` can start a comment for another tool, but `#12` is a
/// number in the reason.
fn own_end(directive: &str) -> usize {
    let begins = |at: usize| {
        directive[..at].ends_with([' ', '\t'])
            && !directive[at + 1..].starts_with(|next: char| next.is_ascii_digit())
    };
    let mut marks = directive.match_indices('#').map(|(at, _)| at).filter(|at| *at > 0);
    marks.find(|at| begins(*at)).map_or(directive.len(), |at| directive[..at].trim_end().len())
}

/// Returns true if the `#` or `;` at an offset starts a new part.
fn starts_part(comment: &str, at: usize) -> bool {
    let words = words_of(&comment[at..]);
    if comment[at..].starts_with(';') {
        let rest = words.strip_prefix(ADDRESS).map(str::trim_start);
        let rest = rest.and_then(|rest| rest.strip_prefix("ignore")).map(str::trim_start);
        return rest.is_some_and(|rest| rest.starts_with('['));
    }
    if !comment[..at].ends_with([' ', '\t']) {
        return false;
    }
    let word = words.find(|it: char| !it.is_ascii_lowercase() && it != '-').unwrap_or(words.len());
    words[word..].starts_with(':') && word > 0 || words[..word] == *"noqa"
}

/// Returns the text of a part, without the `#` or `;` at its start.
fn words_of(part: &str) -> &str {
    part.trim_start_matches(['#', ';']).trim_start()
}

/// Returns the range between the brackets of `ignore[…]`.
fn bracketed(comment: &str) -> Option<Range<usize>> {
    let word = comment.find(ADDRESS)? + ADDRESS.len();
    let rest = &comment[word..];
    let list = rest.trim_start().strip_prefix("ignore")?.trim_start().strip_prefix('[')?;
    let start = comment.len() - list.len();
    let end = start + list.find(']')?;
    Some(start..end)
}

fn named(list: &str, offset: u32) -> Vec<(String, Span)> {
    let mut names = Vec::new();
    let mut start = offset;
    for part in list.split(',') {
        let name = part.trim();
        let lead = length(part) - length(part.trim_start());
        if !name.is_empty() {
            let place = Span::new(start + lead, start + lead + length(name));
            names.push((name.to_owned(), place));
        }
        start += length(part) + 1;
    }
    names
}

/// Returns the span that a comment covers: the comment's own line, or the next line that is not a
/// comment.
fn covered(comment: Span, below: &mut Below<'_>) -> Span {
    let before = &below.text[..comment.start as usize];
    let line_start = before.rfind('\n').map_or(0, |end| end + 1);
    let whole = if before[line_start..].trim_start_matches('\u{feff}').trim().is_empty() {
        below.next_line(comment.end as usize)
    } else {
        below.statements.extended(Span::new(offset(line_start), comment.start))
    };
    let array = below.statements.array_around(comment);
    array.map_or(whole, |array| Span::new(whole.start.min(array.start), whole.end.max(array.end)))
}

/// The lines below comments. Callers must request the lines from the last comment to the first.
struct Below<'t> {
    text: &'t str,
    statements: &'t Statements,
    /// The start of the line below the previous comment, and the span that this comment covers
    /// there.
    last: Option<(usize, Span)>,
}

impl Below<'_> {
    /// Returns the first line after an offset that is neither blank nor a comment, together with
    /// all values that begin in this line.
    fn next_line(&mut self, from: usize) -> Span {
        let text = self.text;
        let first = text[from..].find('\n').map_or(text.len(), |end| from + end + 1);
        let mut start = first;
        let found = loop {
            if let Some((_, found)) = self.last.filter(|(below, _)| *below == start) {
                break found;
            }
            let end = text[start..].find('\n').map_or(text.len(), |end| start + end);
            let line = text[start..end].trim();
            if end == text.len() || (!line.is_empty() && !line.starts_with('#')) {
                break self.statements.extended(Span::new(offset(start), offset(end)));
            }
            start = end + 1;
        };
        self.last = Some((first, found));
        found
    }
}

/// The spans of all keys with their values, sorted by start.
struct Statements(Vec<Statement>);

struct Statement {
    span: Span,
    /// Whether the value is an array of words and numbers. Findings can refer to the whole array.
    is_list: bool,
}

impl Statements {
    fn new(tree: &Tree<'_>) -> Self {
        let is_list = |node: &Node<'_>, id| {
            matches!(node.kind, ValueKind::Array(ArrayForm::Bracketed, _))
                && tree.children(id).all(|item| !is_container(&tree.node(item).kind))
        };
        let keyed = tree
            .nodes()
            .filter(|(_, node)| !node.key.is_empty() && !matches!(node.kind, ValueKind::Table(..)));
        let statement = |(id, node): (NodeId, &Node<'_>)| Statement {
            span: node.key_span.to(node.span),
            is_list: is_list(node, id),
        };
        let mut statements: Vec<_> = keyed.map(statement).collect();
        statements.sort_unstable_by_key(|statement| statement.span);
        Self(statements)
    }

    /// Extends a line with all values that begin in it, or that began earlier and end in it.
    fn extended(&self, line: Span) -> Span {
        let first = self.0.partition_point(|statement| statement.span.start < line.start);
        let spans = self.0[first..].iter().map(|statement| statement.span);
        let begun = spans.take_while(|span| span.start < line.end);
        let end = begun.map(|span| span.end).fold(line.end, u32::max);
        let before = self.0[..first].last().map(|statement| statement.span);
        let ended = before.filter(|span| span.end > line.start && span.end <= line.end);
        Span::new(ended.map_or(line.start, |span| span.start.min(line.start)), end)
    }

    /// Returns the array of words and numbers that contains a comment.
    fn array_around(&self, comment: Span) -> Option<Span> {
        let after = self.0.partition_point(|statement| statement.span.start < comment.start);
        let before = self.0[..after].last()?;
        (before.is_list && before.span.end > comment.start).then_some(before.span)
    }
}

const fn is_container(kind: &ValueKind<'_>) -> bool {
    matches!(kind, ValueKind::Table(..) | ValueKind::Array(..))
}

fn length(text: &str) -> u32 {
    offset(text.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(text: &str) -> Suppression {
        let mut all = read(&Tree::parse(text), text);
        assert_eq!(all.len(), 1, "{text}");
        all.remove(0)
    }

    fn covers(text: &str) -> &str {
        &text[one(text).covers.range()]
    }

    #[test]
    fn comment_yields_rule_names_and_reason() {
        let text = "a = 1 # driverc: ignore[rule-a, rule-b] because";
        let suppression = one(text);
        let names: Vec<_> = suppression
            .rules
            .iter()
            .map(|(name, place)| (&name[..], &text[place.range()]))
            .collect();
        assert_eq!(names, [("rule-a", "rule-a"), ("rule-b", "rule-b")]);
        assert_eq!(suppression.reason, "because");
        assert_eq!(one("# driverc: ignore[rule-a]").reason, "");
        assert_eq!(one("# driverc: ignore rule-a").rules, []);
        assert_eq!(one("# driverc: ignore[]").rules, []);
        assert_eq!(one("# driverc: ingore[rule-a] reason").rules, []);
        assert_eq!(read(&Tree::parse("# about driverc: x"), "# about driverc: x"), []);
    }

    #[test]
    fn directive_after_other_comment_text_is_read() {
        for (text, comment, reason) in [
            ("# see wiki # driverc: ignore[r] why", "# driverc: ignore[r] why", "why"),
            ("# tombi: format # driverc: ignore[r] why # noqa", "# driverc: ignore[r] why", "why"),
            ("# pragma: x; driverc: ignore[r] why", "; driverc: ignore[r] why", "why"),
            (
                "## driverc: ignore[r] see #12; sorry",
                "## driverc: ignore[r] see #12; sorry",
                "see #12; sorry",
            ),
        ] {
            let line = format!("a = 1 {text}\nb = 2");
            let suppression = one(&line);
            assert_eq!(&line[suppression.comment.range()], comment);
            assert_eq!((suppression.rules.len(), suppression.reason.as_str()), (1, reason));
            assert_eq!(&line[suppression.covers.range()], "a = 1 ");
            assert_eq!(covers(&format!("{text}\nb = 2")), "b = 2");
        }
        for text in
            ["# about driverc: x", "# see a#driverc: x", "# x; driverc: is nice", "# x: driverc: y"]
        {
            assert_eq!(read(&Tree::parse(text), text), [], "{text}");
        }
    }

    #[test]
    fn directive_range_ends_before_next_hash() {
        for (other, reason) in [
            ("# nosec", "why # nosec"),
            ("#nosec", "why #nosec"),
            ("# eslint-disable", "why # eslint-disable"),
            ("# see JIRA-1 # max 5", "why # see JIRA-1 # max 5"),
            ("# noqa # max 5", "why"),
        ] {
            let text = format!("a = 1 # driverc: ignore[r] why {other}");
            let suppression = one(&text);
            assert_eq!(&text[suppression.comment.range()], "# driverc: ignore[r] why");
            assert_eq!(suppression.reason, reason);
        }
        assert_eq!(one("# driverc: ignore[r] # why").reason, "# why");
    }

    #[test]
    fn several_directives_in_one_comment_are_read() {
        let text = "a = 1 # driverc: ignore[r] one # driverc: ignore[s] two";
        let all = read(&Tree::parse(text), text);
        let directive = |at: usize| (all[at].rules[0].0.as_str(), all[at].reason.as_str());
        assert_eq!((all.len(), directive(0), directive(1)), (2, ("r", "one"), ("s", "two")));
    }

    #[test]
    fn comment_covers_its_line_or_next_code_line() {
        assert_eq!(covers("b = 2\na = 1 # driverc: ignore[r] x\nc = 3"), "a = 1 ");
        assert_eq!(covers("# driverc: ignore[r] x\n\n# more\na = 1\nb = 2"), "a = 1");
        assert_eq!(covers("# driverc: ignore[r] x\n[a.b]\nb = 2"), "[a.b]");
        assert_eq!(covers("# driverc: ignore[r] x"), "");
    }

    #[test]
    fn comment_covers_multiline_value() {
        assert_eq!(covers("# driverc: ignore[r] x\na = [\n 1,\n]\nb = 2"), "a = [\n 1,\n]");
        assert_eq!(
            covers("a = [ # driverc: ignore[r] x\n 1,\n]\nb = 2"),
            "a = [\n 1,\n]".replace("[\n", "[ # driverc: ignore[r] x\n")
        );
        assert_eq!(covers("z = 0\na = [\n 1,\n] # driverc: ignore[r] x\nb = 2"), "a = [\n 1,\n] ");
    }

    #[test]
    fn comment_inside_array_covers_array_or_its_table() {
        let texts =
            ["a = [\n 1, # driverc: ignore[r] x\n 2,\n]", "a = [\n # driverc: ignore[r]\n 1,\n]"];
        for text in texts {
            assert_eq!(covers(&format!("z = 0\n{text}\nb = 2")), text);
        }
        let tables = "a = [\n { b = 1 }, # driverc: ignore[r] x\n { b = 2 },\n]";
        assert_eq!(covers(tables), " { b = 1 }, ", "tables have places of their own");
        let above = "a = [\n # driverc: ignore[r] x\n { b = 1 },\n { b = 2 },\n]";
        assert_eq!(covers(above), " { b = 1 },");
    }

    #[test]
    fn comment_below_array_covers_next_line() {
        assert_eq!(covers("a = [1]\n# driverc: ignore[r] x\nb = 2"), "b = 2");
        assert_eq!(covers("a = [\n 1,\n]\n# driverc: ignore[r] x\nb = 2"), "b = 2");
    }

    #[test]
    fn comment_is_read_with_crlf_and_byte_order_mark() {
        let crlf = "\u{feff}# driverc: ignore[r] x\r\na = 1\r\nb = 2\r\n";
        assert_eq!((covers(crlf), one(crlf).reason.as_str()), ("a = 1\r", "x"));
        let end = "a = 1 # driverc: ignore[r] x\r\nb = 2\r\n";
        assert_eq!((covers(end), one(end).reason.as_str()), ("a = 1 ", "x"));
    }

    #[test]
    fn separator_before_reason_is_dropped() {
        for lead in ["", " ", ": ", " - ", " — "] {
            assert_eq!(one(&format!("# driverc: ignore[r]{lead}why")).reason, "why");
        }
        assert_eq!(one("# driverc: ignore[r]: ").reason, "");
    }
}
