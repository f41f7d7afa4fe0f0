//! Reports a `deadline_ms` that ends an operation before its last attempt can start.

use std::iter::once;

use super::{Check, DriverView, Field, Level, Lint, Rule, RuleFindings, rule};
use crate::model::DriverContract;

pub(super) const LINT: Lint = Lint { rule: &RULE, check: Check::Driver(check) };

static RULE: Rule = rule!(
    "deadline-cuts-retries",
    Level::Warn,
    "`deadline_ms` leaves no time for the last attempts"
);

fn check(view: &DriverView<'_>, findings: &mut RuleFindings) {
    let contract = view.contract;
    let Some(deadline) = contract.timeout_policy.deadline_ms else { return };
    let attempts = contract.retry_policy.max_attempts;
    let starts: Vec<u64> = starts_ms(contract).collect();
    let fitting = starting_before(contract, deadline.get());
    let Some(last_starts) = starts.last().filter(|start| **start >= deadline.get()) else { return };
    let message = format!(
        "if attempts time out, only {fitting} of {attempts} start before `deadline_ms` ({})",
        deadline.get()
    );
    let request = contract.timeout_policy.request_ms.get();
    let finding = RULE
        .finding(view.at(Field::DeadlineMs), message)
        .label("the operation ends here")
        .also(view.at(Field::MaxAttempts), format!("attempt {attempts} starts at {last_starts} ms"))
        .also(view.at(Field::RequestMs), format!("each attempt can take {request} ms"))
        .help(format!(
            "set `max_attempts` to {fitting}, raise `deadline_ms` above {last_starts}, or lower `request_ms`"
        ));
    findings.push(finding);
}

/// Returns the number of attempts that start before a deadline if attempts time out.
pub(super) fn starting_before(contract: &DriverContract, deadline_ms: u64) -> u64 {
    starts_ms(contract).map(|start| u64::from(start < deadline_ms)).sum()
}

/// Returns the start of each attempt, in milliseconds after the arrival of its operation. All
/// earlier attempts time out, and every backoff is as short as its jitter allows.
fn starts_ms(contract: &DriverContract) -> impl Iterator<Item = u64> {
    let policy = &contract.retry_policy;
    let request = contract.timeout_policy.request_ms.get();
    let gaps = policy
        .backoffs_ms()
        .map(move |nominal| request + nominal - nominal * policy.jitter_percent.get() / 100);
    once(0).chain(gaps.scan(0, |start, gap| {
        *start += gap;
        Some(*start)
    }))
}
