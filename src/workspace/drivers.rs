//! Indexes the drivers of a workspace by name.

use std::collections::BTreeSet;

use super::Declared;
use crate::{document::DriverDeclaration, source::SourceId};

/// The maximum number of drivers of a document that are searched one after another.
const MOST_NEAR: usize = 4;

/// A driver and its document.
pub(super) type DriverEntry<'w> = Declared<&'w DriverDeclaration>;

/// Drivers in insertion order, with an index by name.
#[derive(Debug, Default)]
pub(super) struct Drivers {
    /// The drivers of each document. Each list is close in memory to the strings of its drivers.
    lists: Vec<Declared<Vec<DriverDeclaration>>>,
    /// The drivers by name. Drivers with the same name are in insertion order.
    by_name: Vec<Place>,
}

/// The index of a list, and the index of a driver in the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    pub(super) list: u32,
    pub(super) driver: u32,
}

impl Drivers {
    /// Reserves memory for the drivers of this many documents.
    pub(super) fn reserve(&mut self, documents: usize) {
        self.lists.reserve(documents);
    }

    /// Adds the drivers of a document. They cannot be found until [`Self::index`] is called.
    pub(super) fn add(&mut self, source: SourceId, drivers: Vec<DriverDeclaration>) {
        if !drivers.is_empty() {
            self.lists.push(Declared { source, item: drivers });
        }
    }

    /// Indexes all drivers by name. Removes duplicates, and passes each duplicate to `duplicate`
    /// together with the first driver of that name.
    pub(super) fn index(&mut self, mut duplicate: impl FnMut(DriverEntry<'_>, DriverEntry<'_>)) {
        self.by_name = self.sorted();
        let same_name = |left: &Place, right: &Place| self.name(*left) == self.name(*right);
        let named = self.by_name.chunk_by(same_name);
        let mut duplicates: Vec<(Place, Place)> =
            named.flat_map(|places| places[1..].iter().map(|again| (*again, places[0]))).collect();
        if duplicates.is_empty() {
            return;
        }
        duplicates.sort_unstable();
        for (again, first) in &duplicates {
            duplicate(self.at(*again), self.at(*first));
        }
        self.remove(&duplicates.into_iter().map(|(again, _)| again).collect());
        // The removal has changed the indices.
        self.by_name = self.sorted();
    }

    /// Sorts the drivers by name. They are usually almost sorted, because files are often named
    /// after their drivers.
    fn sorted(&self) -> Vec<Place> {
        let lists = (0..).zip(&self.lists).flat_map(|(list, declared)| {
            let drivers = declared.item.iter().zip(0..);
            drivers.map(move |(item, driver)| (&**item.name(), Place { list, driver }))
        });
        let mut named: Vec<(&str, Place)> = lists.collect();
        named.sort_by_key(|(name, _)| *name);
        named.into_iter().map(|(_, place)| place).collect()
    }

    fn remove(&mut self, duplicates: &BTreeSet<Place>) {
        for (list, declared) in (0..).zip(&mut self.lists) {
            let mut numbers = 0..;
            declared.item.retain(|_| {
                let driver = numbers.next().unwrap_or_default();
                !duplicates.contains(&Place { list, driver })
            });
        }
    }

