//! Conditions, thresholds and defaults that several rules share. Must never hold a rule.

use std::collections::BTreeSet;

use super::{DriverView, Field, Subject};
pub(super) use super::{
    concurrency_unbounded::is_unbounded, retry_attempts_high::limit as attempts_limit,
    timeout_below_replica_lag::limit as replica_lag_limit,
};
use crate::{
    configuration::Configuration,
    finding::Place,
    model::{
        Attempts, Benchmark, BenchmarkProfile, DeclaredBudget, DriverClass, DriverContract, Scope,
        Vocabulary,
    },
    workspace::Workspace,
};

/// Femtoseconds in a microsecond, and microseconds in a millisecond.
const FEMTOS: u128 = 1_000_000_000;
const MICROS: u128 = 1_000;

/// How long a request holds its slot under one profile, on average.
pub(super) struct Service {
    pub(super) us: u128,
    /// The operations of the workload.
    pub(super) place: Place,
}

impl Service {
    /// The services of the profile with the longest ones; none if no workload has any.
    pub(super) fn slowest(view: &DriverView<'_>) -> Option<Self> {
        let services =
            BenchmarkProfile::ALL.iter().filter_map(|profile| Self::under(view, *profile));
        services.max_by_key(|service| service.us)
    }

    /// The mean service of the workload for a profile that the driver claims. A budget tells none:
    /// its throughput is a floor, not a capacity, and its latency a limit that most requests stay
    /// below.
    fn under(view: &DriverView<'_>, profile: BenchmarkProfile) -> Option<Self> {
        if !view.contract.capabilities.claims(profile) {
            return None;
        }
        let workload = view.workloads.iter().find(|workload| workload.profile == profile)?;
        let cap_us = view.contract.timeout_policy.request_ms.get() * 1_000;
        let us = workload.complete()?.attempt_mean(cap_us).div_ceil(FEMTOS);
        let place = Subject::workload(workload.origin(Field::Operation)?).at(Field::Operation);
        Some(Self { us, place })
    }

    /// How long the last request of a full queue waits for a slot, in milliseconds.
    pub(super) fn drain_ms(&self, contract: &DriverContract) -> u128 {
        let waiting = u128::from(contract.max_queue_depth.get());
        (waiting * self.us).div_ceil(u128::from(contract.max_in_flight.get()) * MICROS)
    }

    /// Returns true if the last request of a full queue gets a slot before it times out.
    pub(super) fn drains_in_time(&self, contract: &DriverContract) -> bool {
        self.drain_ms(contract) <= contract.timeout_policy.request_ms.get().into()
    }
}

/// Returns true if operations that fail together retry together, whatever their backoff.
pub(super) fn lacks_jitter(contract: &DriverContract) -> bool {
    let policy = &contract.retry_policy;
    policy.max_attempts.get() > 1
        && contract.max_in_flight.get() > 1
        && policy.jitter_percent.get() == 0
}

/// The jitter of the clients of a class, in percent.
pub(super) const fn default_jitter(class: DriverClass) -> u64 {
    match class {
        // Kafka clients wait for 80 to 120% of a nominal backoff.
        DriverClass::StreamAdapter => 34,
        DriverClass::RelationalAdapter
        | DriverClass::ColumnarAdapter
        | DriverClass::ObjectStoreAdapter => 100,
    }
}

/// Returns true if there are more retries than the operations of a benchmark can have made
/// themselves.
pub(super) const fn has_too_many_retries(benchmark: &Benchmark, contract: &DriverContract) -> bool {
    benchmark.retry_rate_bps.get() > highest_retry_rate(contract.retry_policy.max_attempts)
}

/// The share of retries when every operation uses all its attempts, in bps, rounded up as the
/// rate of a benchmark is.
pub(super) const fn highest_retry_rate(attempts: Attempts) -> u64 {
    (10_000 * (attempts.get() - 1)).div_ceil(attempts.get())
}

/// Returns true if the project has named its tiers, and the driver is of the top one.
pub(super) fn is_of_top_tier(contract: &DriverContract, configuration: &Configuration) -> bool {
    !configuration.support_tiers.is_empty()
        && contract.support_tier.as_str() == configuration.top_tier()
}

/// Returns true if the driver claims a load for which no scope declares a budget.
pub(super) fn lacks_budget(view: &DriverView<'_>) -> bool {
    let mut claimed = view.contract.capabilities.claimed_profiles();
    claimed.any(|profile| view.merged(profile).is_none())
}

/// The loads that the driver claims and for which no scope declares a budget, as far as that can
/// be known where a text is broken.
pub(super) fn profiles_without_budget(
    contract: &DriverContract,
    workspace: &Workspace,
) -> Vec<BenchmarkProfile> {
    let lacking = |profile: &BenchmarkProfile| {
        workspace.effective_budget(contract, *profile).is_none()
            && !workspace.may_stand_in_broken_text(profile.label())
    };
    contract.capabilities.claimed_profiles().filter(lacking).collect()
}

/// The profiles of budgets for drivers that are not declared: one of them may be meant for the
/// driver that has none.
pub(super) fn orphaned_profiles(workspace: &Workspace) -> BTreeSet<BenchmarkProfile> {
    let orphan = |budget: &&DeclaredBudget| match &budget.scope {
        Scope::Driver(name) => workspace.source_of(name).is_none(),
        Scope::All | Scope::Class(_) => false,
    };
    workspace.budgets().filter(orphan).map(|budget| budget.profile).collect()
}
