//! Reports a p95 limit that is much higher for mixed load than for heavy data.

use std::collections::BTreeSet;

use super::{
    Check, DriverSelection, DriverView, DriversView, Field, Level, Lint, Parameter, Rule,
    RuleFindings, limit_at, rule,
};
use crate::{
    finding::Finding,
    model::{BenchmarkProfile, DriverClass, DriverContract, MaxP95LatencyMs, ScopedValue},
};

pub(super) const LINT: Lint =
    Lint { rule: &RULE, check: Check::Drivers(DriverSelection::Each(is_concerned), check) };

static RULE: Rule = rule!(
    "budget-profile-inverted",
    Level::Info,
    "a p95 limit is much higher for mixed load than for heavy data"
)
.parameters(&[&LIMIT]);

static LIMIT: Parameter = Parameter {
    name: "limit",
    default: 150,
    min: 1,
    max: 10_000,
    summary: "the maximum p95 limit for `mixed_latency`, in percent of the `heavy_data` \
              limit",
};

type Limit<'b> = ScopedValue<'b, MaxP95LatencyMs>;

fn check(view: &DriversView<'_>, findings: &mut RuleFindings) {
    // Limits that several drivers share are reported once.
    let mut seen = BTreeSet::new();
    for contract in view.drivers {
        let budget = |profile| view.workspace.applying_budget(contract, profile);
        let limits = limits(|profile| budget(profile)?.max_p95_latency_ms);
        if let Some([mixed, heavy]) = limits
            && seen.insert((&mixed.set_by.scope, &heavy.set_by.scope))
        {
            findings.push(profile_inverted(contract, &mixed, &heavy));
        }
    }
}

fn is_concerned(view: &DriverView<'_>) -> bool {
    let budget = |profile| view.budgets.iter().find(|budget| budget.profile == profile);
    let limit = |profile| budget(profile)?.max_p95_latency_ms;
    let percent = || view.configuration.parameter(&RULE, &LIMIT);
    answers_requests(view.class())
        && limits(limit).is_some_and(|[mixed, heavy]| inverted(&mixed, &heavy, percent()))
}

/// The limits for mixed load and for heavy data, if both exist.
fn limits<'b>(limit: impl Fn(BenchmarkProfile) -> Option<Limit<'b>>) -> Option<[Limit<'b>; 2]> {
    Some([limit(BenchmarkProfile::MixedLatency)?, limit(BenchmarkProfile::HeavyData)?])
}

/// Returns true if drivers of the class wait for the answer to each request, so that their latency
/// is the time of one request.
pub(super) const fn answers_requests(class: DriverClass) -> bool {
    match class {
        DriverClass::RelationalAdapter
        | DriverClass::ColumnarAdapter
        | DriverClass::ObjectStoreAdapter => true,
        DriverClass::StreamAdapter | DriverClass::Project(_) => false,
    }
}

/// Returns true if the limit for mixed load is too high. A limit from a wider scope than the limit
/// for heavy data is only a default.
fn inverted(mixed: &Limit<'_>, heavy: &Limit<'_>, percent: u64) -> bool {
    mixed.set_by.scope >= heavy.set_by.scope
        && mixed.value.get() * 100 > heavy.value.get() * percent
}

fn profile_inverted(contract: &DriverContract, mixed: &Limit<'_>, heavy: &Limit<'_>) -> Finding {
    RULE.finding(
        limit_at(mixed, Field::MaxP95LatencyMs),
        format!(
            "the p95 limit of `{}` is {} for `mixed_latency`, but only {} for `heavy_data`",
            contract.name, mixed.value, heavy.value
        ),
    )
    .also(limit_at(heavy, Field::MaxP95LatencyMs), "the limit for `heavy_data`")
    .help("check whether the two tables are swapped")
}
