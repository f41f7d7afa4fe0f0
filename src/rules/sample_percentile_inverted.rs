//! Reports benchmark percentiles, or a p95 and its bound, that are out of order.

use super::{BenchmarkView, Check, Field, Level, Lint, Rule, RuleFindings, rule};
use crate::{
    finding::Finding,
    model::{Benchmark, LatencyMs},
};

pub(super) const LINT: Lint = Lint { rule: &RULE, check: Check::Benchmark(check) };

static RULE: Rule = rule!(
    "sample-percentile-inverted",
    Level::Error,
    "a benchmark's percentiles or its p95 bound are out of order"
)
.supersedes(&["sample-littles-law"]);

fn check(view: &BenchmarkView<'_>, findings: &mut RuleFindings) {
    if is_inverted(view.benchmark) {
        findings.push(inverted(view));
    }
    if let Some(upper) = impossible_bound(view.benchmark) {
        findings.push(bound_below(view, upper));
    }
}

fn is_inverted(benchmark: &Benchmark) -> bool {
    benchmark.p50_latency_ms > benchmark.p95_latency_ms
}

/// The upper bound of p95, if it is below p95.
fn impossible_bound(benchmark: &Benchmark) -> Option<LatencyMs> {
    benchmark.p95_upper_latency_ms.filter(|upper| *upper < benchmark.p95_latency_ms)
}

fn inverted(view: &BenchmarkView<'_>) -> Finding {
    let (p50, p95) = (view.benchmark.p50_latency_ms, view.benchmark.p95_latency_ms);
    RULE.finding(view.at(Field::P50LatencyMs), format!("p50 ({p50}) must be at most p95 ({p95})"))
        .covering(&[Field::ThroughputOpsPerSec])
        .also(view.at(Field::P95LatencyMs), format!("below p50, {p50}"))
        .help("record both percentiles from the same run")
}

fn bound_below(view: &BenchmarkView<'_>, upper: LatencyMs) -> Finding {
    let p95 = view.benchmark.p95_latency_ms;
    let message = format!("the upper bound of p95 ({upper}) must be at least p95 ({p95})");
    RULE.finding(view.at(Field::P95UpperLatencyMs), message)
        .covering(&[Field::ThroughputOpsPerSec])
        .also(view.at(Field::P95LatencyMs), format!("above its upper bound, {upper}"))
        .help("record p95 and its upper bound from the same run")
}
