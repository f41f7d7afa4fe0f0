//! Reports benchmark percentiles that come from too few requests.

use super::{BenchmarkView, Check, Field, Level, Lint, Parameter, Rule, RuleFindings, rule};

pub(super) const LINT: Lint = Lint { rule: &RULE, check: Check::Benchmark(check) };

static RULE: Rule =
    rule!("sample-too-few", Level::Warn, "a benchmark's percentiles come from too few requests")
        .parameters(&[&LEAST]);

static LEAST: Parameter = Parameter {
    name: "least",
    default: 400,
    min: 1,
    max: 1_000_000_000,
    summary: "the minimum number of successful requests",
};

fn check(view: &BenchmarkView<'_>, findings: &mut RuleFindings) {
    let least = view.configuration.parameter(&RULE, &LEAST);
    let Some(requests) = view.benchmark.requests else { return };
    if requests.get() < least {
        let finding = RULE
            .finding(
                view.at(Field::Requests),
                format!("the percentiles come from {requests} requests, fewer than {least}"),
            )
            .help(format!("measure at least {least} successful requests"));
        findings.push(finding);
    }
}
