//! Reports a `jitter_percent` that is too low to spread out retries.

use super::{Check, DriverView, Field, Level, Lint, Parameter, Rule, RuleFindings, policy, rule};
use crate::finding::Finding;

pub(super) const LINT: Lint = Lint { rule: &RULE, check: Check::Driver(check) };

static RULE: Rule =
    rule!("retry-jitter-low", Level::Info, "`jitter_percent` is too low to spread out retries")
        .parameters(&[&LIMIT]);

static LIMIT: Parameter =
    Parameter { name: "limit", default: 20, min: 1, max: 100, summary: "the minimum jitter, in %" };

fn check(view: &DriverView<'_>, findings: &mut RuleFindings) {
    let contract = view.contract;
    let policy = &contract.retry_policy;
    let herd = policy.max_attempts.get() > 1 && view.in_flight() > 1;
    let limit = view.configuration.parameter(&RULE, &LIMIT);
    // A backoff of 0 has no time to randomise.
    let is_random = policy.jitter_percent.get() > 0 || policy.base_backoff_ms.get() > 0;
    if herd && is_random && policy.jitter_percent.get() < limit {
        findings.push(jitter_low(view, limit));
    }
}

fn jitter_low(view: &DriverView<'_>, limit: u64) -> Finding {
    let jitter = view.contract.retry_policy.jitter_percent;
    let message =
        format!("`jitter_percent` is {jitter}, so only this share of a backoff is random");
    let finding = RULE
        .finding(view.at(Field::JitterPercent), message)
        .label("operations that fail together retry almost together");
    policy::with_in_flight(finding, view).help(format!("set `jitter_percent` to at least {limit}"))
}
