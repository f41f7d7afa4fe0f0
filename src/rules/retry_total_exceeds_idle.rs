//! An operation with all its attempts does not outlast the connections that the pool keeps.

use super::{
    Check, DriverView, Field, Findings, Level, Lint, Rule, Safety,
    timeout_request_exceeds_idle::fitting_idle,
};
use crate::{
    finding::{Change, Finding},
    model::DriverContract,
};

pub(super) const LINT: Lint = Lint { rule: &RULE, check: Check::Driver(check) };

static RULE: Rule = Rule {
    name: "retry-total-exceeds-idle",
    level: Level::Warn,
    summary: "all attempts together may outlast the time that an unused connection is kept",
    docs: include_str!("docs/retry_total_exceeds_idle.md"),
    parameters: &[],
    on: true,
    fixes: Some(Safety::Unsafe),
};

fn check(view: &DriverView<'_>, findings: &mut Findings) {
    let contract = view.contract;
    let policy = &contract.timeout_policy;
    // One attempt that is too long is `timeout-request-exceeds-idle`.
    let one_fits = policy.request_ms.get() <= policy.idle_ms.get();
    if one_fits && contract.worst_case_ms() > policy.idle_ms.get() {
        findings.push(total_exceeds_idle(view));
    }
}

fn total_exceeds_idle(view: &DriverView<'_>) -> Finding {
    let contract = view.contract;
    let (worst, attempts) = (contract.worst_case_ms(), contract.retry_policy.max_attempts);
    let (request, idle) = (contract.timeout_policy.request_ms, contract.timeout_policy.idle_ms);
    let fitting = fitting_attempts(contract);
    let help = match fitting_idle(view) {
        Some(idle) => format!("set `max_attempts` to {fitting}, or `idle_ms` to {idle}"),
        None => format!("set `max_attempts` to {fitting}"),
    };
    let place = view.at(Field::MaxAttempts);
    RULE.finding(
        place.clone(),
        format!(
            "{attempts} attempts may take {worst} ms, an unused connection is kept only {idle}"
        ),
    )
    .label("with the sleeps between the attempts")
    .also(view.at(Field::RequestMs), format!("each attempt may take {request}"))
    .also(view.at(Field::IdleMs), "an unused connection is closed here")
    .help(help)
    .suggest(place, Change::Integer(fitting))
}

/// The most attempts that end before an unused connection is closed.
fn fitting_attempts(contract: &DriverContract) -> u64 {
    let policy = &contract.timeout_policy;
    let mut worst = 0;
    let fits = |attempt: &u64| {
        let sleep = contract.retry_policy.nominal_backoff_ms(attempt - 1);
        worst += sleep + policy.request_ms.get();
        worst <= policy.idle_ms.get()
    };
    (1..=contract.retry_policy.max_attempts.get()).take_while(fits).last().unwrap_or(1)
}
