//! Resolves contract paths to bytes. Parses each document at most once.

use std::collections::BTreeMap;

use super::{
    Declaration, DeclarationId, Finding, Part, Pending, Workspace, templates::in_template,
};
use crate::{
    document::Locator,
    finding::ContractPath,
    source::{Location, SourceId},
};

impl Workspace {
    /// Resolves the paths of findings to locations, in the same order.
    ///
    /// A path that no document declares becomes the start of the first document.
    pub fn locate(&self, findings: Vec<Finding<ContractPath>>) -> Vec<Finding<Location>> {
        let pending = findings.into_iter();
        let pending = pending.map(|finding| finding.map_places(|place| self.pending(place)));
        self.locate_all(pending.collect())
    }

    /// Resolves paths to locations, in the same order. Parses each document once.
    pub fn locate_places(&self, places: impl IntoIterator<Item = ContractPath>) -> Vec<Location> {
        let mut locators = BTreeMap::new();
        let pending = places.into_iter().map(|place| self.pending(place));
        pending.map(|place| self.locate_one(place, &mut locators)).collect()
    }

    /// The document of a path. Does not parse it.
    pub fn source_of_place(&self, place: &ContractPath) -> SourceId {
        self.pending(place.clone()).source
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

    pub(super) fn pending(&self, place: ContractPath) -> Pending {
        let ContractPath { subject, field } = place;
        if let (DeclarationId::Driver(name), Some(field)) = (&subject, field)
            && let Some(template) = self.templates.setting(name, field)
        {
            return in_template(template, Part::Field(field));
        }
        let (source, declaration) = self.find_subject(subject);
        Pending { source, declaration, part: field.map_or(Part::Whole, Part::Field) }
    }

    fn find_subject(&self, subject: DeclarationId) -> (SourceId, Declaration) {
        match subject {
            DeclarationId::Driver(name) => {
                let source = self.drivers.get(&name).map(|driver| driver.source);
                (source.unwrap_or_default(), Declaration::Driver(name))
            }
            DeclarationId::Budget(profile, scope) => {
                let declared = self.budgets.get(&profile).and_then(|scopes| scopes.get(&scope));
                let source = declared.map(|budget| budget.source);
                (source.unwrap_or_default(), Declaration::Budget(profile, scope))
            }
            DeclarationId::Workload(profile, scope) => {
                let declared = self.workloads.get(&profile).and_then(|scopes| scopes.get(&scope));
                let source = declared.map(|workload| workload.source);
                (source.unwrap_or_default(), Declaration::Workload(profile, scope))
            }
            DeclarationId::Benchmark(index) => {
                let entry = self.benchmarks.get(index);
                let (source, index) = entry.map_or_else(Default::default, |e| (e.source, e.index));
                (source, Declaration::Benchmark(index))
            }
            DeclarationId::Waiver(index) => {
                let entry = self.waivers.get(index);
                let (source, index) = entry.map_or_else(Default::default, |e| (e.source, e.index));
                (source, Declaration::Waiver(index))
            }
            DeclarationId::Template(name) => {
                let source = self.templates.get(&name).map(|template| template.source);
                (source.unwrap_or_default(), Declaration::Template(name))
            }
        }
    }
}
