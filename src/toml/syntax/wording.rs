//! Writes the message for each kind of syntax error.
//!
//! The parser identifies an error by its English description. An unknown description is printed
//! unchanged.

use std::{borrow::Cow, ops::Range};

use toml_parser::{Expected, ParseError};

use super::{cause, span};
use crate::{finding::Finding, source::Span, toml::rules::SYNTAX};

/// The parser's description of a carriage return without a line feed.
pub(super) const LONE_RETURN: &str = "carriage return must be followed by newline";

/// The parser's description of a missing comma between two items of an array.
const MISSING_COMMA: &str = "missing comma between array elements";

/// The message and the help text of one error.
#[derive(Debug)]
pub(super) struct Wording {
    pub(super) place: Span,
    message: Cow<'static, str>,
    help: Option<Cow<'static, str>>,
    /// Whether the parser cannot parse the rest of the line.
    is_last_of_line: bool,
    /// Whether the parser reports a missing comma before the next item of an array.
    hides_comma: bool,
}

impl Wording {
    pub(super) fn new(
        place: Range<usize>,
        message: impl Into<Cow<'static, str>>,
        help: impl Into<Cow<'static, str>>,
    ) -> Self {
        let (message, help) = (message.into(), Some(help.into()));
        Self { place: span(place), message, help, is_last_of_line: true, hides_comma: false }
    }

    /// Returns the wording for a comment that the parser treats as an array item.
    pub(super) fn before_comma(
        place: Range<usize>,
        message: impl Into<Cow<'static, str>>,
        help: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self { hides_comma: true, ..Self::new(place, message, help) }
    }

    /// Marks an error after which the parser can parse the rest of the line.
    fn alone(self) -> Self {
        Self { is_last_of_line: false, ..self }
    }

    /// Returns the message for the line of a conflict marker.
    pub(super) fn conflict(line: Range<usize>) -> Self {
        let help = "keep one side and delete the conflict markers";
        Self::new(line, "a merge conflict marker is not valid TOML", help)
    }

    pub(super) fn finding(&self) -> Finding<Span> {
        let finding = SYNTAX.finding(self.place, self.message.as_ref());
        match &self.help {
            Some(help) => finding.help(help.as_ref()),
            None => finding,
        }
    }

    /// Returns true if this error causes an error on a later line. `between` is the text between
    /// the two errors.
    pub(super) fn explains_below(&self, later: &Self, between: &str) -> bool {
        self.hides_comma && later.message == MISSING_COMMA && cause::are_comments(between)
    }

    /// Returns true if this error causes a later error on the same line.
    pub(super) fn explains(&self, later: &Self) -> bool {
        self.is_last_of_line || self.message == later.message
    }
}

/// Returns the wording for a syntax error.
pub(super) fn word(error: &ParseError, text: &str) -> Wording {
    let error = Located::new(error, text);
    let known = error.about_values().or_else(|| error.about_strings());
    known.or_else(|| error.about_structure()).unwrap_or_else(|| error.as_it_is())
}

/// A syntax error with its ranges.
struct Located<'e> {
    error: &'e ParseError,
    text: &'e str,
    /// The unexpected range.
    place: Range<usize>,
    /// The token or bracket that contains the error.
    context: Range<usize>,
}

impl<'e> Located<'e> {
    fn new(error: &'e ParseError, text: &'e str) -> Self {
        let unexpected = error.unexpected().or(error.context()).unwrap_or_default();
        let context = error.context().unwrap_or(unexpected);
        let range = |span: toml_parser::Span| span.start()..span.end();
        Self { error, text, place: range(unexpected), context: range(context) }
    }

    fn say(&self, message: &'static str, help: &'static str) -> Wording {
        Wording::new(self.place.clone(), message, help)
    }

    fn about_values(&self) -> Option<Wording> {
        Some(match self.error.description() {
            // The parser reads the bracket that closes an inline table as an empty string.
            "string values must be quoted" | "invalid literal string" if self.is_nothing() => {
                self.say("a value is missing", "write a value here")
            }
            "extra comma in inline table" if self.expects(Expected::Description("value")) => {
                self.say("a value is missing", "write a value here")
            }
            "extra comma in inline table" if self.expects(Expected::Literal("=")) => {
                self.say("a key has no value", "write `=` and a value here")
            }
            "extra comma in inline table" => {
                self.say("unexpected comma", "remove it, or write a key and a value before it")
            }
            "extra comma in array" => {
                self.say("unexpected comma", "remove it, or write a value before it")
            }
            "invalid fraction" => {
                self.say("a number has no digits after its decimal point", "write digits here")
            }
            "invalid exponent" => {
                self.say("a number has no digits in its exponent", "write digits here")
            }
            "string values must be quoted"
            | "invalid boolean"
            | "invalid float"
            | "invalid date-time"
            | "invalid integer number" => self.not_a_value(),
            "key with no value" if self.is_at_line_end() => {
                self.say("a key has no value", "write `=` and a value here")
            }
            "key with no value" => self.say("a key has no value", "write `=` here"),
            _ => return None,
        })
    }

    fn about_strings(&self) -> Option<Wording> {
        let is_at_end = self.place.start == self.context.end;
        Some(match self.error.description() {
            "invalid multi-line basic string" if is_at_end => self.unclosed("a string", "\"\"\""),
            "invalid multi-line literal string" if is_at_end => self.unclosed("a string", "'''"),
            "invalid basic string" if is_at_end => {
                self.say("a string is not closed", "write `\"` here")
            }
            "invalid literal string" if is_at_end => {
                self.say("a string is not closed", "write `'` here")
            }
            "invalid basic string" | "invalid multi-line basic string" => {
                self.control("a string", "write an escape for it, such as `\\u0007`").alone()
            }
            "invalid literal string" | "invalid multi-line literal string" => self
                .control("a string", "put the text in double quotes, and escape the character")
                .alone(),
            "invalid comment character" => self.control("a comment", "remove it"),
            "missing escaped value" => self.unknown_escape(),
            "invalid value" => self.escape("is not a character"),
            "too few unicode value digits" => self.escape("has too few digits"),
            _ => return None,
        })
    }

