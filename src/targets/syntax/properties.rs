//! Java's `.properties` format, which the configuration files of all Kafka clients use.
//!
//! The reader gives each setting its bytes, which no crate for this format does.

use super::{Entry, Parsed, SyntaxFault};
use crate::source::{Span, offset};

/// Reads a text. Every text can be read; parts that Java refuses are faults.
pub fn read(text: &str) -> Parsed {
    let mut parsed = Parsed::default();
    // Java reads a byte order mark as a part of the first name.
    let mut reader = Reader { text, offset: 0 };
    while let Some(first) = reader.peek() {
        match first {
            '\n' | '\r' | ' ' | '\t' | '\u{c}' => reader.skip(),
            '#' | '!' => reader.skip_line(),
            _ => reader.entry(&mut parsed),
        }
    }
    parsed
}

/// Returns the text of a comment.
pub fn comment(line: &str) -> String {
    format!("# {line}\n")
}

/// Returns the text of a setting. The name and the value must need no escapes.
pub fn line(name: &str, value: &str) -> String {
    format!("{name}={value}\n")
}

struct Reader<'t> {
    text: &'t str,
    offset: usize,
}

impl Reader<'_> {
    fn peek(&self) -> Option<char> {
        self.text[self.offset..].chars().next()
    }

    fn skip(&mut self) {
        self.offset += self.peek().map_or(0, char::len_utf8);
    }

    fn skip_line(&mut self) {
        while self.peek().is_some_and(|character| !matches!(character, '\n' | '\r')) {
            self.skip();
        }
    }

    fn skip_blanks(&mut self) {
        while let Some(character) = self.peek() {
            match character {
                ' ' | '\t' | '\u{c}' => self.skip(),
                '\\' if self.is_continued() => self.skip_line_end(),
                _ => break,
            }
        }
    }

    /// Returns true if the next characters are `\` and a line end.
    fn is_continued(&self) -> bool {
        self.text[self.offset..].starts_with("\\\n") || self.text[self.offset..].starts_with("\\\r")
    }

    /// Skips `\`, the line end, and the blanks at the start of the next line.
    fn skip_line_end(&mut self) {
        self.skip();
        if self.text[self.offset..].starts_with("\r\n") {
            self.skip();
        }
        self.skip();
        while matches!(self.peek(), Some(' ' | '\t' | '\u{c}')) {
            self.skip();
        }
    }

    fn entry(&mut self, parsed: &mut Parsed) {
        let (key, key_span) =
            self.part(parsed, |character| matches!(character, '=' | ':' | ' ' | '\t' | '\u{c}'));
        self.skip_blanks();
        if matches!(self.peek(), Some('=' | ':')) {
            self.skip();
            self.skip_blanks();
        }
        let (value, value_span) = self.part(parsed, |_| false);
        let scope = String::new();
        parsed.entries.push(Entry { key, value, key_span, value_span, scope });
    }

    /// Reads up to the end of the logical line, or up to one of these characters.
    fn part(&mut self, parsed: &mut Parsed, ends: impl Fn(char) -> bool) -> (String, Span) {
        let start = self.offset;
        let mut part = String::new();
        while let Some(character) = self.peek() {
            match character {
                '\n' | '\r' => break,
                '\\' if self.is_continued() => self.skip_line_end(),
                '\\' => part.extend(self.escape(parsed)),
                _ if ends(character) => break,
                _ => {
                    part.push(character);
                    self.skip();
                }
            }
        }
        (part, Span::new(offset(start), offset(self.offset)))
    }

    /// Reads an escape. Returns `None` for an escape that Java refuses, and for the end of the text.
    fn escape(&mut self, parsed: &mut Parsed) -> Option<char> {
        let start = self.offset;
        self.skip();
        let escaped = self.peek()?;
        self.skip();
        match escaped {
            't' => Some('\t'),
            'n' => Some('\n'),
            'r' => Some('\r'),
            'f' => Some('\u{c}'),
            'u' => {
                let digits = self.text.get(self.offset..self.offset + 4);
                let code = digits.filter(|it| it.bytes().all(|byte| byte.is_ascii_hexdigit()));
                let Some(code) = code.and_then(|it| u32::from_str_radix(it, 16).ok()) else {
                    let span = Span::new(offset(start), offset(self.offset));
                    let message = "`\\u` must be followed by four hexadecimal digits";
                    parsed.faults.push(SyntaxFault { message, span });
                    return None;
                };
                self.offset += 4;
                // Half of a surrogate pair cannot be a part of a known setting.
                Some(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER))
            }
            other => Some(other),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(text: &str) -> Vec<(String, String)> {
        read(text).entries.into_iter().map(|entry| (entry.key, entry.value)).collect()
    }

    fn pair(key: &str, value: &str) -> Vec<(String, String)> {
        vec![(key.to_owned(), value.to_owned())]
    }

    #[test]
    fn separators_blanks_and_comments_are_read_as_java_reads_them() {
        for text in ["a=b", "a:b", "a b", "  a = b", "a\t:\tb", "# x\n! y\na=b\n", "\r\na=b\r\n"] {
            assert_eq!(pairs(text), pair("a", "b"), "{text:?}");
        }
        assert_eq!(pairs("a"), pair("a", ""));
        assert_eq!(pairs("a=b=c"), pair("a", "b=c"));
        assert_eq!(pairs("\u{feff}a=b"), pair("\u{feff}a", "b"));
    }

    #[test]
    fn comment_after_value_is_part_of_value() {
        assert_eq!(pairs("acks=all   # wait"), pair("acks", "all   # wait"));
    }

    #[test]
    fn escapes_and_continuations_are_resolved() {
        assert_eq!(pairs("a\\ b=c\\n\\u0064\\=\\q"), pair("a b", "c\nd=q"));
        assert_eq!(pairs("a=b\\\n   c\\\r\n\td"), pair("a", "bcd"));
        assert_eq!(pairs("a \\\n = b"), pair("a", "b"));
        assert_eq!(pairs("a=b\\"), pair("a", "b"));
    }

    #[test]
    fn spans_cover_name_and_value() {
        let text = "# é\nretries = 4\n";
        let parsed = read(text);
        let entry = &parsed.entries[0];
        assert_eq!(&text[entry.key_span.range()], "retries");
        assert_eq!(&text[entry.value_span.range()], "4");
    }

    #[test]
    fn malformed_unicode_escape_is_a_fault() {
        for text in ["a=\\u12", "a=\\uxyz1", "a=\\u+123", "a=\\u12é4"] {
            assert_eq!(read(text).faults.len(), 1, "{text}");
        }
    }
}
