//! Finds the owner of each finding in `[owners]` of the configuration.

use std::collections::BTreeMap;

use crate::{
    configuration::{Configuration, Owners},
    document::PartialContract,
    finding::{ContractPath, DeclarationId, Finding},
    model::{DriverName, Field, Name, Scope},
    rules::{REQUIREMENT_UNMET, REQUIREMENT_VACUOUS},
    source::{Location, SourceId},
    workspace::Workspace,
};

/// The owners of the drivers and files of a workspace.
pub(super) struct OwnerLookup<'a> {
    workspace: &'a Workspace,
    owners: &'a Owners,
    /// The tiers of drivers that have read errors in other fields. Empty if no tier has an owner.
    partial: BTreeMap<&'a DriverName, &'a Name>,
    /// The owners by glob. Empty if there are no globs.
    files: BTreeMap<SourceId, &'a Name>,
}

impl<'a> OwnerLookup<'a> {
    /// Finds the owner of each source. `path` maps the name of a source to the path that globs
    /// match.
    pub(super) fn new(
        configuration: &'a Configuration,
        workspace: &'a Workspace,
        path: impl Fn(&str) -> String,
    ) -> Self {
        let owners = &configuration.owners;
        let mut files = BTreeMap::new();
        if !owners.files.is_empty() {
            let owner = |name: &str| owners.of_file(&path(name));
            let sources = workspace.sources().iter();
            files.extend(sources.filter_map(|(id, source)| Some((id, owner(source.name())?))));
        }
        let mut partial = BTreeMap::new();
        if !owners.tiers.is_empty() {
            let read = |it: &&PartialContract| !it.unread.contains(&Field::SupportTier);
            let drivers = workspace.partial_drivers().filter(read).map(|it| &it.contract);
            partial.extend(drivers.map(|contract| (&contract.name, &contract.support_tier)));
        }
        Self { workspace, owners, partial, files }
    }

    /// Sets the owner of a finding to the owner of the driver that the finding is about.
    pub(super) fn add_of_driver(&self, finding: &mut Finding) {
        if self.owners.tiers.is_empty() || has_own_owner(finding) {
            return;
        }
        let tier = driver_of_finding(self.workspace, finding).and_then(|name| self.tier_of(name));
        finding.owner = tier.and_then(|tier| self.owners.tiers.get(tier)).cloned();
    }

    fn tier_of(&self, driver: &DriverName) -> Option<&Name> {
        let contract = self.workspace.driver(driver);
        contract.map(|it| &it.support_tier).or_else(|| self.partial.get(driver).copied())
    }

    /// Sets the owner of a finding to the owner of its file, if the file has an owner. It replaces
    /// the owner of the driver.
    pub(super) fn add_of_file(&self, finding: &mut Finding<Location>) {
        if let Some(owner) =
            self.files.get(&finding.place.source).filter(|_| !has_own_owner(finding))
        {
            finding.owner = Some((*owner).clone());
        }
    }
}

/// Returns true if a finding is about a requirement, whose owner is more specific than `[owners]`.
fn has_own_owner<P>(finding: &Finding<P>) -> bool {
    [&REQUIREMENT_UNMET, &REQUIREMENT_VACUOUS].contains(&finding.rule)
}

/// Returns the driver that a finding belongs to, if there is one. A requirement can be unmet because
/// of a budget that several drivers share, so the requirement names the driver.
pub(super) fn driver_of_finding<'p>(
    workspace: &'p Workspace,
    finding: &'p Finding,
) -> Option<&'p DriverName> {
    let requirement = || {
        let mut places = finding.related.iter().map(|related| &related.place);
        places.find(|place| matches!(place.subject, DeclarationId::Requirement(_)))
    };
    let of = |place| driver_of(workspace, place);
    of(&finding.place).or_else(|| of(requirement()?))
}

/// Returns the driver that a declaration belongs to, if there is one.
fn driver_of<'p>(workspace: &'p Workspace, place: &'p ContractPath) -> Option<&'p DriverName> {
    match &place.subject {
        DeclarationId::Driver(name)
        | DeclarationId::Budget(_, Scope::Driver(name))
        | DeclarationId::Workload(_, Scope::Driver(name))
        | DeclarationId::Instances(_, name) => Some(name),
        DeclarationId::Benchmark(number) => workspace.benchmarked_driver(*number),
        DeclarationId::Call(number) => workspace.called_driver(*number),
        DeclarationId::Requirement(number) => workspace.required_driver(*number),
        DeclarationId::Budget(..)
        | DeclarationId::Workload(..)
        | DeclarationId::Waiver(_)
        | DeclarationId::Template(_)
        | DeclarationId::Server(_)
        | DeclarationId::Caller(_) => None,
    }
}
