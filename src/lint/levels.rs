//! Determines the level of each rule in each file.

use std::collections::BTreeMap;

use crate::{
    configuration::Configuration,
    finding::{ContractPath, Finding, Level, Rule},
    source::{Location, SourceId},
    workspace::Workspace,
};

/// The levels of rules by file.
pub(super) struct Levels<'a> {
    configuration: &'a Configuration,
    /// The entries of `per-file-rules` that match each file. Empty if there are no entries.
    globs: BTreeMap<SourceId, Vec<usize>>,
}

impl<'a> Levels<'a> {
    pub(super) fn new(
        configuration: &'a Configuration,
        workspace: &Workspace,
        path: impl Fn(&str) -> String,
    ) -> Self {
        let mut globs = BTreeMap::new();
        if !configuration.per_file_rules.is_empty() {
            for (id, source) in workspace.sources().iter() {
                let path = path(source.name());
                globs.insert(id, configuration.globs(|entry| entry.files.matches(&path)));
            }
        }
        Self { configuration, globs }
    }

    /// Returns the finding at its level in its file, or `None` if the rule is off in that file.
    pub(super) fn apply(&self, finding: Finding<Location>) -> Option<Finding<Location>> {
        let level = self.level(finding.rule, finding.place.source)?;
        Some(Finding { level, ..finding })
    }

    /// Returns the level of a rule in a file, or `None` if the rule is off in that file.
    pub(super) fn level(&self, rule: &Rule, source: SourceId) -> Option<Level> {
        let globs = self.globs.get(&source).map_or(&[][..], Vec::as_slice);
        self.configuration.effective_level(rule, globs).level.on()
    }

    /// Returns true if a rule is enabled in the file of a contract path.
    pub(super) fn is_on(&self, rule: &Rule, workspace: &Workspace, place: &ContractPath) -> bool {
        // Without levels by file, rules that are off report no findings.
        self.globs.is_empty() || self.level(rule, workspace.source_of_place(place)).is_some()
    }

    /// Returns true if the project requires benchmarks, so that `check` judges them.
    pub(super) fn requires_evidence(&self) -> bool {
        !self.configuration.evidence.is_empty()
    }

    /// Returns true if a rule is enabled in any file.
    pub(super) fn holds(&self, rule: &Rule) -> bool {
        if self.globs.is_empty() {
            return self.configuration.level(rule).is_some();
        }
        self.globs.keys().any(|source| self.level(rule, *source).is_some())
    }
}
