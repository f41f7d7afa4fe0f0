//! Reads the rule levels that the command line sets.

use std::collections::BTreeMap;

use super::arguments::Reporting;
use crate::{
    configuration::{CommandLineLevel, RuleLevel},
    rules,
};

/// Returns the levels from `--select`, `--ignore` and `--level`, applied in this order, by rule
/// name.
pub(super) fn command_line_levels(
    reporting: &Reporting,
) -> BTreeMap<&'static str, CommandLineLevel> {
    let off = CommandLineLevel::Everywhere(RuleLevel::Off);
    let mut levels = BTreeMap::new();
    if !reporting.select.is_empty() {
        levels.extend(rules::configurable().map(|rule| (rule.name, off)));
        let selected = reporting.select.iter();
        levels.extend(selected.map(|rule| (rule.name, CommandLineLevel::Selected)));
    }
    levels.extend(reporting.ignore.iter().map(|rule| (rule.name, off)));
    let given = reporting.level.iter();
    levels.extend(given.map(|(rule, level)| (rule.name, CommandLineLevel::Everywhere(*level))));
    levels
}
