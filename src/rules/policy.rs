//! Conditions, thresholds and defaults that several rules share.
//!
//! This module contains no rules.

use std::collections::BTreeSet;

use super::{DeclarationId, DriverView, Field};
pub(super) use super::{
    concurrency_unbounded::is_unbounded, retry_attempts_high::limit as attempts_limit,
    timeout_below_replica_lag::limit as replica_lag_limit,
};
use crate::{
    configuration::Configuration,
    finding::{ContractPath, Finding},
    model::{
        Attempts, Benchmark, BenchmarkProfile, DeclaredBudget, DriverClass, DriverContract, Scope,
    },
    workspace::{ServerOfDriver, Workspace},
};

/// Returns the maximum number of attempts that `retry-attempts-high` allows for a driver.
pub(crate) fn attempts_limit_of(contract: &DriverContract, configuration: &Configuration) -> u64 {
    attempts_limit(&DriverView::new(contract, configuration))
}

/// Femtoseconds per microsecond.
const FEMTOS: u128 = 1_000_000_000;
/// Microseconds per millisecond.
const MICROS: u128 = 1_000;

/// The mean time for which a request uses its slot, under one profile.
pub(super) struct Service {
    pub(super) us: u128,
    /// The path of the workload's operations.
    pub(super) place: ContractPath,
}

impl Service {
    /// Returns the longest mean service time among the claimed profiles, if any of them has a
    /// workload.
    pub(super) fn slowest(view: &DriverView<'_>) -> Option<Self> {
        let profiles = view.workloads.iter().map(|workload| workload.profile);
        let services = profiles.filter_map(|profile| Self::under(view, profile));
        services.max_by_key(|service| service.us)
    }

    /// Returns the mean service time for a profile that the driver claims, from its workload. The
    /// mean service time cannot come from a budget: a budget's throughput is a minimum, not a
    /// capacity, and most requests are faster than the p95 limit.
    fn under(view: &DriverView<'_>, profile: BenchmarkProfile) -> Option<Self> {
        if !view.configuration.vocabulary.claims(&view.contract.capabilities, profile) {
            return None;
        }
        let workload = view.workloads.iter().find(|workload| workload.profile == profile)?;
        let cap_us = view.contract.timeout_policy.request_ms.get() * 1_000;
        let us = workload.complete()?.attempt_mean(cap_us).div_ceil(FEMTOS);
        let place =
            DeclarationId::workload(workload.origin(Field::Operation)?).at(Field::Operation);
        Some(Self { us, place })
    }

    /// Returns the time for which the last request of a full queue waits for a slot, in
    /// milliseconds.
    pub(super) fn drain_ms(&self, contract: &DriverContract) -> u128 {
        let waiting = u128::from(contract.max_queue_depth.get());
        (waiting * self.us).div_ceil(u128::from(contract.max_in_flight.get()) * MICROS)
    }

    /// Returns true if the last request of a full queue gets a slot before it times out.
    pub(super) fn drains_in_time(&self, contract: &DriverContract) -> bool {
        self.drain_ms(contract) <= contract.timeout_policy.request_ms.get().into()
    }
}

/// Returns true if operations that fail together also retry together.
pub(super) fn lacks_jitter(view: &DriverView<'_>) -> bool {
    let policy = &view.contract.retry_policy;
    policy.max_attempts.get() > 1 && view.in_flight() > 1 && policy.jitter_percent.get() == 0
}

/// Adds labels to a finding. The labels state how many operations can fail together.
pub(super) fn with_in_flight(finding: Finding, view: &DriverView<'_>) -> Finding {
    let slots = view.at(Field::MaxInFlight);
    let several = view.server.known().filter(|of| of.instances.get() > 1);
    let Some(ServerOfDriver { server, .. }) = several else {
        return finding.also(slots, "the number of operations that can fail together");
    };
    let driver = view.contract.name.clone();
    let instances = DeclarationId::Instances(server.name.clone(), driver).whole();
    finding
        .also(slots, "the number of operations that can fail together in one process")
        .also(instances, "the number of processes that run the driver")
}

/// Returns the usual jitter of clients of a class, in percent.
pub(super) const fn default_jitter(class: DriverClass) -> u64 {
    match class {
        // Kafka clients wait 80% to 120% of the nominal backoff.
        DriverClass::StreamAdapter => 34,
        DriverClass::RelationalAdapter
        | DriverClass::ColumnarAdapter
        | DriverClass::ObjectStoreAdapter
        | DriverClass::Project(_) => 100,
    }
}

/// Returns true if a benchmark has more retries than the contract's `max_attempts` allows.
pub(super) const fn has_too_many_retries(benchmark: &Benchmark, contract: &DriverContract) -> bool {
    benchmark.retry_rate_bps.get() > highest_retry_rate(contract.retry_policy.max_attempts)
}

/// Returns the retry rate in bps if every operation makes all its attempts. The rate is rounded up,
/// like the rates in benchmarks.
pub(super) const fn highest_retry_rate(attempts: Attempts) -> u64 {
    (10_000 * (attempts.get() - 1)).div_ceil(attempts.get())
}

/// Returns true if the project sets `support_tiers` and the driver is in the top tier.
pub(super) fn is_of_top_tier(contract: &DriverContract, configuration: &Configuration) -> bool {
    !configuration.support_tiers.is_empty()
        && contract.support_tier.as_str() == configuration.top_tier()
}

/// Returns true if the driver claims a profile for which no scope declares a budget.
pub(super) fn lacks_budget(view: &DriverView<'_>) -> bool {
    let mut claimed = view.configuration.vocabulary.claimed_profiles(&view.contract.capabilities);
    claimed.any(|profile| view.merged(profile).is_none())
}

/// Returns the profiles that the driver claims and that have no budget. Excludes profiles that a
/// text with syntax errors mentions, because this text might declare the budget.
pub(super) fn profiles_without_budget(
    contract: &DriverContract,
    workspace: &Workspace,
) -> Vec<BenchmarkProfile> {
    let lacking = |profile: &BenchmarkProfile| {
        workspace.effective_budget(contract, *profile).is_none()
            && !workspace.may_stand_in_broken_text(profile.label())
    };
    let claimed = workspace.vocabulary().claimed_profiles(&contract.capabilities);
    claimed.filter(lacking).collect()
}

/// Returns the missing budgets of these profiles, as parts of a finding.
pub(super) fn missing_budgets(missing: &[BenchmarkProfile]) -> impl Iterator<Item = ContractPath> {
    missing.iter().map(|profile| DeclarationId::Budget(*profile, Scope::All).whole())
}

/// Returns the profiles that have a budget for an undeclared driver. Such a budget might be meant
/// for a driver that has no budget.
pub(super) fn orphaned_profiles(workspace: &Workspace) -> BTreeSet<BenchmarkProfile> {
    let orphan = |budget: &&DeclaredBudget| match &budget.scope {
        Scope::Driver(name) => workspace.source_of(name).is_none(),
        Scope::All | Scope::Class(_) => false,
    };
    workspace.budgets().filter(orphan).map(|budget| budget.profile).collect()
}

/// Formats a rate in bps with its percentage: `1001 (10.01%)`.
pub(super) fn with_percent(bps: u64) -> String {
    let percent = format!("{}.{:02}", bps / 100, bps % 100);
    let percent = percent.trim_end_matches('0').trim_end_matches('.');
    format!("{bps} ({percent}%)")
}
