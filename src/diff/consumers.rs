//! Finds the declared consumers that each breaking change breaks.
//!
//! Only the requirements of the base apply. If the same change relaxes or removes a requirement,
//! the requirement still applies.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Change, ChangedItem, Direction, Severity, changes_by_driver,
    outlasting::slower,
    pairs::{DriverChange, Pairs},
};
use crate::{
    configuration::Configuration,
    model::{Bound, BoundValue, Capabilities, Field, Name, Requirement, Slack},
    rules::REQUIREMENT_UNMET,
};

/// The maximum number of requirements that are named in the notes of a change.
const MOST_NAMED: usize = 3;

/// The declared consumers of the drivers that a breaking change affects.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AffectedConsumers {
    /// The consumers with a requirement that the change breaks, sorted.
    pub broken: Vec<Name>,
    /// The other consumers, sorted.
    pub unaffected: Vec<Name>,
}

impl AffectedConsumers {
    /// Returns true if the drivers have no declared consumers.
    pub const fn is_empty(&self) -> bool {
        self.broken.is_empty() && self.unaffected.is_empty()
    }

    /// Adds the consumers of another change. A consumer that one of the changes breaks is broken.
    pub(crate) fn merge(&mut self, other: &Self) {
        let broken: BTreeSet<_> = self.broken.iter().chain(&other.broken).cloned().collect();
        let all = self.unaffected.iter().chain(&other.unaffected);
        let unaffected: BTreeSet<_> = all.filter(|name| !broken.contains(*name)).cloned().collect();
        (self.broken, self.unaffected) =
            (broken.into_iter().collect(), unaffected.into_iter().collect());
    }
}

/// A bound of a requirement of the base that the base meets and the new side does not meet.
#[derive(Clone)]
struct Broken<'w> {
    requirement: &'w Requirement,
    field: Field,
    /// The required capabilities that the driver loses.
    lost: Capabilities,
    note: String,
}

/// Marks each change that breaks a requirement as breaking, and adds the consumers to all breaking
/// changes.
pub(super) fn note(pairs: &Pairs<'_>, configuration: &Configuration, changes: &mut [Change]) {
    let is_off = configuration.level(&REQUIREMENT_UNMET).is_none();
    if is_off || pairs.old.numbered_requirements().next().is_none() {
        return;
    }
    let mut broken_by: BTreeMap<usize, Vec<Broken<'_>>> = BTreeMap::new();
    {
        let of_driver = changes_by_driver(changes);
        for pair in &pairs.both {
            let Some(indices) = of_driver.get(&pair.old.name) else { continue };
            for (_, requirement) in pairs.old.requirements_of(&pair.old.name) {
                for broken in broken(pairs, *pair, requirement) {
                    for index in causes(pairs, *pair, &broken, (changes, indices)) {
                        broken_by.entry(index).or_default().push(broken.clone());
                    }
                }
            }
        }
    }
    for (index, change) in changes.iter_mut().enumerate() {
        add(pairs, change, &broken_by.remove(&index).unwrap_or_default());
    }
}

/// Returns the bounds of a requirement that the difference breaks.
fn broken<'w>(
    pairs: &Pairs<'w>,
    pair: DriverChange<'w>,
    requirement: &'w Requirement,
) -> Vec<Broken<'w>> {
    let before = pairs.old.bounds(requirement, pair.old);
    let after = pairs.new.bounds(requirement, pair.new);
    let turned = after.iter().filter_map(|after| {
        let before = before.iter().find(|before| before.field == after.field)?;
        let lost = match (before.slack(), after.slack()) {
            (Slack::Missing(before), Slack::Missing(after)) => after.without(&before),
            _ => Capabilities::default(),
        };
        let is_broken = !lost.is_empty() || (before.is_met() && !after.is_met());
        let note = describe(requirement, after, &lost);
        is_broken.then_some(Broken { requirement, field: after.field, lost, note })
    });
    turned.collect()
}

