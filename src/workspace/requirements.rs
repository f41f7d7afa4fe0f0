//! Joins requirements with the drivers and budgets that they name.

use std::collections::BTreeMap;

use super::{
    CappedFindings, Finding, Numbered, Part, Pending, Workspace, neighbours::Neighbours, numbered,
};
use crate::{
    document::{Declaration, RequirementDeclaration},
    model::{
        BenchmarkProfile, Bound, DriverContract, DriverName, EffectiveBudget, Field, Requirement,
    },
    source::SourceId,
    toml::rules::DUPLICATE_DECLARATION,
};

/// The requirements of a workspace.
#[derive(Debug, Default)]
pub(super) struct Requirements {
    /// The requirements, by file, then by position.
    declared: Vec<Numbered<RequirementDeclaration>>,
    /// The indices of the valid requirements, sorted by driver, consumer and profile. Leaves out
    /// requirements that repeat another requirement.
    sorted: Vec<usize>,
}

/// The driver, the consumer and the profile of a requirement.
type Identity<'w> = (&'w str, &'w str, Option<&'w str>);

fn identity(requirement: &Requirement) -> Identity<'_> {
    let profile = requirement.profile.as_ref().map(BenchmarkProfile::label);
    (&requirement.driver, requirement.consumer.as_str(), profile)
}

impl Requirements {
    /// Adds the requirements of a document.
    pub(super) fn add(&mut self, source: SourceId, requirements: Vec<RequirementDeclaration>) {
        self.declared.extend(numbered(source, requirements));
    }

    /// Sorts the valid requirements. Reports each requirement with the driver, the consumer and the
    /// profile of an earlier one.
    fn index(&mut self, findings: &mut CappedFindings<Pending>) {
        let mut firsts = BTreeMap::new();
        for (index, declared) in self.declared.iter().enumerate() {
            let Some(requirement) = declared.item.requirement() else { continue };
            let first = *firsts.entry(identity(requirement)).or_insert(index);
            if first != index {
                findings.add(declared_twice(declared, &self.declared[first], requirement));
            }
        }
        self.sorted = firsts.into_values().collect();
    }

    fn get(&self, index: usize) -> Option<&Requirement> {
        self.declared.get(index)?.item.requirement()
    }
}

impl Workspace {
    /// Indexes the requirements. Reports duplicates and unknown drivers.
    pub(super) fn resolve_requirements(&mut self, findings: &mut CappedFindings<Pending>) {
        if self.requirements.declared.is_empty() {
            return;
        }
        self.requirements.index(findings);
        let mut neighbours = Neighbours::new(Field::Driver, self.driver_names());
        for declared in &self.requirements.declared {
            let Some(name) = declared.item.driver() else { continue };
            findings.extend(self.unknown(
                name,
                &mut neighbours,
                at(declared, Part::Field(Field::Driver)),
            ));
        }
    }

    /// Returns the valid requirements with their indices, as in
    /// [`DeclarationId::Requirement`](crate::finding::DeclarationId::Requirement). They are sorted
    /// by driver, consumer and profile. Leaves out requirements that repeat another requirement.
    pub fn numbered_requirements(&self) -> impl Iterator<Item = (usize, &Requirement)> {
        let Requirements { sorted, .. } = &self.requirements;
        sorted.iter().filter_map(|index| Some((*index, self.requirements.get(*index)?)))
    }

    /// Returns the requirements of a driver like [`Self::numbered_requirements`].
    pub fn requirements_of<'w>(
        &'w self,
        driver: &str,
    ) -> impl Iterator<Item = (usize, &'w Requirement)> + use<'w> {
        let all = &self.requirements;
        let name = |index: &usize| all.get(*index).map_or("", |it| it.driver.as_str());
        let start = all.sorted.partition_point(|index| name(index) < driver);
        let count = all.sorted[start..].partition_point(|index| name(index) == driver);
        let own = &all.sorted[start..start + count];
        own.iter().filter_map(|index| Some((*index, all.get(*index)?)))
    }

    /// Returns the bounds of a requirement, with the values that a contract and the budgets of this
    /// workspace promise. Leaves out the limits of a budget that could not be read.
    pub fn bounds<'w>(
        &'w self,
        requirement: &'w Requirement,
        contract: &'w DriverContract,
    ) -> Vec<Bound<'w>> {
        let budget = self.required_budget(requirement, contract);
        let mut bounds = requirement.bounds(contract, budget.as_ref());
        if requirement.profile.is_some_and(|profile| self.may_lack_limits(contract, profile)) {
            bounds.retain(|bound| !bound.is_limit());
        }
        bounds
    }

    /// Returns the effective budget against which a requirement is judged, if there is one.
    pub fn required_budget(
        &self,
        requirement: &Requirement,
        contract: &DriverContract,
    ) -> Option<EffectiveBudget<'_>> {
        self.applying_budget(contract, requirement.profile?)
    }

    /// Returns true if a budget of a driver has read errors, or might be declared in text that could
    /// not be parsed.
    fn may_lack_limits(&self, contract: &DriverContract, profile: BenchmarkProfile) -> bool {
        let scopes = self.budgets.get(&profile);
        let mut chain =
            scopes.into_iter().flat_map(|scopes| scopes.chain(contract.class, &contract.name));
        chain.any(|declared| !declared.item.whole) || self.may_stand_in_broken_text(profile.label())
    }

    /// Returns the driver of each requirement with read errors. An item is `None` if the driver's
    /// name is also invalid.
    pub(crate) fn unread_requirements(&self) -> impl Iterator<Item = Option<&DriverName>> {
        let declared = self.requirements.declared.iter().map(|declared| &declared.item);
        let unread = declared.filter(|declared| declared.is_invalid());
        unread.map(RequirementDeclaration::driver)
    }

    /// Returns the requirement with this index, if every field was read.
    pub fn requirement(&self, number: usize) -> Option<&Requirement> {
        self.requirements.get(number)
    }

    /// Returns the driver that the requirement with this index names, if its name is valid.
    pub fn required_driver(&self, number: usize) -> Option<&DriverName> {
        self.requirements.declared.get(number)?.item.driver()
    }

    /// Returns the document of the requirement with this index, and the requirement's index in the
    /// document.
    pub(super) fn place_of_requirement(&self, number: usize) -> Option<(SourceId, usize)> {
        let Numbered { source, index, .. } = self.requirements.declared.get(number)?;
        Some((*source, *index))
    }
}

fn at(declared: &Numbered<RequirementDeclaration>, part: Part) -> Pending {
    let declaration = Declaration::Requirement(declared.index);
    Pending { source: declared.source, declaration, part }
}

/// Reports a requirement with the driver, the consumer and the profile of an earlier one.
#[cold]
fn declared_twice(
    again: &Numbered<RequirementDeclaration>,
    first: &Numbered<RequirementDeclaration>,
    requirement: &Requirement,
) -> Finding<Pending> {
    let Requirement { consumer, driver, profile, .. } = requirement;
    let load = profile.map_or_else(String::new, |it| format!(" under `{}`", it.label()));
    let message = format!("the requirement of `{consumer}` for `{driver}`{load} is declared twice");
    DUPLICATE_DECLARATION
        .finding(at(again, Part::Whole), message)
        .also(at(first, Part::Whole), "first declared here")
        .help("move all bounds to one of the two requirements, and delete the other")
}
