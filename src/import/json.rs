//! Reads the JSON of other tools. Ignores fields that the Rust types do not declare.
//!
//! Tool versions write figures in different ways. For example, a number can be in quotes, and a
//! time can have a unit.

use std::{collections::BTreeMap, fmt};

use rust_decimal::{Decimal, prelude::ToPrimitive};
use serde::{
    Deserialize, Deserializer,
    de::{Error, IgnoredAny, Unexpected, Visitor},
};
use serde_json::{Number, Value};

use super::{
    error::ImportRefusal,
    given::TimeUnit,
    number::{decimal, span_ns},
};

/// The byte order mark that some programs write at the start of UTF-8 text.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// Reads one JSON document. An error includes its path, line and column.
pub(super) fn read<'de, T: Deserialize<'de>>(bytes: &'de [u8]) -> Result<T, ImportRefusal> {
    let bytes = bytes.strip_prefix(BYTE_ORDER_MARK).unwrap_or(bytes);
    if bytes.trim_ascii_start().starts_with(b"[") {
        return Err(ImportRefusal::shape("expected a JSON object, found an array").at(1, 1));
    }
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        let path = error.path().to_string();
        let path = if path == "." { "" } else { &path };
        several(bytes).unwrap_or_else(|| refusal(error.inner(), bytes).path(path))
    })?;
    reader.end().map_err(|error| several(bytes).unwrap_or_else(|| refusal(&error, bytes)))?;
    Ok(value)
}

/// Returns the error for a file with several documents, such as one line per request.
fn several(bytes: &[u8]) -> Option<ImportRefusal> {
    let mut documents = serde_json::Deserializer::from_slice(bytes).into_iter::<IgnoredAny>();
    documents.next()?.ok()?;
    let end = documents.byte_offset();
    documents.next()?.ok()?;
    let blank = bytes[end..].iter().take_while(|byte| byte.is_ascii_whitespace()).count();
    let before = &bytes[..end + blank];
    let line = before.split(|byte| *byte == b'\n').count();
    let column = before.rsplit(|byte| *byte == b'\n').next().map_or(1, |rest| rest.len() + 1);
    let refusal = ImportRefusal::shape("there is more than one JSON document").at(line, column);
    Some(refusal.help("keep the summary of one run"))
}

/// Reads a part of a document. An error includes its path.
pub(super) fn part<'de, T: Deserialize<'de>>(
    value: &'de Value,
    path: &str,
) -> Result<T, ImportRefusal> {
    serde_path_to_error::deserialize(value).map_err(|error| {
        let inner = error.path().to_string();
        let path = if inner == "." { path.to_owned() } else { format!("{path}.{inner}") };
        ImportRefusal::shape(plain(&error.inner().to_string())).path(path)
    })
}

/// Returns a message of serde without the type names of this program.
fn plain(message: &str) -> String {
    let message = message.replace("JSON number", "number");
    match message.split_once(", expected struct ") {
        Some((found, _)) => format!("{found}, expected an object"),
        None => message,
    }
}

fn refusal(error: &serde_json::Error, bytes: &[u8]) -> ImportRefusal {
    let text = error.to_string();
    let place = format!(" at line {} column {}", error.line(), error.column());
    let message = plain(text.strip_suffix(&place).unwrap_or(&text));
    let (line, column) = (error.line(), error.column());
    if error.is_eof() {
        return ImportRefusal::shape("the file ends in the middle of its JSON").at(line, column);
    }
    if error.is_syntax() {
        if let Some(word) = no_number(bytes, line, column) {
            let message = format!("`{word}` is not a number: nothing was measured");
            return ImportRefusal::shape(message).at(line, column);
        }
        return ImportRefusal::shape(format!("invalid JSON: {message}")).at(line, column);
    }
    let refusal = ImportRefusal::shape(message);
    if line == 0 { refusal } else { refusal.at(line, column) }
}

/// Returns the text at this position if programs write this text for a missing number, such as
/// `NaN`.
fn no_number(bytes: &[u8], line: usize, column: usize) -> Option<&'static str> {
    let line = bytes.split(|byte| *byte == b'\n').nth(line.checked_sub(1)?)?;
    let (before, after) = line.split_at_checked(column)?;
    let is_letter = |byte: &&u8| byte.is_ascii_alphabetic();
    let start = before.iter().rev().take_while(is_letter).count();
    let end = after.iter().take_while(is_letter).count();
    let word = line.get(column - start..column + end)?;
    ["nan", "inf", "infinity"].into_iter().find(|none| word.eq_ignore_ascii_case(none.as_bytes()))
}

/// A number that is not negative, with all digits of the text.
#[derive(Clone, Copy, Debug)]
pub(super) struct JsonNumber(pub(super) Decimal);

