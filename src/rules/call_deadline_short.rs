//! Reports a call that can take longer than its caller waits.

use super::{CallsView, Check, Field, Level, Lint, Rule, RuleFindings, rule};
use crate::{
    finding::{ContractPath, DeclarationId, Finding},
    model::{Attempts, DriverContract, RequestMs},
    workspace::JoinedCall,
};

pub(super) const LINT: Lint = Lint { rule: &RULE, check: Check::Calls(check) };

pub(super) static RULE: Rule =
    rule!("call-deadline-short", Level::Error, "a call can take longer than its caller waits");

fn check(view: &CallsView<'_>, findings: &mut RuleFindings) {
    let short = view.judged().filter(|call| call.outlasts_caller());
    short.for_each(|call| findings.push(finding(call)));
}

fn finding(call: &JoinedCall<'_>) -> Finding {
    let (from, to) = (call.from, &call.call.to);
    let (key, waits) = (from.attempt_field().key(), from.attempt_ms());
    let worst = call.worst_case_ms();
    let message = match in_sequence(call) {
        1 => format!(
            "a call of `{to}` can take {worst} ms, longer than `{key}` ({waits}) of `{}`",
            from.name()
        ),
        times => format!(
            "{times} operations of `{to}` can take {worst} ms, longer than `{key}` ({waits}) of `{}`",
            from.name()
        ),
    };
    let (place, label) = bound(call.to);
    RULE.finding(call.at(Field::To), message)
        .also(from.at_attempt(), format!("`{}` gives up here", from.name()))
        .also(place, label)
        .help(help(call))
}

/// Returns the number of operations that run one after another.
fn in_sequence(call: &JoinedCall<'_>) -> u64 {
    call.call.worst_case_ms(1)
}

/// Returns the key that bounds an operation, with its meaning.
fn bound(contract: &DriverContract) -> (ContractPath, String) {
    let at = |field| DeclarationId::Driver(contract.name.clone()).at(field);
    let worst = contract.worst_case_ms();
    let (policy, retries) = (&contract.timeout_policy, &contract.retry_policy);
    if policy.deadline_ms.is_some_and(|deadline| deadline.get() == worst) {
        return (at(Field::DeadlineMs), format!("`{}` ends after {worst} ms", contract.name));
    }
    let (request, backoff) = (policy.request_ms, retries.total_backoff_ms());
    let label = match (retries.max_attempts.get(), backoff) {
        (1, _) => format!("one attempt of `{}` can take {request}", contract.name),
        (attempts, 0) => format!("{attempts} attempts of up to {request} each"),
        (attempts, _) => {
            format!("{attempts} attempts of up to {request} each, and {backoff} ms of backoff")
        }
    };
    (at(Field::RequestMs), label)
}

/// Returns what to change so that the call fits.
fn help(call: &JoinedCall<'_>) -> String {
    let (from, to) = (call.from, &call.call.to);
    let key = from.attempt_field().key();
    let worst = call.worst_case_ms();
    let raise = if worst <= RequestMs::MAX {
        format!("`{key}` of `{}` to at least {worst}", from.name())
    } else {
        format!("`{key}` of `{}` higher, and call `{to}` less often", from.name())
    };
    let deadline = from.attempt_ms() / in_sequence(call);
    if deadline == 0 {
        return format!("lower `times`, or set {raise}");
    }
    if deadline < call.to.timeout_policy.request_ms.get() {
        return format!(
            "set `request_ms` and `deadline_ms` of `{to}` to at most {deadline}, or {raise}"
        );
    }
    match fitting_attempts(call.to, deadline) {
        Some(attempts) if attempts < call.to.retry_policy.max_attempts.get() => format!(
            "set `deadline_ms` of `{to}` to at most {deadline}, or its `max_attempts` to at most \
             {attempts}, or {raise}"
        ),
        _ => format!("set `deadline_ms` of `{to}` to at most {deadline}, or {raise}"),
    }
}

/// Returns the greatest number of attempts whose worst case is within the time, without a deadline.
fn fitting_attempts(contract: &DriverContract, within_ms: u64) -> Option<u64> {
    let fits = |attempts: &u64| {
        let Ok(max_attempts) = Attempts::new(*attempts) else { return false };
        let policy = crate::model::RetryPolicy { max_attempts, ..contract.retry_policy };
        policy.worst_case_ms(contract.timeout_policy.request_ms) <= within_ms
    };
    (1..=Attempts::MAX).take_while(fits).last()
}
