//! Merges all declarations of a rule's level, and records the strongest one.
//!
//! This module must never match a glob while it merges: callers match each file once.

use super::{Configuration, PerFileRules, Preset, RuleLevel};
use crate::finding::{Level, Rule};

/// A rule's level and its origin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EffectiveLevel {
    /// The level.
    pub level: RuleLevel,
    /// The strongest declaration that gives the rule a level.
    pub origin: LevelOrigin,
}

/// A declaration of a rule's level, in order from the weakest to the strongest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum LevelOrigin {
    /// The rule's own default.
    Rule,
    /// A `preset` other than the default.
    Preset,
    /// `[rules]`.
    Rules,
    /// The entry of [`Configuration::per_file_rules`] with this index.
    PerFile(usize),
    /// `--select`, `--ignore` or `--level`.
    CommandLine,
}

/// A rule's level from the command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CommandLineLevel {
    /// Turns on a rule that is off, at its preset level. `[per-file-rules]` can still change the
    /// level.
    Selected,
    /// The level of the rule in all files.
    Everywhere(RuleLevel),
}

impl RuleLevel {
    /// Returns the level of the findings, or `None` if the rule is off.
    pub const fn on(self) -> Option<Level> {
        match self {
            Self::Off => None,
            Self::On(level) => Some(level),
        }
    }
}

impl Configuration {
    /// Merges the declarations of a rule's level.
    ///
    /// `globs` are the indices of the entries of `per_file_rules` that match the file, in order.
    /// Without a file, `globs` is empty.
    pub fn effective_level(&self, rule: &Rule, globs: &[usize]) -> EffectiveLevel {
        let selected = match self.command_line.get(rule.name) {
            Some(CommandLineLevel::Everywhere(level)) => {
                return EffectiveLevel { level: *level, origin: LevelOrigin::CommandLine };
            }
            Some(CommandLineLevel::Selected) => true,
            None => false,
        };
        if let Some(level) = self.per_file_level(rule, globs) {
            return level;
        }
        match self.shared_level(rule) {
            EffectiveLevel { level: RuleLevel::Off, .. } if selected => EffectiveLevel {
                level: RuleLevel::On(self.preset_level(rule)),
                origin: LevelOrigin::CommandLine,
            },
            level => level,
        }
    }

    /// Returns the level of a rule's findings if no glob matches, or `None` if the rule is off.
    pub fn level(&self, rule: &Rule) -> Option<Level> {
        self.effective_level(rule, &[]).level.on()
    }

    /// Returns true if a rule is enabled in any file.
    pub fn holds_somewhere(&self, rule: &Rule) -> bool {
        let is_on = |globs: &[usize]| self.effective_level(rule, globs).level != RuleLevel::Off;
        is_on(&[]) || (0..self.per_file_rules.len()).any(|glob| is_on(&[glob]))
    }

    /// Returns the indices of the entries of `per_file_rules` that satisfy a condition, for use
    /// with [`Self::effective_level`].
    pub fn globs(&self, condition: impl Fn(&PerFileRules) -> bool) -> Vec<usize> {
        let entries = self.per_file_rules.iter().enumerate();
        entries.filter(|(_, entry)| condition(entry)).map(|(index, _)| index).collect()
    }

    fn per_file_level(&self, rule: &Rule, globs: &[usize]) -> Option<EffectiveLevel> {
        globs.iter().rev().find_map(|&glob| {
            let level = *self.per_file_rules.get(glob)?.rules.get(rule.name)?;
            Some(EffectiveLevel { level, origin: LevelOrigin::PerFile(glob) })
        })
    }

