//! Escapes text for XML 1.0 elements and attributes.

use crate::{report::escape::push_visible, source::visible::is_unseen};

/// Returns the text on one line, with entities for XML markup.
///
/// Invisible characters become visible escapes, as do characters that XML forbids even as character
/// references.
pub(in crate::report) fn xml(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\u{fffe}' | '\u{ffff}' => safe.extend(character.escape_unicode()),
            _ if is_unseen(character) => push_visible(&mut safe, character),
            _ => safe.push(character),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn xml_escapes_markup_and_control_characters() {
        assert_eq!(xml("<a b=\"c\">&]]>"), "&lt;a b=&quot;c&quot;&gt;&amp;]]&gt;");
        assert_eq!(xml("a\r\n\0\u{fffe}\u{ffff}\u{202e}"), r"a\r\n\u{0}\u{fffe}\u{ffff}\u{202e}");
    }
}
