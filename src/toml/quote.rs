//! Quotes text as TOML strings and keys.

use std::{borrow::Cow, fmt::Write};

use crate::source::visible::is_unseen;

/// Returns a basic string on one line. Escapes characters that would not be visible.
pub(crate) fn quoted(text: &str) -> String {
    let mut string = String::from('"');
    for character in text.chars() {
        match character {
            '"' | '\\' => string.extend(['\\', character]),
            '\n' | '\r' | '\t' => string.extend(character.escape_default()),
            _ if is_unseen(character) => push_escape(&mut string, character),
            _ => string.push(character),
        }
    }
    string + "\""
}

/// Returns a key as TOML: without quotes if it is a bare key.
pub(crate) fn key(key: &str) -> Cow<'_, str> {
    let is_bare = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
    if !key.is_empty() && key.bytes().all(is_bare) { key.into() } else { quoted(key).into() }
}

fn push_escape(string: &mut String, character: char) {
    let number = u32::from(character);
    // Writing to a string cannot fail.
    _ = match number {
        0..=0xffff => write!(string, "\\u{number:04X}"),
        _ => write!(string, "\\U{number:08X}"),
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_bare_keys_have_no_quotes() {
        assert_eq!(
            ["a_B-1", "", "a.b", "é", "a\"b"].map(key),
            ["a_B-1", "\"\"", "\"a.b\"", "\"é\"", "\"a\\\"b\""]
        );
    }

    #[test]
    fn invisible_characters_are_escaped_in_quoted_text() {
        assert_eq!(quoted(r#"a"b\c é"#), r#""a\"b\\c é""#);
        assert_eq!(quoted("\u{202e}x\u{e0041}\t\u{7f}"), r#""\u202Ex\U000E0041\t\u007F""#);
    }
}
