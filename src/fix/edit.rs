//! One change of one place, as the bytes that are replaced.

use crate::{
    finding::Change,
    source::{Span, offset},
};

/// Bytes, and what stands in their place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replacement {
    /// The bytes that go away; none of them where something is inserted.
    pub span: Span,
    /// What stands there instead.
    pub text: String,
}

impl Replacement {
    /// Whether the two share a byte or stand side by side.
    pub(super) const fn touches(&self, other: &Self) -> bool {
        self.span.start <= other.span.end && other.span.start <= self.span.end
    }
}

/// The text with all replacements, which are in order and do not touch each other.
pub(super) fn apply<'r>(
    text: &str,
    replacements: impl IntoIterator<Item = &'r Replacement>,
) -> String {
    let mut changed = String::with_capacity(text.len());
    let mut kept = 0;
    for Replacement { span, text: new } in replacements {
        changed.push_str(&text[kept..span.start as usize]);
        changed.push_str(new);
        kept = span.end as usize;
    }
    changed + &text[kept..]
}

/// How a change is made; none where the place is not what the change is for.
pub(super) fn replacement(text: &str, place: Span, change: &Change) -> Option<Replacement> {
    let written = text.get(place.range())?;
    let (span, new) = match change {
        Change::Integer(number) if is_scalar(written) => (place, number.to_string()),
        Change::Text(string) if is_scalar(written) => (place, quoted(string)),
        Change::AddItem(item) if is_value(text, place) => return add_item(text, place, item),
        Change::RemoveItem => (with_comma(text, place), String::new()),
        Change::RenameKey(key) if !written.is_empty() => (place, key.clone()),
        Change::Integer(_) | Change::Text(_) | Change::AddItem(_) | Change::RenameKey(_) => {
            return None;
        }
        Change::Remove => (place, String::new()),
    };
    Some(Replacement { span, text: new })
}

/// Whether this is a string or a number, and not a header or a key.
fn is_scalar(written: &str) -> bool {
    written.starts_with(|first: char| first.is_ascii_digit() || "\"'+-".contains(first))
}

/// Whether a place holds the value of a key, and not a header.
fn is_value(text: &str, place: Span) -> bool {
    text[..place.start as usize].trim_end_matches([' ', '\t']).ends_with('=')
}

/// A basic string; JSON's escapes are TOML's, but for the control character DEL.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string().replace('\u{7f}', "\\u007f")
}

/// One more item at the end of an array, in the manner of the last one.
fn add_item(text: &str, array: Span, item: &str) -> Option<Replacement> {
    let items = text[array.range()].strip_prefix('[')?.strip_suffix(']')?;
    let first = array.start + 1;
    let Some(last) = last_item(items) else {
        return Some(Replacement { span: Span::new(first, first), text: quoted(item) });
    };
    let at = first + offset(last.end);
    let before = &items[..last.start];
    let new_line = before.rfind('\n').filter(|line| before[*line..].trim().is_empty());
    let separator = match new_line {
        Some(line) => {
            let return_before = before[..line].ends_with('\r');
            let line_start = if return_before { line - 1 } else { line };
            &before[line_start..]
        }
        None => " ",
    };
    Some(Replacement { span: Span::new(at, at), text: format!(",{separator}{}", quoted(item)) })
}

/// Where the last string of an array stands; comments are not looked at.
fn last_item(items: &str) -> Option<std::ops::Range<usize>> {
    let mut last = None;
    let mut rest = 0;
    while let Some(offset) = items[rest..].find(['"', '\'', '#']) {
        let start = rest + offset;
        let mark = items.as_bytes()[start];
        if mark == b'#' {
            rest = items[start..].find('\n').map_or(items.len(), |end| start + end);
            continue;
        }
        let end = start + 1 + closing(&items[start + 1..], mark)?;
        last = Some(start..end + 1);
        rest = end + 1;
    }
    last
}

/// The offset of the quote that closes a string; escapes count in basic strings only.
fn closing(text: &str, quote: u8) -> Option<usize> {
    let mut escaped = false;
    text.bytes().position(|byte| {
        let closes = byte == quote && !escaped;
        escaped = quote == b'"' && byte == b'\\' && !escaped;
        closes
    })
}

