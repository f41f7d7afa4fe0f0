//! Findings that are not of one document alone, of which no more of each document are kept than
//! of its own.

use std::collections::BTreeMap;

use super::Pending;
use crate::{finding::Finding, source::SourceId, toml::findings::MOST};

/// Findings in the order in which they are said.
#[derive(Debug)]
pub(crate) struct Limited<P> {
    kept: Vec<Finding<P>>,
    said: BTreeMap<SourceId, usize>,
}

impl<P> Default for Limited<P> {
    fn default() -> Self {
        Self { kept: Vec::new(), said: BTreeMap::new() }
    }
}

impl<P> Limited<P> {
    /// Keeps a finding about a document, if there is room for it.
    pub(crate) fn push(&mut self, source: SourceId, finding: Finding<P>) {
        let said = self.said.entry(source).or_default();
        *said += 1;
        if *said <= MOST {
            self.kept.push(finding);
        }
    }

    /// Those that were kept.
    pub(crate) fn kept(&mut self) -> Vec<Finding<P>> {
        std::mem::take(&mut self.kept)
    }

    /// The documents of which not all were kept.
    pub(crate) fn too_many(&self) -> impl Iterator<Item = SourceId> {
        let all = self.said.iter();
        all.filter(|(_, said)| **said > MOST).map(|(source, _)| *source)
    }
}

impl Limited<Pending> {
    /// The same for a place that is not looked up yet.
    pub(super) fn add(&mut self, finding: Finding<Pending>) {
        self.push(finding.place.source, finding);
    }

    /// The same where there may be none.
    pub(super) fn extend(&mut self, finding: Option<Finding<Pending>>) {
        if let Some(finding) = finding {
            self.add(finding);
        }
    }
}
