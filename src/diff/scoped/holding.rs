//! The effective values of a budget or workload for one driver.

use super::{Contract, Field, Pair, Pairs, Scope, Subject, Value};
use crate::{
    diff::token::token,
    model::{
        BenchmarkProfile, Burst, DriverContract, EffectiveBudget, EffectiveWorkload, Operation,
        Quantiles, Seeds, ServiceTime, Setting, Workload,
    },
    signature::budget_signature,
    workspace::Workspace,
};

/// A kind of declaration that has scopes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Budget,
    Workload,
}

/// An effective value, and the scope that sets it.
#[derive(Clone, Debug)]
pub(super) struct Held {
    pub(super) field: Field,
    pub(super) value: Value,
    pub(super) scope: Scope,
}

impl Kind {
    pub(super) const fn subject(self, profile: BenchmarkProfile, scope: Scope) -> Subject {
        match self {
            Self::Budget => Subject::Budget(profile, scope),
            Self::Workload => Subject::Workload(profile, scope),
        }
    }

    pub(super) const fn contract(self, profile: BenchmarkProfile, scope: Scope) -> Contract {
        match self {
            Self::Budget => Contract::Budget(profile, scope),
            Self::Workload => Contract::Workload(profile, scope),
        }
    }

    /// The effective values of both sides; none if they are the same, or if only the capabilities
    /// decide whether they apply.
    pub(super) fn changed(
        self,
        pairs: &Pairs<'_>,
        pair: Pair<'_>,
        profile: BenchmarkProfile,
    ) -> Option<[Vec<Held>; 2]> {
        match self {
            Self::Budget => {
                let [old, new] = budgets(pairs, pair, profile);
                let claims = |driver: &DriverContract| driver.capabilities.claims(profile);
                let by_claim =
                    old.is_some() != new.is_some() && claims(pair.old) != claims(pair.new);
                let changed = old != new && !by_claim;
                changed.then(|| [old, new].map(|budget| budget.map_or(vec![], limits)))
            }
            Self::Workload => {
                let old = pairs.old.effective_workload(pair.old, profile);
                let new = pairs.new.effective_workload(pair.new, profile);
                let changed = old != new;
                changed.then(|| [old, new].map(|workload| workload.map_or(vec![], load)))
            }
        }
    }

    /// The token of a field in the signature of a scope; workloads have none.
    pub(super) fn token(
        self,
        workspace: &Workspace,
        profile: BenchmarkProfile,
        scope: &Scope,
        field: Field,
    ) -> Option<String> {
        if self == Self::Workload {
            return None;
        }
        let budget = workspace.declared_budget(profile, scope)?;
        token(&budget_signature(budget), field)
    }
}

/// The budgets of both sides that apply to a driver.
fn budgets<'w>(
    pairs: &Pairs<'w>,
    pair: Pair<'_>,
    profile: BenchmarkProfile,
) -> [Option<EffectiveBudget<'w>>; 2] {
    [pairs.old.applying_budget(pair.old, profile), pairs.new.applying_budget(pair.new, profile)]
}

fn limits(budget: EffectiveBudget<'_>) -> Vec<Held> {
    fn held<T: Into<Value>>(field: Field, setting: Option<Setting<'_, T>>) -> Option<Held> {
        let Setting { value, set_by } = setting?;
        Some(Held { field, value: value.into(), scope: set_by.scope.clone() })
    }
    let limits = [
        held(Field::MaxP95LatencyMs, budget.max_p95_latency_ms),
        held(Field::MaxTimeoutRateBps, budget.max_timeout_rate_bps),
        held(Field::MaxRetryRateBps, budget.max_retry_rate_bps),
        held(Field::MinThroughputOpsPerSec, budget.min_throughput_ops_per_sec),
    ];
    limits.into_iter().flatten().collect()
}

/// All values of a load, with defaults: a value that no scope sets belongs to the narrowest.
fn load(workload: EffectiveWorkload<'_>) -> Vec<Held> {
    let Some(complete) = workload.complete() else { return Vec::new() };
    let narrowest = &workload.narrowest.scope;
    let held = |(field, value)| {
        let scope = workload.source(field).map_or(narrowest, |declared| &declared.scope);
        Held { field, value, scope: scope.clone() }
    };
    values(&complete).into_iter().map(held).collect()
}

fn values(load: &Workload) -> [(Field, Value); 12] {
    [
        (Field::Seeds, seeds(&load.seeds)),
        (Field::WarmupMs, load.warmup_ms.into()),
        (Field::DurationMs, load.duration_ms.into()),
        (Field::RateOpsPerKsec, load.rate_ops_per_ksec.into()),
        (Field::Arrival, Value::text(load.arrival.label())),
        (Field::Burst, load.burst.map_or_else(|| Value::text("none"), burst)),
        (Field::ErrorBps, load.error_bps.into()),
        (Field::ErrorUs, load.error_us.into()),
        (Field::StallBps, load.stall_bps.into()),
        (Field::StallUs, load.stall_us.into()),
        (Field::SlotRecoveryUs, load.slot_recovery_us.into()),
        (Field::Operation, operations(&load.operations)),
    ]
}

pub(super) fn seeds(seeds: &Seeds) -> Value {
    let seeds: Vec<_> = seeds.iter().map(|seed| seed.get().to_string()).collect();
    Value::text(seeds.join(", "))
}

pub(super) fn burst(burst: Burst) -> Value {
    let Burst { period_ms, on_ms, percent } = burst;
    Value::text(format!("{percent} for {on_ms} of each {period_ms}"))
}

pub(super) fn operations(operations: &[Operation]) -> Value {
    let kinds = operations
        .iter()
        .map(|operation| format!("{} × {}", operation.weight, service(&operation.service)));
    Value::text(kinds.collect::<Vec<_>>().join("; "))
}

fn service(service: &ServiceTime) -> String {
    match service {
        ServiceTime::Quantiles(quantiles) => points(quantiles),
        ServiceTime::Exponential(mean) => format!("exponential {mean}"),
        ServiceTime::Constant(time) => format!("constant {time}"),
    }
}

fn points(quantiles: &Quantiles) -> String {
    let points = quantiles.points().iter().map(|point| format!("{0}: {1}", point.0, point.1));
    format!("quantiles {}", points.collect::<Vec<_>>().join(", "))
}
