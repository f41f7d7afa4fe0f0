//! The drivers of a workspace, found by their names.

use std::collections::BTreeSet;

use super::Declared;
use crate::document::DriverDeclaration;

type Driver = Declared<DriverDeclaration>;

/// Drivers in the order in which they were added, and the order of their names.
#[derive(Debug, Default)]
pub(super) struct Drivers {
    items: Vec<Driver>,
    /// The places in `items`, by name; of several with one name only the first.
    by_name: Vec<u32>,
}

impl Drivers {
    /// Makes room for so many more.
    pub(super) fn reserve(&mut self, more: usize) {
        self.items.reserve(more);
    }

    /// Adds a driver, which is found only once all are [sorted](Self::sort).
    pub(super) fn add(&mut self, driver: Driver) {
        self.items.push(driver);
    }

    /// Orders the drivers by name. Of those with one name the first counts; each of the others is
    /// handed over, with the first.
    pub(super) fn sort(&mut self, mut double: impl FnMut(&Driver, &Driver)) {
        let mut doubles = BTreeSet::new();
        let items = &self.items;
        let mut named: Vec<(&str, u32)> = items
            .iter()
            .zip(0..)
            .map(|(driver, place)| (driver.item.name().as_str(), place))
            .collect();
        // Equal names stay in their order. The files' names are mostly those of the drivers, so
        // long stretches are in order before.
        named.sort_by_key(|(name, _)| *name);
        named.dedup_by(|later, first| {
            let same = later.0 == first.0;
            if same {
                double(&items[later.1 as usize], &items[first.1 as usize]);
                doubles.insert(later.1);
            }
            same
        });
        self.by_name = named.into_iter().map(|(_, place)| place).collect();
        if !doubles.is_empty() {
            let mut places = 0..;
            self.items.retain(|_| places.next().is_some_and(|place| !doubles.contains(&place)));
            // The places behind a double are others now.
            self.sort(double);
        }
    }

    /// Every driver in the order in which they were added.
    pub(super) fn as_read(&self) -> &[Driver] {
        &self.items
    }

    /// The driver with this name.
    pub(super) fn get(&self, name: &str) -> Option<&Driver> {
        let name_at = |place: &u32| self.items[*place as usize].item.name().as_str();
        let found = self.by_name.binary_search_by(|place| name_at(place).cmp(name)).ok()?;
        Some(&self.items[self.by_name[found] as usize])
    }

    /// Every driver, by name.
    pub(super) fn iter(&self) -> impl Iterator<Item = &Driver> {
        self.by_name.iter().map(|place| &self.items[*place as usize])
    }
}
