//! The budgets that a change makes impossible to keep under their workload, and those that it makes
//! possible.

use std::collections::BTreeMap;

use super::{
    Change, Contract, Severity,
    changes::When,
    names,
    pairs::{Pair, Pairs},
};
use crate::{
    feasibility::{Conflict, Feasibility},
    model::{BenchmarkProfile, DriverContract, DriverName, EffectiveWorkload, Limit, Vocabulary},
    rules,
    workspace::Workspace,
};

/// What turned, by the index of the change that gets the note.
type Turns = BTreeMap<(usize, BenchmarkProfile, Limit, bool), Turn>;

/// The drivers for which a limit turned impossible or possible, with the inequality of the first.
struct Turn {
    drivers: Vec<DriverName>,
    conflict: Conflict,
}

/// Notes what changed budgets, workloads and contracts make impossible and possible. A change that
/// makes a budget impossible is not compatible.
pub(super) fn note(pairs: &Pairs<'_>, changes: &mut [Change]) {
    let mut turns = Turns::new();
    let causes = Causes::of(changes);
    for pair in &pairs.both {
        for profile in BenchmarkProfile::ALL {
            causes.turn(pairs, *pair, *profile, changes, &mut turns);
        }
    }
    for ((index, profile, limit, impossible), Turn { drivers, conflict }) in turns {
        let change = &mut changes[index];
        if impossible && change.severity == Severity::Compatible {
            change.judge(|when| when == When::BudgetImpossible);
        }
        let word = if impossible { "impossible" } else { "possible" };
        let (limit, load) = (limit.field().key(), profile.label());
        let was = if impossible { "" } else { "before: " };
        change.notes.push(format!(
            "`{limit}` becomes {word} under `{load}` for {}: {was}{conflict}",
            names(&drivers)
        ));
    }
}

/// The changes that may be the reason, by the driver that they concern.
struct Causes<'c> {
    by_driver: BTreeMap<&'c DriverName, Vec<usize>>,
}

impl<'c> Causes<'c> {
    fn of(changes: &'c [Change]) -> Self {
        let mut by_driver: BTreeMap<_, Vec<usize>> = BTreeMap::new();
        for (index, change) in changes.iter().enumerate() {
            match &change.contract {
                Contract::Driver(driver) => by_driver.entry(driver).or_default().push(index),
                Contract::Budget(..) | Contract::Workload(..) => {
                    for driver in &change.drivers {
                        by_driver.entry(driver).or_default().push(index);
                    }
                }
                Contract::Benchmark(..) | Contract::Waiver(..) | Contract::Configuration(_) => {}
            }
        }
        Self { by_driver }
    }

    /// Adds the limits that turned for one driver under one profile.
    fn turn(
        &self,
        pairs: &Pairs<'_>,
        pair: Pair<'_>,
        profile: BenchmarkProfile,
        changes: &[Change],
        turns: &mut Turns,
    ) {
        let Some(causes) = self.by_driver.get(&pair.old.name) else { return };
        let old = conflicts(pairs.old, pair.old, profile);
        let new = conflicts(pairs.new, pair.new, profile);
        for (conflicts, others, impossible) in [(&new, &old, true), (&old, &new, false)] {
            let turned =
                |conflict: &&Conflict| others.iter().all(|other| other.limit() != conflict.limit());
            for conflict in conflicts.iter().filter(turned) {
                let limit = conflict.limit();
                let Some(index) = cause(changes, causes, profile, limit) else { continue };
                let turn = turns
                    .entry((index, profile, limit, impossible))
                    .or_insert_with(|| Turn { drivers: Vec::new(), conflict: *conflict });
                turn.drivers.push(pair.old.name.clone());
            }
        }
    }
}

/// The change of the limit itself, else of the workload, else of the driver.
fn cause(
    changes: &[Change],
    causes: &[usize],
    profile: BenchmarkProfile,
    limit: Limit,
) -> Option<usize> {
    let rank = |index: &usize| {
        let change = &changes[*index];
        match &change.contract {
            Contract::Budget(of, _) if *of == profile && change.field == limit.field() => Some(0),
            Contract::Workload(of, _) if *of == profile => Some(1),
            Contract::Driver(_) => Some(2),
            Contract::Budget(of, _) if *of == profile => Some(3),
            Contract::Budget(..)
            | Contract::Workload(..)
            | Contract::Benchmark(..)
            | Contract::Waiver(..)
            | Contract::Configuration(_) => None,
        }
    };
    causes.iter().copied().filter(|index| rank(index).is_some()).min_by_key(rank)
}

/// The limits that a driver cannot keep under one profile.
fn conflicts(
    workspace: &Workspace,
    driver: &DriverContract,
    profile: BenchmarkProfile,
) -> Vec<Conflict> {
    let budget = workspace.effective_budget(driver, profile);
    let budget = budget.filter(|budget| rules::applies(budget, driver));
    let workload = workspace.effective_workload(driver, profile);
    let budget = budget.and_then(|budget| budget.complete());
    let workload = workload.as_ref().and_then(EffectiveWorkload::complete);
    let (Some(budget), Some(workload)) = (budget, workload) else { return Vec::new() };
    Feasibility::of(driver, &budget, Some(&workload)).conflicts
}
