//! No request succeeds after the driver has given up.

use super::{BenchmarkView, Check, Field, Findings, Level, Lint, Rule, Subject};
use crate::{
    finding::{Change, Edit, Finding, Safety},
    model::DriverContract,
};

pub(super) const LINT: Lint = Lint { rule: &RULE, check: Check::Benchmark(check) };

static RULE: Rule = Rule {
    name: "sample-latency-exceeds-policy",
    level: Level::Error,
    summary: "the latency of a benchmark is longer than the driver waits",
    docs: include_str!("docs/sample_latency_exceeds_policy.md"),
    parameters: &[],
    on: true,
    fixes: Some(Safety::Unsafe),
};

fn check(view: &BenchmarkView<'_>, findings: &mut Findings) {
    let Some(contract) = view.contract else { return };
    if reports(view, contract) {
        findings.push(latency_exceeds_policy(view, contract));
    }
}

/// Whether the driver would have given up before, and this rule says so.
pub(super) fn reports(view: &BenchmarkView<'_>, contract: &DriverContract) -> bool {
    let impossible = view.benchmark.p95_latency_ms.get() > longest(contract);
    impossible && view.settings.level(&RULE).is_some()
}

/// The worst case, and one millisecond for a clock that rounds.
fn longest(contract: &DriverContract) -> u64 {
    contract.worst_case_ms() + 1
}

fn latency_exceeds_policy(view: &BenchmarkView<'_>, contract: &DriverContract) -> Finding {
    let (p95, worst) = (view.benchmark.p95_latency_ms, contract.worst_case_ms());
    let request = contract.timeout_policy.request_ms;
    let driver = |field| Subject::Driver(contract.name.clone()).at(field);
    let finding = RULE
        .finding(
            view.at(Field::P95LatencyMs),
            format!("p95 is {p95}, but the driver gives up after {worst} ms at the latest"),
        )
        .also(driver(Field::RequestMs), format!("an attempt ends after {request}"))
        .also(driver(Field::MaxAttempts), "the last attempt");
    let edits = in_milliseconds(view, contract);
    if edits.is_empty() {
        return finding.help("enter what was measured with this contract, in milliseconds");
    }
    finding.help("divide by 1000 if these are microseconds").fix(Safety::Unsafe, edits)
}

/// The percentiles divided by 1000, rounded up, if they then fit; none if they do not. A median
/// that fits already is in milliseconds.
fn in_milliseconds(view: &BenchmarkView<'_>, contract: &DriverContract) -> Vec<Edit> {
    let benchmark = view.benchmark;
    let (p50, p95) = (benchmark.p50_latency_ms.get(), benchmark.p95_latency_ms.get());
    let fitting = p95.div_ceil(1_000);
    if p50 > p95 || fitting > longest(contract) {
        return Vec::new();
    }
    let divided = |field, value: u64| Edit {
        place: view.at(field),
        change: Change::Integer(value.div_ceil(1_000)),
    };
    let median = (p50 > fitting).then(|| divided(Field::P50LatencyMs, p50));
    let upper = benchmark.p95_upper_latency_ms.filter(|upper| upper.get() >= p95);
    let upper = upper.map(|upper| divided(Field::P95UpperLatencyMs, upper.get()));
    [Some(divided(Field::P95LatencyMs, p95)), median, upper].into_iter().flatten().collect()
}
