//! Normalises line endings of committed files, which Git can rewrite on checkout.

use std::borrow::Cow;

/// Returns the content with LF line endings, if every line ends in CRLF, which is typical of a text
/// checkout on Windows. Content with other or mixed line endings is unchanged.
pub(super) fn as_committed(content: &[u8]) -> Cow<'_, [u8]> {
    if !content.contains(&b'\r') {
        return Cow::Borrowed(content);
    }
    let pairs = content.windows(2).filter(|pair| pair == b"\r\n").count();
    let characters = content.iter().filter(|byte| matches!(byte, b'\r' | b'\n')).count();
    if characters != 2 * pairs {
        return Cow::Borrowed(content);
    }
    Cow::Owned(content.iter().copied().filter(|byte| *byte != b'\r').collect())
}

/// Returns the size in bytes of a text with LF line endings after Git has checked it out with CRLF.
pub(super) fn checked_out_size(text: &str) -> usize {
    text.len() + text.bytes().filter(|byte| *byte == b'\n').count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_consistent_crlf_becomes_lf() {
        for (content, committed) in [
            ("", ""),
            ("a", "a"),
            ("a\r\nb\r\n", "a\nb\n"),
            ("a\r\n\r\nb", "a\n\nb"),
            ("\r\n", "\n"),
            ("a\nb\n", "a\nb\n"),
            // Mixed line endings.
            ("a\r\nb\n", "a\r\nb\n"),
            ("a\nb\r\n", "a\nb\r\n"),
            // A carriage return that is not a line ending.
            ("a\r", "a\r"),
            ("a\rb\r\n", "a\rb\r\n"),
            ("a\r\r\n", "a\r\r\n"),
            ("a\r\nb\r", "a\r\nb\r"),
        ] {
            let found = as_committed(content.as_bytes());
            assert_eq!(found, committed.as_bytes(), "{content:?}");
        }
    }

    #[test]
    fn checked_out_size_counts_each_line_end_as_two_bytes() {
        assert_eq!(checked_out_size("a\nb\n"), "a\r\nb\r\n".len());
    }
}
