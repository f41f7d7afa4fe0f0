//! Adds the texts that are not documents: the configuration, the baseline and the configurations of
//! targets.

use super::Workspace;
use crate::{
    finding::Finding,
    source::{Location, Source, SourceId, Span},
};

impl Workspace {
    /// Adds the text of the configuration and the findings in it.
    pub fn add_configuration(&mut self, source: Source, findings: Vec<Finding<Span>>) {
        let source = self.sources.add_beside(source);
        let located = findings.into_iter();
        let located =
            located.map(|finding| finding.map_places(|span: Span| Location { source, span }));
        self.configuration_findings.extend(located);
        self.configuration = Some(source);
    }

    /// Returns the text of the configuration, if it was added.
    pub(crate) const fn configuration(&self) -> Option<SourceId> {
        self.configuration
    }

    /// Returns the findings in texts that are not documents.
    pub(crate) fn configuration_findings(&self) -> &[Finding<Location>] {
        &self.configuration_findings
    }

    /// Sets the baseline: the identities of the findings that the project accepts, one per line.
    pub fn set_baseline(&mut self, source: Source) {
        self.baseline = Some(self.sources.add_beside(source));
    }

    /// Adds the configuration of a target.
    pub fn add_target(&mut self, source: Source) -> SourceId {
        self.sources.add_beside(source)
    }

    /// Returns the text of the baseline, if it was set.
    pub(crate) const fn baseline(&self) -> Option<SourceId> {
        self.baseline
    }
}
