//! Escapes text for Markdown table cells and list items.

use std::fmt::Write;

use crate::report::escape::escaped;

/// Escapes a line of text. Text between two backticks becomes code.
pub(in crate::report) fn inline(text: &str) -> String {
    let text = escaped(text);
    let parts: Vec<_> = text.split('`').collect();
    // An even number of parts means that a backtick has no pair.
    if parts.len().is_multiple_of(2) {
        return plain(&text);
    }
    let parts = parts.iter().enumerate();
    parts.map(|(index, part)| if index % 2 == 0 { plain(part) } else { code(part) }).collect()
}

/// Formats text as code: between backticks if that is safe, otherwise as an HTML element.
pub(in crate::report) fn code(text: &str) -> String {
    let text = escaped(text);
    let is_safe = |byte: u8| {
        byte.is_ascii_alphanumeric() || b" _-.:/=,\"'()+*[]#%<>{}?;!@^&~$".contains(&byte)
    };
    let blank = text.starts_with(' ') || text.ends_with(' ') || text.is_empty();
    if !blank && text.bytes().all(|byte| is_safe(byte) || !byte.is_ascii()) {
        return format!("`{text}`");
    }
    format!("<code>{}</code>", plain(&text))
}

/// Replaces each character that Markdown or HTML could interpret with a character reference.
fn plain(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    let mut before = None;
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        let (last, next) = (before.replace(character), characters.peek().copied());
        if is_plain(character) || is_plain_between(last, character, next) {
            safe.push(character);
        } else {
            // Writing to a string does not fail.
            _ = write!(safe, "&#{};", u32::from(character));
        }
    }
    safe
}

fn is_plain(character: char) -> bool {
    !character.is_ascii()
        || character.is_ascii_alphanumeric()
        || " ,;.'\"()?-/%+=".contains(character)
}

/// Returns true if a character has no special meaning in this context. Examples are a colon that
/// does not start an address or emoji, and an underscore inside a word.
fn is_plain_between(before: Option<char>, character: char, after: Option<char>) -> bool {
    let is_word = |character: Option<char>| character.is_some_and(char::is_alphanumeric);
    match character {
        ':' | '!' => after.is_none_or(|after| after == ' '),
        '_' => is_word(before) && is_word(after),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn backticks_become_code() {
        assert_eq!(inline("set `max_attempts` to 5"), "set `max_attempts` to 5");
        assert_eq!(inline("one ` mark"), "one &#96; mark");
        assert_eq!(inline("`` and ` `"), "<code></code> and <code> </code>");
    }

    #[test]
    fn colon_before_space_and_underscore_in_word_are_not_escaped() {
        assert_eq!(inline("the waiver: merge a_b first!"), "the waiver: merge a_b first!");
        assert_eq!(inline("http://a"), "http&#58;//a");
        assert_eq!(inline(":tada: !12"), "&#58;tada: &#33;12");
        assert_eq!(inline("_a_ __b"), "&#95;a&#95; &#95;&#95;b");
        assert_eq!(code("{a} & b?"), "`{a} & b?`");
    }

    #[test]
    fn markup_is_escaped() {
        assert_eq!(inline("a|b\n<b>"), "a&#124;b&#92;n&#60;b&#62;");
        assert_eq!(inline("`a|b\\`"), "<code>a&#124;b&#92;</code>");
        assert_eq!(inline("[a](b) *c* ~d~ @e"), "&#91;a&#93;(b) &#42;c&#42; &#126;d&#126; &#64;e");
    }
}
