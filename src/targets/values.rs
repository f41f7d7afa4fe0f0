//! The effective values of a configuration: values that are set, and defaults.

use std::collections::{BTreeMap, BTreeSet};

use super::{Version, options::TargetOptions, table::Setting};

/// The effective values of the settings of a dialect.
#[derive(Clone, Debug)]
pub struct SettingValues<'o> {
    options: &'o TargetOptions,
    set: BTreeMap<&'static str, u64>,
    unknown: BTreeSet<&'static str>,
    others: BTreeSet<String>,
}

impl<'o> SettingValues<'o> {
    /// Creates values that are all defaults.
    pub const fn new(options: &'o TargetOptions) -> Self {
        Self { options, set: BTreeMap::new(), unknown: BTreeSet::new(), others: BTreeSet::new() }
    }

    /// Sets a value.
    pub fn set(&mut self, setting: &'static Setting, value: u64) {
        self.set.insert(setting.name, value);
    }

    /// Removes the value of a setting.
    pub fn unset(&mut self, name: &str) {
        self.set.remove(name);
    }

    /// Marks a setting as set to an unknown value.
    pub fn set_unknown(&mut self, setting: &'static Setting) {
        self.unknown.insert(setting.name);
    }

    /// Keeps the name of an entry that is no setting.
    pub fn add_other(&mut self, name: &str) {
        self.others.insert(name.to_owned());
    }

    /// Returns true if an entry that is no setting is this object, or in it.
    pub fn has_other_in(&self, object: &str) -> bool {
        let rest = |name: &String| name.strip_prefix(object).map(str::to_owned);
        self.others.iter().filter_map(rest).any(|rest| rest.is_empty() || rest.starts_with('.'))
    }

    /// Returns true if a setting is set, even to an unknown value.
    pub fn has(&self, name: &str) -> bool {
        self.set.contains_key(name) || self.unknown.contains(name)
    }

    /// Returns the value that is set for the setting with this name.
    pub fn explicit(&self, name: &str) -> Option<u64> {
        self.set.get(name).copied()
    }

    /// Returns the effective value of the setting with this name, or 0 if there is no such setting.
    pub fn get(&self, name: &str) -> u64 {
        let replaced = self.options.setting(name).and_then(|setting| self.replacement(setting));
        replaced.map_or_else(|| self.own(name), |(value, _)| value)
    }

    /// Returns the setting's own value, which the program can replace with another.
    pub fn own(&self, name: &str) -> u64 {
        let default = || self.options.setting(name).map(|setting| self.default_of(setting));
        self.explicit(name).or_else(default).unwrap_or_default()
    }

    /// Returns the value that the program uses instead of the setting's own value, and the condition
    /// that failed.
    pub fn replacement(&self, setting: &Setting) -> Option<(u64, &'static str)> {
        let replaced = setting.replaced.and_then(|replaced| (replaced.value)(self))?;
        let own = setting.looseness(self.own(setting.name));
        (setting.looseness(replaced.0) != own).then_some(replaced)
    }

    /// Returns the version of the program.
    pub const fn version(&self) -> Version {
        self.options.version
    }

    /// Returns true if the setting with this name is set to an unknown value.
    pub fn is_unknown(&self, name: &str) -> bool {
        self.unknown.contains(name)
    }

    /// Returns the effective value of the setting with this name, or the largest number if it means
    /// that there is no limit, or is unknown.
    pub fn limit(&self, name: &str) -> u64 {
        if self.unknown.contains(name) {
            return u64::MAX;
        }
        let value = self.get(name);
        self.options.setting(name).map_or(value, |setting| setting.looseness(value))
    }

    /// Returns true if a setting is set or has a default.
    pub fn is_there(&self, setting: &Setting) -> bool {
        let is_set = self.explicit(setting.name).is_some();
        is_set || !setting.defaults.is_empty() || setting.implied.is_some()
    }

    /// Returns the value of a setting that is not set.
    pub fn default_of(&self, setting: &Setting) -> u64 {
        if let Some(value) = setting.implied.and_then(|implied| implied(self)) {
            return value;
        }
        let is_there = |(since, _): &&(_, u64)| *since <= self.options.version;
        let defaults = setting.defaults;
        let default = defaults.iter().rev().find(is_there).or(defaults.first());
        default.map_or(0, |(_, value)| *value)
    }
}
