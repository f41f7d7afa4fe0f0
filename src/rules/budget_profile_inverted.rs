//! Heavy operations may take longer than mixed ones.

use std::collections::BTreeSet;

use super::{Check, Field, Findings, Level, Lint, Parameter, Rule, WorkspaceView, limit_at};
use crate::{
    finding::Finding,
    model::{BenchmarkProfile, DriverClass, DriverContract, MaxP95LatencyMs, Setting},
};

pub(super) const LINT: Lint = Lint { rule: &RULE, check: Check::Workspace(check) };

static RULE: Rule = Rule {
    name: "budget-profile-inverted",
    level: Level::Info,
    summary: "a budget allows more latency to mixed load than to heavy data",
    docs: include_str!("docs/budget_profile_inverted.md"),
    parameters: &[&LIMIT],
    on: true,
    fixes: None,
};

static LIMIT: Parameter = Parameter {
    name: "limit",
    default: 150,
    min: 1,
    max: 10_000,
    summary: "the highest p95 latency for `mixed_latency`, in percent of that for `heavy_data`, \
              that raises nothing",
};

type Limit<'b> = Setting<'b, MaxP95LatencyMs>;

fn check(view: &WorkspaceView<'_>, findings: &mut Findings) {
    let percent = view.settings.parameter(&RULE, &LIMIT);
    // Two limits that many drivers share are one fault.
    let mut seen = BTreeSet::new();
    for contract in view.workspace.drivers().filter(|contract| answers_requests(contract.class)) {
        let limit = |profile| {
            let budget = view.workspace.effective_budget(contract, profile)?;
            budget.max_p95_latency_ms
        };
        let mixed = limit(BenchmarkProfile::MixedLatency);
        let Some((mixed, heavy)) = mixed.zip(limit(BenchmarkProfile::HeavyData)) else { continue };
        if inverted(&mixed, &heavy, percent)
            && seen.insert((&mixed.set_by.scope, &heavy.set_by.scope))
        {
            findings.push(profile_inverted(contract, &mixed, &heavy));
        }
    }
}

const fn answers_requests(class: DriverClass) -> bool {
    match class {
        DriverClass::RelationalAdapter
        | DriverClass::ColumnarAdapter
        | DriverClass::ObjectStoreAdapter => true,
        DriverClass::StreamAdapter => false,
    }
}

/// A limit for mixed load from a wider scope than the one for heavy data is only the looser
/// default.
fn inverted(mixed: &Limit<'_>, heavy: &Limit<'_>, percent: u64) -> bool {
    mixed.set_by.scope >= heavy.set_by.scope
        && mixed.value.get() * 100 > heavy.value.get() * percent
}

fn profile_inverted(contract: &DriverContract, mixed: &Limit<'_>, heavy: &Limit<'_>) -> Finding {
    RULE.finding(
        limit_at(mixed, Field::MaxP95LatencyMs),
        format!(
            "`{}` may take {} at p95 under mixed load, under heavy data only {}",
            contract.name, mixed.value, heavy.value
        ),
    )
    .also(limit_at(heavy, Field::MaxP95LatencyMs), "the limit for heavy data")
    .help("check that the two tables are not swapped")
}
