//! An attempt does not outlast the connections that the pool keeps.

use super::{
    Check, DriverView, Field, Findings, Level, Lint, Rule, Safety, timeout_idle_beyond_server,
};
use crate::{
    finding::{Change, Finding},
    model::{IdleMs, TimeoutPolicy},
};

pub(super) const LINT: Lint = Lint { rule: &RULE, check: Check::Driver(check) };

static RULE: Rule = Rule {
    name: "timeout-request-exceeds-idle",
    level: Level::Warn,
    summary: "an attempt may outlast the time that an unused connection is kept",
    docs: include_str!("docs/timeout_request_exceeds_idle.md"),
    parameters: &[],
    on: true,
    fixes: Some(Safety::Unsafe),
};

fn check(view: &DriverView<'_>, findings: &mut Findings) {
    let policy = &view.contract.timeout_policy;
    if policy.request_ms.get() > policy.idle_ms.get() {
        findings.push(request_exceeds_idle(view, policy));
    }
}

fn request_exceeds_idle(view: &DriverView<'_>, policy: &TimeoutPolicy) -> Finding {
    let (request, idle) = (policy.request_ms, policy.idle_ms);
    let finding = RULE
        .finding(
            view.at(Field::RequestMs),
            format!("an attempt may take {request}, an unused connection is kept only {idle}"),
        )
        .label("longer than the connection is kept")
        .also(view.at(Field::IdleMs), "an unused connection is closed here");
    match fitting_idle(view) {
        Some(fitting) => finding
            .help(format!("set `idle_ms` to {fitting}, which holds all attempts of an operation"))
            .suggest(view.at(Field::IdleMs), Change::Integer(fitting)),
        None => finding.help(format!("set `request_ms` to {} or less", idle.get())),
    }
}

/// The time that holds all attempts of an operation, where the server does not close before.
pub(super) fn fitting_idle(view: &DriverView<'_>) -> Option<u64> {
    let worst = view.contract.worst_case_ms();
    let limit = timeout_idle_beyond_server::limit(view).unwrap_or(IdleMs::MAX + 1);
    (worst < limit).then_some(worst)
}
