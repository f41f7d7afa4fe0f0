//! Reports a benchmark with a p95 above the driver's worst-case latency.

use super::{BenchmarkView, Check, DeclarationId, Field, Level, Lint, Rule, RuleFindings, rule};
use crate::{finding::Finding, model::DriverContract};

pub(super) const LINT: Lint = Lint { rule: &RULE, check: Check::Benchmark(check) };

static RULE: Rule = rule!(
    "sample-latency-exceeds-policy",
    Level::Error,
    "a benchmark's p95 is above the driver's worst-case latency"
)
.supersedes(&["sample-littles-law"]);

fn check(view: &BenchmarkView<'_>, findings: &mut RuleFindings) {
    let Some(contract) = view.contract else { return };
    if view.benchmark.p95_latency_ms.get() > longest(contract) {
        findings.push(latency_exceeds_policy(view, contract));
    }
}

/// The driver's worst case, plus 1 ms because clocks round.
fn longest(contract: &DriverContract) -> u64 {
    contract.worst_case_ms() + 1
}

fn latency_exceeds_policy(view: &BenchmarkView<'_>, contract: &DriverContract) -> Finding {
    let (p95, worst) = (view.benchmark.p95_latency_ms, contract.worst_case_ms());
    let request = contract.timeout_policy.request_ms;
    let driver = |field| DeclarationId::Driver(contract.name.clone()).at(field);
    let help = if p95.get().div_ceil(1_000) <= longest(contract) {
        "record latencies of this contract in milliseconds; if these are microseconds, divide \
         them by 1000"
    } else {
        "record latencies of this contract in milliseconds"
    };
    RULE.finding(
        view.at(Field::P95LatencyMs),
        format!("p95 is {p95}, but an operation of this driver takes at most {worst} ms"),
    )
    .covering(&[Field::ThroughputOpsPerSec])
    .also(driver(Field::RequestMs), format!("an attempt times out after {request}"))
    .also(driver(Field::MaxAttempts), "attempts per operation")
    // There is no fix, because driverc cannot know the unit of the measurement.
    .help(help)
}
