//! Parses the scales of numbers, such as `kops`, and the things that rates count.

use super::{
    number::Exact,
    unit::{Dimension, QuantityUnit, ending},
};
use crate::toml::tree::ValueKind;

/// A scale of a number, which is a power of 1000.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Scale {
    /// The plural noun.
    noun: &'static str,
    factor: u128,
    /// The words for the scale in keys, either separate or joined with the next word.
    words: &'static [&'static str],
}

static SCALES: [Scale; 3] = [
    Scale { noun: "thousands", factor: 1_000, words: &["k", "kilo", "thousand", "thousands"] },
    Scale {
        noun: "millions",
        factor: 1_000_000,
        words: &["m", "mega", "mio", "million", "millions"],
    },
    Scale {
        noun: "billions",
        factor: 1_000_000_000,
        words: &["g", "giga", "bn", "billion", "billions"],
    },
];

/// The words for operations in rate keys.
pub(super) const OPERATIONS: [&str; 6] = ["ops", "op", "operations", "requests", "req", "reqs"];

/// The things that the rates of other tools count. One operation can consist of many of these
/// things.
const THINGS: [(&str, &[&str]); 7] = [
    ("bits", &["bits", "bit", "kbit", "mbit", "gbit", "kbits", "mbits", "gbits"]),
    ("rows", &["rows", "row"]),
    ("records", &["records", "record"]),
    ("messages", &["messages", "message", "msgs", "msg"]),
    ("events", &["events", "event"]),
    ("batches", &["batches", "batch"]),
    ("objects", &["objects", "object", "items", "documents", "docs"]),
];

/// The unit of a number, its scale, or both.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Measure {
    /// The unit, or `None` for a plain number.
    pub(super) unit: Option<&'static QuantityUnit>,
    pub(super) scale: Option<&'static Scale>,
}

impl Measure {
    /// Returns the plural noun: `seconds`, `thousands of operations per second` or `thousands`.
    pub(super) fn noun(self) -> String {
        match (self.scale, self.unit) {
            (Some(scale), Some(unit)) => format!("{} of {}", scale.noun, unit.noun),
            (Some(scale), None) => scale.noun.to_owned(),
            (None, Some(unit)) => unit.noun.to_owned(),
            (None, None) => "a plain number".to_owned(),
        }
    }

    /// Converts a value in this measure to a number in a unit, or to a plain number.
    pub(super) fn number(
        self,
        unit: Option<&QuantityUnit>,
        value: &ValueKind<'_>,
    ) -> Option<Exact> {
        let plain = plain(value);
        // A text that includes its unit also includes its scale.
        if self.scale.is_some() && plain.is_none() {
            return None;
        }
        let number = match (self.unit, unit) {
            (Some(written), Some(unit)) => unit.convert(value, Some(written)),
            (None, None) => plain,
            (Some(_), None) | (None, Some(_)) => None,
        };
        number?.scaled(self.scale.map_or(1, |scale| scale.factor), 1)
    }
}

/// Returns the number of a value without a unit, or `None` for text with a unit.
fn plain(value: &ValueKind<'_>) -> Option<Exact> {
    match value {
        ValueKind::Integer(Some(number)) => Some(Exact::whole_number(u64::try_from(*number).ok()?)),
        ValueKind::Float(text) | ValueKind::String(text) => Exact::parse(text.trim()),
        ValueKind::Integer(None)
        | ValueKind::Boolean(_)
        | ValueKind::DateTime(_)
        | ValueKind::Array(..)
        | ValueKind::Table(..) => None,
    }
}

/// Removes the unit, and the scale before it, from the end of a key's words.
pub(super) fn take(words: &mut Vec<String>, of: Option<Dimension>) -> Measure {
    let mut measure = Measure { unit: None, scale: None };
    if let Some((unit, count)) = ending(words, of) {
        words.truncate(words.len() - count);
        measure.unit = Some(unit);
    } else if of == Some(Dimension::Rate) {
        // `krps` is `rps` with a scale.
        let last = words.last().map_or("", String::as_str);
        let unit = |rest: &str| ending(&[rest.to_owned()], of);
        if let Some((scale, (unit, _))) = joined(last, unit) {
            words.pop();
            return Measure { unit: Some(unit), scale: Some(scale) };
        }
    }
    if of.is_none() || measure.unit.is_some() {
        measure.scale = take_scale(words, of);
    }
    measure
}

/// Removes a scale, and the operations after it, from the end of words.
fn take_scale(words: &mut Vec<String>, of: Option<Dimension>) -> Option<&'static Scale> {
    let is_operations = |word: &str| of == Some(Dimension::Rate) && OPERATIONS.contains(&word);
    let last = words.last()?;
    if let Some((scale, ())) = joined(last, |rest| is_operations(rest).then_some(())) {
        words.pop();
        return Some(scale);
    }
    let place = words.len().checked_sub(1 + usize::from(is_operations(last)))?;
    let word = words.get(place)?;
    let scale = SCALES.iter().find(|scale| scale.words.contains(&word.as_str()))?;
    words.truncate(place);
    Some(scale)
}

/// Returns the scale at the start of a word, and the result of `rest` for the remaining letters.
fn joined<T>(word: &str, rest: impl Fn(&str) -> Option<T>) -> Option<(&'static Scale, T)> {
    SCALES.iter().find_map(|scale| {
        let mut rests = scale.words.iter().filter_map(|prefix| word.strip_prefix(prefix));
        Some((scale, rests.find_map(&rest)?))
    })
}

/// Removes the thing that a rate counts from the end of the rate's words, unless the rate counts
/// operations.
pub(super) fn take_thing(words: &mut Vec<String>) -> Option<&'static str> {
    if let Some((unit, count)) = ending(words, Some(Dimension::Size)) {
        words.truncate(words.len() - count);
        return Some(unit.noun);
    }
    let last = words.last()?.as_str();
    let (noun, _) = THINGS.iter().find(|(_, words)| words.contains(&last))?;
    words.pop();
    Some(noun)
}
