//! Reports a call that can take longer than its caller waits.

use super::{
    CallsView, Check, Field, Level, Lint, Rule, RuleFindings, deadline_cuts_retries, rule,
};
use crate::{
    configuration::Configuration,
    finding::{ContractPath, DeclarationId, Finding},
    model::{Attempts, DriverContract, RequestMs},
    workspace::{CallEnd, JoinedCall},
};

pub(super) const LINT: Lint = Lint { rule: &RULE, check: Check::Calls(check) };

static RULE: Rule =
    rule!("call-deadline-short", Level::Error, "a call can take longer than its caller waits");

/// Returns true if the rule is on in the configuration, so the time of calls is judged.
pub(crate) fn judges_time(configuration: &Configuration) -> bool {
    configuration.level(&RULE).is_some()
}

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
        .at_most(worst.saturating_sub(waits))
        .also(from.at_attempt(), format!("`{}` gives up after this time", from.name()))
        .also(place, label)
        .help(help(call))
}

/// Returns the number of operations that run one after another.
fn in_sequence(call: &JoinedCall<'_>) -> u64 {
    call.call.worst_case_ms(1)
}

/// Returns the path of the key that limits the time of an operation, with the label for this key.
pub(super) fn bound(contract: &DriverContract) -> (ContractPath, String) {
    let at = |field| DeclarationId::Driver(contract.name.clone()).at(field);
    let worst = contract.worst_case_ms();
    let (policy, retries) = (&contract.timeout_policy, &contract.retry_policy);
    if policy.deadline_ms.is_some_and(|deadline| deadline.get() == worst) {
        return (
            at(Field::DeadlineMs),
            format!("an operation of `{}` ends after {worst} ms", contract.name),
        );
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

/// Returns the help text: what to change so that the call ends before its caller gives up. No
/// suggested change causes another finding.
fn help(call: &JoinedCall<'_>) -> String {
    let to = call.to;
    let within_ms = call.from.attempt_ms() / in_sequence(call);
    let lower = if within_ms == 0 {
        let is_enough = to.worst_case_ms() <= call.from.attempt_ms();
        let request = if is_enough { "" } else { " and the `request_ms` of the driver" };
        format!("lower `times`{request}")
    } else {
        shorten(to, within_ms)
    };
    match raise(call) {
        Some(raise) if within_ms == 0 => format!("{lower}, or set {raise}"),
        Some(raise) => format!("{lower}, or {raise}"),
        None => lower,
    }
}

/// Returns the help text that lets the caller wait long enough. Returns `None` if no allowed value
/// is long enough.
fn raise(call: &JoinedCall<'_>) -> Option<String> {
    let (from, to) = (call.from, &call.call.to);
    let key = from.attempt_field().key();
    let (worst, once) = (call.worst_case_ms(), call.to.worst_case_ms());
    if once > RequestMs::MAX {
        return None;
    }
    if worst > RequestMs::MAX {
        return Some(format!("`{key}` of `{}` higher, and call `{to}` less often", from.name()));
    }
    let deadline = match from {
        CallEnd::Driver(contract) => contract.timeout_policy.deadline_ms,
        CallEnd::Caller(_) => None,
    };
    let also = match deadline {
        Some(deadline) if deadline.get() < worst => {
            format!(" and `{}`", Field::DeadlineMs.key())
        }
        _ => String::new(),
    };
    Some(format!("`{key}`{also} of `{}` to at least {worst}", from.name()))
}

/// Returns the help text that makes an operation of the driver end in time. `within_ms` is at
/// least 1.
pub(super) fn shorten(to: &DriverContract, within_ms: u64) -> String {
    if within_ms < to.timeout_policy.request_ms.get() {
        lower_timeouts(to, within_ms)
    } else {
        lower_deadline(to, within_ms)
    }
}

/// Returns the help text that makes a single attempt of the driver end in time.
fn lower_timeouts(to: &DriverContract, within_ms: u64) -> String {
    let policy = &to.timeout_policy;
    let connect = if policy.connect_ms.get() > within_ms { "`connect_ms` and " } else { "" };
    let attempts = match to.retry_policy.max_attempts.get() {
        1 => "",
        _ => " and its `max_attempts` to 1",
    };
    format!("set {connect}`request_ms` of `{}` to at most {within_ms}{attempts}", to.name)
}

/// Returns the help text that makes an operation end in time with an unchanged `request_ms`.
fn lower_deadline(to: &DriverContract, within_ms: u64) -> String {
    let (name, all) = (&to.name, to.retry_policy.max_attempts.get());
    let most = |attempts: u64| match attempts {
        1 => "1".to_owned(),
        attempts => format!("at most {attempts}"),
    };
    let fitting = fitting_attempts(to, within_ms).unwrap_or(1);
    let starting = deadline_cuts_retries::starting_before(to, within_ms);
    if starting <= fitting {
        return format!("set `max_attempts` of `{name}` to {}", most(fitting));
    }
    let deadline = format!("set `deadline_ms` of `{name}` to at most {within_ms}");
    if starting >= all {
        return format!("{deadline}, or its `max_attempts` to {}", most(fitting));
    }
    format!(
        "{deadline} and its `max_attempts` to {}, or only its `max_attempts` to {}",
        most(starting),
        most(fitting)
    )
}

/// Returns the greatest number of attempts whose worst case, without a deadline, is at most
/// `within_ms`.
fn fitting_attempts(contract: &DriverContract, within_ms: u64) -> Option<u64> {
    let fits = |attempts: &u64| {
        let Ok(max_attempts) = Attempts::new(*attempts) else { return false };
        let policy = crate::model::RetryPolicy { max_attempts, ..contract.retry_policy };
        policy.worst_case_ms(contract.timeout_policy.request_ms) <= within_ms
    };
    (1..=Attempts::MAX).take_while(fits).last()
}
