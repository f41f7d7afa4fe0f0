//! Half of the requests are not slower than nearly all of them.

use super::{BenchmarkView, Check, Field, Findings, Level, Lint, Rule};

pub(super) const LINT: Lint = Lint { rule: &RULE, check: Check::Benchmark(check) };

static RULE: Rule = Rule {
    name: "sample-percentile-inverted",
    level: Level::Error,
    summary: "the median of a benchmark is above its 95th percentile",
    docs: include_str!("docs/sample_percentile_inverted.md"),
    parameters: &[],
    on: true,
    fixes: None,
};

fn check(view: &BenchmarkView<'_>, findings: &mut Findings) {
    if reports(view) {
        let (p50, p95) = (view.benchmark.p50_latency_ms, view.benchmark.p95_latency_ms);
        let finding = RULE
            .finding(view.at(Field::P50LatencyMs), format!("p50 is {p50}, above the p95 of {p95}"))
            .also(view.at(Field::P95LatencyMs), "no percentile is below a lower one")
            .help("enter the percentiles of one run");
        findings.push(finding);
    }
}

/// Whether the percentiles are impossible, and this rule says so.
pub(super) fn reports(view: &BenchmarkView<'_>) -> bool {
    view.benchmark.p50_latency_ms > view.benchmark.p95_latency_ms
        && view.settings.level(&RULE).is_some()
}
