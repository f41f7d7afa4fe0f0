//! Pairs the drivers of the base with the drivers of the new side.

use std::collections::{BTreeMap, BTreeSet};

use super::renames;
use crate::{
    document::{DriverDeclaration, PartialContract},
    model::{BenchmarkProfile, DriverCapability, DriverContract, DriverName, Field, Scope},
    workspace::Workspace,
};

/// A driver that both sides have.
#[derive(Clone, Copy, Debug)]
pub(super) struct DriverChange<'w> {
    pub(super) old: &'w DriverContract,
    pub(super) new: &'w DriverContract,
}

/// A driver that both sides have, with read errors on at least one side.
#[derive(Debug)]
pub(super) struct PartialPair<'w> {
    /// The contracts. Fields that could not be read have arbitrary values.
    pub(super) pair: DriverChange<'w>,
    /// The fields that one side could not read.
    pub(super) unread: BTreeSet<Field>,
}

/// Two workspaces, and the drivers that both workspaces have.
#[derive(Debug)]
pub(super) struct Pairs<'w> {
    pub(super) old: &'w Workspace,
    pub(super) new: &'w Workspace,
    /// The complete drivers that both sides have, renamed or not, sorted by their name in the base.
    pub(super) both: Vec<DriverChange<'w>>,
    /// The drivers that both sides have, with read errors on at least one side, sorted by name.
    pub(super) partial: Vec<PartialPair<'w>>,
    /// The drivers that only the base has.
    pub(super) removed: Vec<&'w DriverContract>,
    /// The drivers that only the new side has.
    pub(super) added: Vec<&'w DriverContract>,
    /// The old names of renamed drivers, by new name.
    renamed: BTreeMap<&'w DriverName, &'w DriverName>,
}

impl<'w> Pairs<'w> {
    pub(super) fn new(old: &'w Workspace, new: &'w Workspace) -> Self {
        let same =
            |old: &'w DriverContract| Some(DriverChange { old, new: new.driver(&old.name)? });
        // A driver with read errors is neither removed nor added.
        let mut pairs = Self {
            old,
            new,
            both: old.drivers().filter_map(same).collect(),
            partial: partial(old, new),
            removed: only_in(old, new),
            added: only_in(new, old),
            renamed: BTreeMap::new(),
        };
        pairs.find_renamed();
        // Drivers with read errors cannot be matched as renamed, so they are added after that.
        let broken = old.partial_drivers().map(|partial| &partial.contract);
        pairs.removed.extend(broken.filter(|driver| new.source_of(&driver.name).is_none()));
        pairs
    }

    /// Returns each combination of a driver that both sides have and a profile.
    pub(super) fn loads(&self) -> impl Iterator<Item = (DriverChange<'w>, BenchmarkProfile)> {
        self.both
            .iter()
            .flat_map(|pair| self.profiles().into_iter().map(|profile| (*pair, profile)))
    }

    /// Returns the profiles that at least one side has, sorted.
    pub(super) fn profiles(&self) -> Vec<BenchmarkProfile> {
        let mut profiles: Vec<_> = self.old.profiles().chain(self.new.profiles()).collect();
        profiles.sort();
        profiles.dedup();
        profiles
    }

    /// Returns true if a driver with this capability claims the profile on one of the sides.
    pub(super) fn is_claimed_by(
        &self,
        profile: BenchmarkProfile,
        capability: DriverCapability,
    ) -> bool {
        [self.old, self.new]
            .into_iter()
            .any(|side| side.vocabulary().claimed_by(profile).contains(capability))
    }

    /// Moves renamed drivers from `removed` and `added` to `both`.
    fn find_renamed(&mut self) {
        let renamed = renames::find(&self.removed, &self.added).into_iter();
        let renamed: Vec<_> = renamed.map(|(old, new)| DriverChange { old, new }).collect();
        let names = |of: fn(&DriverChange<'w>) -> &'w DriverName| -> BTreeSet<&DriverName> {
            renamed.iter().map(of).collect()
        };
        let (old, new) = (names(|pair| &pair.old.name), names(|pair| &pair.new.name));
        self.removed.retain(|driver| !old.contains(&driver.name));
        self.added.retain(|driver| !new.contains(&driver.name));
        self.renamed = renamed.iter().map(|pair| (&pair.new.name, &pair.old.name)).collect();
        self.both.extend(renamed);
        self.both.sort_by_key(|pair| &pair.old.name);
    }

    /// Returns the driver with this name in the base, if both sides have it.
    pub(super) fn of_base(&self, name: &DriverName) -> Option<DriverChange<'w>> {
        let found = self.both.binary_search_by_key(&name, |pair| &pair.old.name);
        found.ok().map(|index| self.both[index])
    }

    /// Returns the name that a driver of the new side has in the base.
    pub(super) fn base_name<'n>(&self, name: &'n DriverName) -> &'n DriverName
    where
        'w: 'n,
    {
        self.renamed.get(name).copied().unwrap_or(name)
    }

    /// Converts a scope of the new side. A driver's scope gets the driver's name in the base.
    pub(super) fn base_scope(&self, scope: &Scope) -> Scope {
        match scope {
            Scope::Driver(name) => Scope::Driver(self.base_name(name).clone()),
            Scope::All | Scope::Class(_) => scope.clone(),
        }
    }
}

fn only_in<'w>(here: &'w Workspace, there: &'w Workspace) -> Vec<&'w DriverContract> {
    here.drivers().filter(|driver| there.source_of(&driver.name).is_none()).collect()
}

/// Returns the drivers that both sides have, with read errors on at least one side.
fn partial<'w>(old: &'w Workspace, new: &'w Workspace) -> Vec<PartialPair<'w>> {
    let broken = [old, new].into_iter().flat_map(Workspace::partial_drivers);
    let names: BTreeSet<_> = broken.map(|partial| &partial.contract.name).collect();
    let pair = |name: &DriverName| {
        let [(old, lost), (new, lost_too)] =
            [read(old.declared_driver(name)?)?, read(new.declared_driver(name)?)?];
        let unread = lost.iter().chain(lost_too).copied().collect();
        Some(PartialPair { pair: DriverChange { old, new }, unread })
    };
    names.into_iter().filter_map(pair).collect()
}

/// Returns the contract and the fields that could not be read, or `None` if the text is not valid
/// TOML.
fn read(driver: &DriverDeclaration) -> Option<(&DriverContract, &[Field])> {
    if let Some(contract) = driver.contract() {
        return Some((contract, &[]));
    }
    let PartialContract { contract, unread } = driver.partial()?;
    Some((contract, unread))
}
