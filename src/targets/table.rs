//! The tables of targets: each setting with its contract field, unit, default, range and meaning.
//!
//! `emit`, `adopt`, `verify` and the documentation pages read these tables, and nothing else knows a
//! setting. This module must never write or read a configuration.

use super::{
    Version,
    conversion::Conversion,
    notation::Notation,
    syntax::{Parsed, Syntax},
    values::SettingValues,
};
use crate::model::Field;

/// A product whose configuration driverc writes and reads.
#[derive(Debug)]
pub struct TargetTable {
    /// The word on the command line.
    pub name: &'static str,
    /// The product, in words.
    pub title: &'static str,
    /// The purpose of the configuration, in Markdown: a paragraph for the documentation page.
    pub summary: &'static str,
    /// The clients or formats, the default first.
    pub dialects: &'static [Dialect],
    /// The roles that a configuration can have, the default first. Empty if there is one role.
    pub roles: &'static [&'static str],
    /// Facts that concern the whole target, each in Markdown.
    pub notes: &'static [&'static str],
}

/// A program that reads the target's configuration in its own way.
#[derive(Debug)]
pub struct Dialect {
    /// The word on the command line.
    pub name: &'static str,
    /// The program, in words.
    pub product: &'static str,
    /// The version with which the table was measured, and the default of `--target-version`.
    pub measured: Version,
    /// The oldest version that the table describes.
    pub oldest: Version,
    /// How the table was checked, in Markdown.
    pub proof: &'static str,
    /// The format of the configuration.
    pub syntax: Syntax,
    /// Translates the settings of a text, which is the first argument, to the names of the table.
    pub translated: fn(&str, Parsed) -> Parsed,
    /// The settings, in the order in which `emit` writes them.
    pub settings: &'static [Setting],
    /// The contract fields without a setting.
    pub gaps: &'static [Gap],
    /// The combinations of settings with which the program does not start.
    pub refusals: &'static [RefusedSettings],
    /// The sorted names of settings that concern no contract field.
    pub others: &'static [&'static str],
    /// Whether the program refuses to start with a setting that it does not know. Otherwise, it
    /// ignores the setting.
    pub refuses_unknown: bool,
    /// Whether the program ignores text after a number.
    pub ignores_text_after_number: bool,
}

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
    /// The meaning of the value, in Markdown.
    pub meaning: &'static str,
    /// The source of the facts.
    pub source: &'static str,
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
}

/// How exactly a setting states a contract field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fidelity {
    /// The setting has the meaning of the field.
    Exact,
    /// The promise is kept, but the program is stricter than the contract.
    Stricter,
    /// The promise can be exceeded.
    Looser(Looseness),
}

