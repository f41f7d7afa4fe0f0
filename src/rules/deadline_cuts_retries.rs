//! Reports a `deadline_ms` that ends an operation before its last attempt can start.

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
    let attempts = contract.retry_policy.max_attempts.get();
    let last_starts = starts_ms(contract, attempts);
    if last_starts < deadline.get() {
        return;
    }
    let fitting = (1..=attempts).take_while(|it| starts_ms(contract, *it) < deadline.get()).count();
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
            "set `max_attempts` to {fitting}, `deadline_ms` above {last_starts}, or lower `request_ms`"
        ));
    findings.push(finding);
}

/// When an attempt starts, in milliseconds from the arrival of its operation, if all attempts
/// before it time out and every backoff is as short as its jitter allows.
fn starts_ms(contract: &DriverContract, attempt: u64) -> u64 {
    let policy = &contract.retry_policy;
    let backoff = |retry| {
        let nominal = policy.nominal_backoff_ms(retry);
        nominal - nominal * policy.jitter_percent.get() / 100
    };
    let backoffs: u64 = (1..attempt).map(backoff).sum();
    (attempt - 1) * contract.timeout_policy.request_ms.get() + backoffs
}
