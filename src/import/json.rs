//! JSON of other tools, into types that name what is needed; the rest is not looked at.

use rust_decimal::Decimal;
use serde::{Deserialize, Deserializer, de::Error};

use super::{error::Refusal, number::decimal};

/// Reads one JSON document; what is wrong with it is told with its path, line and column.
pub(super) fn read<'de, T: Deserialize<'de>>(bytes: &'de [u8]) -> Result<T, Refusal> {
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        let path = error.path().to_string();
        let path = if path == "." { "" } else { &path };
        refusal(error.inner(), bytes).path(path)
    })?;
    reader.end().map_err(|error| refusal(&error, bytes))?;
    Ok(value)
}

fn refusal(error: &serde_json::Error, bytes: &[u8]) -> Refusal {
    let text = error.to_string();
    let place = format!(" at line {} column {}", error.line(), error.column());
    let message = text.strip_suffix(&place).unwrap_or(&text).replace("JSON number", "number");
    let (line, column) = (error.line(), error.column());
    if error.is_eof() {
        return Refusal::shape("the file ends in the middle of its JSON").at(line, column);
    }
    if error.is_syntax() {
        if let Some(word) = no_number(bytes, line, column) {
            let message = format!("`{word}` is no number: nothing was measured");
            return Refusal::shape(message).at(line, column);
        }
        return Refusal::shape(format!("this is no JSON: {message}")).at(line, column);
    }
    let refusal = Refusal::shape(message);
    if line == 0 { refusal } else { refusal.at(line, column) }
}

/// What some programs write for a number that is none, if that stands in this place.
fn no_number(bytes: &[u8], line: usize, column: usize) -> Option<&'static str> {
    let line = bytes.split(|byte| *byte == b'\n').nth(line.checked_sub(1)?)?;
    let (before, after) = line.split_at_checked(column)?;
    let is_letter = |byte: &&u8| byte.is_ascii_alphabetic();
    let start = before.iter().rev().take_while(is_letter).count();
    let end = after.iter().take_while(is_letter).count();
    let word = line.get(column - start..column + end)?;
    ["nan", "inf", "infinity"].into_iter().find(|none| word.eq_ignore_ascii_case(none.as_bytes()))
}

/// A number that is not negative, to the last digit that is written.
#[derive(Clone, Copy, Debug)]
pub(super) struct Figure(pub(super) Decimal);

impl<'de> Deserialize<'de> for Figure {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // The text of a number is the shortest that stands for it, which is what was written.
        let text = serde_json::Number::deserialize(deserializer)?.to_string();
        if text.starts_with('-') {
            return Err(D::Error::custom(format!("{text} is negative")));
        }
        decimal(&text).map(Self).ok_or_else(|| D::Error::custom(format!("{text} is too large")))
    }
}
