//! Which driver of the base is which driver now.

use std::collections::BTreeMap;

use crate::{
    model::{DriverContract, DriverName, MetricName, Scope, TelemetryProfile},
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

    /// A driver is renamed where exactly one that is gone fits exactly one that is new.
    fn find_renamed(&mut self) {
        let fits = |old: &&DriverContract, new: &&DriverContract| is_renamed(old, new);
        let only = |old: &'w DriverContract| {
            let mut fitting = self.added.iter().copied().filter(|new| fits(&old, new));
            let new = fitting.next().filter(|_| fitting.next().is_none())?;
            let rivals = self.removed.iter().filter(|rival| fits(rival, &new)).count();
            (rivals == 1).then_some(Pair { old, new })
        };
        let renamed: Vec<Pair<'w>> = self.removed.iter().copied().filter_map(only).collect();
        self.removed.retain(|old| renamed.iter().all(|pair| pair.old.name != old.name));
        self.added.retain(|new| renamed.iter().all(|pair| pair.new.name != new.name));
        self.renamed = renamed.iter().map(|pair| (&pair.new.name, &pair.old.name)).collect();
        self.both.extend(renamed);
        self.both.sort_by_key(|pair| &pair.old.name);
    }

    /// The name in the base of a driver of the new side.
    pub(super) fn base_name<'n>(&'n self, name: &'n DriverName) -> &'n DriverName {
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

/// Whether all but the name is equal; metrics may have the new name in place of the old one.
fn is_renamed(old: &DriverContract, new: &DriverContract) -> bool {
    let as_before =
        DriverContract { name: old.name.clone(), telemetry: old.telemetry.clone(), ..new.clone() };
    let named_after = |[before, after]: [&str; 2]| {
        let [short_old, short_new] = without_common_end(&old.name, &new.name);
        before == after
            || before.replace(old.name.as_str(), &new.name) == after
            || before.replace(short_old, short_new) == after
    };
    as_before == *old && metrics(&old.telemetry, &new.telemetry).into_iter().all(named_after)
}

fn metrics<'t>(old: &'t TelemetryProfile, new: &'t TelemetryProfile) -> [[&'t str; 2]; 4] {
    let pairs: [[&MetricName; 2]; 4] = [
        [&old.timeout_metric, &new.timeout_metric],
        [&old.retry_metric, &new.retry_metric],
        [&old.latency_metric, &new.latency_metric],
        [&old.in_flight_metric, &new.in_flight_metric],
    ];
    pairs.map(|pair| pair.map(MetricName::as_str))
}

/// `postgres_async` and `pg_async` are `postgres` and `pg` in metrics.
fn without_common_end<'n>(old: &'n str, new: &'n str) -> [&'n str; 2] {
    match (old.rsplit_once('_'), new.rsplit_once('_')) {
        (Some((old, end)), Some((new, same))) if end == same => [old, new],
        _ => [old, new],
    }
}
