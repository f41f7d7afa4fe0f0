//! The settings of a dialect, with their allowed values.

use super::Fidelity;
use crate::{
    model::Field,
    targets::{
        Version,
        conversion::Conversion,
        notation::Notation,
        syntax::{Written, units},
        values::SettingValues,
    },
};

/// A setting of a dialect.
#[derive(Debug)]
pub struct Setting {
    /// The name.
    pub name: &'static str,
    /// Other names of the same setting.
    pub aliases: &'static [&'static str],
    /// The contract field whose promise the setting states. `None` for a setting that only changes
    /// the meaning of another setting.
    pub field: Option<Field>,
    /// The relation between the contract and the value.
    pub conversion: Conversion,
    /// The allowed values.
    pub values: ValueRange,
    /// The spelling of a number.
    pub notation: Notation,
    /// The default values, each with the first version that has it, the oldest first.
    pub defaults: &'static [(Version, u64)],
    /// The default that other settings imply.
    pub implied: Option<fn(&SettingValues<'_>) -> Option<u64>>,
    /// The first version with the setting. `None` for all versions.
    pub since: Option<Version>,
    /// The first version in which this row no longer applies. `None` for all versions.
    pub until: Option<Version>,
    /// The only role with the setting. `None` for all roles.
    pub role: Option<&'static str>,
    /// How exactly the setting states the field.
    pub fidelity: Fidelity,
    /// Whether `adopt` reads the field from this setting.
    pub is_adopted: bool,
    /// The contracts for which the setting is written.
    pub presence: Presence,
    /// Whether the program lowers a larger value to the maximum.
    pub is_lowered: bool,
    /// The smallest value that `emit` writes.
    pub least_written: u64,
    /// The default in words, if it depends on the machine.
    pub default_text: Option<&'static str>,
    /// The value that the program uses instead because of other settings.
    pub replaced: Option<SubstituteValue>,
    /// The meaning of the value, in Markdown.
    pub meaning: &'static str,
    /// The source of the facts.
    pub source: &'static str,
}

/// A value that the program uses instead of a setting's own value.
#[derive(Clone, Copy, Debug)]
pub struct SubstituteValue {
    /// Returns the value, and the condition that failed as a message. Returns `None` if the setting
    /// applies.
    pub value: fn(&SettingValues<'_>) -> Option<(u64, &'static str)>,
    /// The names of the other settings.
    pub depends_on: &'static [&'static str],
}

/// The contracts for which a setting is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// All contracts.
    Always,
    /// Contracts with retries.
    WithRetries,
    /// Contracts that have the field of the setting.
    WithField,
}

/// The allowed values of a setting. A larger number, or a later word, is looser.
#[derive(Clone, Copy, Debug)]
pub enum ValueRange {
    /// Integers from a minimum to a maximum.
    Integer {
        /// The smallest value.
        min: u64,
        /// The largest value.
        max: u64,
        /// The unit in text, such as ` ms`, with its leading space.
        unit: &'static str,
        /// Whether 0 means that there is no limit.
        zero_is_unlimited: bool,
    },
    /// Words, the strictest first. Each word can have several spellings, the canonical first.
    Words(&'static [&'static [&'static str]]),
    /// Times, in microseconds.
    Duration {
        /// The shortest time.
        min: u64,
        /// The longest time.
        max: u64,
        /// Whether 0 means that there is no limit.
        zero_is_unlimited: bool,
        /// The spelling.
        form: units::DurationForm,
    },
    /// Decimal numbers, in hundredths.
    Decimal {
        /// The smallest number.
        min: u64,
        /// The largest number.
        max: u64,
    },
    /// A list, whose value is its length. `emit` writes this text. If it has no brackets, it is a text
    /// with commas.
    List(&'static str),
    /// A text of the contract, or a list of texts.
    Text,
}

impl Setting {
    /// Returns true if this is the name of the setting, or an alias.
    pub fn is_named(&self, name: &str) -> bool {
        self.name == name || self.aliases.contains(&name)
    }

    /// Returns true if the setting is left out if the contract does not have the field.
    pub fn is_optional(&self) -> bool {
        self.presence == Presence::WithField
    }

    /// Returns the value as a configuration contains it.
    pub fn spelled(&self, value: u64) -> String {
        match self.values {
            _ if value == u64::MAX => "no limit".to_owned(),
            ValueRange::Integer { .. } => self.notation.spelled(value),
            ValueRange::Duration { form, .. } => form.spelled(value),
            ValueRange::Decimal { .. } => units::decimal(value),
            ValueRange::List(text) => text.to_owned(),
            ValueRange::Text => String::new(),
            ValueRange::Words(words) => {
                let word = usize::try_from(value).ok().and_then(|index| words.get(index));
                word.map_or_else(String::new, |spellings| spellings[0].to_owned())
            }
        }
    }

    /// Returns the number that a text spells, as `spelled` writes it. `None` for a word, a list or a
    /// text.
    pub fn parse(&self, text: &str) -> Option<u64> {
        match self.values {
            ValueRange::Integer { .. } => u64::try_from(self.notation.parse(text, false)?).ok(),
            ValueRange::Duration { form, .. } => form.read(text),
            ValueRange::Decimal { .. } => units::hundredths(text),
            ValueRange::Words(_) | ValueRange::List(_) | ValueRange::Text => None,
        }
    }

    /// Returns the value for a file.
    pub(in crate::targets) fn written(&self, value: u64) -> Written {
        let text = self.spelled(value);
        match self.values {
            ValueRange::Integer { .. } | ValueRange::Decimal { .. } => Written::Number(text),
            ValueRange::Words(_) | ValueRange::Duration { .. } | ValueRange::Text => {
                Written::Text(text)
            }
            ValueRange::List(_) => Written::Literal(text),
        }
    }

    /// Returns the closest value that `emit` can write.
    pub(in crate::targets) fn writable(&self, wanted: u64) -> u64 {
        let value = self
            .range()
            .map_or(wanted, |(min, max)| wanted.clamp(min.max(self.least_written), max));
        self.notation.rounded(value)
    }

    /// Returns a number that is larger if the value is looser.
    pub fn looseness(&self, value: u64) -> u64 {
        match self.values {
            ValueRange::Integer { zero_is_unlimited: true, .. }
            | ValueRange::Duration { zero_is_unlimited: true, .. }
                if value == 0 =>
            {
                u64::MAX
            }
            ValueRange::Integer { .. }
            | ValueRange::Words(_)
            | ValueRange::Duration { .. }
            | ValueRange::Decimal { .. }
            | ValueRange::List(_)
            | ValueRange::Text => value,
        }
    }

    /// Returns true if a value means that there is no limit.
    pub fn is_unlimited(&self, value: u64) -> bool {
        self.looseness(value) == u64::MAX
    }

    /// Returns the smallest and the largest value. `None` for a word, a list or a text.
    pub const fn range(&self) -> Option<(u64, u64)> {
        match self.values {
            ValueRange::Integer { min, max, .. }
            | ValueRange::Duration { min, max, .. }
            | ValueRange::Decimal { min, max } => Some((min, max)),
            ValueRange::Words(_) | ValueRange::List(_) | ValueRange::Text => None,
        }
    }

    /// Returns the unit of the contract field in text, with its leading space.
    pub const fn unit(&self) -> &'static str {
        match self.values {
            ValueRange::Integer { unit, .. } => unit,
            ValueRange::Duration { .. } => " ms",
            ValueRange::Decimal { .. } => "%",
            ValueRange::Words(_) | ValueRange::List(_) | ValueRange::Text => "",
        }
    }
}
