//! Reports a benchmark with a p95 above the driver's worst-case latency.

use super::{BenchmarkView, Check, Field, Findings, Level, Lint, Rule, Subject, rule};
use crate::{finding::Finding, model::DriverContract};

pub(super) const LINT: Lint = Lint { rule: &RULE, check: Check::Benchmark(check) };

static RULE: Rule = rule!(
    "sample-latency-exceeds-policy",
    Level::Error,
    "the latency of a benchmark is longer than the driver waits"
)
.supersedes(&["sample-littles-law"]);

fn check(view: &BenchmarkView<'_>, findings: &mut Findings) {
    let Some(contract) = view.contract else { return };
    if view.benchmark.p95_latency_ms.get() > longest(contract) {
        findings.push(latency_exceeds_policy(view, contract));
    }
}

/// The worst case, and one millisecond for a clock that rounds.
fn longest(contract: &DriverContract) -> u64 {
    contract.worst_case_ms() + 1
}

fn latency_exceeds_policy(view: &BenchmarkView<'_>, contract: &DriverContract) -> Finding {
    let (p95, worst) = (view.benchmark.p95_latency_ms, contract.worst_case_ms());
    let request = contract.timeout_policy.request_ms;
    let driver = |field| Subject::Driver(contract.name.clone()).at(field);
    let help = if p95.get().div_ceil(1_000) <= longest(contract) {
        "enter what was measured with this contract, in milliseconds; divide by 1000 if these \
         are microseconds"
    } else {
        "enter what was measured with this contract, in milliseconds"
    };
    RULE.finding(
        view.at(Field::P95LatencyMs),
        format!("p95 is {p95}, but the driver gives up after {worst} ms at the latest"),
    )
    .covering(&[Field::ThroughputOpsPerSec])
    .also(driver(Field::RequestMs), format!("an attempt ends after {request}"))
    .also(driver(Field::MaxAttempts), "the last attempt")
    // Only those who measured know the unit: a fix would invent a measurement.
    .help(help)
}
