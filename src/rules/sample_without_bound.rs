//! Reports a benchmark that lacks `attempts` or the upper bound of a judged percentile.

use super::{Check, EvidenceView, Field, Level, Lint, Rule, RuleFindings, rule};
use crate::model::Benchmark;

pub(super) const LINT: Lint = Lint { rule: &RULE, check: Check::Evidence(check) };

static RULE: Rule = rule!(
    "sample-without-bound",
    Level::Info,
    "a benchmark lacks `attempts` or the upper bound of a judged percentile"
);

fn check(view: &EvidenceView<'_>, findings: &mut RuleFindings) {
    let Some(budget) = view.budget.filter(|_| view.is_judged()) else { return };
    let limits_p99 = budget.max_p99_latency.is_some();
    for (subject, benchmark) in view.samples {
        let lacking = lacking(benchmark, limits_p99);
        if lacking.is_empty() {
            continue;
        }
        let unit = benchmark.p95_latency.unit();
        let key = |field: &Field| format!("`{}`", field.key_in(unit));
        let keys: Vec<_> = lacking.iter().map(key).collect();
        let keys = match &keys[..] {
            [first, second, third] => format!("{first}, {second} and {third}"),
            _ => keys.join(" and "),
        };
        let finding = RULE
            .finding(
                subject.clone().whole(),
                format!("missing {keys}, so driverc compares figures at face value"),
            )
            .help(format!("add {keys}"));
        findings.push(finding);
    }
}

fn lacking(benchmark: &Benchmark, limits_p99: bool) -> Vec<Field> {
    // If the source says that latencies are correlated, p95 is inconclusive without a bound.
    let lacks_bound = benchmark.p95_upper_latency.is_none() && benchmark.longer_run().is_none();
    // A benchmark without a limited p99 is inconclusive with or without a bound.
    let lacks_p99_bound = limits_p99
        && benchmark.p99_latency.is_some()
        && benchmark.p99_upper_latency.is_none()
        && benchmark.p99_longer_run().is_none();
    let keys = [
        (Field::Attempts, benchmark.attempts.is_none()),
        (Field::P95UpperLatencyMs, lacks_bound),
        (Field::P99UpperLatencyMs, lacks_p99_bound),
    ];
    keys.into_iter().filter_map(|(field, lacks)| lacks.then_some(field)).collect()
}
