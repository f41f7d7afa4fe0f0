//! Groups findings that differ only in the driver, so that [`Format::Full`](super::Format::Full)
//! prints a fault of many drivers once.
//!
//! Other formats print each finding.

mod drivers;

use std::{
    collections::{BTreeMap, BTreeSet, HashMap, hash_map::Entry},
    hash::{DefaultHasher, Hash, Hasher},
};

use self::drivers::DriverIndex;
use super::fold::DriverTexts;
use crate::{
    finding::{Finding, Level},
    model::DriverName,
    source::{Location, Sources},
};

/// The minimum number of drivers in a group. Findings of fewer drivers are printed one by one.
const MIN_DRIVERS: usize = 5;
/// The maximum number of groups with which a finding is compared if its driver's name can also be a
/// word of the message.
const MOST_COMPARED: usize = 16;

/// A finding, and the other drivers that have an equal finding.
#[derive(Debug)]
pub(super) struct FindingGroup<'f> {
    /// The index of the finding.
    pub(super) index: usize,
    /// The finding of the first driver.
    pub(super) finding: &'f Finding<Location>,
    /// The other drivers, in the order of their findings. Each has one finding.
    pub(super) others: Vec<DriverName>,
}

/// Groups the findings that differ only in the driver and the location. A group has the position of
/// its first finding.
pub(super) fn grouped<'f>(
    findings: &'f [Finding<Location>],
    sources: &Sources,
) -> Vec<FindingGroup<'f>> {
    let frequent = frequent(findings);
    let candidates: Vec<_> =
        (0..findings.len()).filter(|index| frequent.contains(&kind(&findings[*index]))).collect();
    let places = candidates.iter().map(|index| findings[*index].place);
    let drivers = DriverIndex::of(places, sources);
    let mut group_of = vec![None; findings.len()];
    let mut others: Vec<Vec<DriverName>> = Vec::new();
    for Alike { members, .. } in alike(findings, &candidates, &drivers) {
        for index in members.keys() {
            group_of[*index] = Some(others.len());
        }
        others.push(members.into_values().skip(1).cloned().collect());
    }
    let first = |((index, finding), group): ((usize, _), Option<usize>)| match group {
        None => Some(FindingGroup { index, finding, others: Vec::new() }),
        Some(group) => {
            let others = std::mem::take(&mut others[group]);
            (!others.is_empty()).then_some(FindingGroup { index, finding, others })
        }
    };
    findings.iter().enumerate().zip(group_of).filter_map(first).collect()
}

/// The rule and level, which are equal in a group.
type FindingKind = (&'static str, Level);

const fn kind(finding: &Finding<Location>) -> FindingKind {
    (finding.rule.name, finding.level)
}

/// Returns the kinds with enough findings for a group.
fn frequent(findings: &[Finding<Location>]) -> BTreeSet<FindingKind> {
    let mut counts: BTreeMap<_, usize> = BTreeMap::new();
    for finding in findings {
        *counts.entry(kind(finding)).or_default() += 1;
    }
    counts.into_iter().filter(|(_, count)| *count >= MIN_DRIVERS).map(|(kind, _)| kind).collect()
}

/// Findings of different drivers that differ only in the driver.
struct Alike<'f> {
    kind: FindingKind,
    /// The texts of the finding that was added first.
    texts: DriverTexts<'f>,
    /// The drivers by the index of their finding.
    members: BTreeMap<usize, &'f DriverName>,
}

/// Returns the groups with enough drivers.
fn alike<'f>(
    findings: &'f [Finding<Location>],
    candidates: &[usize],
    drivers: &'f DriverIndex,
) -> Vec<Alike<'f>> {
    let mut groups: Vec<Alike<'f>> = Vec::new();
    let mut known: HashMap<(u64, u32), usize> = HashMap::new();
    let mut repeats: HashMap<(u64, &DriverName), u32> = HashMap::new();
    for index in candidates {
        let finding = &findings[*index];
        let Some(driver) = drivers.driver_at(finding.place) else { continue };
        let (kind, texts) = (kind(finding), DriverTexts::about(driver, finding));
        let likeness = likeness(kind, &texts);
        // The second of two equal findings of a driver belongs to another group than the first.
        let repeat = repeats.entry((likeness, driver)).or_default();
        *repeat += 1;
        match known.entry((likeness, *repeat)) {
            Entry::Vacant(entry) => {
                entry.insert(groups.len());
                groups.push(Alike { kind, texts, members: BTreeMap::from([(*index, driver)]) });
            }
            Entry::Occupied(entry) => {
                let group = &mut groups[*entry.get()];
                if group.kind == kind && group.texts.differ_only_in_driver(&texts) {
                    group.members.insert(*index, driver);
                }
            }
        }
    }
    let (mut large, small): (Vec<_>, Vec<_>) =
        groups.into_iter().partition(|group| group.members.len() >= MIN_DRIVERS);
    add_ambiguous(&mut large, small);
    large
}

/// Adds the findings of drivers whose names are also words of the message, so that their texts with
/// a placeholder for the name are different.
fn add_ambiguous<'f>(large: &mut [Alike<'f>], small: Vec<Alike<'f>>) {
    let mut by_kind: BTreeMap<FindingKind, Vec<usize>> = BTreeMap::new();
    let mut drivers: Vec<BTreeSet<&DriverName>> = Vec::new();
    for (number, group) in large.iter().enumerate() {
        by_kind.entry(group.kind).or_default().push(number);
        drivers.push(group.members.values().copied().collect());
    }
    for Alike { kind, texts, members } in small {
        let near = by_kind.get(&kind).into_iter().flatten().take(MOST_COMPARED);
        let is_new =
            |number: &usize| members.values().all(|driver| !drivers[*number].contains(driver));
        let fits =
            |number: &&usize| is_new(number) && large[**number].texts.differ_only_in_driver(&texts);
        if let Some(number) = near.copied().find(|number| fits(&number)) {
            drivers[number].extend(members.values());
            large[number].members.extend(members);
        }
    }
}

/// Returns a hash that is equal for findings that differ only in the driver.
fn likeness(kind: FindingKind, texts: &DriverTexts<'_>) -> u64 {
    let mut hasher = DefaultHasher::new();
    kind.hash(&mut hasher);
    texts.hash_without_driver(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests;
