//! The drivers of a workspace, found by their names.

use std::{collections::BTreeSet, sync::OnceLock};

use super::Declared;
use crate::{document::DriverDeclaration, fingerprint::fingerprint, parallel, source::SourceId};

/// A driver with the document that it stands in.
pub(super) type Driver<'w> = Declared<&'w DriverDeclaration>;

/// Drivers in the order in which they were added, and the places of their names.
#[derive(Debug, Default)]
pub(super) struct Drivers {
    /// The lists in which they were read: a driver stays where its texts stand beside it.
    lists: Vec<Declared<Vec<DriverDeclaration>>>,
    /// By the fingerprint of their names, then by name.
    index: Vec<(u64, Place)>,
    /// The order of their names, made when somebody asks for it.
    by_name: OnceLock<Vec<Place>>,
}

/// A list, and a driver in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Place {
    list: u32,
    driver: u32,
}

/// Of how many documents a thread notes the names at once. For fewer, no thread is started.
const LISTS_A_TASK: usize = 4096;

impl Drivers {
    /// Makes room for the drivers of so many documents.
    pub(super) fn reserve(&mut self, documents: usize) {
        self.lists.reserve(documents);
    }

    /// Adds the drivers of a document, which are found only once all are
    /// [indexed](Self::index).
    pub(super) fn add(&mut self, source: SourceId, drivers: Vec<DriverDeclaration>) {
        if !drivers.is_empty() {
            self.lists.push(Declared { source, item: drivers });
        }
    }

    /// Notes where each name is. Of the drivers with one name the first counts; each of the others
    /// is handed over, with the first.
    pub(super) fn index(&mut self, mut double: impl FnMut(Driver<'_>, Driver<'_>)) {
        self.index = self.noted();
        let mut doubles: Vec<(Place, Place)> = Vec::new();
        let mut first = None;
        for (fingerprint, place) in &self.index {
            match first {
                Some((same, first))
                    if same == fingerprint && self.name(first) == self.name(*place) =>
                {
                    doubles.push((*place, first));
                }
                _ => first = Some((fingerprint, *place)),
            }
        }
        if doubles.is_empty() {
            return;
        }
        doubles.sort_unstable();
        for (again, first) in &doubles {
            double(self.at(*again), self.at(*first));
        }
        self.remove(&doubles.into_iter().map(|(again, _)| again).collect());
        // The places behind a double are others now.
        self.index = self.noted();
    }

    /// The places of all names.
    fn noted(&self) -> Vec<(u64, Place)> {
        let tasks: Vec<_> = (0..).zip(self.lists.chunks(LISTS_A_TASK)).collect();
        let noted = parallel::all(&tasks, |(task, lists)| {
            let places = (task * LISTS_A_TASK..).zip(*lists).flat_map(|(list, declared)| {
                let list = short(list);
                declared.item.iter().zip(0..).map(move |(driver, number)| {
                    (fingerprint(driver.name().as_bytes()), Place { list, driver: number })
                })
            });
            places.collect::<Vec<_>>()
        });
        let mut index = noted.concat();
        index.sort_unstable_by(|(left, left_place), (right, right_place)| {
            let names = || self.name(*left_place).cmp(self.name(*right_place));
            left.cmp(right).then_with(names).then(left_place.cmp(right_place))
        });
        index
    }

    fn remove(&mut self, doubles: &BTreeSet<Place>) {
        for (list, declared) in (0..).zip(&mut self.lists) {
            let mut numbers = 0..;
            declared.item.retain(|_| {
                let driver = numbers.next().unwrap_or_default();
                !doubles.contains(&Place { list, driver })
            });
        }
    }

    /// Every driver in the order in which they were added.
    pub(super) fn as_read(&self) -> impl Iterator<Item = Driver<'_>> {
        self.lists.iter().flat_map(|Declared { source, item }| {
            item.iter().map(|item| Declared { source: *source, item })
        })
    }

    /// The driver with this name.
    pub(super) fn get(&self, name: &str) -> Option<Driver<'_>> {
        let sought = fingerprint(name.as_bytes());
        let order = |(fingerprint, place): &(u64, Place)| {
            fingerprint.cmp(&sought).then_with(|| self.name(*place).cmp(name))
        };
        let found = self.index.binary_search_by(order).ok()?;
        Some(self.at(self.index[found].1))
    }

    /// Every driver, by name.
    pub(super) fn iter(&self) -> impl Iterator<Item = Driver<'_>> {
        self.by_name.get_or_init(|| self.sorted()).iter().map(|place| self.at(*place))
    }

    /// The files' names are mostly those of the drivers, so long stretches are in order before.
    fn sorted(&self) -> Vec<Place> {
        let mut places: Vec<_> = self.index.iter().map(|(_, place)| *place).collect();
        places.sort_unstable();
        let mut named: Vec<_> = places.iter().map(|place| (self.name(*place), *place)).collect();
        named.sort_by_key(|(name, _)| *name);
        named.into_iter().map(|(_, place)| place).collect()
    }

    fn at(&self, place: Place) -> Driver<'_> {
        let Declared { source, item } = &self.lists[place.list as usize];
        Declared { source: *source, item: &item[place.driver as usize] }
    }

    fn name(&self, place: Place) -> &str {
        self.at(place).item.name()
    }
}

/// The number of a document, of which there are no more than [`SourceId`] counts.
fn short(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
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
                names.map(|name| DriverDeclaration::Broken { name, class: None, partial: None });
            drivers.add(SourceId::default(), broken.collect());
        }
        drivers
    }

    fn names<'d>(drivers: impl Iterator<Item = Driver<'d>>) -> Vec<&'d str> {
        drivers.map(|driver| driver.item.name().as_str()).collect()
    }

    #[test]
    fn of_one_name_the_first_counts_and_the_others_are_handed_over() {
        let mut drivers = drivers([vec!["b"], vec![], vec!["a", "b"], vec!["a", "c"], vec!["a"]]);
        let mut doubles = Vec::new();
        drivers.index(|again, first| {
            assert!(!std::ptr::eq(again.item, first.item));
            doubles.push(again.item.name().to_string());
        });
        assert_eq!(doubles, ["b", "a", "a"], "in the order in which they were read");
        assert_eq!(names(drivers.as_read()), ["b", "a", "c"]);
        assert_eq!(names(drivers.iter()), ["a", "b", "c"]);
        assert!(["a", "b", "c"].iter().all(|name| drivers.get(name).is_some()));
        assert!(drivers.get("d").is_none());
    }

    #[test]
    fn each_of_very_many_is_found() {
        let count = 2 * LISTS_A_TASK + 1;
        let all: Vec<String> = (0..count).rev().map(|number| format!("d{number:05}")).collect();
        let mut drivers = drivers(all.iter().map(|name| vec![name.as_str()]));
        drivers.index(|_, _| panic!("no name occurs twice"));
        assert_eq!(names(drivers.as_read()), all);
        assert!(names(drivers.iter()).is_sorted());
        let found = |name: &String| drivers.get(name).is_some_and(|it| **it.item.name() == **name);
        assert!(all.iter().all(found));
    }
}
