//! Reads the settings of a configuration: which apply, which do not, and why.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    conversion::Conversion,
    instances,
    options::TargetOptions,
    syntax::{Entry, Parsed, ini::INCLUDE, is_placeholder, units},
    table::{Setting, ValueRange},
    values::SettingValues,
};
use crate::{model::DriverName, source::Span, toml::spelling::truncated};

/// The value of JSON that means that the name is not there.
const NULL: &str = "null";

/// A configuration with its effective values.
pub(super) struct ReadConfiguration<'o> {
    /// The values of all settings.
    pub(super) values: SettingValues<'o>,
    /// The settings in the text, in order.
    pub(super) entries: Vec<ReadEntry>,
    /// The settings whose values are unknown: placeholders and values that cannot be read.
    pub(super) unknown: BTreeSet<&'static str>,
    /// The settings that have no effect because of others.
    pub(super) dead: BTreeSet<&'static str>,
    /// The parts of the text that the program refuses to read.
    pub(super) faults: Vec<super::syntax::SyntaxFault>,
    /// The parts of the text that the program ignores.
    pub(super) ignored: Vec<super::syntax::SyntaxFault>,
    /// The parts of the text that driverc does not compute.
    pub(super) not_computed: Vec<super::syntax::SyntaxFault>,
    /// The places of the names of settings that are parameters of a URL.
    pub(super) in_url: BTreeSet<Span>,
    /// The name of what the settings are for. Empty without a name.
    pub(super) name: String,
    /// The empty place where the settings start.
    pub(super) start: Span,
    /// The name of the instance that the settings are for.
    pub(super) instance: String,
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
    /// A value that another setting with the same name or an alias replaces, and the place of this
    /// setting.
    Overridden(&'static Setting, Span),
    /// A placeholder that another program replaces.
    Placeholder,
    /// A value that the program refuses, with the reason.
    Invalid(&'static Setting, String),
    /// A value that the program lowers to this maximum.
    Lowered(&'static Setting, u64),
    /// A setting that the program ignores, with the reason.
    Ignored(&'static str),
    /// A setting that has no effect because of others, with the reason.
    Dead(&'static Setting, &'static str),
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

/// Returns only the parts that have the name of a driver. Returns all parts if none has it.
pub(super) fn chosen<'r, 'o>(
    parts: &'r [ReadConfiguration<'o>],
    driver: &DriverName,
) -> Vec<&'r ReadConfiguration<'o>> {
    // The name of a host has `-` instead of `_`, and ends at its first `.`.
    let is_it = |part: &&ReadConfiguration<'_>| {
        let name = part.name.split('.').next().unwrap_or_default();
        name.replace('-', "_") == driver.as_str()
    };
    let own: Vec<_> = parts.iter().filter(is_it).collect();
    if own.is_empty() { parts.iter().collect() } else { own }
}

/// Reads a configuration. It has several parts if it contains several lists of settings. If it has
/// an instance with the name of the driver, only this instance is read.
pub(super) fn read<'o>(
    text: &str,
    options: &'o TargetOptions,
    driver: &str,
) -> Vec<ReadConfiguration<'o>> {
    let parts = options.dialect.syntax.read(text).into_iter();
    let translated = parts.map(|part| (options.dialect.translated)(text, part));
    translated.map(|part| read_part(part, options, driver)).collect()
}

