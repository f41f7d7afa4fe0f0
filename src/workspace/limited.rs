//! Limits the number of findings per document, for findings that do not come from the document's
//! reader.

use std::collections::BTreeMap;

use super::Pending;
use crate::{finding::Finding, source::SourceId, toml::findings::MOST};

/// Findings in insertion order, up to a limit per document.
#[derive(Debug)]
pub(crate) struct CappedFindings<P> {
    retained: Vec<Finding<P>>,
    said: BTreeMap<SourceId, usize>,
}

impl<P> Default for CappedFindings<P> {
    fn default() -> Self {
        Self { retained: Vec::new(), said: BTreeMap::new() }
    }
}

impl<P> CappedFindings<P> {
    /// Adds a finding in a document, unless the document has reached its limit.
    pub(crate) fn push(&mut self, source: SourceId, finding: Finding<P>) {
        let said = self.said.entry(source).or_default();
        *said += 1;
        if *said <= MOST {
            self.retained.push(finding);
        }
    }

    /// Removes the stored findings and returns them.
    pub(crate) fn kept(&mut self) -> Vec<Finding<P>> {
        std::mem::take(&mut self.retained)
    }

    /// Returns the documents with more findings than the limit.
    pub(crate) fn too_many(&self) -> impl Iterator<Item = SourceId> {
        let all = self.said.iter();
        all.filter(|(_, said)| **said > MOST).map(|(source, _)| *source)
    }
}

impl CappedFindings<Pending> {
    /// Adds a finding whose location is not resolved yet.
    pub(super) fn add(&mut self, finding: Finding<Pending>) {
        self.push(finding.place.source, finding);
    }

    /// Adds a finding, if there is one.
    pub(super) fn extend(&mut self, finding: Option<Finding<Pending>>) {
        if let Some(finding) = finding {
            self.add(finding);
        }
    }
}
