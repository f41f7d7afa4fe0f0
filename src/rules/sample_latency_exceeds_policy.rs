//! Reports a benchmark with a p95 or p99 above the driver's worst-case latency.

use super::{BenchmarkView, Check, DeclarationId, Field, Level, Lint, Rule, RuleFindings, rule};
use crate::{
    finding::Finding,
    model::{BenchmarkLatency, DriverContract, LatencyUnit},
};

pub(super) const LINT: Lint = Lint { rule: &RULE, check: Check::Benchmark(check) };

static RULE: Rule = rule!(
    "sample-latency-exceeds-policy",
    Level::Error,
    "a benchmark's p95 or p99 is above the driver's worst-case latency"
)
.supersedes(&["sample-littles-law"]);

fn check(view: &BenchmarkView<'_>, findings: &mut RuleFindings) {
    let (Some(contract), benchmark) = (view.contract, view.benchmark) else { return };
    let percentiles = [
        ("p95", Field::P95LatencyMs, Some(benchmark.p95_latency)),
        ("p99", Field::P99LatencyMs, benchmark.p99_latency),
    ];
    let mut present =
        percentiles.into_iter().filter_map(|(name, at, value)| Some((name, at, value?)));
    // If p95 is too long, p99 is too.
    if let Some(too_long) = present.find(|(.., value)| value.us() > 1_000 * longest(contract)) {
        findings.push(latency_exceeds_policy(view, contract, too_long));
    }
}

/// Returns the driver's worst case, plus 1 ms because clocks are rounded.
fn longest(contract: &DriverContract) -> u64 {
    contract.worst_case_ms() + 1
}

fn latency_exceeds_policy(
    view: &BenchmarkView<'_>,
    contract: &DriverContract,
    (name, field, value): (&str, Field, BenchmarkLatency),
) -> Finding {
    let worst = contract.worst_case_ms();
    let request = contract.timeout_policy.request_ms;
    let driver = |field| DeclarationId::Driver(contract.name.clone()).at(field);
    let (stated, smaller) = match value.unit() {
        LatencyUnit::Milliseconds => ("milliseconds", "microseconds"),
        LatencyUnit::Microseconds => ("microseconds", "nanoseconds"),
    };
    let help = format!("record latencies of this contract in {stated}");
    let help = if value.us().div_ceil(1_000) <= 1_000 * longest(contract) {
        format!("{help}; if these are {smaller}, divide them by 1000")
    } else {
        help
    };
    RULE.finding(
        view.at(field),
        format!("{name} is {value}, but an operation of this driver takes at most {worst} ms"),
    )
    .covering(&[Field::ThroughputOpsPerSec])
    .also(driver(Field::RequestMs), format!("an attempt times out after {request}"))
    .also(driver(Field::MaxAttempts), "attempts per operation")
    // There is no fix, because driverc cannot know the unit of the measurement.
    .help(help)
}
