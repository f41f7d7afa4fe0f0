//! From declarations and fields to bytes, one parse a document that is asked about.

use std::collections::BTreeMap;

use super::{Declaration, Finding, Part, Pending, Subject, Workspace};
use crate::{
    document::Locator,
    finding::Place,
    source::{Location, SourceId},
};

impl Workspace {
    /// The same findings, with the bytes that their places stand for.
    ///
    /// They stay in their order. A place that no document declares is left at the start of the first document.
    pub fn locate(&self, findings: Vec<Finding<Place>>) -> Vec<Finding<Location>> {
        let pending = findings.into_iter();
        let pending = pending.map(|finding| finding.map_places(|place| self.pending(place)));
        self.locate_all(pending.collect())
    }

    /// The bytes that places stand for, in their order; each document is read once.
    pub fn locate_places(&self, places: impl IntoIterator<Item = Place>) -> Vec<Location> {
        let mut locators = BTreeMap::new();
        let pending = places.into_iter().map(|place| self.pending(place));
        pending.map(|place| self.locate_one(place, &mut locators)).collect()
    }

    /// The document in which a place is, which takes no look at its text.
    pub fn source_of_place(&self, place: &Place) -> SourceId {
        self.find_subject(place.subject.clone()).0
    }

    pub(super) fn locate_all(&self, findings: Vec<Finding<Pending>>) -> Vec<Finding<Location>> {
        let mut locators = BTreeMap::new();
        findings
            .into_iter()
            .map(|finding| finding.map_places(|place| self.locate_one(place, &mut locators)))
            .collect()
    }

    fn locate_one<'w>(
        &'w self,
        place: Pending,
        locators: &mut BTreeMap<SourceId, Locator<'w>>,
    ) -> Location {
        let Pending { source, declaration, part } = place;
        let locator = locators.entry(source).or_insert_with(|| {
            Locator::new(self.sources.source(source).text().unwrap_or_default())
        });
        let span = match part {
            Part::Name => locator.locate_name(&declaration),
            Part::Whole => locator.locate(&declaration, None),
            Part::Field(field) => locator.locate(&declaration, Some(field)),
        };
        Location { source, span }
    }

    pub(super) fn pending(&self, place: Place) -> Pending {
        let Place { subject, field } = place;
        let (source, declaration) = self.find_subject(subject);
        Pending { source, declaration, part: field.map_or(Part::Whole, Part::Field) }
    }

    fn find_subject(&self, subject: Subject) -> (SourceId, Declaration) {
        match subject {
            Subject::Driver(name) => {
                let source = self.drivers.get(&name).map(|driver| driver.source);
                (source.unwrap_or_default(), Declaration::Driver(name))
            }
            Subject::Budget(profile, scope) => {
                let declared = self.budgets.get(&profile).and_then(|scopes| scopes.get(&scope));
                let source = declared.map(|budget| budget.source);
                (source.unwrap_or_default(), Declaration::Budget(profile, scope))
            }
            Subject::Workload(profile, scope) => {
                let declared = self.workloads.get(&profile).and_then(|scopes| scopes.get(&scope));
                let source = declared.map(|workload| workload.source);
                (source.unwrap_or_default(), Declaration::Workload(profile, scope))
            }
            Subject::Benchmark(index) => {
                let entry = self.benchmarks.get(index);
                let (source, index) = entry.map_or_else(Default::default, |e| (e.source, e.index));
                (source, Declaration::Benchmark(index))
            }
            Subject::Waiver(index) => {
                let entry = self.waivers.get(index);
                let (source, index) = entry.map_or_else(Default::default, |e| (e.source, e.index));
                (source, Declaration::Waiver(index))
            }
        }
    }
}
