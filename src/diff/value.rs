//! A value of any field, comparable with another of the same field.

use std::fmt;

use super::Direction;
use crate::model::{Bounded, Unit};

/// A value of a field.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Value {
    /// A number with its unit, which can start with a space or be empty.
    Number(u64, &'static str),
    /// A day, as it is written.
    Day(String),
    /// Anything else, as it is shown.
    Text(String),
}

impl Value {
    /// A text.
    pub fn text(text: impl fmt::Display) -> Self {
        Self::Text(text.to_string())
    }

    /// The number, if it is one.
    pub const fn number(&self) -> Option<u64> {
        match self {
            Self::Number(number, _) => Some(*number),
            Self::Day(_) | Self::Text(_) => None,
        }
    }

    /// The change in percent of the old value, rounded towards zero; none where that says nothing.
    pub fn percent(&self, new: &Self) -> Option<i128> {
        let (old, new) = (i128::from(self.number()?), i128::from(new.number()?));
        (old > 0 && old != new).then(|| (new - old) * 100 / old)
    }
}

impl<U: Unit, const MIN: u64, const MAX: u64> From<Bounded<U, MIN, MAX>> for Value {
    fn from(number: Bounded<U, MIN, MAX>) -> Self {
        // In a sentence the sign of percent follows the number.
        let unit = if U::SUFFIX == " %" { "%" } else { U::SUFFIX };
        Self::Number(number.get(), unit)
    }
}

impl fmt::Display for Value {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number, unit) => write!(formatter, "{number}{unit}"),
            Self::Day(text) | Self::Text(text) => formatter.write_str(text),
        }
    }
}

/// Where a value went; none if it stayed.
pub(super) fn direction(old: Option<&Value>, new: Option<&Value>) -> Option<Direction> {
    match (old, new) {
        (None, None) => None,
        (None, Some(_)) => Some(Direction::Add),
        (Some(_), None) => Some(Direction::Remove),
        (Some(old), Some(new)) if old == new => None,
        (Some(Value::Text(_)), Some(_)) | (Some(_), Some(Value::Text(_))) => {
            Some(Direction::Change)
        }
        // Days are written so that the later one is the greater text.
        (Some(old), Some(new)) if old < new => Some(Direction::Increase),
        (Some(_), Some(_)) => Some(Direction::Decrease),
    }
}
