//! Finds where to insert a key into a declaration, and which lines to remove with a declaration.

use super::{Declaration, Locator, locate::keys_of};
use crate::{
    finding::Edit,
    model::Field,
    source::{Span, offset},
    toml::{
        entries::{body, is_table, read_as},
        paste,
        tree::{NodeId, TableForm, Tree, ValueKind},
    },
};

/// A text to insert.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Insertion {
    /// The empty span at which to insert the text.
    pub(crate) span: Span,
    pub(crate) text: String,
}

impl Locator<'_> {
    /// Returns the text that adds a missing key to a declaration, and where to insert it. `value`
    /// is TOML.
    ///
    /// A key of an inner table goes into that table. If the inner table does not exist, the key
    /// becomes a dotted key of the declaration.
    ///
    /// `None` if the document has no table that can contain the key.
    pub(crate) fn insertion(
        &self,
        declaration: &Declaration,
        field: Field,
        value: &str,
    ) -> Option<Insertion> {
        let Self { tree, index, .. } = self;
        let table = body(tree, index.table_of(tree, declaration));
        let (table, key) = match self.inner_table(declaration, table, field) {
            Some(inner) => (inner, field.key()),
            None => (table, field.path()),
        };
        let ValueKind::Table(form, _) = tree.node(table).kind else { return None };
        let entry = format!("{key} = {value}");
        match self.keys_in_braces(table) {
            Some(keys) => Some(self.before_brace(table, &format!("{keys}{entry}"))),
            None if form == TableForm::Root => None,
            None => self.on_line(table, &entry),
        }
    }

    /// Returns the inner table that the field is read from, if the declaration has it.
    fn inner_table(
        &self,
        declaration: &Declaration,
        table: NodeId,
        field: Field,
    ) -> Option<NodeId> {
        let keys = keys_of(declaration);
        let (outer, _) = field.path().split_once('.')?;
        let outer = *keys.iter().find(|field| field.key() == outer)?;
        let inner = read_as(&self.tree, table, keys, outer).next()?;
        Some(body(&self.tree, inner))
    }

    /// Returns the keys of the dotted tables between an inline table and a table inside it, each
    /// followed by a dot. `None` if no inline table contains the table.
    fn keys_in_braces(&self, table: NodeId) -> Option<String> {
        let Self { tree, text, .. } = self;
        let mut keys = String::new();
        for id in std::iter::successors(Some(table), |id| tree.parent(*id)) {
            let node = tree.node(id);
            let ValueKind::Table(form, _) = node.kind else { return None };
            match form {
                TableForm::Inline => return Some(keys),
                TableForm::Dotted => keys = format!("{}.{keys}", &text[node.key_span.range()]),
                TableForm::Root | TableForm::Header | TableForm::Implied => return None,
            }
        }
        None
    }

    /// Inserts an entry into the braces around a table, after the last entry of the table.
    fn before_brace(&self, table: NodeId, entry: &str) -> Insertion {
        let tree = &self.tree;
        match tree.children(table).map(|child| end_of_section(tree, child)).max() {
            Some(end) => at(end, format!(", {entry}")),
            None => at(tree.node(table).span.start + 1, format!(" {entry}")),
        }
    }

    /// Inserts an entry on its own line: below `like`, otherwise below the first value, otherwise
    /// below the header.
    fn on_line(&self, table: NodeId, entry: &str) -> Option<Insertion> {
        let Self { tree, text, .. } = self;
        let is_value = |entry: &NodeId| {
            matches!(tree.node(*entry).kind, ValueKind::Table(TableForm::Inline, _))
                || !is_table(tree, *entry)
        };
        let like = tree.child(table, Field::Like.key());
        let node = tree.node(table);
        match (like.or_else(|| tree.children(table).find(is_value)), &node.kind) {
            (Some(anchor), _) => {
                let node = tree.node(anchor);
                let prefix = before_in_line(text, node.key_span.start);
                Some(below(text, node.span.end, &format!("{prefix}{entry}")))
            }
            (None, ValueKind::Table(TableForm::Header, _)) => {
                Some(below(text, node.span.end, entry))
            }
            (None, _) => None,
        }
    }

    /// Returns the edit that adds lines of keys to a declaration or, if `table` is set, to this
    /// inner table of the declaration.
    pub(crate) fn additions(
        &self,
        declaration: &Declaration,
        table: Option<Field>,
        lines: &str,
    ) -> Option<Edit<Span>> {
        let Self { tree, index, .. } = self;
        let own = body(tree, index.table_of(tree, declaration));
        let keys = keys_of(declaration);
        let inner = table.and_then(|table| read_as(tree, own, keys, table).next());
        let inner = inner.map(|inner| body(tree, inner));
        let absent = table.filter(|_| inner.is_none()).map(Field::key);
        paste::edit(tree, inner.unwrap_or(own), absent, lines)
    }

    /// Returns the lines of a declaration, without lines of other declarations. Returns `None` if
    /// the declaration shares a table with another declaration, or if the lines contain a comment.
    pub(crate) fn lines_of(&self, declaration: &Declaration) -> Option<Vec<Span>> {
        let spans = self.sections_of(declaration)?;
        let mut lines = spans.iter().flat_map(|span| self.text[span.range()].lines());
        let has_comment = lines.any(|line| line.trim_start().starts_with('#'));
        (!has_comment).then_some(spans)
    }

    fn sections_of(&self, declaration: &Declaration) -> Option<Vec<Span>> {
        let Self { tree, index, text } = self;
        let table = index.table_of(tree, declaration);
        let node = tree.node(table);
        let ValueKind::Table(form, _) = node.kind else { return None };
        match form {
            TableForm::Inline => {
                let is_alone = before_in_line(text, node.key_span.start).trim().is_empty();
                is_alone.then(|| vec![whole_lines(text, node.key_span.to(node.span))])
            }
            TableForm::Header | TableForm::Implied => {
                let mut sections = Vec::new();
                add_sections(tree, table, &mut sections);
                Some(sections.into_iter().map(|span| whole_lines(text, span)).collect())
            }
            TableForm::Root | TableForm::Dotted => None,
        }
    }
}