/// A whole number that is not negative.
#[derive(Clone, Copy, Debug)]
pub(super) struct JsonCount(pub(super) u64);

/// Whole numbers by text key, such as a status or an error.
pub(super) type JsonCounts = BTreeMap<String, JsonCount>;

/// A time: a figure in the tool's unit, or a text with units, such as `1m2.5s`.
#[derive(Clone, Copy, Debug)]
pub(super) enum Time {
    Figure(Decimal),
    Nanoseconds(Decimal),
}

impl Time {
    /// Returns the time in nanoseconds, or `None` if it has too many digits.
    pub(super) fn ns(self, unit: TimeUnit) -> Option<Decimal> {
        match self {
            Self::Nanoseconds(ns) => Some(ns),
            Self::Figure(figure) => {
                let per_unit = TimeUnit::Nanoseconds.per_second() / unit.per_second();
                figure.checked_mul(Decimal::from(per_unit))
            }
        }
    }
}

impl<'de> Deserialize<'de> for JsonNumber {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match deserializer.deserialize_any(TimeVisitor)? {
            Time::Figure(figure) => Ok(Self(figure)),
            Time::Nanoseconds(_) => Err(D::Error::custom("expected a number without a unit")),
        }
    }
}

impl<'de> Deserialize<'de> for JsonCount {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let JsonNumber(figure) = JsonNumber::deserialize(deserializer)?;
        let count = figure.to_u64().filter(|count| Decimal::from(*count) == figure);
        let wrong = || D::Error::custom(format!("{figure} is not a count"));
        count.map(Self).ok_or_else(wrong)
    }
}

impl<'de> Deserialize<'de> for Time {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TimeVisitor)
    }
}

struct TimeVisitor;

impl Visitor<'_> for TimeVisitor {
    type Value = Time;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a number")
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Time, E> {
        Ok(Time::Figure(number.into()))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Time, E> {
        of_number(&number.to_string())
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Time, E> {
        // The shortest text for the number, which equals the written text.
        of_number(&Number::from_f64(number).map_or_else(String::new, |number| number.to_string()))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Time, E> {
        let figure = decimal(text).map(Time::Figure);
        figure
            .or_else(|| span_ns(text).map(Time::Nanoseconds))
            .ok_or_else(|| E::invalid_type(Unexpected::Str(text), &self))
    }
}

fn of_number<E: Error>(text: &str) -> Result<Time, E> {
    if text.starts_with('-') {
        return Err(E::custom(format!("{text} is negative")));
    }
    decimal(text).map(Time::Figure).ok_or_else(|| E::custom(format!("{text} is too large")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn time(json: &str) -> Option<String> {
        read::<Time>(json.as_bytes())
            .ok()?
            .ns(TimeUnit::Seconds)
            .map(|ns| ns.normalize().to_string())
    }

    #[test]
    fn times_are_plain_numbers_or_have_units() {
        assert_eq!(time("1.5").as_deref(), Some("1500000000"));
        assert_eq!(time("\"1.5\"").as_deref(), Some("1500000000"));
        assert_eq!(time("\"1.5s\"").as_deref(), Some("1500000000"));
        assert_eq!(time("\"1m2s\"").as_deref(), Some("62000000000"));
        assert_eq!(time("\"1.25µs\"").as_deref(), Some("1250"));
        for text in ["-1", "\"-1s\"", "\"\"", "\"s\"", "\"1.5 parsecs\"", "null", "[1]", "\"1s2\""]
        {
            assert_eq!(time(text), None, "{text}");
        }
    }

    #[test]
    fn counts_are_whole_numbers_and_can_be_quoted() {
        let count = |json: &str| read::<JsonCount>(json.as_bytes()).ok().map(|count| count.0);
        assert_eq!(count("60"), Some(60));
        assert_eq!(count("60.0"), Some(60));
        assert_eq!(count("\"60\""), Some(60));
        for text in ["60.5", "-1", "\"60 \"", "\"60s\"", "1e300"] {
            assert_eq!(count(text), None, "{text}");
        }
    }

    #[test]
    fn only_one_json_document_is_accepted() {
        let message = |json: &str| read::<Value>(json.as_bytes()).unwrap_err().message;
        assert_eq!(message("{}\n{}"), "there is more than one JSON document");
        let position = |json: &str| read::<JsonCount>(json.as_bytes()).unwrap_err().position;
        assert_eq!(position("{}\n\n  {} {}"), Some((3, 3)));
        assert_eq!(message("{\n"), "the file ends in the middle of its JSON");
        assert!(message("{} x").starts_with("invalid JSON"));
        assert_eq!(message("[{}]"), "expected a JSON object, found an array");
        assert!(read::<Value>("\u{feff}{}".as_bytes()).is_ok());
    }
}
