//! Joins the findings of several projects. Each project is checked separately.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    lint::{Accepted, Findings},
    source::{Location, Source, SourceId, Sources},
};

/// The findings of several projects, in the order of the projects.
#[derive(Debug, Default)]
pub struct JoinedFindings {
    /// The documents and configurations of all projects. A document that several projects include
    /// is one source.
    pub sources: Sources,
    /// The findings. A finding that several projects report is in the list only once.
    pub findings: Findings,
    /// The documents to report on. `None` means all documents.
    checked: Option<BTreeSet<SourceId>>,
    by_name: BTreeMap<String, SourceId>,
}

impl JoinedFindings {
    /// Adds the findings of a project. `checked` contains the documents of the project to report
    /// on; `None` means all documents.
    pub fn add(
        &mut self,
        sources: &Sources,
        checked: Option<&BTreeSet<SourceId>>,
        findings: Findings,
    ) {
        let before: BTreeSet<_> = self.sources.iter().map(|(id, _)| id).collect();
        let mut ids: BTreeMap<_, _> =
            sources.iter().map(|(id, source)| (id, self.document(source))).collect();
        let names = ids.iter().map(|(id, new)| (sources.source(*id).name().to_owned(), *new));
        self.by_name.extend(names);
        if self.checked.is_some() || checked.is_some() {
            let is_checked = |id: &SourceId| checked.is_none_or(|checked| checked.contains(id));
            let own = ids.iter().filter(|(id, _)| is_checked(id)).map(|(_, new)| *new);
            self.checked.get_or_insert_with(|| before.clone()).extend(own);
        }
        let Findings { open, accepted } = findings;
        for finding in open {
            let mut finding = finding.map_places(|place| self.moved(place, sources, &mut ids));
            // The path depends on the documents of the project.
            finding.path = None;
            let is_shared = before.contains(&finding.place.source);
            if !is_shared || !self.findings.open.contains(&finding) {
                self.findings.open.push(finding);
            }
        }
        for Accepted { finding, by, reason } in accepted {
            let finding = finding.map_places(|place| self.moved(place, sources, &mut ids));
            self.findings.accepted.push(Accepted { finding, by, reason });
        }
    }

    /// Returns the id of a document. Adds the document unless an earlier project has added it.
    fn document(&mut self, source: &Source) -> SourceId {
        if let Some(id) = self.by_name.get(source.name()) {
            return *id;
        }
        self.sources.add(source.clone())
    }

    /// Converts the place of a finding to a place in the joined sources. Adds a text that is not a
    /// document, such as the configuration, when a finding first refers to that text.
    fn moved(
        &mut self,
        place: Location,
        sources: &Sources,
        ids: &mut BTreeMap<SourceId, SourceId>,
    ) -> Location {
        let Location { source, span } = place;
        let add = || self.sources.add_beside(sources.source(source).clone());
        Location { source: *ids.entry(source).or_insert_with(add), span }
    }

    /// Returns the documents to report on. `None` means all documents.
    pub const fn checked(&self) -> Option<&BTreeSet<SourceId>> {
        self.checked.as_ref()
    }
}
