//! Reads the settings of a configuration: which apply, which do not, and why.

use std::{collections::BTreeSet, num::IntErrorKind};

use super::{
    options::TargetOptions,
    syntax::{Entry, Parsed, is_placeholder, units},
    table::{Setting, ValueRange},
    values::SettingValues,
};

/// A configuration with its effective values.
pub(super) struct ReadConfiguration<'o> {
    /// The values of all settings.
    pub(super) values: SettingValues<'o>,
    /// The settings in the text, in order.
    pub(super) entries: Vec<ReadEntry>,
    /// The settings whose values are unknown: placeholders and values that cannot be read.
    pub(super) unknown: BTreeSet<&'static str>,
    /// The parts of the text that the program refuses to read.
    pub(super) faults: Vec<super::syntax::SyntaxFault>,
    /// The empty place where the settings start.
    pub(super) start: crate::source::Span,
}

/// A setting in the text.
pub(super) struct ReadEntry {
    pub(super) entry: Entry,
    pub(super) meaning: Meaning,
}

/// What a setting in the text means to the program.
pub(super) enum Meaning {
    /// A value that applies.
    Value(&'static Setting, u64),
    /// A value that a later setting with the same name or an alias replaces.
    Overridden(&'static Setting),
    /// A placeholder that another program replaces.
    Placeholder,
    /// A value that the program refuses, with the reason.
    Invalid(&'static Setting, String),
    /// A value that the program lowers to this maximum.
    Lowered(&'static Setting, u64),
    /// A setting that the program ignores, with the reason.
    Ignored(&'static str),
    /// A setting of another role, which the program ignores.
    OfOtherRole(&'static Setting),
    /// A setting that this version does not have.
    OfOtherVersion(&'static Setting),
    /// A setting of another dialect, with its name.
    OfOtherDialect(&'static str),
    /// A setting that concerns no contract field.
    Irrelevant,
    /// A setting that the table does not contain.
    Unknown,
}

/// Reads a configuration. It has several parts if it contains several lists of settings.
pub(super) fn read<'o>(text: &str, options: &'o TargetOptions) -> Vec<ReadConfiguration<'o>> {
    let parts = options.dialect.syntax.read(text);
    parts.into_iter().map(|part| read_part(part, options)).collect()
}

fn read_part(part: Parsed, options: &TargetOptions) -> ReadConfiguration<'_> {
    let Parsed { entries, faults, start } = part;
    let mut read = ReadConfiguration {
        values: SettingValues::new(options),
        entries: Vec::with_capacity(entries.len()),
        unknown: BTreeSet::new(),
        faults,
        start,
    };
    for entry in entries {
        let meaning = meaning(&entry, *options);
        let setting = options.setting(&entry.key);
        if let Some(setting) = setting {
            read.override_earlier(setting);
        }
        match (&meaning, setting) {
            (Meaning::Value(setting, value) | Meaning::Lowered(setting, value), _) => {
                read.values.set(setting, *value);
            }
            (Meaning::Placeholder | Meaning::Invalid(..), Some(setting)) => {
                read.unknown.insert(setting.name);
                read.values.set_unknown(setting);
            }
            _ => {}
        }
        read.entries.push(ReadEntry { entry, meaning });
    }
    read
}

impl ReadConfiguration<'_> {
    fn override_earlier(&mut self, setting: &'static Setting) {
        for earlier in &mut self.entries {
            if setting.is_named(&earlier.entry.key) {
                earlier.meaning = Meaning::Overridden(setting);
            }
        }
        self.unknown.remove(setting.name);
    }

    /// Returns true if nothing can be read, so that not even defaults are known to apply.
    pub(super) fn is_unreadable(&self) -> bool {
        self.entries.is_empty() && !self.faults.is_empty()
    }

    /// Returns the entry that sets the value of a setting.
    pub(super) fn entry_of(&self, name: &str) -> Option<&Entry> {
        let sets = |read: &&ReadEntry| matches!(read.meaning, Meaning::Value(it, _) | Meaning::Lowered(it, _) if it.name == name);
        self.entries.iter().rev().find(sets).map(|read| &read.entry)
    }
}

fn meaning(entry: &Entry, options: TargetOptions) -> Meaning {
    let key = entry.key.as_str();
    if let Some(setting) = options.setting(key) {
        if is_placeholder(&entry.value) {
            return Meaning::Placeholder;
        }
        return match value(setting, &entry.value, options.dialect.ignores_text_after_number) {
            Ok(value) => match setting.range() {
                Some((_, max)) if value > max => Meaning::Lowered(setting, max),
                _ => Meaning::Value(setting, value),
            },
            Err(reason) => Meaning::Invalid(setting, reason),
        };
    }
    if options.dialect.has_other(key) {
        return Meaning::Irrelevant;
    }
    if let Some((_, reason)) = options.dialect.ignored.iter().find(|(name, _)| *name == key) {
        return Meaning::Ignored(reason);
    }
    let own = options.dialect.settings.iter().filter(|setting| setting.is_named(key));
    let own: Vec<_> = own.collect();
    if let Some(setting) = own.iter().find(|setting| !options.has_role(setting.role)) {
        return Meaning::OfOtherRole(setting);
    }
    if let Some(setting) = own.first() {
        return Meaning::OfOtherVersion(setting);
    }
    let others = options.target.dialects.iter();
    let mut others = others.filter(|dialect| dialect.name != options.dialect.name);
    match others.find(|dialect| dialect.knows(key)) {
        Some(dialect) => Meaning::OfOtherDialect(dialect.product),
        None => Meaning::Unknown,
    }
}

/// Returns the value, or the reason why the program refuses it. The reason does not repeat the
/// value, which can be a misplaced password.
fn value(setting: &Setting, text: &str, ignores_rest: bool) -> Result<u64, String> {
    let text = text.trim();
    match setting.values {
        ValueRange::Words(words) => {
            let position = words
                .iter()
                .position(|spellings| spellings.iter().any(|word| word.eq_ignore_ascii_case(text)));
            let canonical = words.iter().map(|spellings| format!("`{}`", spellings[0]));
            let expected = || format!("must be {}", canonical.collect::<Vec<_>>().join(" or "));
            position.map(|it| it as u64).ok_or_else(expected)
        }
        ValueRange::Integer { min, max, .. } => {
            let expected = || format!("must be an integer from {min} to {max}");
            let number = integer(text, ignores_rest).ok_or_else(expected)?;
            let number = u64::try_from(number.min(i128::from(u64::MAX))).ok();
            let is_allowed = |it: &u64| *it >= min && (*it <= max || setting.is_lowered);
            number.filter(is_allowed).ok_or_else(|| format!("is outside {min} to {max}"))
        }
        ValueRange::Duration { min, max, form } => {
            let number = form.read(text).ok_or_else(|| format!("must be {}", form.expected()))?;
            if number < min {
                return Err(format!("must be at least {}", form.spelled(min)));
            }
            let is_short = number <= max;
            is_short.then_some(number).ok_or_else(|| "is too long".to_owned())
        }
        ValueRange::Decimal { min, max } => {
            let number = units::hundredths(text).ok_or_else(|| "must be a number".to_owned())?;
            let (low, high) = (units::decimal(min), units::decimal(max));
            let in_range = (min..=max).contains(&number).then_some(number);
            in_range.ok_or_else(|| format!("is outside {low} to {high}"))
        }
        ValueRange::List(_) => {
            let items = text.strip_prefix('[').and_then(|text| text.strip_suffix(']'));
            let items = items.ok_or_else(|| "must be a list".to_owned())?;
            let count = if items.trim().is_empty() { 0 } else { 1 + items.matches(',').count() };
            Ok(count as u64)
        }
    }
}

/// Parses an integer. A number that is too large for the result is the largest result.
fn integer(text: &str, ignores_rest: bool) -> Option<i128> {
    let (digits, is_negative) = match text.strip_prefix('-') {
        Some(digits) => (digits, true),
        None => (text.strip_prefix('+').unwrap_or(text), false),
    };
    let (digits, radix) = match digits.get(..2) {
        // As C's `strtol` reads numbers.
        Some("0x" | "0X") if ignores_rest => (&digits[2..], 16),
        _ if ignores_rest && digits.starts_with('0') => (digits, 8),
        _ => (digits, 10),
    };
    let end = digits.find(|character: char| !character.is_digit(radix)).unwrap_or(digits.len());
    if end == 0 || end < digits.len() && !ignores_rest {
        return None;
    }
    let number = match i128::from_str_radix(&digits[..end], radix) {
        Ok(number) => number,
        Err(error) if *error.kind() == IntErrorKind::PosOverflow => i128::MAX,
        Err(_) => return None,
    };
    Some(if is_negative { -number } else { number })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integer_is_read_as_the_program_reads_it() {
        for (text, strict, lenient) in [
            ("4", Some(4), Some(4)),
            ("-1", Some(-1), Some(-1)),
            ("4 # x", None, Some(4)),
            ("4s", None, Some(4)),
            ("0x10", None, Some(16)),
            ("010", Some(10), Some(8)),
            ("0", Some(0), Some(0)),
            ("x", None, None),
            ("", None, None),
            ("é", None, None),
            ("-", None, None),
        ] {
            assert_eq!((integer(text, false), integer(text, true)), (strict, lenient), "{text}");
        }
        assert_eq!(integer(&"9".repeat(60), false), Some(i128::MAX));
    }
}
