//! The syntaxes of targets, read with byte spans and written.

pub mod ini;
pub mod properties;
pub mod rust;
pub mod tree;
pub mod units;

use std::collections::BTreeSet;

use crate::source::Span;

/// The syntax of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Syntax {
    /// Java's `.properties` format.
    Properties,
    /// PgBouncer's INI format, with the section that `emit` writes.
    Ini(&'static str),
    /// An object of JSON.
    Json {
        /// The name of the top-level list whose objects contain the settings.
        list: Option<&'static str>,
        /// Whether a `.` in a name separates the keys of objects in objects.
        is_nested: bool,
        /// Whether numbers are strings.
        quotes_numbers: bool,
    },
    /// A module of Rust with constants.
    Rust,
}

impl Syntax {
    /// Reads a text. A file with several lists of settings has several parts, and each file has one.
    pub fn read(self, text: &str) -> Vec<Parsed> {
        match self {
            Self::Properties => vec![properties::read(text)],
            Self::Ini(_) => vec![ini::read(text)],
            Self::Json { list, .. } => tree::read(text, list),
            Self::Rust => vec![rust::read(text)],
        }
    }

    /// Returns the text of a file with these comments and settings, each with its name, value and
    /// meaning. A format without comments contains none.
    pub fn text(self, comments: &[String], lines: &[(&str, Written, &str)]) -> String {
        match self {
            Self::Properties => {
                let comments = comments.iter().map(|line| properties::comment(line));
                let lines = lines.iter().map(|(name, it, _)| properties::line(name, it.plain()));
                comments.chain(lines).collect()
            }
            Self::Ini(section) => {
                let comments = comments.iter().map(|line| ini::comment(line));
                let lines = lines.iter().map(|(name, it, _)| ini::line(name, it.plain()));
                comments.chain([ini::section(section)]).chain(lines).collect()
            }
            Self::Json { list, is_nested, .. } => {
                let lines: Vec<_> = lines
                    .iter()
                    .map(|(name, it, _)| (keys(name, is_nested), self.value(it)))
                    .collect();
                match list {
                    None => tree::object(&lines, 0) + "\n",
                    Some(list) => {
                        let object = tree::object(&lines, 2);
                        format!("{{\n  \"{list}\": [\n    {object}\n  ]\n}}\n")
                    }
                }
            }
            Self::Rust => rust::module(comments, lines),
        }
    }

    /// Returns the text of one setting, for a help text.
    pub fn assignment(self, name: &str, value: &Written) -> String {
        match self {
            Self::Properties => format!("{name}={}", value.plain()),
            Self::Ini(_) => format!("{name} = {}", value.plain()),
            Self::Json { is_nested, .. } => {
                let name = keys(name, is_nested).pop().unwrap_or_default();
                format!("\"{name}\": {}", self.value(value))
            }
            Self::Rust => rust::constant(name, value),
        }
    }

    /// Returns true if a text can contain comments.
    pub const fn has_comments(self) -> bool {
        match self {
            Self::Properties | Self::Ini(_) | Self::Rust => true,
            Self::Json { .. } => false,
        }
    }

    /// Returns the texts of a value, or `None` if the value cannot be read.
    pub fn texts(self, value: &str) -> Option<Vec<String>> {
        match self {
            Self::Rust => rust::texts(value),
            Self::Properties | Self::Ini(_) | Self::Json { .. } => None,
        }
    }

    /// Returns the value for a file that states texts: one text, or a list.
    pub fn written(self, texts: &[String], is_list: bool) -> Written {
        match texts {
            [text] if !is_list => Written::Text(text.clone()),
            _ => Written::Literal(rust::list(texts)),
        }
    }

    /// Returns true if a value is an expression, which driverc does not compute.
    pub fn is_expression(self, value: &str) -> bool {
        self == Self::Rust && rust::integer(value).is_none()
    }

    fn value(self, value: &Written) -> String {
        match (value, self) {
            (Written::Text(text), _)
            | (Written::Number(text), Self::Json { quotes_numbers: true, .. }) => {
                format!("\"{text}\"")
            }
            (Written::Number(text) | Written::Literal(text), _) => text.clone(),
        }
    }
}

fn keys(name: &str, is_nested: bool) -> Vec<&str> {
    if is_nested { name.split('.').collect() } else { vec![name] }
}

/// The text of a value, with its kind. Only Rust escapes a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Written {
    /// A number.
    Number(String),
    /// A word, or a number with a unit.
    Text(String),
    /// A text in the syntax of the file.
    Literal(String),
}

impl Written {
    /// Returns the text without quotes.
    pub fn plain(&self) -> &str {
        match self {
            Self::Number(text) | Self::Text(text) | Self::Literal(text) => text,
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
    /// The empty place where the settings start.
    pub start: Span,
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
    let mut shown = shown.to_vec();
    shown.sort_unstable();
    let mut shown = shown.into_iter().map(Span::range).peekable();
    // The end of all spans that start before a character.
    let mut shown_to = 0;
    let mut redacted = String::with_capacity(text.len());
    for (offset, character) in text.char_indices() {
        while let Some(span) = shown.next_if(|span| span.start <= offset) {
            shown_to = span.end.max(shown_to);
        }
        if matches!(character, '\n' | '\r' | ' ') || offset < shown_to {
            redacted.push(character);
        } else {
            redacted.extend(std::iter::repeat_n('*', character.len_utf8()));
        }
    }
    redacted
}
