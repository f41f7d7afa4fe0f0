//! Reports benchmark percentiles that come from too few requests.

use super::{BenchmarkView, Check, Field, Findings, Level, Lint, Parameter, Rule, rule};

pub(super) const LINT: Lint = Lint { rule: &RULE, check: Check::Benchmark(check) };

static RULE: Rule =
    rule!("sample-too-few", Level::Warn, "the percentiles of a benchmark come from few requests")
        .parameters(&[&LEAST]);

static LEAST: Parameter = Parameter {
    name: "least",
    default: 400,
    min: 1,
    max: 1_000_000_000,
    summary: "the fewest successful requests that raise nothing",
};

fn check(view: &BenchmarkView<'_>, findings: &mut Findings) {
    let least = view.configuration.parameter(&RULE, &LEAST);
    let Some(requests) = view.benchmark.requests else { return };
    if requests.get() < least {
        let finding = RULE
            .finding(
                view.at(Field::Requests),
                format!("the percentiles are of {requests} requests"),
            )
            .help(format!("measure {least} requests or more"));
        findings.push(finding);
    }
}
