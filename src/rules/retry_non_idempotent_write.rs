//! Reports a driver that retries writes that are not idempotent.

use super::{Check, DriverView, Field, Findings, Level, Lint, Rule, rule};
use crate::{finding::Finding, model::DriverCapability};

pub(super) const LINT: Lint = Lint { rule: &RULE, check: Check::Driver(check) };

static RULE: Rule = rule!(
    "retry-non-idempotent-write",
    Level::Error,
    "a driver retries writes that are not idempotent"
);

fn check(view: &DriverView<'_>, findings: &mut Findings) {
    if raised(view) {
        findings.push(non_idempotent_write(view));
    }
}

/// Returns true if this rule has a finding for the driver.
pub(super) fn raised(view: &DriverView<'_>) -> bool {
    let contract = view.contract;
    contract.capabilities.contains(DriverCapability::BatchWrite)
        && !contract.capabilities.contains(DriverCapability::IdempotentWrite)
        && contract.retry_policy.max_attempts.get() > 1
        && view.configuration.level(&RULE).is_some()
}

fn non_idempotent_write(view: &DriverView<'_>) -> Finding {
    let attempts = view.contract.retry_policy.max_attempts;
    RULE.finding(
        view.at(Field::MaxAttempts),
        format!("a write is attempted up to {attempts} times, but is not idempotent"),
    )
    .label("a failed write is retried too")
    .also(view.at(Field::Capabilities), "`batch_write` without `idempotent_write`")
    .help(
        "declare `idempotent_write` if a repeated write has the effect of one, or set \
         `max_attempts` to 1; if the driver retries only reads, declare writes as a second driver \
         with `max_attempts = 1`",
    )
}
