//! Levels of rules in some files only.

use std::collections::BTreeMap;

use crate::{
    configuration::{Configuration, PerFileRules, RuleLevel},
    finding::{Finding, Level, Place, Rule},
    source::{Location, SourceId},
    workspace::Workspace,
};

/// The levels that differ in some files.
pub(super) struct Levels<'a> {
    configuration: &'a Configuration,
    files: BTreeMap<SourceId, Vec<&'a PerFileRules>>,
}

impl<'a> Levels<'a> {
    pub(super) fn new(
        configuration: &'a Configuration,
        workspace: &Workspace,
        path: impl Fn(&str) -> String,
    ) -> Self {
        let mut files = BTreeMap::new();
        if !configuration.per_file_rules.is_empty() {
            for (id, source) in workspace.sources().iter() {
                let path = path(source.name());
                let rules = configuration.per_file_rules.iter();
                files.insert(id, rules.filter(|rules| rules.files.matches(&path)).collect());
            }
        }
        Self { configuration, files }
    }

    /// The finding at the level that it has in its file; none if its rule is off there.
    pub(super) fn apply(&self, finding: Finding<Location>) -> Option<Finding<Location>> {
        let level = self.level(finding.rule, finding.place.source)?;
        Some(Finding { level, ..finding })
    }

    /// The level of a rule in a file; none if it is off there.
    pub(super) fn level(&self, rule: &Rule, source: SourceId) -> Option<Level> {
        let named = self.files.get(&source).into_iter().flatten();
        match named.filter_map(|files| files.rules.get(rule.name)).next_back() {
            Some(RuleLevel::Off) => None,
            Some(RuleLevel::On(level)) => Some(*level),
            None => self.configuration.level(rule),
        }
    }

    /// Whether a rule is on in the file of a place.
    pub(super) fn is_on(&self, rule: &Rule, workspace: &Workspace, place: &Place) -> bool {
        // Without levels by file, a rule that is off has no findings.
        self.files.is_empty() || self.level(rule, workspace.source_of_place(place)).is_some()
    }

    /// Whether a rule holds in any of the files.
    pub(super) fn holds(&self, rule: &Rule) -> bool {
        if self.files.is_empty() {
            return self.configuration.level(rule).is_some();
        }
        self.files.keys().any(|source| self.level(rule, *source).is_some())
    }
}
