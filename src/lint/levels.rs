//! Levels of rules in some files only.

use std::collections::BTreeMap;

use crate::{
    finding::Finding,
    settings::{PerFileRules, RuleLevel, Settings},
    source::{Location, SourceId},
    workspace::Workspace,
};

/// The levels that differ in some files.
pub(super) struct Levels<'a> {
    settings: &'a Settings,
    files: BTreeMap<SourceId, Vec<&'a PerFileRules>>,
}

impl<'a> Levels<'a> {
    pub(super) fn new(
        settings: &'a Settings,
        workspace: &Workspace,
        path: impl Fn(&str) -> String,
    ) -> Self {
        let mut files = BTreeMap::new();
        if !settings.per_file_rules.is_empty() {
            for (id, source) in workspace.sources().iter() {
                let path = path(source.name());
                let rules = settings.per_file_rules.iter();
                files.insert(id, rules.filter(|rules| rules.files.matches(&path)).collect());
            }
        }
        Self { settings, files }
    }

    /// The finding at the level that it has in its file; none if its rule is off there.
    pub(super) fn apply(&self, finding: Finding<Location>) -> Option<Finding<Location>> {
        let named = self.files.get(&finding.place.source).into_iter().flatten();
        match named.filter_map(|files| files.rules.get(finding.rule.name)).next_back() {
            Some(RuleLevel::Off) => None,
            Some(RuleLevel::On(level)) => Some(Finding { level: *level, ..finding }),
            None => self.settings.level(finding.rule).map(|level| Finding { level, ..finding }),
        }
    }
}
