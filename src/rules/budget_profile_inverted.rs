//! Reports a p95 or p99 limit that is much higher for mixed load than for heavy data.

use std::collections::BTreeSet;

use super::{
    Check, DeclarationId, DriverSelection, DriverView, DriversView, Field, Level, Lint, Parameter,
    Rule, RuleFindings, limit_at, rule,
};
use crate::{
    finding::Finding,
    model::{
        BenchmarkProfile, DriverClass, DriverContract, EffectiveBudget, LatencyLimit, ScopedValue,
    },
};

pub(super) const LINT: Lint =
    Lint { rule: &RULE, check: Check::Drivers(DriverSelection::Each(is_concerned), check) };

static RULE: Rule = rule!(
    "budget-profile-inverted",
    Level::Info,
    "a p95 or p99 limit is much higher for mixed load than for heavy data"
)
.parameters(&[&LIMIT]);

static LIMIT: Parameter = Parameter {
    name: "limit",
    default: 150,
    min: 1,
    max: 10_000,
    summary: "the maximum p95 or p99 limit for `mixed_latency`, in percent of the \
              `heavy_data` limit",
};

type Limit<'b> = ScopedValue<'b, LatencyLimit>;

fn check(view: &DriversView<'_>, findings: &mut RuleFindings) {
    // Limits that several drivers share are reported once.
    let mut seen = BTreeSet::new();
    let percent = view.configuration.parameter(&RULE, &LIMIT);
    for contract in view.drivers {
        let budget = |profile| view.workspace.applying_budget(contract, profile);
        for percentile in PERCENTILES {
            let limits = limits(|profile| (percentile.limit)(&budget(profile)?));
            if let Some([mixed, heavy]) = limits
                && inverted(&mixed, &heavy, percent)
                && seen.insert((percentile.name, &mixed.set_by.scope, &heavy.set_by.scope))
            {
                findings.push(profile_inverted(contract, percentile, &mixed, &heavy));
            }
        }
    }
}

/// A percentile that budgets can limit.
struct Percentile {
    name: &'static str,
    field: Field,
    limit: for<'b> fn(&EffectiveBudget<'b>) -> Option<Limit<'b>>,
}

const PERCENTILES: &[Percentile] = &[
    Percentile {
        name: "p95",
        field: Field::MaxP95LatencyMs,
        limit: |budget| budget.max_p95_latency,
    },
    Percentile {
        name: "p99",
        field: Field::MaxP99LatencyMs,
        limit: |budget| budget.max_p99_latency,
    },
];

fn is_concerned(view: &DriverView<'_>) -> bool {
    let budget = |profile| view.budgets.iter().find(|budget| budget.profile == profile);
    let percent = || view.configuration.parameter(&RULE, &LIMIT);
    let is_inverted = |percentile: &Percentile| {
        limits(|profile| (percentile.limit)(budget(profile)?))
            .is_some_and(|[mixed, heavy]| inverted(&mixed, &heavy, percent()))
    };
    answers_requests(view.class()) && PERCENTILES.iter().any(is_inverted)
}

/// Returns the limits for mixed load and for heavy data, if both exist.
fn limits<'b>(limit: impl Fn(BenchmarkProfile) -> Option<Limit<'b>>) -> Option<[Limit<'b>; 2]> {
    Some([limit(BenchmarkProfile::MixedLatency)?, limit(BenchmarkProfile::HeavyData)?])
}

/// Returns true if drivers of the class wait for the answer to each request, so that the latency of
/// an operation is the time of one request.
pub(super) const fn answers_requests(class: DriverClass) -> bool {
    match class {
        DriverClass::RelationalAdapter
        | DriverClass::ColumnarAdapter
        | DriverClass::ObjectStoreAdapter => true,
        DriverClass::StreamAdapter | DriverClass::Project(_) => false,
    }
}

/// Returns true if the limit for mixed load is too high. A limit for mixed load that comes from a
/// wider scope than the limit for heavy data is only a default, so it never counts as too high.
fn inverted(mixed: &Limit<'_>, heavy: &Limit<'_>, percent: u64) -> bool {
    mixed.set_by.scope >= heavy.set_by.scope && mixed.value.us() * 100 > heavy.value.us() * percent
}

fn profile_inverted(
    contract: &DriverContract,
    Percentile { name, field, .. }: &Percentile,
    mixed: &Limit<'_>,
    heavy: &Limit<'_>,
) -> Finding {
    RULE.finding(
        limit_at(mixed, *field),
        format!(
            "the {name} limit of `{}` is {} for `mixed_latency`, but only {} for `heavy_data`",
            contract.name, mixed.value, heavy.value
        ),
    )
    .about(DeclarationId::budget(heavy.set_by))
    .also(limit_at(heavy, *field), "the limit for `heavy_data`")
    .help("check whether the two tables are swapped")
}
