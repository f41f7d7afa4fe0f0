//! Reports benchmark percentiles, or a p95 and its bound, that are out of order.

use super::{BenchmarkView, Check, Field, Findings, Level, Lint, Rule, rule};
use crate::{
    finding::Finding,
    model::{Benchmark, LatencyMs},
};

pub(super) const LINT: Lint = Lint { rule: &RULE, check: Check::Benchmark(check) };

static RULE: Rule = rule!(
    "sample-percentile-inverted",
    Level::Error,
    "the percentiles of a benchmark, or a percentile and its bound, are the wrong way round"
)
.supersedes(&["sample-littles-law"]);

fn check(view: &BenchmarkView<'_>, findings: &mut Findings) {
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

/// The upper bound, where it is below what it bounds.
fn impossible_bound(benchmark: &Benchmark) -> Option<LatencyMs> {
    benchmark.p95_upper_latency_ms.filter(|upper| *upper < benchmark.p95_latency_ms)
}

fn inverted(view: &BenchmarkView<'_>) -> Finding {
    let (p50, p95) = (view.benchmark.p50_latency_ms, view.benchmark.p95_latency_ms);
    RULE.finding(view.at(Field::P50LatencyMs), format!("p50 is {p50}, above the p95 of {p95}"))
        .covering(&[Field::ThroughputOpsPerSec])
        .also(view.at(Field::P95LatencyMs), "no percentile is below a lower one")
        .help("enter the percentiles of one run")
}

fn bound_below(view: &BenchmarkView<'_>, upper: LatencyMs) -> Finding {
    let p95 = view.benchmark.p95_latency_ms;
    let message = format!("the upper bound of p95 is {upper}, below the p95 of {p95}");
    RULE.finding(view.at(Field::P95UpperLatencyMs), message)
        .covering(&[Field::ThroughputOpsPerSec])
        .also(view.at(Field::P95LatencyMs), "no figure is above its own upper bound")
        .help("enter the bound and the percentile of one run")
}
