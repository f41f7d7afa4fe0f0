//! No request succeeds after the driver has given up.

use super::{BenchmarkView, Check, Field, Findings, Level, Lint, Rule, Subject, rule};
use crate::{finding::Finding, model::DriverContract};

pub(super) const LINT: Lint = Lint { rule: &RULE, check: Check::Benchmark(check) };

static RULE: Rule = rule!(
    "sample-latency-exceeds-policy",
    Level::Error,
    "the latency of a benchmark is longer than the driver waits"
);

fn check(view: &BenchmarkView<'_>, findings: &mut Findings) {
    let Some(contract) = view.contract else { return };
    if reports(view, contract) {
        findings.push(latency_exceeds_policy(view, contract));
    }
}

/// Whether the driver would have given up before, and this rule says so.
pub(super) fn reports(view: &BenchmarkView<'_>, contract: &DriverContract) -> bool {
    let impossible = view.benchmark.p95_latency_ms.get() > longest(contract);
    impossible && view.configuration.level(&RULE).is_some()
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
    .also(driver(Field::RequestMs), format!("an attempt ends after {request}"))
    .also(driver(Field::MaxAttempts), "the last attempt")
    // Only those who measured know the unit: a fix would invent a measurement.
    .help(help)
}