    /// Returns the level from `[rules]`, the preset or the rule itself.
    fn shared_level(&self, rule: &Rule) -> EffectiveLevel {
        let declared = self.rules.get(rule.name).and_then(|setting| setting.level);
        let (level, origin) = match (declared, rule.on, self.preset) {
            (Some(level), ..) => (level, LevelOrigin::Rules),
            (None, false, _) => (RuleLevel::Off, LevelOrigin::Rule),
            (None, true, Preset::Recommended) => (RuleLevel::On(rule.level), LevelOrigin::Rule),
            (None, true, Preset::Strict) => {
                (RuleLevel::On(self.preset_level(rule)), LevelOrigin::Preset)
            }
        };
        EffectiveLevel { level, origin }
    }

    /// Returns the level that the preset gives a rule.
    const fn preset_level(&self, rule: &Rule) -> Level {
        match (self.preset, rule.level) {
            (Preset::Recommended, level) => level,
            (Preset::Strict, Level::Info) => Level::Warn,
            (Preset::Strict, Level::Warn | Level::Error) => Level::Error,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::configuration::{Glob, RuleSetting};

    static RULE: Rule = Rule::new("fault", Level::Info, "a fault");
    static OFF: Rule = Rule::new("fault", Level::Info, "a fault").off();

    const fn answer(level: RuleLevel, origin: LevelOrigin) -> EffectiveLevel {
        EffectiveLevel { level, origin }
    }

    const fn on(level: Level, origin: LevelOrigin) -> EffectiveLevel {
        answer(RuleLevel::On(level), origin)
    }

    fn entry(glob: &str, level: RuleLevel) -> PerFileRules {
        let rules = BTreeMap::from([(RULE.name.to_owned(), level)]);
        PerFileRules { files: Glob::new(glob).unwrap(), rules }
    }

    #[test]
    fn strongest_declaration_sets_level_and_origin() {
        let mut configuration = Configuration::default();
        let file = |configuration: &Configuration| {
            let globs = configuration.globs(|entry| entry.files.matches("a/b.toml"));
            configuration.effective_level(&RULE, &globs)
        };
        assert_eq!(file(&configuration), on(Level::Info, LevelOrigin::Rule));
        configuration.preset = Preset::Strict;
        assert_eq!(file(&configuration), on(Level::Warn, LevelOrigin::Preset));
        let setting = RuleSetting { level: Some(RuleLevel::Off), ..RuleSetting::default() };
        configuration.rules.insert(RULE.name.to_owned(), setting);
        assert_eq!(file(&configuration), answer(RuleLevel::Off, LevelOrigin::Rules));
        configuration.per_file_rules = vec![
            entry("a", RuleLevel::Off),
            entry("**", RuleLevel::On(Level::Error)),
            entry("other", RuleLevel::Off),
        ];
        assert_eq!(file(&configuration), on(Level::Error, LevelOrigin::PerFile(1)));
        assert!(configuration.holds_somewhere(&RULE));
        let everywhere = CommandLineLevel::Everywhere(RuleLevel::Off);
        configuration.command_line.insert(RULE.name, everywhere);
        assert_eq!(file(&configuration), answer(RuleLevel::Off, LevelOrigin::CommandLine));
        assert!(!configuration.holds_somewhere(&RULE));
    }

    #[test]
    fn selected_rule_gets_preset_level_unless_file_sets_level() {
        let mut configuration = Configuration::default();
        assert_eq!(
            configuration.effective_level(&OFF, &[]),
            answer(RuleLevel::Off, LevelOrigin::Rule)
        );
        configuration.command_line.insert(RULE.name, CommandLineLevel::Selected);
        let selected = on(Level::Info, LevelOrigin::CommandLine);
        assert_eq!(configuration.effective_level(&OFF, &[]), selected);
        assert_eq!(configuration.effective_level(&RULE, &[]), on(Level::Info, LevelOrigin::Rule));
        configuration.per_file_rules = vec![entry("a", RuleLevel::Off)];
        assert_eq!(
            configuration.effective_level(&OFF, &[0]),
            answer(RuleLevel::Off, LevelOrigin::PerFile(0))
        );
    }
}