    fn about_structure(&self) -> Option<Wording> {
        Some(match self.error.description() {
            LONE_RETURN => self.lone_return(),
            "unclosed table" => self.say("a header is not closed", "write `]` here"),
            "unclosed array table" => {
                let help = expectation(self.error.expected().unwrap_or_default());
                Wording::new(self.place.clone(), "a header is not closed", help)
            }
            "unclosed array" => self.unclosed("an array", "]"),
            "unclosed inline table" => self.unclosed("a table", "}"),
            "unquoted keys cannot be empty" | "invalid key-value pair" | "invalid table" => {
                self.say("a key is missing", "write a key here")
            }
            "invalid unquoted key" => self.say(
                "an unquoted key contains a character that is not allowed",
                "write ASCII letters, digits, `-` and `_`, or put the key in quotes",
            ),
            "unexpected key or value" => {
                self.say("only a comment can follow here", "remove it, or start a new line")
            }
            "cannot recurse further; max recursion depth met" => {
                self.say("arrays or tables are nested too deeply", "use at most 80 levels")
            }
            _ => return None,
        })
    }

    fn as_it_is(&self) -> Wording {
        Wording {
            place: span(self.place.clone()),
            message: self.error.description().to_owned().into(),
            help: self.error.expected().map(expectation).map(Cow::from),
            is_last_of_line: false,
            hides_comma: false,
        }
    }

    /// Returns true if the parser's range is empty and no text surrounds it.
    fn is_nothing(&self) -> bool {
        self.place.is_empty() && self.context.is_empty()
    }

    fn expects(&self, expected: Expected) -> bool {
        self.error.expected().is_some_and(|all| all.contains(&expected))
    }

    fn is_at_line_end(&self) -> bool {
        let rest = self.text[self.place.start..].trim_start_matches([' ', '\t']);
        rest.is_empty() || rest.starts_with(['\r', '\n', '#'])
    }

    fn not_a_value(&self) -> Wording {
        let value = &self.text[self.context.clone()];
        let is_like_a_number = value.starts_with(|first: char| first.is_ascii_digit())
            || value.starts_with(['+', '-', '.']);
        let (message, help) = if is_like_a_number {
            let help = "write a plain number, a date, or a quoted string";
            ("this is neither a number nor a date", help)
        } else {
            ("a string has no quotes", "put it in quotes")
        };
        Wording::new(self.context.clone(), message, help)
    }

    /// Returns the wording for an unclosed value. Points to its start, because its end is unknown.
    fn unclosed(&self, what: &str, close: &str) -> Wording {
        let start = self.context.start;
        let message = format!("{what} is not closed");
        let help = format!("write `{close}` where it ends");
        Wording::new(start..start + close.len(), message, help)
    }

    /// Returns the wording for a control character, to which the parser points.
    fn control(&self, what: &str, help: &'static str) -> Wording {
        let start = self.place.start;
        let character = self.text[start..].chars().next().unwrap_or_default();
        let message =
            format!("{what} contains the control character U+{:04X}", u32::from(character));
        Wording::new(start..start + character.len_utf8(), message, help)
    }

    /// Returns the wording for a lone carriage return. The parser points to the byte after the
    /// carriage return.
    fn lone_return(&self) -> Wording {
        let end = self.place.start;
        let start = self.text[..end].rfind('\r').unwrap_or(end);
        let message = "a carriage return alone does not end a line";
        Wording::new(start..end, message, "save the file with LF or CRLF line endings")
    }

    /// Returns the wording for an unknown escape. The parser points to the byte after the
    /// backslash.
    fn unknown_escape(&self) -> Wording {
        let offset = self.place.start;
        let letter = self.text[offset..].chars().next().filter(|letter| !letter.is_control());
        let place = offset - 1..offset + letter.map_or(0, char::len_utf8);
        let message = format!("`{}` is not a valid escape", &self.text[place.clone()]);
        let help = "write `\\\\` for a backslash, or put the text in single quotes";
        Wording::new(place, message, help).alone()
    }

    /// Returns the wording for an invalid escape. The parser points to the first digit of the
    /// escape, or to the byte after the last digit.
    fn escape(&self, what: &str) -> Wording {
        let (text, offset) = (self.text, self.place.start);
        let start = text[..offset].rfind('\\').unwrap_or(offset);
        let kind = &text[start..start + 2];
        let needed = match kind {
            "\\x" => 2,
            "\\u" => 4,
            _ => 8,
        };
        let digits = text[offset..].bytes().take(needed).take_while(u8::is_ascii_hexdigit);
        let end = offset + digits.count();
        let message = format!("`{}` {what}", &text[start..end]);
        let help = format!("write {needed} hexadecimal digits after `{kind}`");
        Wording::new(start..end, message, help).alone()
    }
}

fn expectation(expected: &[Expected]) -> String {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expected_tokens_are_described_in_words() {
        let key = Expected::Description("key");
        let digits = Expected::Description("digits");
        let (end, comment) = (Expected::Literal("\n"), Expected::Literal("#"));
        assert_eq!(expectation(&[]), "remove it");
        assert_eq!(expectation(&[key]), "write a key here");
        assert_eq!(expectation(&[digits]), "write digits here");
        assert_eq!(expectation(&[end, comment]), "write a line end or `#` here");
    }
}
