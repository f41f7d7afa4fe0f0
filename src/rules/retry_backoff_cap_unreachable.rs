//! The maximum of the sleep is one that a sleep can come near.

use super::{Check, DriverView, Field, Findings, Level, Lint, Parameter, Rule, Safety};
use crate::finding::{Change, Finding};

pub(super) const LINT: Lint = Lint { rule: &RULE, check: Check::Driver(check) };

static RULE: Rule = Rule {
    name: "retry-backoff-cap-unreachable",
    level: Level::Info,
    summary: "no sleep before a retry comes near its maximum",
    docs: include_str!("docs/retry_backoff_cap_unreachable.md"),
    parameters: &[&FACTOR],
    on: true,
    fixes: Some(Safety::Unsafe),
};

static FACTOR: Parameter = Parameter {
    name: "factor",
    default: 10,
    min: 1,
    max: 1_000_000,
    summary: "how many times the longest sleep the maximum may be",
};

fn check(view: &DriverView<'_>, findings: &mut Findings) {
    let policy = &view.contract.retry_policy;
    let factor = view.settings.parameter(&RULE, &FACTOR);
    let longest = policy.nominal_backoff_ms(policy.max_attempts.get() - 1);
    // Without a retry nothing sleeps, and a base of zero is `retry-backoff-zero`.
    if longest > 0 && policy.max_backoff_ms.get() > factor * longest {
        findings.push(cap_unreachable(view, longest));
    }
}

fn cap_unreachable(view: &DriverView<'_>, longest: u64) -> Finding {
    let max = view.contract.retry_policy.max_backoff_ms;
    let place = view.at(Field::MaxBackoffMs);
    RULE.finding(
        place.clone(),
        format!("no sleep is longer than {longest} ms, the maximum is {max}"),
    )
    .label("never reached")
    .also(view.at(Field::BaseBackoffMs), "doubled with each retry")
    .also(view.at(Field::MaxAttempts), format!("the last retry sleeps {longest} ms"))
    .help(format!("set `max_backoff_ms` to {longest}"))
    .suggest(place, Change::Integer(longest))
}