    /// Returns all drivers, in insertion order.
    pub(super) fn as_read(&self) -> impl Iterator<Item = DriverEntry<'_>> {
        self.lists.iter().flat_map(|Declared { source, item }| {
            item.iter().map(|item| Declared { source: *source, item })
        })
    }

    /// Returns all drivers, in insertion order. Their names must not change.
    pub(super) fn iter_mut(&mut self) -> impl Iterator<Item = &mut DriverDeclaration> {
        self.lists.iter_mut().flat_map(|list| &mut list.item)
    }

    /// Returns the driver with this name.
    pub(super) fn get(&self, name: &str) -> Option<DriverEntry<'_>> {
        self.find(name).map(|place| self.at(place))
    }

    /// Returns the place of the driver with this name.
    pub(super) fn find(&self, name: &str) -> Option<Place> {
        let found = self.by_name.binary_search_by(|place| self.name(*place).cmp(name)).ok()?;
        Some(self.by_name[found])
    }

    /// Returns the place of the driver with this name, if the driver is one of the first drivers in
    /// a document.
    pub(super) fn find_in(&self, name: &str, source: SourceId) -> Option<Place> {
        let list = self.lists.partition_point(|list| list.source < source);
        let near = self.lists.get(list).filter(|list| list.source == source);
        let drivers = near.map_or(&[][..], |list| &list.item[..list.item.len().min(MOST_NEAR)]);
        let driver = drivers.iter().position(|driver| driver.name().as_str() == name)?;
        Some(Place { list: u32::try_from(list).ok()?, driver: u32::try_from(driver).ok()? })
    }

    /// Returns the places of all drivers, by name.
    pub(super) fn places(&self) -> impl Iterator<Item = (&str, Place)> {
        self.by_name.iter().map(|place| (self.name(*place), *place))
    }

    /// Returns the number of drivers.
    pub(super) const fn len(&self) -> usize {
        self.by_name.len()
    }

    /// Returns, for each list, the number of drivers in all earlier lists.
    pub(super) fn starts(&self) -> Vec<u32> {
        let lists = self.lists.iter();
        let starts = lists.scan(0, |next: &mut u32, list| {
            let start = *next;
            *next = next.saturating_add(u32::try_from(list.item.len()).unwrap_or(u32::MAX));
            Some(start)
        });
        starts.collect()
    }

    /// Returns all drivers, by name.
    pub(super) fn iter(&self) -> impl Iterator<Item = DriverEntry<'_>> {
        self.by_name.iter().map(|place| self.at(*place))
    }

    /// Returns the driver at a place.
    pub(super) fn at(&self, place: Place) -> DriverEntry<'_> {
        let Declared { source, item } = &self.lists[place.list as usize];
        Declared { source: *source, item: &item[place.driver as usize] }
    }

    fn name(&self, place: Place) -> &str {
        self.at(place).item.name()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::DriverName;

    fn drivers<'n>(lists: impl IntoIterator<Item = Vec<&'n str>>) -> Drivers {
        let mut drivers = Drivers::default();
        for names in lists {
            let names = names.into_iter().map(|name| DriverName::new(name).unwrap());
            let broken =
                names.map(|name| DriverDeclaration::Invalid { name, class: None, partial: None });
            drivers.add(SourceId::default(), broken.collect());
        }
        drivers
    }

    fn names<'d>(drivers: impl Iterator<Item = DriverEntry<'d>>) -> Vec<&'d str> {
        drivers.map(|driver| driver.item.name().as_str()).collect()
    }

    #[test]
    fn index_retains_first_driver_of_each_name() {
        let mut drivers = drivers([vec!["b"], vec![], vec!["a", "b"], vec!["a", "c"], vec!["a"]]);
        let mut duplicates = Vec::new();
        drivers.index(|again, first| {
            assert!(!std::ptr::eq(again.item, first.item));
            duplicates.push(again.item.name().to_string());
        });
        assert_eq!(duplicates, ["b", "a", "a"], "duplicates in insertion order");
        assert_eq!(names(drivers.as_read()), ["b", "a", "c"]);
        assert_eq!(names(drivers.iter()), ["a", "b", "c"]);
        assert!(["a", "b", "c"].iter().all(|name| drivers.get(name).is_some()));
        assert!(drivers.get("d").is_none());
    }

    #[test]
    fn index_finds_each_of_10_000_drivers() {
        let count = 10_000;
        let all: Vec<String> = (0..count).rev().map(|number| format!("d{number:05}")).collect();
        let mut drivers = drivers(all.iter().map(|name| vec![name.as_str()]));
        drivers.index(|_, _| panic!("no name occurs twice"));
        assert_eq!(names(drivers.as_read()), all);
        assert!(names(drivers.iter()).is_sorted());
        let found = |name: &String| drivers.get(name).is_some_and(|it| **it.item.name() == **name);
        assert!(all.iter().all(found));
    }
}
