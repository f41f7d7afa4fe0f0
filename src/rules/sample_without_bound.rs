//! Reports a benchmark that lacks `attempts` or `p95_upper_latency_ms`.

use super::{Check, EvidenceView, Field, Level, Lint, Rule, RuleFindings, rule};
use crate::model::Benchmark;

pub(super) const LINT: Lint = Lint { rule: &RULE, check: Check::Evidence(check) };

static RULE: Rule = rule!(
    "sample-without-bound",
    Level::Info,
    "a benchmark lacks `attempts` or `p95_upper_latency_ms`"
);

fn check(view: &EvidenceView<'_>, findings: &mut RuleFindings) {
    if !view.is_judged() || view.budget.is_none() {
        return;
    }
    for (subject, benchmark) in view.samples {
        let lacking = lacking(benchmark);
        if lacking.is_empty() {
            continue;
        }
        let keys: Vec<_> = lacking.iter().map(|field| format!("`{}`", field.key())).collect();
        let keys = keys.join(" and ");
        let finding = RULE
            .finding(
                subject.clone().whole(),
                format!("missing {keys}, so driverc compares figures at face value"),
            )
            .help(format!("add {keys}"));
        findings.push(finding);
    }
}

fn lacking(benchmark: &Benchmark) -> Vec<Field> {
    // If the source says that latencies are correlated, p95 is inconclusive without a bound.
    let lacks_bound = benchmark.p95_upper_latency_ms.is_none() && benchmark.longer_run().is_none();
    let keys =
        [(Field::Attempts, benchmark.attempts.is_none()), (Field::P95UpperLatencyMs, lacks_bound)];
    keys.into_iter().filter_map(|(field, lacks)| lacks.then_some(field)).collect()
}
