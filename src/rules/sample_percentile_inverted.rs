//! Reports benchmark percentiles, or a percentile and its bound, that are out of order.

use super::{BenchmarkView, Check, Field, Level, Lint, Rule, RuleFindings, rule};
use crate::{
    finding::Finding,
    model::{Benchmark, BenchmarkLatency},
};

pub(super) const LINT: Lint = Lint { rule: &RULE, check: Check::Benchmark(check) };

static RULE: Rule = rule!(
    "sample-percentile-inverted",
    Level::Error,
    "a benchmark's percentiles or their upper bounds are out of order"
)
.supersedes(&["sample-littles-law"]);

/// A percentile of a benchmark: its name, its field and its value.
#[derive(Clone, Copy)]
struct Percentile {
    name: &'static str,
    field: Field,
    value: BenchmarkLatency,
}

fn check(view: &BenchmarkView<'_>, findings: &mut RuleFindings) {
    let benchmark = view.benchmark;
    let [p50, p95, p99] = percentiles(benchmark);
    for (low, high) in [(p50, p95), (p95, p99)] {
        if let (Some(low), Some(high)) = (low, high)
            && low.value > high.value
        {
            findings.push(inverted(view, low, high));
        }
    }
    let bounds = [
        (p95, Field::P95UpperLatencyMs, benchmark.p95_upper_latency),
        (p99, Field::P99UpperLatencyMs, benchmark.p99_upper_latency),
    ];
    for (percentile, field, upper) in bounds {
        if let (Some(percentile), Some(upper)) = (percentile, upper)
            && upper < percentile.value
        {
            findings.push(bound_below(view, percentile, (field, upper)));
        }
    }
}

fn percentiles(benchmark: &Benchmark) -> [Option<Percentile>; 3] {
    let of = |name, field| move |value| Percentile { name, field, value };
    [
        Some(benchmark.p50_latency).map(of("p50", Field::P50LatencyMs)),
        Some(benchmark.p95_latency).map(of("p95", Field::P95LatencyMs)),
        benchmark.p99_latency.map(of("p99", Field::P99LatencyMs)),
    ]
}

fn inverted(view: &BenchmarkView<'_>, low: Percentile, high: Percentile) -> Finding {
    let message =
        format!("{} ({}) must be at most {} ({})", low.name, low.value, high.name, high.value);
    RULE.finding(view.at(low.field), message)
        .covering(&[Field::ThroughputOpsPerSec])
        .also(view.at(high.field), format!("below {}, {}", low.name, low.value))
        .help("record both percentiles from the same run")
}

fn bound_below(
    view: &BenchmarkView<'_>,
    Percentile { name, field, value }: Percentile,
    (bound, upper): (Field, BenchmarkLatency),
) -> Finding {
    let message = format!("the upper bound of {name} ({upper}) must be at least {name} ({value})");
    RULE.finding(view.at(bound), message)
        .covering(&[Field::ThroughputOpsPerSec])
        .also(view.at(field), format!("above its upper bound, {upper}"))
        .help(format!("record {name} and its upper bound from the same run"))
}