/// Adds one span to `sections` for each header in a subtree: from the header to the last entry
/// below it.
fn add_sections(tree: &Tree<'_>, table: NodeId, sections: &mut Vec<Span>) {
    let node = tree.node(table);
    if matches!(node.kind, ValueKind::Table(TableForm::Header, _)) {
        sections.push(Span::new(node.span.start, end_of_section(tree, table)));
    }
    for child in tree.children(table) {
        if has_own_section(tree, child) {
            add_sections(tree, child, sections);
        }
    }
}

/// Returns the end of the last entry below a table's header.
fn end_of_section(tree: &Tree<'_>, table: NodeId) -> u32 {
    let inside = tree.children(table).filter(|child| !has_own_section(tree, *child));
    let ends = inside.map(|child| end_of_section(tree, child));
    ends.fold(tree.node(table).span.end, u32::max)
}

/// Returns true for a table that has a header, or that contains a table with a header.
fn has_own_section(tree: &Tree<'_>, id: NodeId) -> bool {
    let kind = &tree.node(id).kind;
    matches!(kind, ValueKind::Table(TableForm::Header | TableForm::Implied, _))
}

/// Returns the part of a line before an offset.
fn before_in_line(text: &str, end: u32) -> &str {
    let before = &text[..end as usize];
    before[before.rfind('\n').map_or(0, |end| end + 1)..].trim_start_matches('\u{feff}')
}

/// Extends a span to whole lines and the blank line after them. At the end of the text, extends the
/// span to the blank lines before these lines instead.
fn whole_lines(text: &str, span: Span) -> Span {
    let start = span.start as usize - before_in_line(text, span.start).len();
    let line_end = |from: usize| text[from..].find('\n').map_or(text.len(), |end| from + end + 1);
    let end = line_end(span.end as usize);
    let next = line_end(end);
    let is_followed_by_blank = text[end..next].trim().is_empty();
    let before = text[..start].trim_end_matches([' ', '\t', '\r', '\n']);
    // The last declaration leaves no blank line at the end of the text.
    let start = if next == text.len() && is_followed_by_blank && !before.is_empty() {
        line_end(before.len())
    } else {
        start
    };
    Span::new(offset(start), offset(if is_followed_by_blank { next } else { end }))
}

