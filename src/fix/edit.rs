//! Converts an edit to a replacement of bytes.

mod item;

use crate::{
    finding::EditAction,
    source::{Span, offset},
    toml::quote::quoted,
};

/// A range of bytes and its new text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replacement {
    /// The bytes to remove. Empty for an insertion.
    pub span: Span,
    /// The new text.
    pub text: String,
}

impl Replacement {
    /// Returns true if two replacements overlap or are adjacent.
    pub(super) const fn touches(&self, other: &Self) -> bool {
        self.span.start <= other.span.end && other.span.start <= self.span.end
    }
}

/// Applies replacements to a text. The replacements must be sorted and must not touch each other.
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

/// Returns the replacement for an edit, or `None` if the edit does not apply to the text.
pub(super) fn replacement(text: &str, place: Span, change: &EditAction) -> Option<Replacement> {
    let written = text.get(place.range())?;
    let (span, new) = match change {
        EditAction::Integer(number) if is_scalar(written) => (place, number.to_string()),
        EditAction::Text(string) if is_scalar(written) => (place, quoted(string)),
        EditAction::AddItem(item) if is_value(text, place) => return add_item(text, place, item),
        EditAction::RemoveItem => return item::removed(text, place),
        EditAction::RenameKey(key) if !written.is_empty() => (place, key.clone()),
        EditAction::Integer(_)
        | EditAction::Text(_)
        | EditAction::AddItem(_)
        | EditAction::RenameKey(_) => {
            return None;
        }
        EditAction::Remove => (place, String::new()),
        EditAction::Insert(text) => (Span::new(place.start, place.start), text.clone()),
        EditAction::InsertBelow(lines) => below(text, place, lines),
    };
    Some(Replacement { span, text: new })
}

/// Returns an empty span at the end of the line in which `place` ends, and the text to insert
/// there: each line on a new line, with the same indentation.
fn below(text: &str, place: Span, lines: &str) -> (Span, String) {
    let line_start = text[..place.start as usize].rfind('\n').map_or(0, |end| end + 1);
    let line = text[line_start..].trim_start_matches('\u{feff}');
    let indentation = &line[..line.len() - line.trim_start_matches([' ', '\t']).len()];
    let rest = &text[place.end as usize..];
    let length = rest.find('\n').unwrap_or(rest.len());
    let has_return =
        rest[..length].ends_with('\r') || (length == rest.len() && text.contains("\r\n"));
    let line_end = if has_return { "\r\n" } else { "\n" };
    let at = place.end + offset(rest[..length].trim_end_matches('\r').len());
    let indented = |line: &str| match line {
        "" => line_end.to_owned(),
        _ => format!("{line_end}{indentation}{line}"),
    };
    (Span::new(at, at), lines.split('\n').map(indented).collect())
}

/// Returns true for a string or number, and false for a header or key.
fn is_scalar(written: &str) -> bool {
    written.starts_with(|first: char| first.is_ascii_digit() || "\"'+-".contains(first))
}

/// Returns true if a span is the value of a key, and false if it is a header.
fn is_value(text: &str, place: Span) -> bool {
    text[..place.start as usize].trim_end_matches([' ', '\t']).ends_with('=')
}

/// Adds an item to the end of an array, in the layout of the last item.
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

/// Returns the range of the last string of an array, ignoring comments.
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

