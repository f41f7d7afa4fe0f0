//! Text as XML 1.0 allows it, in elements and in attributes.

use crate::{report::escape::push_visible, source::visible::is_unseen};

/// The text in one line, with references for what XML reads as its own.
///
/// What XML forbids even as a reference is an escape that is seen, as is all that is not seen.
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
    fn nothing_ends_what_it_stands_in() {
        assert_eq!(xml("<a b=\"c\">&]]>"), "&lt;a b=&quot;c&quot;&gt;&amp;]]&gt;");
        assert_eq!(xml("a\r\n\0\u{fffe}\u{ffff}\u{202e}"), r"a\r\n\u{0}\u{fffe}\u{ffff}\u{202e}");
    }
}