/// Inserts a line below the line that contains an offset. The new line gets the line ending of that
/// line. If that line has no line ending, the new line gets the line ending of the line before.
fn below(text: &str, from: u32, line: &str) -> Insertion {
    let from = from as usize;
    let next = text[from..].find('\n').map(|length| from + length);
    let ending = next.or_else(|| text[..from].rfind('\n'));
    let has_return = ending.is_some_and(|end| text[..end].ends_with('\r'));
    let end = next.map_or(text.len(), |end| end - usize::from(has_return));
    at(offset(end), format!("{}{line}", if has_return { "\r\n" } else { "\n" }))
}

fn at(offset: u32, text: String) -> Insertion {
    Insertion { span: Span::new(offset, offset), text }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{DriverName, ProjectVocabulary, TemplateName};

    fn driver() -> Declaration {
        Declaration::Driver(DriverName::new("a").unwrap())
    }

    fn with(text: &str, field: Field) -> String {
        let Insertion { span, text: new } = Locator::new(text, ProjectVocabulary::empty())
            .insertion(&driver(), field, "5")
            .unwrap();
        let at = span.start as usize;
        [&text[..at], &new, &text[at..]].concat()
    }

    fn without(text: &str) -> Option<String> {
        let template = Declaration::Template(TemplateName::new("t").unwrap());
        let spans = Locator::new(text, ProjectVocabulary::empty()).lines_of(&template)?;
        let mut rest = String::new();
        let mut kept = 0;
        for span in spans {
            rest += &text[kept..span.start as usize];
            kept = span.end as usize;
        }
        Some(rest + &text[kept..])
    }

    #[test]
    fn key_is_added_below_like() {
        let field = Field::MaxInFlight;
        let added = "[driver.a]\n  like = \"t\" # why\n  max_in_flight = 5\n";
        assert_eq!(with("[driver.a]\n  like = \"t\" # why\n", field), added);
        assert_eq!(
            with("driver.a.like = 't'", field),
            "driver.a.like = 't'\ndriver.a.max_in_flight = 5"
        );
        let inline = "driver.a = { like = 't', max_in_flight = 5 }";
        assert_eq!(with("driver.a = { like = 't' }", field), inline);
        let lines = "[driver]\na = {\n  like = 't', max_in_flight = 5,\n}";
        assert_eq!(with("[driver]\na = {\n  like = 't',\n}", field), lines);
    }

    #[test]
    fn key_of_nested_table_is_added_to_that_table_or_as_dotted_key() {
        let field = Field::MaxAttempts;
        let dotted = "[driver.a]\r\nlike = 't'\r\nretry_policy.max_attempts = 5\r\n";
        assert_eq!(with("[driver.a]\r\nlike = 't'\r\n", field), dotted);
        let table = "[driver.a]\nlike = 't'\n[driver.a.retry_policy]\n";
        assert_eq!(with(table, field), format!("{table}max_attempts = 5\n"));
        let full = "[driver.a]\nlike = 't'\nretry_policy.jitter_percent = 1\n";
        assert_eq!(with(full, field), format!("{full}retry_policy.max_attempts = 5\n"));
        let inline = "[driver.a]\nlike = 't'\nretry_policy = {}\n";
        assert_eq!(with(inline, field), inline.replace("{}", "{ max_attempts = 5}"));
    }

    /// Adds a key and returns the new text, which must be valid TOML.
    fn added(text: &str, field: Field) -> String {
        let text = with(text, field);
        assert!(toml::from_str::<toml::Table>(&text).is_ok(), "{text}");
        text
    }

    #[test]
    fn key_is_added_within_braces_of_inline_table() {
        let (attempts, slots) = (Field::MaxAttempts, Field::MaxInFlight);
        let first = added("[driver]\na = { like = 't' }\n", attempts);
        assert_eq!(first, "[driver]\na = { like = 't', retry_policy.max_attempts = 5 }\n");
        let second = "[driver]\na = { like = 't', retry_policy.max_attempts = 5, \
                      retry_policy.jitter_percent = 5 }\n";
        assert_eq!(added(&first, Field::JitterPercent), second);
        let both =
            "[driver]\na = { like = 't', retry_policy.max_attempts = 5, max_in_flight = 5 }\n";
        assert_eq!(added(&first, slots), both);
        let inner = "driver.a = { like = 't', retry_policy = { jitter_percent = 1 } }";
        assert_eq!(
            added(inner, attempts),
            "driver.a = { like = 't', retry_policy = { jitter_percent = 1, max_attempts = 5 } }"
        );
    }

    #[test]
    fn key_of_dotted_table_in_braces_is_added_with_table_path() {
        let drivers = "driver = { b = { like = 't' }, \"a\".like = 't', c.like = 't' }\n";
        let attempts = added(drivers, Field::MaxAttempts);
        let expected = "driver = { b = { like = 't' }, \"a\".like = 't', \
                        \"a\".retry_policy.max_attempts = 5, c.like = 't' }\n";
        assert_eq!(attempts, expected);
        let slots = "\"a\".retry_policy.max_attempts = 5, \"a\".max_in_flight = 5, c";
        assert!(added(&attempts, Field::MaxInFlight).contains(slots));
        let jitter = "retry_policy.max_attempts = 5, \"a\".retry_policy.jitter_percent = 5, c.like";
        assert!(added(&attempts, Field::JitterPercent).contains(jitter));
        let lines = with("driver = {\n  a.like = 't', # why\n}\n", Field::MaxInFlight);
        assert_eq!(lines, "driver = {\n  a.like = 't', a.max_in_flight = 5, # why\n}\n");
    }

    #[test]
    fn key_is_added_to_misspelt_table() {
        let table = "[driver.a]\nlike = 't'\n[driver.a.retry_polcy]\njitter_percent = 1\n";
        assert_eq!(added(table, Field::MaxAttempts), format!("{table}max_attempts = 5\n"));
    }

    #[test]
    fn key_is_not_added_if_its_table_is_missing() {
        let insertion = |text: &str| {
            Locator::new(text, ProjectVocabulary::empty())
                .insertion(&driver(), Field::MaxAttempts, "5")
                .is_some()
        };
        assert!(!insertion("[driver.b]\nlike = 't'\n"));
        assert!(!insertion("[driver.a]\nlike = 't'\nretry_policy = 5\n"));
        assert!(!insertion("[driver.a]\nlike = 't'\nretry_policy = [{ jitter_percent = 1 }]\n"));
        assert!(insertion("[driver.a]\nlike = 't'\n"));
    }

    #[test]
    fn added_line_has_line_ending_of_document() {
        let field = Field::MaxInFlight;
        let windows = with("[driver.a]\r\nlike = 't'", field);
        assert_eq!(windows, "[driver.a]\r\nlike = 't'\r\nmax_in_flight = 5");
        assert_eq!(
            with("[driver.a]\nlike = 't'", field),
            "[driver.a]\nlike = 't'\nmax_in_flight = 5"
        );
        let only = with(
            "[driver.a]\r\nretry_policy.max_attempts = 1\r\n[driver.a.telemetry]",
            Field::RetryMetric,
        );
        assert!(only.ends_with("\r\n[driver.a.telemetry]\r\nretry_metric = 5"), "{only}");
    }

    #[test]
    fn template_is_removed_with_its_tables_and_one_blank_line() {
        let text = "[template.t]\nclass = 'x'\n\n[driver.a]\n\n[template.t.telemetry]\nretry_metric = 'y'\n\n[driver.b]\n";
        assert_eq!(without(text).unwrap(), "[driver.a]\n\n[driver.b]\n");
        assert_eq!(
            without("[driver.a]\n\n[template.t]\nclass = [\n'x'\n]\n").unwrap(),
            "[driver.a]\n"
        );
        assert_eq!(
            without("[template]\nt = { class = 'x' }\nu = {}\n").unwrap(),
            "[template]\nu = {}\n"
        );
        assert_eq!(without("template.t.class = 'x'\n"), None);
        assert_eq!(without("[template.t]\n# why\nclass = 'x'\n"), None);
    }
}
