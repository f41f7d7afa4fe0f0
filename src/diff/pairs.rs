//! Which driver of the base is which driver now.

use std::collections::{BTreeMap, BTreeSet};

use super::renames;
use crate::{
    model::{DriverContract, DriverName, Scope},
    workspace::Workspace,
};

/// One driver on both sides.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pair<'w> {
    pub(super) old: &'w DriverContract,
    pub(super) new: &'w DriverContract,
}

/// Two workspaces, and the drivers that both have.
#[derive(Debug)]
pub(super) struct Pairs<'w> {
    pub(super) old: &'w Workspace,
    pub(super) new: &'w Workspace,
    /// The drivers that both sides have, renamed or not, by their name in the base.
    pub(super) both: Vec<Pair<'w>>,
    /// The drivers that only the base has.
    pub(super) removed: Vec<&'w DriverContract>,
    /// The drivers that only the new side has.
    pub(super) added: Vec<&'w DriverContract>,
    /// The old names of renamed drivers, by the new ones.
    renamed: BTreeMap<&'w DriverName, &'w DriverName>,
}

impl<'w> Pairs<'w> {
    pub(super) fn new(old: &'w Workspace, new: &'w Workspace) -> Self {
        let same = |old: &'w DriverContract| Some(Pair { old, new: new.driver(&old.name)? });
        // A driver that was read with an error is there all the same.
        let mut pairs = Self {
            old,
            new,
            both: old.drivers().filter_map(same).collect(),
            removed: only_in(old, new),
            added: only_in(new, old),
            renamed: BTreeMap::new(),
        };
        pairs.find_renamed();
        pairs
    }

    /// Pairs the drivers that were renamed.
    fn find_renamed(&mut self) {
        let renamed = renames::find(&self.removed, &self.added);
        let names = |of: fn(&Pair<'w>) -> &'w DriverName| -> BTreeSet<&DriverName> {
            renamed.iter().map(of).collect()
        };
        let (old, new) = (names(|pair| &pair.old.name), names(|pair| &pair.new.name));
        self.removed.retain(|driver| !old.contains(&driver.name));
        self.added.retain(|driver| !new.contains(&driver.name));
        self.renamed = renamed.iter().map(|pair| (&pair.new.name, &pair.old.name)).collect();
        self.both.extend(renamed);
        self.both.sort_by_key(|pair| &pair.old.name);
    }

    /// The driver with this name in the base, if both sides have it.
    pub(super) fn of_base(&self, name: &DriverName) -> Option<Pair<'w>> {
        let found = self.both.binary_search_by_key(&name, |pair| &pair.old.name);
        found.ok().map(|index| self.both[index])
    }

    /// The name in the base of a driver of the new side.
    pub(super) fn base_name<'n>(&self, name: &'n DriverName) -> &'n DriverName
    where
        'w: 'n,
    {
        self.renamed.get(name).copied().unwrap_or(name)
    }

    /// The scope in the terms of the base.
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
