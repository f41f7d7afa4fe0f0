//! Reports a `max_backoff_ms` far above any backoff that the driver can reach.

use super::{Check, DriverView, Field, Level, Lint, Parameter, Rule, RuleFindings, rule};
use crate::finding::Finding;

pub(super) const LINT: Lint = Lint { rule: &RULE, check: Check::Driver(check) };

static RULE: Rule = rule!(
    "retry-backoff-cap-unreachable",
    Level::Info,
    "`max_backoff_ms` is far above any backoff the driver can reach"
)
.parameters(&[&FACTOR]);

static FACTOR: Parameter = Parameter {
    name: "factor",
    default: 10,
    min: 1,
    max: 1_000_000,
    summary: "the maximum ratio of `max_backoff_ms` to the longest backoff",
};

fn check(view: &DriverView<'_>, findings: &mut RuleFindings) {
    let policy = &view.contract.retry_policy;
    let factor = view.configuration.parameter(&RULE, &FACTOR);
    let longest = policy.backoffs_ms().last().unwrap_or(0);
    // Without a retry, or with a base of 0, there is no backoff to limit.
    if longest > 0 && policy.max_backoff_ms.get() > factor * longest {
        findings.push(cap_unreachable(view, longest));
    }
}

fn cap_unreachable(view: &DriverView<'_>, longest: u64) -> Finding {
    let max = view.contract.retry_policy.max_backoff_ms;
    let attempts = view.contract.retry_policy.max_attempts;
    RULE.finding(
        view.at(Field::MaxBackoffMs),
        format!("`max_backoff_ms` is {max}, but with {attempts} attempts the backoff reaches only {longest} ms"),
    )
    .label("never reached")
    .also(view.at(Field::BaseBackoffMs), "the first backoff")
    .also(view.at(Field::MaxAttempts), format!("the last backoff is {longest} ms"))
    .help(format!(
        "set `max_backoff_ms` to {longest}, or keep it for a later increase of `max_attempts`"
    ))
}
