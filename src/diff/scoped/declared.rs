//! What scopes declare, whomever it binds.

use std::collections::BTreeMap;

use super::{
    BenchmarkProfile, Field, Kind, Pairs, Scope, Value,
    holding::{burst, operations, seeds},
};
use crate::{
    model::{DeclaredBudget, DeclaredWorkload},
    workspace::Workspace,
};

/// A value that a scope declares otherwise than before; the scope in the terms of the base.
#[derive(Clone, Debug)]
pub(super) struct Declared {
    pub(super) profile: BenchmarkProfile,
    pub(super) scope: Scope,
    pub(super) field: Field,
    pub(super) sides: [Option<Value>; 2],
}

type Key = (BenchmarkProfile, Scope, Field);

/// All values that are declared otherwise on the two sides.
pub(super) fn differing(pairs: &Pairs<'_>, kind: Kind) -> Vec<Declared> {
    let mut values: BTreeMap<Key, [Option<Value>; 2]> = BTreeMap::new();
    for (key, value) in declared(pairs.old, kind) {
        values.entry(key).or_default()[0] = Some(value);
    }
    for ((profile, scope, field), value) in declared(pairs.new, kind) {
        values.entry((profile, pairs.base_scope(&scope), field)).or_default()[1] = Some(value);
    }
    let changed = values.into_iter().filter(|(_, [old, new])| old != new);
    changed
        .map(|((profile, scope, field), sides)| Declared { profile, scope, field, sides })
        .collect()
}

fn declared(workspace: &Workspace, kind: Kind) -> Vec<(Key, Value)> {
    match kind {
        Kind::Budget => workspace.budgets().flat_map(of_budget).collect(),
        Kind::Workload => workspace.workloads().flat_map(of_workload).collect(),
    }
}

fn of_budget(budget: &DeclaredBudget) -> impl Iterator<Item = (Key, Value)> {
    let limits = [
        (Field::MaxP95LatencyMs, budget.max_p95_latency_ms.map(Value::from)),
        (Field::MaxTimeoutRateBps, budget.max_timeout_rate_bps.map(Value::from)),
        (Field::MaxRetryRateBps, budget.max_retry_rate_bps.map(Value::from)),
        (Field::MinThroughputOpsPerSec, budget.min_throughput_ops_per_sec.map(Value::from)),
    ];
    keyed(budget.profile, &budget.scope, limits)
}

fn of_workload(load: &DeclaredWorkload) -> impl Iterator<Item = (Key, Value)> {
    let values = [
        (Field::Seeds, load.seeds.as_ref().map(seeds)),
        (Field::WarmupMs, load.warmup_ms.map(Value::from)),
        (Field::DurationMs, load.duration_ms.map(Value::from)),
        (Field::RateOpsPerKsec, load.rate_ops_per_ksec.map(Value::from)),
        (Field::Arrival, load.arrival.map(|arrival| Value::text(arrival.label()))),
        (Field::Burst, load.burst.map(burst)),
        (Field::ErrorBps, load.error_bps.map(Value::from)),
        (Field::ErrorUs, load.error_us.map(Value::from)),
        (Field::StallBps, load.stall_bps.map(Value::from)),
        (Field::StallUs, load.stall_us.map(Value::from)),
        (Field::SlotRecoveryUs, load.slot_recovery_us.map(Value::from)),
        (Field::Operation, load.operations.as_deref().map(operations)),
    ];
    keyed(load.profile, &load.scope, values)
}

fn keyed<const N: usize>(
    profile: BenchmarkProfile,
    scope: &Scope,
    values: [(Field, Option<Value>); N],
) -> impl Iterator<Item = (Key, Value)> {
    let key = move |field| (profile, scope.clone(), field);
    let set = values.into_iter().filter_map(|(field, value)| Some((field, value?)));
    set.map(|(field, value)| (key(field), value)).collect::<Vec<_>>().into_iter()
}
