//! Reports a budget that requires many inserts per second from a columnar database.

use super::{Check, DriverView, Field, Level, Lint, Parameter, Rule, RuleFindings, limit_at, rule};
use crate::{
    finding::Finding,
    model::{BenchmarkProfile, DriverCapability, DriverClass, OpsPerSec, ScopedValue},
};

pub(super) const LINT: Lint = Lint { rule: &RULE, check: Check::Driver(check) };

static RULE: Rule = rule!(
    "concurrency-columnar-inserts",
    Level::Info,
    "a budget requires many inserts per second from a columnar database"
)
.parameters(&[&LIMIT]);

static LIMIT: Parameter = Parameter {
    name: "limit",
    default: 100,
    min: 0,
    max: OpsPerSec::MAX,
    summary: "the maximum `min_throughput_ops_per_sec` for `heavy_data`",
};

fn check(view: &DriverView<'_>, findings: &mut RuleFindings) {
    let contract = view.contract;
    let inserts = view.class() == DriverClass::ColumnarAdapter
        && contract.capabilities.contains(DriverCapability::BatchWrite);
    let heavy = view.budgets.iter().find(|budget| budget.profile == BenchmarkProfile::HeavyData);
    let Some(floor) = heavy.and_then(|budget| budget.min_throughput_ops_per_sec) else { return };
    let limit = view.configuration.parameter(&RULE, &LIMIT);
    if inserts && floor.value.get() > limit {
        findings.push(columnar_inserts(view, &floor, limit));
    }
}

fn columnar_inserts(
    view: &DriverView<'_>,
    floor: &ScopedValue<'_, OpsPerSec>,
    limit: u64,
) -> Finding {
    let message = format!(
        "the budget requires {} from a driver that inserts in batches, more than {limit}",
        floor.value
    );
    RULE.finding(view.at(Field::Capabilities), message)
        .label("`batch_write` is declared here")
        .also(limit_at(floor, Field::MinThroughputOpsPerSec), "the required throughput")
        .help("insert fewer, larger batches, or let the server collect rows with `async_insert`")
}
