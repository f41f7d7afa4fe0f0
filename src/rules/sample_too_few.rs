//! Reports benchmark percentiles that come from too few requests.

use super::{BenchmarkView, Check, Field, Level, Lint, Parameter, Rule, RuleFindings, rule};
use crate::finding::Finding;

pub(super) const LINT: Lint = Lint { rule: &RULE, check: Check::Benchmark(check) };

static RULE: Rule =
    rule!("sample-too-few", Level::Warn, "a benchmark's percentiles come from too few requests")
        .parameters(&[&LEAST, &LEAST_FOR_P99]);

static LEAST: Parameter = Parameter {
    name: "least",
    default: 400,
    min: 1,
    max: 1_000_000_000,
    summary: "the minimum number of successful requests",
};

static LEAST_FOR_P99: Parameter = Parameter {
    name: "least_for_p99",
    default: 2_000,
    min: 1,
    max: 1_000_000_000,
    summary: "the minimum number of successful requests of a benchmark with p99",
};

fn check(view: &BenchmarkView<'_>, findings: &mut RuleFindings) {
    let Some(requests) = view.benchmark.requests else { return };
    let least = view.configuration.parameter(&RULE, &LEAST);
    let least_for_p99 = view.configuration.parameter(&RULE, &LEAST_FOR_P99);
    let has_p99 = view.benchmark.p99_latency.is_some();
    if requests.get() < least {
        let all = if has_p99 { least.max(least_for_p99) } else { least };
        findings.push(too_few(view, "the percentiles come", least, all));
    } else if has_p99 && requests.get() < least_for_p99 {
        findings.push(too_few(view, "p99 comes", least_for_p99, least_for_p99));
    }
}

/// Returns the finding for a benchmark with fewer than `least` requests. `all` is a number of
/// requests that is enough for every percentile.
fn too_few(view: &BenchmarkView<'_>, what: &str, least: u64, all: u64) -> Finding {
    let requests = view.benchmark.requests.map_or(0, u64::from);
    RULE.finding(
        view.at(Field::Requests),
        format!("{what} from {requests} requests, fewer than {least}"),
    )
    .help(format!("measure at least {all} successful requests"))
}
