//! Reports a closed-loop benchmark, which leaves waiting time out of its p95.

use super::{BenchmarkView, Check, Field, Findings, Level, Lint, Rule, rule};
use crate::model::LoadLoop;

pub(super) const LINT: Lint = Lint { rule: &RULE, check: Check::Benchmark(check) };

static RULE: Rule = rule!(
    "sample-coordinated-omission",
    Level::Info,
    "the load of a benchmark waited for answers, so its p95 leaves out waits"
);

fn check(view: &BenchmarkView<'_>, findings: &mut Findings) {
    if view.benchmark.load_loop == Some(LoadLoop::Closed) {
        let finding = RULE
            .finding(view.at(Field::Loop), "the load waited for answers, and p95 leaves that out")
            .also(view.at(Field::P95LatencyMs), "lower than what a user would see")
            .help("measure at a fixed rate of arrivals");
        findings.push(finding);
    }
}
