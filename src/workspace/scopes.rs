//! Stores declarations by scope: all drivers, one class or one driver.

use std::collections::BTreeMap;

use crate::model::{DriverClass, DriverName, Scope};

/// At most one item per scope.
#[derive(Debug)]
pub struct Scopes<T> {
    all: Option<T>,
    classes: BTreeMap<DriverClass, T>,
    drivers: BTreeMap<DriverName, T>,
}

impl<T> Default for Scopes<T> {
    fn default() -> Self {
        Self { all: None, classes: BTreeMap::new(), drivers: BTreeMap::new() }
    }
}

impl<T> Scopes<T> {
    /// Adds an item, unless the scope already has an item. Returns the rejected item.
    pub(super) fn insert(&mut self, scope: &Scope, item: T) -> Option<T> {
        use std::collections::btree_map::Entry;
        match scope {
            Scope::All if self.all.is_none() => self.all = Some(item),
            Scope::All => return Some(item),
            Scope::Class(class) => match self.classes.entry(*class) {
                Entry::Occupied(_) => return Some(item),
                Entry::Vacant(entry) => _ = entry.insert(item),
            },
            Scope::Driver(name) => match self.drivers.entry(name.clone()) {
                Entry::Occupied(_) => return Some(item),
                Entry::Vacant(entry) => _ = entry.insert(item),
            },
        }
        None
    }

    /// Returns the item of exactly this scope.
    pub fn get(&self, scope: &Scope) -> Option<&T> {
        match scope {
            Scope::All => self.all.as_ref(),
            Scope::Class(class) => self.classes.get(class),
            Scope::Driver(name) => self.drivers.get(name),
        }
    }

    /// Returns the items that apply to a driver, the widest scope first.
    pub fn chain(&self, class: DriverClass, driver: &str) -> impl Iterator<Item = &T> {
        self.shared(class).chain(self.drivers.get(driver))
    }

    /// Returns the items that apply to every driver of a class, the widest scope first.
    pub fn shared(&self, class: DriverClass) -> impl Iterator<Item = &T> {
        self.all.iter().chain(self.classes.get(&class))
    }

    /// Returns all items: first for all drivers, then for classes by label, then for drivers by
    /// name.
    pub fn iter(&self) -> impl Iterator<Item = &T> {
        let mut classes: Vec<_> = self.classes.iter().collect();
        classes.sort_by_key(|(class, _)| class.label());
        let classes = classes.into_iter().map(|(_, item)| item);
        self.all.iter().chain(classes).chain(self.drivers.values())
    }

    /// Returns the drivers that have their own item.
    pub fn drivers(&self) -> impl Iterator<Item = (&DriverName, &T)> {
        self.drivers.iter()
    }
}
