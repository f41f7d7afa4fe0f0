//! Creates the rows of a table: settings, one property after another.

use super::{
    Fidelity,
    setting::{Presence, Setting, SubstituteValue, ValueRange},
};
use crate::{
    model::Field,
    targets::{
        Version, conversion::Conversion, notation::Notation, syntax::units, values::SettingValues,
    },
};

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

    /// Creates a setting whose value is a time, with its minimum in microseconds.
    pub const fn duration(name: &'static str, min: u64, form: units::DurationForm) -> Self {
        let max = units::LONGEST;
        Self::new(name, ValueRange::Duration { min, max, zero_is_unlimited: false, form })
    }

    /// Creates a setting whose value is a decimal number, with its range in hundredths.
    pub const fn decimal(name: &'static str, min: u64, max: u64) -> Self {
        Self::new(name, ValueRange::Decimal { min, max })
    }

    /// Creates a setting whose value is a list, which `emit` writes as this text.
    pub const fn list(name: &'static str, text: &'static str) -> Self {
        let list = Self::new(name, ValueRange::List(text));
        Self { conversion: Conversion::Fixed(1), ..list }
    }

    /// Creates a setting whose value is the text of a contract field.
    pub const fn text(name: &'static str, field: Field) -> Self {
        Self::new(name, ValueRange::Text).of(field, Conversion::Text)
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
            presence: Presence::Always,
            is_lowered: false,
            least_written: 0,
            default_text: None,
            replaced: None,
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
            ValueRange::Duration { max, form, .. } => {
                ValueRange::Duration { min: 0, max, zero_is_unlimited: true, form }
            }
            ValueRange::Words(_)
            | ValueRange::Decimal { .. }
            | ValueRange::List(_)
            | ValueRange::Text => self.values,
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

    /// Leaves the setting out if the contract does not have the field.
    #[must_use]
    pub const fn optional(self) -> Self {
        Self { presence: Presence::WithField, ..self }
    }

    /// Writes the setting only if there are retries.
    #[must_use]
    pub const fn with_retries(self) -> Self {
        Self { presence: Presence::WithRetries, ..self }
    }

    /// Makes the program lower a larger value to the maximum.
    #[must_use]
    pub const fn lowered(self) -> Self {
        Self { is_lowered: true, ..self }
    }

    /// Sets the spelling of the number.
    #[must_use]
    pub const fn notation(self, notation: Notation) -> Self {
        Self { notation, ..self }
    }

    /// Sets the smallest value that `emit` writes.
    #[must_use]
    pub const fn at_least(self, least_written: u64) -> Self {
        Self { least_written, ..self }
    }

    /// Sets the text of a default that depends on the machine.
    #[must_use]
    pub const fn default_text(self, text: &'static str) -> Self {
        Self { default_text: Some(text), ..self }
    }

    /// Sets the value that the program uses instead, because of the settings with these names.
    #[must_use]
    pub const fn replaced(
        self,
        value: fn(&SettingValues<'_>) -> Option<(u64, &'static str)>,
        depends_on: &'static [&'static str],
    ) -> Self {
        Self { replaced: Some(SubstituteValue { value, depends_on }), ..self }
    }

    /// Makes the value list what all other settings apply to.
    #[must_use]
    pub const fn selector(self) -> Self {
        Self { conversion: Conversion::Selector, ..self }
    }

    /// Sets the meaning and the source.
    #[must_use]
    pub const fn means(self, meaning: &'static str, source: &'static str) -> Self {
        Self { meaning, source, ..self }
    }
}
