//! What is said of each kind of error that the parser of TOML knows.
//!
//! The parser names them by an English description; one that is not known here is shown as it is.

use std::borrow::Cow;

use toml_parser::{Expected, ParseError};

use super::span;
use crate::{document::rules::SYNTAX, finding::Finding, source::Span};

/// How the parser says that a line ends in a carriage return alone.
pub(super) const LONE_RETURN: &str = "carriage return must be followed by newline";

/// What is said of one error.
#[derive(Debug)]
pub(super) struct Wording {
    pub(super) place: Span,
    message: Cow<'static, str>,
    help: Option<String>,
    /// Whether what follows in the line is not understood any more.
    is_last_of_line: bool,
}

impl Wording {
    /// What is said of a mark that a merge has left, for all of its line.
    pub(super) fn conflict(line: Span) -> Self {
        Self {
            place: line,
            message: "the mark of a merge conflict is not TOML".into(),
            help: Some("decide for one of the two sides, and remove the marks".to_owned()),
            is_last_of_line: true,
        }
    }

    pub(super) fn finding(&self) -> Finding<Span> {
        let finding = SYNTAX.finding(self.place, self.message.as_ref());
        match &self.help {
            Some(help) => finding.help(help.as_str()),
            None => finding,
        }
    }

    /// Whether the error before this one in the same line has caused it.
    pub(super) fn follows(&self, before: Option<&Self>, text: &str) -> bool {
        let Some(before) = before else { return false };
        let between = before.place.start as usize..self.place.start as usize;
        let is_same_line = text.get(between).is_some_and(|between| !between.contains('\n'));
        is_same_line && (before.is_last_of_line || before.message == self.message)
    }
}

/// What is said of an error in a text.
pub(super) fn word(error: &ParseError, text: &str) -> Wording {
    let unexpected = error.unexpected().or(error.context()).unwrap_or_default();
    let context = error.context().unwrap_or(unexpected);
    let place = unexpected.start()..unexpected.end();
    let token = &text[context.start()..context.end()];
    let after = &text[place.start..];
    let say = |message: &'static str, help: &str| Wording {
        place: span(place.clone()),
        message: message.into(),
        help: Some(help.to_owned()),
        is_last_of_line: true,
    };
    match error.description() {
        "string values must be quoted" if place.is_empty() => {
            say("a value is missing", "write a value here")
        }
        "missing value" | "missing value for key" => say("a value is missing", "write it here"),
        "string values must be quoted"
        | "invalid boolean"
        | "invalid float"
        | "invalid date-time"
        | "invalid integer number" => not_a_value(token, context.start()),
        "key with no value" if after.trim_start_matches([' ', '\t']).starts_with(['\r', '\n']) => {
            say("a key has no value", "write `=` and a value here")
        }
        "key with no value" => say("a key has no value", "write `=` here"),
        "unclosed table" => say("a header is not closed", "write `]` here"),
        "unclosed array table" => say("a header is not closed", &expectation(error)),
        "unclosed array" => at_start("an array is not closed", context.start(), 1, "]"),
        "unclosed inline table" => at_start("a table is not closed", context.start(), 1, "}"),
        "invalid multi-line basic string" if place.is_empty() && place.start == context.end() => {
            at_start("a string is not closed", context.start(), 3, "\"\"\"")
        }
        "invalid multi-line literal string" if place.is_empty() && place.start == context.end() => {
            at_start("a string is not closed", context.start(), 3, "'''")
        }
        "invalid basic string" | "invalid literal string" if place.start == context.end() => {
            say("a string is not closed", &expectation(error))
        }
        "invalid basic string" | "invalid multi-line basic string" => Wording {
            is_last_of_line: false,
            ..control("a string", text, place.start, "write an escape for it, such as `\\u0007`")
        },
        "invalid literal string" | "invalid multi-line literal string" => Wording {
            is_last_of_line: false,
            ..control("a string", text, place.start, "put the text in double quotes, and escape it")
        },
        "invalid comment character" => control("a comment", text, place.start, "remove it"),
        LONE_RETURN => lone_return(text, place.start),
        "missing escaped value" => unknown_escape(text, place.start),
        "invalid value" => escape(text, place.start, "is not a character"),
        "too few unicode value digits" => escape(text, place.start, "has too few digits"),
        "unquoted keys cannot be empty" | "invalid key-value pair" | "invalid table" => {
            say("a key is missing", "write a key here")
        }
        "invalid unquoted key" => say(
            "a key without quotes has a character that is not allowed",
            "write ASCII letters, digits, `-` and `_`, or put the key in quotes",
        ),
        "unexpected key or value" => {
            say("nothing but a comment may follow here", "remove it, or begin a new line")
        }
        "cannot recurse further; max recursion depth met" => {
            say("arrays and tables nest too deep", "write at most 80 levels")
        }
        _ => as_it_is(error),
    }
}

