//! Reads the settings of a configuration: which apply, which do not, and why.

use std::collections::BTreeSet;

use super::{
    options::TargetOptions,
    syntax::{Entry, Parsed, ini::INCLUDE, is_placeholder, units},
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
    /// Texts that apply.
    Texts(&'static Setting, Vec<String>),
    /// An expression that driverc does not compute.
    Expression(&'static Setting),
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
    let parts = options.dialect.syntax.read(text).into_iter();
    parts.map(|part| read_part((options.dialect.translated)(text, part), options)).collect()
}

fn read_part(part: Parsed, options: &TargetOptions) -> ReadConfiguration<'_> {
    let Parsed { entries, scopes, faults, start } = part;
    let mut read = ReadConfiguration {
        values: SettingValues::new(options),
        entries: Vec::with_capacity(entries.len()),
        unknown: BTreeSet::new(),
        faults,
        start,
    };
    for entry in entries {
        let meaning = meaning(&entry, *options);
        if let Some(setting) = options.setting(&entry.key) {
            read.override_earlier(setting, &entry.scope);
        }
        read.entries.push(ReadEntry { entry, meaning });
    }
    for setting in options.settings() {
        read.apply(setting, &scopes);
    }
    read.forget_before_include(*options);
    read
}

impl ReadConfiguration<'_> {
    fn override_earlier(&mut self, setting: &'static Setting, scope: &str) {
        for earlier in &mut self.entries {
            if setting.is_named(&earlier.entry.key) && earlier.entry.scope == scope {
                earlier.meaning = Meaning::Overridden(setting);
            }
        }
    }

    /// Sets the value of a setting: the loosest, if scopes have their own values.
    fn apply(&mut self, setting: &'static Setting, scopes: &BTreeSet<String>) {
        let own: Vec<_> = self.entries.iter().filter(|read| read.sets(setting)).collect();
        let has = |scope: &str| own.iter().any(|read| read.entry.scope == scope);
        let is_general_used = scopes.is_empty() || scopes.iter().any(|scope| !has(scope));
        let is_used = |read: &&&ReadEntry| is_general_used || !read.entry.scope.is_empty();
        let values = own.iter().filter(is_used).map(|read| {
            if let Meaning::Value(_, value) | Meaning::Lowered(_, value) = read.meaning {
                Some(value)
            } else {
                None
            }
        });
        let Some(values) = values.collect::<Option<Vec<u64>>>() else {
            self.set_unknown(setting);
            return;
        };
        let Some(loosest) = values.into_iter().max_by_key(|value| setting.looseness(*value)) else {
            return;
        };
        let default = self.values.default_of(setting);
        let is_default_used = is_general_used && !has("");
        if !is_default_used || setting.looseness(loosest) > setting.looseness(default) {
            self.values.set(setting, loosest);
        }
    }

    /// Makes all settings unknown that another file, which the text includes, can set.
    fn forget_before_include(&mut self, options: TargetOptions) {
        let is_include = |read: &ReadEntry| read.entry.key == INCLUDE;
        let Some(at) = self.entries.iter().rposition(is_include) else { return };
        let later = &self.entries[at..];
        let settings = options.settings();
        let unset = settings.filter(|setting| !later.iter().any(|read| read.sets(setting)));
        let unset: Vec<_> = unset.collect();
        for setting in unset {
            self.set_unknown(setting);
        }
    }

    /// Returns the entry that states the texts of a setting, with the texts.
    pub(super) fn texts_of(&self, name: &str) -> Option<(&Entry, &[String])> {
        self.entries.iter().rev().find_map(|read| {
            if let Meaning::Texts(setting, texts) = &read.meaning {
                (setting.name == name).then_some((&read.entry, &texts[..]))
            } else {
                None
            }
        })
    }

    fn set_unknown(&mut self, setting: &'static Setting) {
        self.unknown.insert(setting.name);
        self.values.set_unknown(setting);
    }

    /// Returns true if nothing can be read, so that not even defaults are known to apply.
    pub(super) fn is_unreadable(&self) -> bool {
        self.entries.is_empty() && !self.faults.is_empty()
    }

    /// Returns the entry that sets the value of a setting.
    pub(super) fn entry_of(&self, name: &str) -> Option<&Entry> {
        let value = self.values.explicit(name)?;
        let sets = |read: &&ReadEntry| matches!(read.meaning, Meaning::Value(it, own) | Meaning::Lowered(it, own) if it.name == name && own == value);
        self.entries.iter().rev().find(sets).map(|read| &read.entry)
    }
}

impl ReadEntry {
    /// Returns true if the entry sets the value of a setting, even if the value is unknown.
    fn sets(&self, setting: &Setting) -> bool {
        let is_set = matches!(
            self.meaning,
            Meaning::Value(..)
                | Meaning::Lowered(..)
                | Meaning::Placeholder
                | Meaning::Expression(_)
                | Meaning::Invalid(..)
        );
        is_set && setting.is_named(&self.entry.key)
    }
}

fn meaning(entry: &Entry, options: TargetOptions) -> Meaning {
    let key = entry.key.as_str();
    if let Some(setting) = options.setting(key) {
        let syntax = options.dialect.syntax;
        if matches!(setting.values, ValueRange::Text) {
            let texts = syntax.texts(&entry.value);
            return texts.map_or(Meaning::Expression(setting), |it| Meaning::Texts(setting, it));
        }
        if is_placeholder(&entry.value) {
            return Meaning::Placeholder;
        }
        if syntax.is_expression(&entry.value) {
            return Meaning::Expression(setting);
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
            let expected = || setting.notation.expected(min, max);
            let number = setting.notation.parse(text, ignores_rest).ok_or_else(expected)?;
            let number = u64::try_from(number.min(i128::from(u64::MAX))).ok();
            let is_allowed = |it: &u64| *it >= min && (*it <= max || setting.is_lowered);
            let (low, high) = (setting.spelled(min), setting.spelled(max));
            number.filter(is_allowed).ok_or_else(|| format!("is outside {low} to {high}"))
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
        ValueRange::Text => Err("must be a text".to_owned()),
        ValueRange::List(_) => {
            let items = text.strip_prefix('[').and_then(|text| text.strip_suffix(']'));
            let items = items.ok_or_else(|| "must be a list".to_owned())?;
            let count = if items.trim().is_empty() { 0 } else { 1 + items.matches(',').count() };
            Ok(count as u64)
        }
    }
}
