//! The syntaxes of targets, read with byte spans and written.

pub mod ini;
pub mod properties;

use std::collections::BTreeSet;

use crate::source::Span;

/// A format of configurations.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Syntax {
    /// Java's `.properties` format.
    Properties,
    /// PgBouncer's INI format, with the section that `emit` writes.
    Ini(&'static str),
}

impl Syntax {
    /// Reads a text. Every text can be read.
    pub fn read(self, text: &str) -> Parsed {
        match self {
            Self::Properties => properties::read(text),
            Self::Ini(_) => ini::read(text),
        }
    }

    /// Returns the text of a comment.
    pub fn comment(self, line: &str) -> String {
        match self {
            Self::Properties => properties::comment(line),
            Self::Ini(_) => ini::comment(line),
        }
    }

    /// Returns the text of a setting. The name and the value must need no escapes.
    pub fn line(self, name: &str, value: &str) -> String {
        match self {
            Self::Properties => properties::line(name, value),
            Self::Ini(_) => ini::line(name, value),
        }
    }

    /// Returns the text before the first setting.
    pub fn opening(self) -> String {
        match self {
            Self::Properties => String::new(),
            Self::Ini(section) => format!("[{section}]\n"),
        }
    }

    /// Returns the extension of files, without its dot.
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Properties => "properties",
            Self::Ini(_) => "ini",
        }
    }
}

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
    /// The part of the configuration for which the value applies, such as a section or a database.
    /// Empty if it applies to everything.
    pub scope: String,
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
    /// All scopes in which a setting can replace the value for everything.
    pub scopes: BTreeSet<String>,
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