/// The reason why a promise can be exceeded although the setting has its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Looseness {
    /// The time starts when a request is sent, so its wait in the queue is not included. The
    /// setting with this name limits the whole operation.
    WaitNotIncluded(&'static str),
    /// The queue counts items with this name in the singular, and a request holds up to a batch of
    /// them.
    CountsItems(&'static str),
    /// The program adds the setting with this name to the time.
    Adds(&'static str),
    /// The wait in the queue has its own limit, which adds to the time.
    WaitAdds,
}

/// A contract field for which a dialect has no setting.
#[derive(Debug)]
pub struct Gap {
    /// The field.
    pub field: Field,
    /// What the program does instead.
    pub behaviour: Behaviour,
    /// The first version with this behaviour. `None` for all versions.
    pub since: Option<Version>,
    /// The first version without this behaviour. `None` for all versions.
    pub until: Option<Version>,
    /// The only role that lacks the setting. `None` for all roles.
    pub role: Option<&'static str>,
    /// What the program does instead, in Markdown.
    pub meaning: &'static str,
    /// The source of the facts.
    pub source: &'static str,
}

/// What a program does without a setting for a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Behaviour {
    /// Nothing corresponds to the field.
    Nothing,
    /// The program makes one attempt.
    OneAttempt,
    /// Backoffs grow by this percentage.
    Multiplier(u64),
    /// Backoffs have this jitter, in percent of the longest backoff, rounded up.
    Jitter(u64),
}

/// Settings with which the program does not start.
#[derive(Debug)]
pub struct RefusedSettings {
    /// The setting to change.
    pub setting: &'static str,
    /// The contract field that leads to the value.
    pub field: Field,
    /// Returns true if the program refuses the values.
    pub is_refused: fn(&SettingValues<'_>) -> bool,
    /// The condition that failed, as a message.
    pub message: &'static str,
}

impl TargetTable {
    /// Returns the dialect with this name.
    pub fn dialect(&self, name: &str) -> Option<&'static Dialect> {
        self.dialects.iter().find(|dialect| dialect.name == name)
    }
}

impl Dialect {
    /// Returns true if the dialect has a setting with this name or alias, in any version or role.
    pub fn knows(&self, name: &str) -> bool {
        self.others.contains(&name) || self.settings.iter().any(|setting| setting.is_named(name))
    }
}

impl Setting {
    /// Creates a setting whose value is an integer.
    pub const fn integer(name: &'static str, min: u64, max: u64, unit: &'static str) -> Self {
        let values = ValueRange::Integer { min, max, unit, zero_is_unlimited: false };
        Self::new(name, values)
    }

    /// Creates a setting whose value is an integer of C without a sign.
    pub const fn c_integer(name: &'static str) -> Self {
        let max = i32::MAX.unsigned_abs() as u64;
        Self { notation: Notation::CInteger, ..Self::integer(name, 0, max, "") }
    }

    /// Creates a setting whose value is a time in seconds, with decimals. `max` is in milliseconds.
    pub const fn seconds(name: &'static str, max: u64) -> Self {
        Self { notation: Notation::Seconds, ..Self::integer(name, 0, max, " ms") }
    }

    /// Creates a setting whose value is a word.
    pub const fn words(name: &'static str, words: &'static [&'static [&'static str]]) -> Self {
        Self::new(name, ValueRange::Words(words))
    }

    const fn new(name: &'static str, values: ValueRange) -> Self {
        Self {
            name,
            aliases: &[],
            field: None,
            conversion: Conversion::Context,
            values,
            notation: Notation::Integer,
            defaults: &[],
            implied: None,
            since: None,
            until: None,
            role: None,
            fidelity: Fidelity::Exact,
            is_adopted: true,
            meaning: "",
            source: "",
        }
    }

    /// Sets the contract field and the conversion.
    #[must_use]
    pub const fn of(self, field: Field, conversion: Conversion) -> Self {
        Self { field: Some(field), conversion, ..self }
    }

    /// Marks the setting as a factor of another setting, which `emit` writes with its default.
    #[must_use]
    pub const fn factor(self) -> Self {
        Self { conversion: Conversion::Factor, ..self }
    }

    /// Sets other names.
    #[must_use]
    pub const fn aliases(self, aliases: &'static [&'static str]) -> Self {
        Self { aliases, ..self }
    }

    /// Sets the defaults by version.
    #[must_use]
    pub const fn defaults(self, defaults: &'static [(Version, u64)]) -> Self {
        Self { defaults, ..self }
    }

    /// Sets the default that other settings imply.
    #[must_use]
    pub const fn implied(self, implied: fn(&SettingValues<'_>) -> Option<u64>) -> Self {
        Self { implied: Some(implied), ..self }
    }

    /// Makes 0 mean that there is no limit.
    #[must_use]
    pub const fn zero_is_unlimited(self) -> Self {
        let values = match self.values {
            ValueRange::Integer { min, max, unit, .. } => {
                ValueRange::Integer { min, max, unit, zero_is_unlimited: true }
            }
            ValueRange::Words(words) => ValueRange::Words(words),
        };
        Self { values, ..self }
    }

    /// Limits the row to versions from this one.
    #[must_use]
    pub const fn since(self, version: Version) -> Self {
        Self { since: Some(version), ..self }
    }

    /// Limits the row to versions before this one.
    #[must_use]
    pub const fn until(self, version: Version) -> Self {
        Self { until: Some(version), ..self }
    }

    /// Limits the setting to a role.
    #[must_use]
    pub const fn role(self, role: &'static str) -> Self {
        Self { role: Some(role), ..self }
    }

    /// Sets the fidelity.
    #[must_use]
    pub const fn fidelity(self, fidelity: Fidelity) -> Self {
        Self { fidelity, ..self }
    }

    /// Excludes the setting from `adopt`, which reads the field from another setting.
    #[must_use]
    pub const fn not_adopted(self) -> Self {
        Self { is_adopted: false, ..self }
    }

    /// Sets the meaning and the source.
    #[must_use]
    pub const fn means(self, meaning: &'static str, source: &'static str) -> Self {
        Self { meaning, source, ..self }
    }

    /// Returns true if this is the name of the setting, or an alias.
    pub fn is_named(&self, name: &str) -> bool {
        self.name == name || self.aliases.contains(&name)
    }

    /// Returns the value as a configuration contains it.
    pub fn spelled(&self, value: u64) -> String {
        match self.values {
            ValueRange::Integer { .. } => self.notation.spelled(value),
            ValueRange::Words(words) => {
                let word = usize::try_from(value).ok().and_then(|index| words.get(index));
                word.map_or_else(String::new, |spellings| spellings[0].to_owned())
            }
        }
    }

    /// Returns the number that a text spells, in milliseconds for a time.
    pub fn parse(&self, text: &str) -> Option<u64> {
        u64::try_from(self.notation.parse(text, false)?).ok()
    }

    /// Returns a number that is larger if the value is looser.
    pub fn looseness(&self, value: u64) -> u64 {
        match self.values {
            ValueRange::Integer { zero_is_unlimited: true, .. } if value == 0 => u64::MAX,
            ValueRange::Integer { .. } | ValueRange::Words(_) => value,
        }
    }
}

impl Gap {
    /// Creates a gap that exists in all versions and roles.
    pub const fn new(
        field: Field,
        behaviour: Behaviour,
        meaning: &'static str,
        source: &'static str,
    ) -> Self {
        Self { field, behaviour, since: None, until: None, role: None, meaning, source }
    }

    /// Limits the gap to versions from this one.
    #[must_use]
    pub const fn since(self, version: Version) -> Self {
        Self { since: Some(version), ..self }
    }

    /// Limits the gap to versions before this one.
    #[must_use]
    pub const fn until(self, version: Version) -> Self {
        Self { until: Some(version), ..self }
    }

    /// Limits the gap to a role.
    #[must_use]
    pub const fn role(self, role: &'static str) -> Self {
        Self { role: Some(role), ..self }
    }
}
