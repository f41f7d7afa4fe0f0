//! The tables of targets: each setting with its contract field, unit, default, range and meaning.
//!
//! `emit`, `adopt`, `verify` and the documentation pages read these tables, and no other code knows
//! the settings. This module must never write or read a configuration.

mod fidelity;
mod gap;
mod rows;
mod setting;

pub use self::{
    fidelity::{Fidelity, Looseness},
    gap::{Behaviour, Gap},
    setting::{Presence, Setting, SubstituteValue, ValueRange},
};
use super::{
    Version,
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
    /// The extension of the files.
    pub extension: &'static str,
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
    /// The syntax of the file.
    pub syntax: Syntax,
    /// Translates the settings of a text, which is the first argument, to the names of the table.
    pub translated: fn(&str, Parsed) -> Parsed,
    /// The settings, in the order in which `emit` writes them.
    pub settings: &'static [Setting],
    /// The contract fields without a setting.
    pub gaps: &'static [Gap],
    /// The combinations of settings with which the program does not start.
    pub refusals: &'static [RefusedSettings],
    /// The settings that have no effect because of others.
    pub dead: &'static [DeadSetting],
    /// The sorted names of settings that concern no contract field. A name that ends in `.` or `_`
    /// stands for all settings that start with it.
    pub others: &'static [&'static str],
    /// The names of settings that the program knows and ignores, each with the reason.
    pub ignored: &'static [(&'static str, &'static str)],
    /// The lines that reset all settings above them.
    pub resets: &'static [&'static str],
    /// What the program does with settings that it refuses, as a verb.
    pub failure: &'static str,
    /// Whether the program refuses to start with a setting that it does not know. Otherwise, it
    /// ignores the setting.
    pub refuses_unknown: bool,
    /// Whether the program ignores text after a number.
    pub ignores_text_after_number: bool,
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

/// A setting that has no effect because of others.
#[derive(Debug)]
pub struct DeadSetting {
    /// The setting.
    pub setting: &'static str,
    /// Returns true if the setting has no effect.
    pub is_dead: fn(&SettingValues<'_>) -> bool,
    /// The reason, as a message.
    pub reason: &'static str,
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
        self.has_other(name) || self.settings.iter().any(|setting| setting.is_named(name))
    }

    /// Returns true if this is the name of a setting that concerns no contract field.
    pub fn has_other(&self, name: &str) -> bool {
        let is_it = |other: &&str| {
            *other == name || other.ends_with(['.', '_']) && name.starts_with(*other)
        };
        self.others.iter().any(is_it)
    }
}
