//! Finds changes that make a budget impossible or possible to meet under its workload.

use std::collections::BTreeMap;

use super::{Change, ChangedItem, Severity, changes::When, changes_by_driver, names, pairs::Pairs};
use crate::{
    feasibility::{Conflict, Feasibility},
    model::{BenchmarkProfile, DriverContract, DriverName, Limit},
    workspace::Workspace,
};

/// The drivers for which a limit became impossible or possible to meet, and the conflict of the
/// first of these drivers.
struct Turn {
    drivers: Vec<DriverName>,
    conflict: Conflict,
}

/// Adds notes to changes that make a limit impossible or possible to meet. A compatible change that
/// makes a limit impossible becomes risky.
pub(super) fn note(pairs: &Pairs<'_>, changes: &mut [Change]) {
    for ((index, profile, limit, impossible), turn) in turns(pairs, changes) {
        let change = &mut changes[index];
        if impossible && change.severity == Severity::Compatible {
            change.judge(|when| when == When::BudgetImpossible);
        }
        let Turn { drivers, conflict } = turn;
        let (word, was) = if impossible { ("impossible", "") } else { ("possible", "before: ") };
        let (limit, load) = (limit.field().key(), profile.label());
        let drivers = names(&drivers);
        change.notes.push(format!(
            "`{limit}` becomes {word} under `{load}` for {drivers}: {was}{conflict}"
        ));
    }
}

/// Returns the limits that became impossible (`true`) or possible (`false`) to meet. The key starts
/// with the index of the change that is the cause.
fn turns(
    pairs: &Pairs<'_>,
    changes: &[Change],
) -> BTreeMap<(usize, BenchmarkProfile, Limit, bool), Turn> {
    let causes = changes_by_driver(changes);
    let mut turns = BTreeMap::new();
    for (pair, profile) in pairs.loads() {
        let Some(causes) = causes.get(&pair.old.name) else { continue };
        let old = conflicts(pairs.old, pair.old, profile);
        let new = conflicts(pairs.new, pair.new, profile);
        for (conflicts, others, impossible) in [(&new, &old, true), (&old, &new, false)] {
            let is_turned =
                |conflict: &&Conflict| others.iter().all(|other| other.limit() != conflict.limit());
            for conflict in conflicts.iter().filter(is_turned) {
                let limit = conflict.limit();
                let Some(index) = cause(changes, causes, profile, limit) else { continue };
                let turn = turns
                    .entry((index, profile, limit, impossible))
                    .or_insert_with(|| Turn { drivers: Vec::new(), conflict: *conflict });
                turn.drivers.push(pair.old.name.clone());
            }
        }
    }
    turns
}

/// Returns the index of the change that made the limit possible or impossible to meet. A change to
/// the limit itself takes precedence over a change to the workload, the driver or another limit, in
/// this order.
fn cause(
    changes: &[Change],
    causes: &[usize],
    profile: BenchmarkProfile,
    limit: Limit,
) -> Option<usize> {
    let rank = |index: &usize| {
        let change = &changes[*index];
        match &change.contract {
            ChangedItem::Budget(of, _) if *of == profile && change.field == limit.field() => {
                Some(0)
            }
            ChangedItem::Workload(of, _) if *of == profile => Some(1),
            ChangedItem::Driver(_) => Some(2),
            ChangedItem::Budget(of, _) if *of == profile => Some(3),
            ChangedItem::Budget(..)
            | ChangedItem::Workload(..)
            | ChangedItem::Benchmark(..)
            | ChangedItem::Waiver(..)
            | ChangedItem::Baseline(_)
            | ChangedItem::Template(_)
            | ChangedItem::Server(_)
            | ChangedItem::Caller(_)
            | ChangedItem::Call(..)
            | ChangedItem::Requirement(..)
            | ChangedItem::Configuration(_) => None,
        }
    };
    causes.iter().copied().filter(|index| rank(index).is_some()).min_by_key(rank)
}

/// Returns the limits that a driver cannot meet under one profile.
fn conflicts(
    workspace: &Workspace,
    driver: &DriverContract,
    profile: BenchmarkProfile,
) -> Vec<Conflict> {
    let feasibility = Feasibility::in_workspace(workspace, driver, profile);
    feasibility.map_or_else(Vec::new, |feasibility| feasibility.conflicts)
}