fn read_part<'o>(part: Parsed, options: &'o TargetOptions, driver: &str) -> ReadConfiguration<'o> {
    let not_computed = part.not_computed.iter().map(|(_, part)| part.clone()).collect();
    let Parsed {
        mut entries, mut scopes, faults, start, mut dead, elsewhere, name, in_url, ..
    } = part;
    let mut instance = instances::others(&scopes, driver);
    if let Some(own) = instances::own(*options, &scopes, driver).cloned() {
        entries.retain(|entry| entry.scope.is_empty() || entry.scope == own);
        dead.retain(|(scope, _)| scope.is_empty() || *scope == own);
        scopes = BTreeSet::from([own.clone()]);
        instance = own;
    }
    let mut read = ReadConfiguration {
        values: SettingValues::new(options),
        entries: Vec::with_capacity(entries.len()),
        unknown: BTreeSet::new(),
        dead: BTreeSet::new(),
        faults,
        ignored: dead.into_iter().map(|(_, fault)| fault).collect(),
        not_computed,
        in_url,
        name,
        start,
        instance: truncated(&instance).into_owned(),
    };
    let mut last = BTreeMap::new();
    for entry in entries {
        let meaning = meaning(&entry, *options);
        if let Some(setting) = options.setting(&entry.key) {
            let earlier = last.insert((setting.name, entry.scope.clone()), read.entries.len());
            if let Some(earlier) = earlier {
                read.entries[earlier].meaning = Meaning::Overridden(setting, entry.key_span);
            }
        } else if entry.value != NULL {
            read.values.add_other(&entry.key);
        }
        read.entries.push(ReadEntry { entry, meaning });
    }
    for setting in options.settings() {
        read.apply(setting, &scopes);
        let is_it = |name: &String| {
            *name == setting.name || setting.name.starts_with(name) && name.ends_with('.')
        };
        let is_computed = || part.not_computed.iter().all(|(name, _)| *name != setting.name);
        if elsewhere.iter().any(is_it) || !is_computed() {
            read.set_unknown(setting);
        }
    }
    read.forget_dead(*options);
    read.forget_before_include(*options);
    read.forget_dependent(*options);
    read
}

impl ReadConfiguration<'_> {
    /// Sets the value of a setting: the loosest, if scopes have their own values.
    fn apply(&mut self, setting: &'static Setting, scopes: &BTreeSet<String>) {
        let own: Vec<_> = self.entries.iter().filter(|read| read.sets(setting)).collect();
        let with_own: BTreeSet<_> = own.iter().map(|read| read.entry.scope.as_str()).collect();
        let has = |scope: &str| with_own.contains(scope);
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

    /// Leaves out the values of settings that have no effect because of others.
    fn forget_dead(&mut self, options: TargetOptions) {
        for dead in options.dialect.dead.iter().filter(|dead| (dead.is_dead)(&self.values)) {
            self.dead.insert(dead.setting);
            for read in &mut self.entries {
                if let Meaning::Value(setting, _) = read.meaning
                    && setting.name == dead.setting
                {
                    read.meaning = Meaning::Dead(setting, dead.reason);
                }
            }
        }
        for name in &self.dead {
            self.values.unset(name);
        }
    }

    /// Makes settings unknown that the program can replace because of an unknown setting.
    fn forget_dependent(&mut self, options: TargetOptions) {
        for setting in options.settings() {
            let mut names = setting.replaced.iter().flat_map(|replaced| replaced.depends_on);
            if names.any(|name| self.unknown.contains(name)) {
                self.set_unknown(setting);
            }
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

    /// Returns the setting that lists what the configuration applies to, if it lists nothing and
    /// other settings are set.
    pub(super) fn empty_selector(&self, options: TargetOptions) -> Option<&'static Setting> {
        let selector =
            options.settings().find(|setting| setting.conversion == Conversion::Selector)?;
        let is_other = |read: &ReadEntry| matches!(read.meaning, Meaning::Value(setting, _) if setting.name != selector.name);
        let is_empty = !self.unknown.contains(selector.name) && self.values.get(selector.name) == 0;
        (is_empty && self.entries.iter().any(is_other)).then_some(selector)
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
    let mut others = others.filter(|dialect| dialect.product != options.dialect.product);
    match others.find(|dialect| dialect.knows(key)) {
        Some(dialect) => Meaning::OfOtherDialect(dialect.product),
        None => Meaning::Unknown,
    }
}

/// Returns true if a text is exactly a value of the setting, without other characters after it.
pub(super) fn is_valid(setting: &Setting, text: &str) -> bool {
    value(setting, text, false).is_ok()
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
            let (low, high) = (setting.spelled(min), setting.spelled(max));
            let number = u64::try_from(number.min(i128::from(u64::MAX))).ok();
            let number = number.filter(|it| *it >= min);
            let number = number.ok_or_else(|| format!("must be at least {low}"))?;
            let is_allowed = number <= max || setting.is_lowered;
            is_allowed.then_some(number).ok_or_else(|| format!("must be at most {high}"))
        }
        ValueRange::Duration { min, max, form, .. } => {
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
        ValueRange::List(written) if !written.starts_with('[') => {
            let count = text.split(',').filter(|word| !word.trim().is_empty()).count();
            Ok(count as u64)
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
