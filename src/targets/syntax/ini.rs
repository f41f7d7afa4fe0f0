//! The INI format of PgBouncer.
//!
//! A comment is a line of its own. The scope of each setting is its section, and the line that opens
//! a section is an entry, too.

use super::{BYTE_ORDER_MARK, Entry, Parsed, SyntaxFault};
use crate::source::{Span, offset};

/// The name of the line that includes another file.
pub const INCLUDE: &str = "%include";

/// Reads a text. Every text can be read; lines that PgBouncer refuses are faults.
pub fn read(text: &str) -> Parsed {
    let mut parsed = Parsed::default();
    let mut section = String::new();
    let settings = text.trim_start_matches(BYTE_ORDER_MARK);
    if settings.len() < text.len() {
        let message = "it must not start with a byte order mark";
        let span = span_of(text, &text[..BYTE_ORDER_MARK.len_utf8()]);
        parsed.faults.push(SyntaxFault { message, span });
    }
    for line in settings.split(['\n', '\r']) {
        let line = line.trim();
        if line.is_empty() || line.starts_with(['#', ';']) {
            continue;
        }
        let fault = |message| SyntaxFault { message, span: span_of(text, line) };
        if let Some(rest) = line.strip_prefix(INCLUDE) {
            let name = &line[..INCLUDE.len()];
            parsed.entries.push(entry(text, &section, name, rest.trim()));
        } else if let Some(rest) = line.strip_prefix('[') {
            match rest.split_once(']') {
                Some((name, "")) => {
                    name.clone_into(&mut section);
                    parsed.entries.push(entry(text, &section, line, &line[line.len()..]));
                }
                _ => parsed.faults.push(fault("a section must be `[name]`")),
            }
        } else if let Some((name, value)) = line.split_once('=') {
            parsed.entries.push(entry(text, &section, name.trim(), value.trim()));
        } else {
            parsed.faults.push(fault("a line must be `name = value`"));
        }
    }
    parsed
}

/// Returns the text of a comment.
pub fn comment(line: &str) -> String {
    format!("; {line}\n")
}

/// Returns the text of a line that opens a section.
pub fn section(name: &str) -> String {
    format!("[{name}]\n")
}

/// Returns the text of a setting.
pub fn line(name: &str, value: &str) -> String {
    format!("{name} = {value}\n")
}

/// Returns the settings in a connection string, such as `host=a pool_size=20`. A value can be in
/// single quotes. `value` must be a part of the text.
pub fn connection(text: &str, scope: &str, value: &str) -> Vec<Entry> {
    let mut entries = Vec::new();
    let mut rest = value.trim_start();
    while let Some((name, after)) = rest.split_once('=') {
        let after = after.trim_start();
        let (content, end) = match after.strip_prefix('\'') {
            Some(quoted) => quoted_value(quoted),
            None => unquoted_value(after),
        };
        entries.push(entry(text, scope, name.trim(), content));
        rest = end.trim_start();
    }
    entries
}

fn quoted_value(quoted: &str) -> (&str, &str) {
    let mut from = 0;
    while let Some(at) = quoted[from..].find('\'').map(|at| from + at) {
        // A quotation mark in a value is doubled.
        if !quoted[at + 1..].starts_with('\'') {
            return (&quoted[..at], &quoted[at + 1..]);
        }
        from = at + 2;
    }
    (quoted, "")
}

fn unquoted_value(text: &str) -> (&str, &str) {
    text.split_at(text.find(char::is_whitespace).unwrap_or(text.len()))
}

fn entry(text: &str, scope: &str, key: &str, value: &str) -> Entry {
    Entry {
        key: key.to_owned(),
        value: value.to_owned(),
        key_span: span_of(text, key),
        value_span: span_of(text, value),
        scope: scope.to_owned(),
    }
}

/// Returns the bytes of a part of a text.
fn span_of(text: &str, part: &str) -> Span {
    let start = part.as_ptr().addr().saturating_sub(text.as_ptr().addr()).min(text.len());
    Span::new(offset(start), offset((start + part.len()).min(text.len())))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(entries: &[Entry]) -> Vec<(&str, &str, &str)> {
        entries.iter().map(|it| (&*it.scope, &*it.key, &*it.value)).collect()
    }

    #[test]
    fn settings_have_the_scope_of_their_section() {
        let text = "; x\n# y\n[a]\r\nb = c = d\n%include e.ini\n [f] \n g=\n";
        let parsed = read(text);
        let expected = [
            ("a", "[a]", ""),
            ("a", "b", "c = d"),
            ("a", INCLUDE, "e.ini"),
            ("f", "[f]", ""),
            ("f", "g", ""),
        ];
        assert_eq!(settings(&parsed.entries), expected);
        assert_eq!(&text[parsed.entries[1].value_span.range()], "c = d");
        assert_eq!(&text[parsed.entries[4].key_span.range()], "g");
        assert!(parsed.faults.is_empty());
    }

    #[test]
    fn byte_order_mark_is_a_fault_and_the_settings_after_it_are_read() {
        let parsed = read("\u{feff}[a]\nb = c\n");
        assert_eq!(parsed.faults.len(), 1);
        assert_eq!(parsed.faults[0].span.range(), 0..3);
        assert_eq!(settings(&parsed.entries), [("a", "[a]", ""), ("a", "b", "c")]);
    }

    #[test]
    fn comment_after_value_is_part_of_value() {
        assert_eq!(settings(&read("a = 5 ; x").entries), [("", "a", "5 ; x")]);
    }

    #[test]
    fn other_lines_are_faults() {
        assert_eq!(read("a\n[b\n[c] d\n").faults.len(), 3);
    }

    #[test]
    fn connection_string_is_split_at_blanks_outside_quotes() {
        let text = "host=a  password='b ''c' pool_size = 20 x";
        let entries = connection(text, "db", text);
        let expected =
            [("db", "host", "a"), ("db", "password", "b ''c"), ("db", "pool_size", "20")];
        assert_eq!(settings(&entries), expected);
        assert_eq!(connection("a='b", "", "a='b").len(), 1);
    }
}