/// Says what the consumer requires: `` `billing` requires `max_attempts` to be at most 2 (owner:
/// payments-team) ``.
fn describe(requirement: &Requirement, bound: &Bound<'_>, lost: &Capabilities) -> String {
    let Requirement { consumer, owner, .. } = requirement;
    if !lost.is_empty() {
        let lost: Vec<_> = lost.iter().map(|it| format!("`{}`", it.label())).collect();
        return format!("`{consumer}` requires {} (owner: {owner})", lost.join(", "));
    }
    let unit = match bound.required {
        BoundValue::Number(_, unit) => unit,
        BoundValue::Latency(..) => bound.latency_unit().suffix(),
        BoundValue::Capabilities(_) => "",
    };
    let relation = if bound.is_floor() { "at least" } else { "at most" };
    let (key, required) = (bound.key(), bound.shown(bound.required));
    format!("`{consumer}` requires `{key}` to be {relation} {required}{unit} (owner: {owner})")
}

/// Returns the changes that break a bound, of the changes that affect the driver.
fn causes(
    pairs: &Pairs<'_>,
    pair: DriverChange<'_>,
    broken: &Broken<'_>,
    (changes, indices): (&[Change], &[usize]),
) -> Vec<usize> {
    let of_contract = |index: &usize| matches!(changes[*index].contract, ChangedItem::Driver(_));
    let own: Vec<_> = indices.iter().copied().filter(of_contract).collect();
    let with = |field: Field| {
        let is_of = move |index: &usize| changes[*index].field == field;
        own.iter().copied().filter(is_of).collect::<Vec<_>>()
    };
    #[expect(clippy::wildcard_enum_match_arm, reason = "all other bounds are limits of a budget")]
    match broken.field {
        Field::Capabilities => {
            let mut removed = with(Field::Capabilities);
            removed.retain(|index| loses(&changes[*index], &broken.lost));
            removed
        }
        Field::RequirementAttempts => with(Field::MaxAttempts),
        Field::WorstCaseMs => slower(pairs, &pair.old.name, own, changes),
        field => {
            let is_limit = |index: &usize| {
                let change = &changes[*index];
                let profile = broken.requirement.profile;
                change.field == field
                    && matches!(change.contract, ChangedItem::Budget(of, _) if Some(of) == profile)
            };
            let limits: Vec<_> = indices.iter().copied().filter(is_limit).collect();
            if limits.is_empty() {
                [Field::Class, Field::Capabilities].map(with).concat()
            } else {
                limits
            }
        }
    }
}

/// Returns true if a change removes one of these capabilities.
fn loses(change: &Change, lost: &Capabilities) -> bool {
    let label = change.part.detail.as_deref();
    change.direction == Direction::Remove && lost.iter().any(|word| Some(word.label()) == label)
}

/// Marks a change that breaks a requirement as breaking, and adds the consumers to a breaking
/// change.
fn add(pairs: &Pairs<'_>, change: &mut Change, broken: &[Broken<'_>]) {
    if !broken.is_empty() {
        change.severity = Severity::Breaking;
    }
    // No requirement depends on a workload.
    let is_workload = matches!(change.contract, ChangedItem::Workload(..));
    if change.severity < Severity::Breaking || is_workload {
        return;
    }
    let consumers = |driver| pairs.old.requirements_of(driver).map(|(_, it)| &it.consumer);
    let drivers = change.affected_drivers().iter();
    let all: BTreeSet<&Name> = drivers.flat_map(|driver| consumers(driver.as_str())).collect();
    // Nothing of a removed or renamed driver is left for its consumers.
    let is_gone = change.field == Field::Name && change.direction != Direction::Add;
    let is_broken =
        |name: &&Name| is_gone || broken.iter().any(|broken| broken.requirement.consumer == **name);
    let (broken_ones, others): (Vec<_>, Vec<_>) = all.into_iter().partition(is_broken);
    change.consumers = AffectedConsumers {
        broken: broken_ones.into_iter().cloned().collect(),
        unaffected: others.into_iter().cloned().collect(),
    };
    let more = broken.len().saturating_sub(MOST_NAMED);
    change.notes.extend(broken.iter().take(MOST_NAMED).map(|broken| broken.note.clone()));
    if more > 0 {
        let s = if more == 1 { "" } else { "s" };
        change.notes.push(format!("… and {more} more bound{s}"));
    }
}
