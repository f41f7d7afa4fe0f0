//! The syntaxes of targets, read with byte spans and written.

pub mod block;
pub mod ini;
pub mod properties;
pub mod rust;
pub mod spring;
pub mod tree;
pub mod units;
pub mod yaml;

use std::collections::BTreeSet;

use crate::source::Span;

/// The syntax of a file.
#[derive(Clone, Copy, Debug)]
pub enum Syntax {
    /// Java's `.properties` format.
    Properties,
    /// PgBouncer's INI format, with the section that `emit` writes.
    Ini(&'static str),
    /// An object of JSON.
    Json {
        /// The name of the top-level list whose objects contain the settings.
        list: Option<&'static str>,
        /// Adds the faults of settings in the whole text.
        checked: fn(&mut [Parsed]),
        /// Whether a `.` in a name separates the keys of objects in objects.
        is_nested: bool,
        /// Whether numbers are strings.
        quotes_numbers: bool,
    },
    /// Documents of YAML or JSON.
    Yaml {
        /// Finds the settings, which can be in several parts of a text.
        parts: fn(&yaml::Stream) -> Vec<Parsed>,
        /// The text that `emit` writes, with the names of settings at the places of their values.
        template: &'static str,
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
            Self::Json { list, checked, .. } => {
                let mut parts = tree::read(text, list);
                checked(&mut parts);
                parts
            }
            Self::Yaml { parts, .. } => match yaml::read(text) {
                Ok(stream) => parts(&stream),
                Err(fault) => vec![Parsed { faults: vec![fault], ..Parsed::default() }],
            },
            Self::Rust => vec![rust::read(text)],
        }
    }

    /// Returns the text of a file for a driver, with these comments and settings, each with its name,
    /// value and meaning. A format without comments contains none.
    pub fn text(
        self,
        driver: &str,
        comments: &[String],
        lines: &[(&str, Written, &str)],
    ) -> String {
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
            Self::Yaml { template, .. } => {
                let comments = comments.iter().flat_map(|line| ["# ", line, "\n"]);
                comments.collect::<String>() + &block::text(template, driver, lines)
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
            Self::Yaml { .. } => {
                let name = keys(name, true).pop().unwrap_or_default();
                format!("{name}: {}", value.plain())
            }
            Self::Rust => rust::constant(name, value),
        }
    }

    /// Returns the maximum size of a file in bytes, or `None` if only the general limit applies. A
    /// text of JSON takes about 200 times as much memory as its size.
    pub const fn most_bytes(self) -> Option<usize> {
        if matches!(self, Self::Json { .. }) { Some(1 << 20) } else { None }
    }

    /// Returns true if a `.` in a name separates the names of objects in objects.
    pub const fn is_nested(self) -> bool {
        matches!(self, Self::Yaml { .. } | Self::Json { is_nested: true, .. })
    }

    /// Returns true if a text can contain comments.
    pub const fn has_comments(self) -> bool {
        match self {
            Self::Properties | Self::Ini(_) | Self::Yaml { .. } | Self::Rust => true,
            Self::Json { .. } => false,
        }
    }

    /// Returns the texts of a value, or `None` if the value cannot be read.
    pub fn texts(self, value: &str) -> Option<Vec<String>> {
        match self {
            Self::Rust => rust::texts(value),
            Self::Properties | Self::Ini(_) | Self::Json { .. } | Self::Yaml { .. } => None,
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
        matches!(self, Self::Rust) && rust::integer(value).is_none()
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

/// A part of a text that the program refuses to read, or ignores.
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
    /// The parts that the program ignores, each with the scope that it is in.
    pub dead: Vec<(String, SyntaxFault)>,
    /// The names of settings whose values are not in the text, but in another file or in a form that
    /// driverc does not read. A name that ends in `.` stands for all settings that start with it.
    pub elsewhere: Vec<String>,
    /// The parts that driverc does not compute, each with the name of a setting that becomes unknown.
    pub not_computed: Vec<(&'static str, SyntaxFault)>,
    /// The places of the names of settings that are parameters of a URL.
    pub in_url: BTreeSet<Span>,
    /// The name of what the settings are for, such as a cluster. Empty without a name.
    pub name: String,
    /// The empty place where the settings start.
    pub start: Span,
}

/// The character with which some editors start a file. Few programs skip it.
pub const BYTE_ORDER_MARK: char = '\u{feff}';

/// The value of a setting whose real value a text does not state.
pub const NOT_STATED: &str = "${not stated}";

/// Returns true if a value contains a placeholder, such as `${RETRIES}` or `%(retries)s`, which
/// another program replaces.
pub fn is_placeholder(value: &str) -> bool {
    let has = |open: &str, close: &str| {
        value.split_once(open).is_some_and(|(_, rest)| rest.contains(close))
    };
    has("${", "}") || has("{{", "}}") || has("%(", ")")
}

/// Returns the text of a file. Bytes that are not UTF-8 are read as Latin-1. Returns `None` if they
/// are not text, such as UTF-16: they contain NUL, or other control characters of Latin-1.
pub fn decoded(bytes: Vec<u8>) -> Option<String> {
    let latin1 = |bytes: &[u8]| bytes.iter().copied().map(char::from).collect::<String>();
    let is_control = |it: char| it.is_control() && !matches!(it, '\t' | '\n' | '\r' | '\u{c}');
    if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") {
        return None;
    }
    match String::from_utf8(bytes) {
        Ok(text) => (!text.contains('\0')).then_some(text),
        Err(error) => Some(latin1(error.as_bytes())).filter(|text| !text.contains(is_control)),
    }
}

/// Replaces each byte of a text with `*`, except in these spans and in line ends, so that reports
/// cannot print a password.
pub fn redacted(text: &str, shown: &[Span]) -> String {
    let mut shown = shown.to_vec();
    shown.sort_unstable();
    let mut shown = shown.into_iter().peekable();
    let mut open = 0;
    let mut redacted = String::with_capacity(text.len());
    for (offset, character) in text.char_indices() {
        while let Some(span) = shown.next_if(|span| span.range().start <= offset) {
            open = open.max(span.range().end);
        }
        if character == '\n' || character == '\r' || character == ' ' || offset < open {
            redacted.push(character);
        } else {
            redacted.extend(std::iter::repeat_n('*', character.len_utf8()));
        }
    }
    redacted
}