/// Returns the offset of the closing quote. Only basic strings have escapes.
fn closing(text: &str, quote: u8) -> Option<usize> {
    let mut escaped = false;
    text.bytes().position(|byte| {
        let closes = byte == quote && !escaped;
        escaped = quote == b'"' && byte == b'\\' && !escaped;
        closes
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn changed(text: &str, at: &str, change: &EditAction) -> String {
        let start = text.find(at).unwrap();
        let place = Span::new(offset(start), offset(start + at.len()));
        replacement(text, place, change).map_or_else(|| text.to_owned(), |new| apply(text, [&new]))
    }

    fn with(text: &str, array: &str) -> String {
        changed(text, array, &EditAction::AddItem("new".to_owned()))
    }

    #[test]
    fn values_and_keys_are_replaced_but_headers_are_not() {
        let five = EditAction::Integer(5);
        assert_eq!(changed("a = 12 # twelve", "12", &five), "a = 5 # twelve");
        assert_eq!(changed("[a]\nb = 1", "[a]", &five), "[a]\nb = 1", "a header is not a value");
        let text = EditAction::Text("x\"y".to_owned());
        assert_eq!(changed("a = 'b'", "'b'", &text), "a = \"x\\\"y\"");
        assert_eq!(changed("ab = 1", "ab", &EditAction::RenameKey("abc".to_owned())), "abc = 1");
    }

    #[test]
    fn added_item_copies_layout_of_last_item() {
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
    fn item_is_removed_with_its_comma() {
        let removed = |text, at| changed(text, at, &EditAction::RemoveItem);
        assert_eq!(removed("a = ['b', 'c', 'd']", "'c'"), "a = ['b', 'd']");
        assert_eq!(removed("a = ['b', 'c']", "'c'"), "a = ['b']");
        assert_eq!(removed("a = ['b']", "'b'"), "a = []");
        assert_eq!(removed("a = [\n  'b',\n  'c'\n]", "'c'"), "a = [\n  'b'\n]");
        assert_eq!(removed("a = [\n  'b',\n  'c',\n]", "'c'"), "a = [\n  'b',\n]");
        assert_eq!(removed("a = [\r\n  'b', 'c',\r\n]", "'c'"), "a = [\r\n  'b',\r\n]");
        assert_eq!(removed("a = [\n  'b', 'c', # x\n]", "'c'"), "a = [\n  'b', # x\n]");
    }

    #[test]
    fn removal_of_item_preserves_comments() {
        let removed = |text, at| changed(text, at, &EditAction::RemoveItem);
        let comma_below = "a = [\n  'b', # c\n  'd' # mid\n  , 'e'\n]";
        assert_eq!(removed(comma_below, "'d'"), "a = [\n  'b', # c\n  # mid\n  'e'\n]");
        let last = "a = [\n  'b', # c\n  'd' # mid\n]";
        assert_eq!(removed(last, "'d'"), "a = [\n  'b' # c\n   # mid\n]");
        let alone = "a = [\r\n  'b', # c\r\n  # own\r\n  'd'\r\n]";
        assert_eq!(removed(alone, "'d'"), "a = [\r\n  'b' # c\r\n  # own\r\n]");
        let lure = "a = [\n  'b', # a = [ 'x',\n  'd']";
        assert_eq!(removed(lure, "'d'"), "a = [\n  'b' # a = [ 'x',\n  ]");
        assert_eq!(removed("a = ['b' # c\n]", "'b'"), "a = [ # c\n]");
    }

    /// Generates an array of strings with random comments and line ends.
    fn array(items: &[u8], gaps: &[(u8, u8)], trailing: bool, end: &str) -> String {
        let mut text = "a = [".to_owned();
        let gap = |kind: u8, number: usize| match kind {
            0 => String::new(),
            1 => " ".to_owned(),
            2 => format!("{end}  "),
            3 => format!(" # c{number}.{end}  "),
            _ => format!("{end}  # x = [ 'y', c{number}.{end}"),
        };
        for (index, (item, (before, after))) in items.iter().zip(gaps).enumerate() {
            text += &gap(*before, 2 * index);
            text.extend(["\"i", &item.to_string(), "\""]);
            text += &gap(*after, 2 * index + 1);
            if trailing || index + 1 < items.len() {
                text.push(',');
            }
        }
        text + end + "] # end" + end
    }

    fn items_of(text: &str) -> Vec<String> {
        let table: toml::Table = toml::from_str(text).expect("TOML");
        let items = table["a"].as_array().unwrap().iter();
        items.map(|item| item.as_str().unwrap().to_owned()).collect()
    }

    proptest! {
        /// Removes duplicate items one by one.
        #[test]
        fn removal_of_duplicates_preserves_distinct_items_and_comments(
            items in prop::collection::vec(0..4_u8, 1..7),
            gaps in prop::collection::vec((0..5_u8, 0..5_u8), 7),
            trailing: bool,
            crlf: bool,
        ) {
            let mut text = array(&items, &gaps, trailing, if crlf { "\r\n" } else { "\n" });
            let comments: Vec<_> = (0..14).map(|number| format!("c{number}.")).collect();
            let there = |text: &str| -> Vec<_> {
                comments.iter().filter(|it| text.contains(it.as_str())).cloned().collect()
            };
            let before = there(&text);
            let mut distinct: Vec<String> = Vec::new();
            for item in items_of(&text) {
                if !distinct.contains(&item) {
                    distinct.push(item);
                }
            }
            while let Some(duplicate) = duplicate(&text) {
                let edit = replacement(&text, duplicate, &EditAction::RemoveItem);
                text = apply(&text, [&edit.expect("an item")]);
            }
            prop_assert_eq!(items_of(&text), distinct, "{}", text);
            prop_assert_eq!(there(&text), before, "{}", text);
        }
    }

    /// Returns the span of the first item that equals an earlier item.
    fn duplicate(text: &str) -> Option<Span> {
        let items: Vec<_> = text.match_indices("\"i").map(|(at, _)| &text[at..at + 4]).collect();
        let index = (0..items.len()).find(|index| items[..*index].contains(&items[*index]))?;
        let (at, item) = text.match_indices("\"i").nth(index).map(|(at, _)| (at, 4))?;
        Some(Span::new(offset(at), offset(at + item)))
    }
}
