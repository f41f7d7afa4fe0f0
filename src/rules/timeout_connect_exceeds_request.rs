//! Reports a `connect_ms` that is above `request_ms`.

use super::{Check, DriverView, Field, Level, Lint, Rule, RuleFindings, rule};
use crate::{finding::Finding, model::TimeoutPolicy};

pub(super) const LINT: Lint = Lint { rule: &RULE, check: Check::Driver(check) };

static RULE: Rule =
    rule!("timeout-connect-exceeds-request", Level::Warn, "`connect_ms` is above `request_ms`")
        .supersedes(&["timeout-connect-excessive"]);

fn check(view: &DriverView<'_>, findings: &mut RuleFindings) {
    let policy = &view.contract.timeout_policy;
    if policy.connect_ms.get() > policy.request_ms.get() {
        findings.push(connect_exceeds_request(view, policy));
    }
}

fn connect_exceeds_request(view: &DriverView<'_>, policy: &TimeoutPolicy) -> Finding {
    let (connect, request) = (policy.connect_ms.get(), policy.request_ms.get());
    let message = format!("`connect_ms` ({connect}) must be at most `request_ms` ({request})");
    RULE.finding(view.at(Field::ConnectMs), message)
        .label("this timeout never takes effect")
        .also(view.at(Field::RequestMs), "the attempt times out first")
        .help(format!(
            "set `connect_ms` to at most {request}, or `request_ms` to at least {connect}"
        ))
}
