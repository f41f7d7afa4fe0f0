//! Reports a `request_ms` that is far above every p95 limit.

use super::{
    Check, DriverView, Field, Findings, Level, Lint, Parameter, Rule, limit_at, rule,
    timeout_below_replica_lag,
};
use crate::finding::Finding;

pub(super) const LINT: Lint = Lint { rule: &RULE, check: Check::Driver(check) };

static RULE: Rule =
    rule!("timeout-deadline-loose", Level::Warn, "`request_ms` is far above every p95 limit")
        .parameters(&[&FACTOR]);

static FACTOR: Parameter = Parameter {
    name: "factor",
    default: 1_000,
    min: 2,
    max: 1_000_000,
    summary: "how many times the loosest limit of p95 latency an attempt may take",
};

/// How many times the p95 latency a good time of an attempt is.
const GOOD_FACTOR: u64 = 10;

fn check(view: &DriverView<'_>, findings: &mut Findings) {
    let factor = view.configuration.parameter(&RULE, &FACTOR);
    let Some(loosest) = view.p95_limits().map(|limit| limit.value.get()).max() else { return };
    let longest = (factor * loosest).max(least(view));
    if view.contract.timeout_policy.request_ms.get() > longest {
        findings.push(deadline_loose(view, loosest, longest));
    }
}

/// What other rules ask of the time of an attempt, in milliseconds.
fn least(view: &DriverView<'_>) -> u64 {
    timeout_below_replica_lag::limit(view).unwrap_or(0)
}

fn deadline_loose(view: &DriverView<'_>, loosest: u64, longest: u64) -> Finding {
    let policy = &view.contract.timeout_policy;
    let factor = view.configuration.parameter(&RULE, &FACTOR);
    let message = format!(
        "`request_ms` ({}) must be at most {longest}, {factor} times the p95 limit of {loosest} ms",
        policy.request_ms.get()
    );
    let mut finding = RULE.finding(view.at(Field::RequestMs), message);
    for limit in view.p95_limits() {
        let label = format!("{factor} times this is {} ms", factor * limit.value.get());
        finding = finding.also(limit_at(&limit, Field::MaxP95LatencyMs), label);
    }
    let fitting = (GOOD_FACTOR * loosest).max(2 * policy.connect_ms.get()).max(least(view));
    if fitting > longest {
        return finding.help(format!("set `request_ms` to at most {longest}"));
    }
    finding.help(format!(
        "set `request_ms` to about {fitting}, or check the unit of `max_p95_latency_ms`"
    ))
}
