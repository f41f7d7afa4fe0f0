//! A write that may have happened is not tried again, unless twice is as good as once.

use super::{Check, DriverView, Field, Findings, Level, Lint, Rule, Safety};
use crate::{
    finding::{Change, Finding},
    model::DriverCapability,
};

pub(super) const LINT: Lint = Lint { rule: &RULE, check: Check::Driver(check) };

static RULE: Rule = Rule {
    name: "retry-non-idempotent-write",
    level: Level::Error,
    summary: "a write that may have happened is tried again",
    docs: include_str!("docs/retry_non_idempotent_write.md"),
    parameters: &[],
    on: true,
    fixes: Some(Safety::Unsafe),
};

fn check(view: &DriverView<'_>, findings: &mut Findings) {
    if raised(view) {
        findings.push(non_idempotent_write(view));
    }
}

/// Whether this rule has a finding for the driver.
pub(super) fn raised(view: &DriverView<'_>) -> bool {
    let contract = view.contract;
    contract.capabilities.contains(DriverCapability::BatchWrite)
        && !contract.capabilities.contains(DriverCapability::IdempotentWrite)
        && contract.retry_policy.max_attempts.get() > 1
        && view.settings.level(&RULE).is_some()
}

fn non_idempotent_write(view: &DriverView<'_>) -> Finding {
    let attempts = view.contract.retry_policy.max_attempts;
    let place = view.at(Field::MaxAttempts);
    RULE.finding(
        place.clone(),
        format!("a write is tried up to {attempts} times, but is not idempotent"),
    )
    .label("a write is tried again, too")
    .also(view.at(Field::Capabilities), "`batch_write` without `idempotent_write`")
    .help(
        "set `max_attempts` to 1, or declare `idempotent_write` if a repeated write has the \
         effect of one",
    )
    .suggest(place, Change::Integer(1))
}
