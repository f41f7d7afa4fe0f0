//! The syntaxes of targets, read with byte spans and written.

pub mod properties;

use crate::source::Span;

/// A setting in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The name.
    pub key: String,
    /// The value.
    pub value: String,
    /// The bytes of the name.
    pub key_span: Span,
    /// The bytes of the value. Empty if there is no value.
    pub value_span: Span,
}

/// A part of a text that the program refuses to read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyntaxFault {
    /// The reason, as a message.
    pub message: &'static str,
    /// The bytes.
    pub span: Span,
}

/// The settings in a text, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Parsed {
    /// The settings. A name can occur several times.
    pub entries: Vec<Entry>,
    /// The parts that the program refuses to read.
    pub faults: Vec<SyntaxFault>,
}

/// Returns true if a value contains a placeholder, such as `${RETRIES}` or `%(retries)s`, which
/// another program replaces.
pub fn is_placeholder(value: &str) -> bool {
    let has = |open: &str, close: &str| {
        value.split_once(open).is_some_and(|(_, rest)| rest.contains(close))
    };
    has("${", "}") || has("{{", "}}") || has("%(", ")")
}

/// Returns the text of a file. Bytes that are not UTF-8 are read as Latin-1.
pub fn decoded(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes)
        .unwrap_or_else(|error| error.as_bytes().iter().copied().map(char::from).collect())
}

/// Replaces each byte of a text with `*`, except in these spans and in line ends, so that reports
/// cannot print a password.
pub fn redacted(text: &str, shown: &[Span]) -> String {
    let is_shown = |offset: usize| shown.iter().any(|span| span.range().contains(&offset));
    let mut redacted = String::with_capacity(text.len());
    for (offset, character) in text.char_indices() {
        if character == '\n' || character == '\r' || character == ' ' || is_shown(offset) {
            redacted.push(character);
        } else {
            redacted.extend(std::iter::repeat_n('*', character.len_utf8()));
        }
    }
    redacted
}
