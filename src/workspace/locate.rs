//! Resolves contract paths to bytes. Parses each document at most once.

use std::collections::BTreeMap;

use super::{Declaration, DeclarationId, Finding, Workspace, templates::in_template};
use crate::{
    document::{Insertion, Locator},
    finding::{ContractPath, Edit, EditAction, Fix},
    model::Field,
    source::{Location, SourceId},
    toml::quote::quoted,
};

/// A location that is not resolved to bytes yet.
#[derive(Clone, Debug)]
pub(super) struct Pending {
    pub(super) source: SourceId,
    pub(super) declaration: Declaration,
    pub(super) part: Part,
}

/// A part of a declaration.
#[derive(Clone, Copy, Debug)]
pub(super) enum Part {
    Name,
    Whole,
    Field(Field),
    /// The location at which to add a field that the declaration does not have. Only edits use this
    /// part.
    Addition(Field),
    /// All lines of the declaration. Only edits use this part.
    Lines,
    /// The location at which to add keys that the declaration lacks. If a field is given, this
    /// field is an inner table that lacks the keys. A missing inner table is added too. Only edits
    /// use this part.
    Additions(Option<Field>),
}

/// The documents that have been parsed again.
type Locators<'w> = BTreeMap<SourceId, Locator<'w>>;

impl Workspace {
    /// Resolves the paths of findings to locations, in the same order.
    ///
    /// If no document declares a path, its location is the start of the first document.
    pub fn locate(&self, findings: Vec<Finding<ContractPath>>) -> Vec<Finding<Location>> {
        let pending = findings.into_iter().map(|finding| self.with_origins(finding));
        self.locate_all(pending.collect())
    }

    /// Resolves paths to locations, in the same order. Parses each document only once.
    pub fn locate_places(&self, places: impl IntoIterator<Item = ContractPath>) -> Vec<Location> {
        let mut locators = BTreeMap::new();
        let pending = places.into_iter().map(|place| self.pending(place));
        pending.map(|place| self.locate_one(place, &mut locators)).collect()
    }

    /// Returns the document of a path. Does not parse the document.
    pub fn source_of_place(&self, place: &ContractPath) -> SourceId {
        self.pending(place.clone()).source
    }

    pub(super) fn locate_all(&self, findings: Vec<Finding<Pending>>) -> Vec<Finding<Location>> {
        let mut locators = BTreeMap::new();
        let findings = findings.into_iter();
        findings.map(|finding| self.locate_finding(finding, &mut locators)).collect()
    }

    fn locate_finding<'w>(
        &'w self,
        mut finding: Finding<Pending>,
        locators: &mut Locators<'w>,
    ) -> Finding<Location> {
        let fix = finding.fix.take().and_then(|fix| self.locate_fix(fix, locators));
        let located = finding.map_places(|place| self.locate_one(place, locators));
        Finding { fix, ..located }
    }

    fn locate_one<'w>(&'w self, place: Pending, locators: &mut Locators<'w>) -> Location {
        let Pending { source, declaration, part } = place;
        let locator = self.locator(source, locators);
        let span = match part {
            Part::Name => locator.locate_name(&declaration),
            Part::Whole | Part::Lines | Part::Additions(_) => locator.locate(&declaration, None),
            Part::Field(field) | Part::Addition(field) => locator.locate(&declaration, Some(field)),
        };
        Location { source, span }
    }

    /// Returns the locator of a document. Parses the document if the document has no locator yet.
    pub(super) fn locator<'w, 'l>(
        &'w self,
        source: SourceId,
        locators: &'l mut Locators<'w>,
    ) -> &'l Locator<'w> {
        locators.entry(source).or_insert_with(|| {
            let text = self.sources.source(source).text().unwrap_or_default();
            Locator::new(text, self.vocabulary())
        })
    }

    /// Resolves the locations of a fix. Returns `None` if an edit has no location in its document.
    fn locate_fix<'w>(
        &'w self,
        fix: Fix<Pending>,
        locators: &mut Locators<'w>,
    ) -> Option<Fix<Location>> {
        let edits = fix.edits.into_iter();
        let edits = edits.map(|edit| self.locate_edit(edit, locators));
        let edits = edits.collect::<Option<Vec<_>>>()?.concat();
        Some(Fix { safety: fix.safety, edits })
    }

    fn locate_edit<'w>(
        &'w self,
        edit: Edit<Pending>,
        locators: &mut Locators<'w>,
    ) -> Option<Vec<Edit<Location>>> {
        let Edit { place, change } = edit;
        let source = place.source;
        match place.part {
            Part::Addition(field) => {
                let value = match change {
                    EditAction::Integer(number) => number.to_string(),
                    EditAction::Text(text) => quoted(&text),
                    EditAction::AddItem(_)
                    | EditAction::RemoveItem
                    | EditAction::RenameKey(_)
                    | EditAction::Remove
                    | EditAction::Insert(_)
                    | EditAction::InsertBelow(_) => return None,
                };
                let locator = self.locator(source, locators);
                let Insertion { span, text } =
                    locator.insertion(&place.declaration, field, &value)?;
                let place = Location { source, span };
                Some(vec![Edit { place, change: EditAction::Insert(text) }])
            }
            Part::Additions(table) => {
                let EditAction::InsertBelow(lines) = change else { return None };
                let locator = self.locator(source, locators);
                let edit = locator.additions(&place.declaration, table, &lines)?;
                let place = Location { source, span: edit.place };
                Some(vec![Edit { place, change: edit.change }])
            }
            Part::Lines => {
                let spans = self.locator(source, locators).lines_of(&place.declaration)?;
                let places = spans.into_iter().map(|span| Location { source, span });
                Some(places.map(|place| Edit { place, change: change.clone() }).collect())
            }
            Part::Name | Part::Whole | Part::Field(_) => {
                Some(vec![Edit { place: self.locate_one(place, locators), change }])
            }
        }
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
            DeclarationId::Server(name) => {
                (self.servers.source_of(&name).unwrap_or_default(), Declaration::Server(name))
            }
            DeclarationId::Instances(server, driver) => {
                let source = self.servers.source_of(&server).unwrap_or_default();
                (source, Declaration::Instances(server, driver))
            }
            DeclarationId::Caller(name) => {
                let source = self.source_of_caller(&name);
                (source.unwrap_or_default(), Declaration::Caller(name))
            }
            DeclarationId::Call(number) => {
                let (source, index) = self.place_of_call(number).unwrap_or_default();
                (source, Declaration::Call(index))
            }
            DeclarationId::Requirement(number) => {
                let (source, index) = self.place_of_requirement(number).unwrap_or_default();
                (source, Declaration::Requirement(index))
            }
        }
    }
}
