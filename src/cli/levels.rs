//! Levels of rules that the command line chooses, over all that the configuration says.

use super::arguments::Reporting;
use crate::{
    configuration::{Configuration, RuleLevel},
    finding::Rule,
    rules,
};

/// Applies `--select`, then `--ignore`, then `--level`.
pub(super) fn override_levels(configuration: &mut Configuration, reporting: &Reporting) {
    if !reporting.select.is_empty() {
        let (selected, others): (Vec<_>, Vec<_>) =
            rules::configurable().partition(|rule| reporting.select.contains(rule));
        for rule in others {
            set_everywhere(configuration, rule, RuleLevel::Off);
        }
        for rule in selected {
            if configuration.level(rule).is_none() {
                let level = RuleLevel::On(configuration.preset_level(rule));
                configuration.rules.entry(rule.name.to_owned()).or_default().level = Some(level);
            }
        }
    }
    for rule in &reporting.ignore {
        set_everywhere(configuration, rule, RuleLevel::Off);
    }
    for (rule, level) in &reporting.level {
        set_everywhere(configuration, rule, *level);
    }
}

fn set_everywhere(configuration: &mut Configuration, rule: &Rule, level: RuleLevel) {
    configuration.rules.entry(rule.name.to_owned()).or_default().level = Some(level);
    for files in &mut configuration.per_file_rules {
        files.rules.remove(rule.name);
    }
}