/// An item with the comma after it, or else with the comma before it; with its line if nothing
/// else is on that.
fn with_comma(text: &str, item: Span) -> Span {
    let (before, after) = (&text[..item.start as usize], &text[item.end as usize..]);
    let blank = blanks(after);
    if !after[blank..].starts_with(',') {
        let kept = before.trim_end().strip_suffix(',').unwrap_or(before);
        return Span::new(offset(kept.len()), item.end);
    }
    let rest = &after[blank + 1..];
    let end = item.end + offset(blank + 1);
    let line_end = &rest[blanks(rest)..];
    if !line_end.starts_with(['\n', '\r']) {
        return Span::new(item.start, end + offset(blanks(rest)));
    }
    let kept = before.trim_end_matches([' ', '\t']);
    match kept.strip_suffix('\n') {
        Some(above) => Span::new(offset(above.strip_suffix('\r').unwrap_or(above).len()), end),
        None => Span::new(offset(kept.len()), end),
    }
}

/// How many blanks a text starts with.
fn blanks(text: &str) -> usize {
    text.len() - text.trim_start_matches([' ', '\t']).len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn changed(text: &str, at: &str, change: &Change) -> String {
        let start = text.find(at).unwrap();
        let place = Span::new(offset(start), offset(start + at.len()));
        replacement(text, place, change).map_or_else(|| text.to_owned(), |new| apply(text, [&new]))
    }

    fn with(text: &str, array: &str) -> String {
        changed(text, array, &Change::AddItem("new".to_owned()))
    }

    #[test]
    fn values() {
        let five = Change::Integer(5);
        assert_eq!(changed("a = 12 # twelve", "12", &five), "a = 5 # twelve");
        assert_eq!(changed("[a]\nb = 1", "[a]", &five), "[a]\nb = 1", "a header is no value");
        let text = Change::Text("x\"y".to_owned());
        assert_eq!(changed("a = 'b'", "'b'", &text), "a = \"x\\\"y\"");
        assert_eq!(changed("ab = 1", "ab", &Change::RenameKey("abc".to_owned())), "abc = 1");
    }

    #[test]
    fn items_are_added_in_the_manner_of_the_last_one() {
        assert_eq!(with("a = []", "[]"), r#"a = ["new"]"#);
        assert_eq!(with(r#"a = ["b"]"#, r#"["b"]"#), r#"a = ["b", "new"]"#);
        let lines = "a = [\n  \"b\",\n  'c', # last\n]\n";
        let more = "a = [\n  \"b\",\n  'c',\n  \"new\", # last\n]\n";
        assert_eq!(with(lines, &lines[4..lines.len() - 1]), more);
        let windows = "a = [\r\n\t\"b\"\r\n]";
        assert_eq!(with(windows, &windows[4..]), "a = [\r\n\t\"b\",\r\n\t\"new\"\r\n]");
        assert_eq!(with("a = [ # \"c\"\n]", "[ # \"c\"\n]"), "a = [\"new\" # \"c\"\n]");
    }

    #[test]
    fn items_go_away_with_their_comma() {
        let removed = |text, at| changed(text, at, &Change::RemoveItem);
        assert_eq!(removed("a = ['b', 'c', 'd']", "'c'"), "a = ['b', 'd']");
        assert_eq!(removed("a = ['b', 'c']", "'c'"), "a = ['b']");
        assert_eq!(removed("a = ['b']", "'b'"), "a = []");
        assert_eq!(removed("a = [\n  'b',\n  'c'\n]", "'c'"), "a = [\n  'b'\n]");
        assert_eq!(removed("a = [\n  'b',\n  'c',\n]", "'c'"), "a = [\n  'b',\n]");
        assert_eq!(removed("a = [\r\n  'b', 'c',\r\n]", "'c'"), "a = [\r\n  'b',\r\n]");
        assert_eq!(removed("a = [\n  'b', 'c', # x\n]", "'c'"), "a = [\n  'b', # x\n]");
    }
}
