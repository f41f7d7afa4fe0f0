//! Reports a budget that requires many inserts per second from a columnar database.

use super::{Check, DriverView, Field, Findings, Level, Lint, Parameter, Rule, limit_at, rule};
use crate::{
    finding::Finding,
    model::{BenchmarkProfile, DriverCapability, DriverClass, OpsPerSec, Setting},
};

pub(super) const LINT: Lint = Lint { rule: &RULE, check: Check::Driver(check) };

static RULE: Rule = rule!(
    "concurrency-columnar-inserts",
    Level::Info,
    "a budget asks for many inserts a second of a columnar database"
)
.parameters(&[&LIMIT]);

static LIMIT: Parameter = Parameter {
    name: "limit",
    default: 100,
    min: 0,
    max: OpsPerSec::MAX,
    summary: "the highest floor of `heavy_data` throughput that raises nothing, in ops/s",
};

fn check(view: &DriverView<'_>, findings: &mut Findings) {
    let contract = view.contract;
    let inserts = contract.class == DriverClass::ColumnarAdapter
        && contract.capabilities.contains(DriverCapability::BatchWrite);
    let heavy = view.budgets.iter().find(|budget| budget.profile == BenchmarkProfile::HeavyData);
    let Some(floor) = heavy.and_then(|budget| budget.min_throughput_ops_per_sec) else { return };
    let limit = view.configuration.parameter(&RULE, &LIMIT);
    if inserts && floor.value.get() > limit {
        findings.push(columnar_inserts(view, &floor, limit));
    }
}

fn columnar_inserts(view: &DriverView<'_>, floor: &Setting<'_, OpsPerSec>, limit: u64) -> Finding {
    let message = format!(
        "the driver inserts in batches, and its budget asks for {}, more than {limit}",
        floor.value
    );
    RULE.finding(view.at(Field::Capabilities), message)
        .label("`batch_write` is promised here")
        .also(limit_at(floor, Field::MinThroughputOpsPerSec), "the floor")
        .help("write fewer and larger batches, or let the server collect them with `async_insert`")
}
