//! Reports a closed-loop benchmark, whose p95 does not include waiting time.

use super::{BenchmarkView, Check, Field, Level, Lint, Rule, RuleFindings, rule};
use crate::model::LoadLoop;

pub(super) const LINT: Lint = Lint { rule: &RULE, check: Check::Benchmark(check) };

static RULE: Rule = rule!(
    "sample-coordinated-omission",
    Level::Info,
    "a closed-loop benchmark leaves waiting time out of its p95"
);

fn check(view: &BenchmarkView<'_>, findings: &mut RuleFindings) {
    if view.benchmark.load_loop == Some(LoadLoop::Closed) {
        let finding = RULE
            .finding(view.at(Field::Loop), "the load is a closed loop, so p95 omits waiting time")
            .also(view.at(Field::P95LatencyMs), "lower than the p95 that users see")
            .help("measure at a fixed arrival rate and write `loop = \"open\"`");
        findings.push(finding);
    }
}
