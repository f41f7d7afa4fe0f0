//! Escapes invisible and control characters in text.

use std::borrow::Cow;

use crate::source::visible::is_unseen;

/// Replaces every control character and every invisible character with a visible escape.
///
/// Line ends and tabs become `\n`, `\r` and `\t`. All other characters become escapes such as
/// `\u{202e}`. The result is one line. It is borrowed if nothing needs an escape.
pub fn escaped(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_unseen) {
        return Cow::Borrowed(text);
    }
    let mut visible = String::with_capacity(text.len() + 16);
    text.chars().for_each(|character| push_visible(&mut visible, character));
    Cow::Owned(visible)
}

/// Appends a character, or its escape if it is invisible.
pub(crate) fn push_visible(text: &mut String, character: char) {
    match character {
        '\t' | '\n' | '\r' => text.extend(character.escape_default()),
        _ if is_unseen(character) => text.extend(character.escape_unicode()),
        _ => text.push(character),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_without_escapes_is_not_copied() {
        for text in ["", "max_in_flight = 20", "Größe 数 🦀", "a\u{301}", "\u{a0}\u{3000}"] {
            assert!(matches!(escaped(text), Cow::Borrowed(same) if same == text), "{text}");
        }
    }

    #[test]
    fn control_characters_are_escaped() {
        assert_eq!(escaped("a\tb\r\nc\0"), r"a\tb\r\nc\u{0}");
        assert_eq!(escaped("\u{1b}[31mred\u{7f}\u{9b}0m"), r"\u{1b}[31mred\u{7f}\u{9b}0m");
        assert_eq!(escaped("\u{202e}txt\u{2069}\u{61c}"), r"\u{202e}txt\u{2069}\u{61c}");
    }

    #[test]
    fn invisible_characters_are_escaped() {
        assert_eq!(escaped("a\u{200b}\u{2060}\u{feff}b"), r"a\u{200b}\u{2060}\u{feff}b");
        assert_eq!(escaped("\u{2028}\u{2029}\u{ad}"), r"\u{2028}\u{2029}\u{ad}");
        assert_eq!(escaped("x\u{e0041}\u{e0100}\u{fe0f}"), r"x\u{e0041}\u{e0100}\u{fe0f}");
    }
}
