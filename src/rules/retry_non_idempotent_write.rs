//! Reports a driver that retries writes that are not idempotent.

use super::{Check, DriverView, Field, Level, Lint, Rule, RuleFindings, rule};
use crate::{finding::Finding, model::DriverCapability};

pub(super) const LINT: Lint = Lint { rule: &RULE, check: Check::Driver(check) };

static RULE: Rule = rule!(
    "retry-non-idempotent-write",
    Level::Error,
    "a driver retries writes that are not idempotent"
)
.supersedes(&["retry-amplification", "retry-attempts-high"]);

fn check(view: &DriverView<'_>, findings: &mut RuleFindings) {
    let contract = view.contract;
    if contract.capabilities.contains(DriverCapability::BatchWrite)
        && !contract.capabilities.contains(DriverCapability::IdempotentWrite)
        && contract.retry_policy.max_attempts.get() > 1
    {
        findings.push(non_idempotent_write(view));
    }
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
        "add `idempotent_write` if a repeated write has no further effect, or set \
         `max_attempts` to 1; if the driver retries only reads, declare writes as a second driver \
         with `max_attempts = 1`",
    )
}
