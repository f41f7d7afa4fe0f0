//! Texts with a limited length and without control characters.

use std::{borrow::Cow, fmt, ops::Deref};

#[cfg(feature = "schema")]
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};

/// A text of `MIN` to `MAX` Unicode scalar values, without control characters.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Text<const MIN: usize, const MAX: usize>(Box<str>);

/// A short name.
pub type Name = Text<1, 255>;
/// The name of a metric.
pub type MetricName = Text<1, 255>;
/// A sentence or a link.
pub type Prose<const MIN: usize> = Text<MIN, 2048>;

/// All characters except controls (category C0, DEL and C1).
const NO_CONTROL: &str = "^[^\\u0000-\\u001f\\u007f-\\u009f]*$";

impl<const MIN: usize, const MAX: usize> Text<MIN, MAX> {
    /// The minimum number of characters.
    pub const MIN: usize = MIN;
    /// The maximum number of characters.
    pub const MAX: usize = MAX;

    /// Returns the text, or [`InvalidText`] if its length or a character is not allowed.
    pub fn new(text: impl AsRef<str>) -> Result<Self, InvalidText> {
        let text = text.as_ref();
        let is_ascii = text.is_ascii();
        let length = if is_ascii { text.len() } else { text.chars().count() };
        if length < MIN || length > MAX {
            return Err(InvalidText::Length { length, min: MIN, max: MAX });
        }
        // For ASCII text, checking the bytes is enough.
        if is_ascii && !text.bytes().any(|byte| byte.is_ascii_control()) {
            return Ok(Self(text.into()));
        }
        match text.chars().find(|character| character.is_control()) {
            Some(character) => Err(InvalidText::Control { character }),
            None => Ok(Self(text.into())),
        }
    }

    /// Returns a stand-in for a text that was not read: `MIN` times the character `?`.
    pub(crate) fn unread() -> Self {
        Self("?".repeat(MIN).into())
    }

    /// Returns the text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<const MIN: usize, const MAX: usize> Deref for Text<MIN, MAX> {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl<const MIN: usize, const MAX: usize> fmt::Display for Text<MIN, MAX> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl<const MIN: usize, const MAX: usize> TryFrom<String> for Text<MIN, MAX> {
    type Error = InvalidText;

    fn try_from(text: String) -> Result<Self, InvalidText> {
        Self::new(text)
    }
}

impl<const MIN: usize, const MAX: usize> From<Text<MIN, MAX>> for String {
    fn from(text: Text<MIN, MAX>) -> Self {
        text.0.into()
    }
}

#[cfg(feature = "schema")]
impl<const MIN: usize, const MAX: usize> JsonSchema for Text<MIN, MAX> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        format!("text_{MIN}_{MAX}").into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string", "minLength": MIN, "maxLength": MAX, "pattern": NO_CONTROL
        })
    }
}

/// The name of a driver: `^[a-z][a-z0-9_]{0,62}$`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct DriverName(Box<str>);

impl DriverName {
    /// The maximum number of characters.
    pub const MAX: usize = 63;
    /// The regular expression of a name.
    pub const PATTERN: &'static str = "^[a-z][a-z0-9_]{0,62}$";

    /// Returns the name, or [`InvalidText::Pattern`].
    pub fn new(name: impl AsRef<str>) -> Result<Self, InvalidText> {
        let name = name.as_ref();
        let rest = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
        match name.as_bytes() {
            [first, tail @ ..]
                if first.is_ascii_lowercase()
                    && tail.len() < Self::MAX
                    && tail.iter().all(|byte| rest(*byte)) =>
            {
                Ok(Self(name.into()))
            }
            _ => Err(InvalidText::Pattern { pattern: Self::PATTERN }),
        }
    }

    /// Returns the name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Deref for DriverName {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for DriverName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl std::borrow::Borrow<str> for DriverName {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for DriverName {
    type Error = InvalidText;

    fn try_from(name: String) -> Result<Self, InvalidText> {
        Self::new(name)
    }
}

impl From<DriverName> for String {
    fn from(name: DriverName) -> Self {
        name.0.into()
    }
}

#[cfg(feature = "schema")]
impl JsonSchema for DriverName {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "driver_name".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "pattern": Self::PATTERN })
    }
}

/// An error in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InvalidText {
    /// The text is too short or too long.
    Length {
        /// The number of Unicode scalar values.
        length: usize,
        /// The minimum.
        min: usize,
        /// The maximum.
        max: usize,
    },
    /// The text contains a control character.
    Control {
        /// The first control character.
        character: char,
    },
    /// The text does not match a pattern.
    Pattern {
        /// The regular expression.
        pattern: &'static str,
    },
}

impl fmt::Display for InvalidText {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Length { length: 0, .. } => formatter.write_str("is empty"),
            Self::Length { length, max, .. } => {
                write!(formatter, "has {length} characters, more than {max}")
            }
            Self::Control { character } => {
                write!(formatter, "contains the control character U+{:04X}", u32::from(*character))
            }
            Self::Pattern { pattern } => write!(formatter, "does not match `{pattern}`"),
        }
    }
}

impl std::error::Error for InvalidText {}