fn as_it_is(error: &ParseError) -> Wording {
    let place = error.unexpected().or(error.context()).unwrap_or_default();
    Wording {
        place: span(place.start()..place.end()),
        message: error.description().to_owned().into(),
        help: error.expected().is_some().then(|| expectation(error)),
        is_last_of_line: false,
    }
}

fn at_start(message: &'static str, start: usize, length: usize, close: &str) -> Wording {
    Wording {
        place: span(start..start + length),
        message: message.into(),
        help: Some(format!("write `{close}` where it ends")),
        is_last_of_line: true,
    }
}

fn not_a_value(value: &str, start: usize) -> Wording {
    let is_like_a_number = value.starts_with(|first: char| first.is_ascii_digit())
        || value.starts_with(['+', '-', '.']);
    let (message, help) = if is_like_a_number {
        ("this is neither a number nor a date", "write a plain number, a date, or a quoted string")
    } else {
        ("a string has no quotes", "put it in quotes")
    };
    Wording {
        place: span(start..start + value.len()),
        message: message.into(),
        help: Some(help.to_owned()),
        is_last_of_line: true,
    }
}

/// The parser points behind the backslash.
fn unknown_escape(text: &str, offset: usize) -> Wording {
    let letter = text[offset..].chars().next().filter(|letter| !letter.is_control());
    let end = offset + letter.map_or(0, char::len_utf8);
    let escape = &text[offset - 1..end];
    Wording {
        place: span(offset - 1..end),
        message: format!("`{escape}` is not an escape").into(),
        help: Some("write `\\\\` for a backslash, or put the text in single quotes".to_owned()),
        is_last_of_line: false,
    }
}

/// The parser points to the first digit, or behind the last one.
fn escape(text: &str, offset: usize, what: &str) -> Wording {
    let start = text[..offset].rfind('\\').unwrap_or(offset);
    let digits = text[offset..].bytes().take_while(u8::is_ascii_hexdigit);
    let needed = match text[start..].chars().nth(1) {
        Some('x') => 2,
        Some('u') => 4,
        _ => 8,
    };
    let end = (offset + digits.count()).min(start + 2 + needed);
    let kind = &text[start..start + 2];
    Wording {
        place: span(start..end),
        message: format!("`{}` {what}", &text[start..end]).into(),
        help: Some(format!("write the {needed} digits of a character after `{kind}`")),
        is_last_of_line: false,
    }
}

/// The parser points to the character.
fn control(what: &str, text: &str, offset: usize, help: &str) -> Wording {
    let character = text[offset..].chars().next().unwrap_or_default();
    let code = u32::from(character);
    Wording {
        place: span(offset..offset + character.len_utf8()),
        message: format!("{what} has the control character U+{code:04X}").into(),
        help: Some(help.to_owned()),
        is_last_of_line: true,
    }
}

/// The parser points behind the carriage return.
fn lone_return(text: &str, offset: usize) -> Wording {
    let start = text[..offset].rfind('\r').unwrap_or(offset);
    Wording {
        place: span(start..offset),
        message: "a carriage return without a line feed is not a line end".into(),
        help: Some("save the file with LF or CRLF line ends".to_owned()),
        is_last_of_line: true,
    }
}

fn expectation(error: &ParseError) -> String {
    let expected = error.expected().unwrap_or_default();
    if expected.is_empty() {
        return "remove it".to_owned();
    }
    let words: Vec<String> = expected.iter().map(expected_word).collect();
    format!("write {} here", words.join(" or "))
}

fn expected_word(expected: &Expected) -> String {
    match expected {
        Expected::Literal("\n") => "a line end".to_owned(),
        Expected::Literal(literal) => format!("`{literal}`"),
        Expected::Description(description) if description.ends_with('s') => {
            (*description).to_owned()
        }
        Expected::Description(description) => format!("a {description}"),
        _ => "something else".to_owned(),
    }
}
