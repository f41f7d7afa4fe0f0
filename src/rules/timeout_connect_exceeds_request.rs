//! A connection may not take longer than the request that needs it.

use super::{
    Check, DriverView, Field, Findings, Level, Lint, Rule, Safety, timeout_connect_below_syn_retry,
};
use crate::{
    finding::{Change, Finding},
    model::{DriverClass, TimeoutPolicy},
};

pub(super) const LINT: Lint = Lint { rule: &RULE, check: Check::Driver(check) };

static RULE: Rule = Rule {
    name: "timeout-connect-exceeds-request",
    level: Level::Warn,
    summary: "a connection may take longer than the request that needs it",
    docs: include_str!("docs/timeout_connect_exceeds_request.md"),
    parameters: &[],
    on: true,
    fixes: Some(Safety::Unsafe),
};

fn check(view: &DriverView<'_>, findings: &mut Findings) {
    let policy = &view.contract.timeout_policy;
    if policy.connect_ms.get() >= policy.request_ms.get() {
        findings.push(connect_exceeds_request(view, policy));
    }
}

fn connect_exceeds_request(view: &DriverView<'_>, policy: &TimeoutPolicy) -> Finding {
    let (connect, request) = (policy.connect_ms, policy.request_ms);
    let finding = RULE
        .finding(
            view.at(Field::ConnectMs),
            format!("connecting may take {connect}, the whole request only {request}"),
        )
        .label("no time is left for the request")
        .also(view.at(Field::RequestMs), "the attempt ends here");
    let fitting = fitting(view, request.get());
    if fitting >= request.get() {
        return finding.help("allow the request more time than the connection");
    }
    finding
        .help(format!("set `connect_ms` to {fitting}"))
        .suggest(view.at(Field::ConnectMs), Change::Integer(fitting))
}

/// Half of the attempt, but no more than clients wait, and a lost packet is survived where the
/// attempt does.
fn fitting(view: &DriverView<'_>, request: u64) -> u64 {
    let fitting = class_default(view.contract.class).min(request.div_ceil(2));
    let syn_retry = timeout_connect_below_syn_retry::limit(view);
    if syn_retry < request { fitting.max(syn_retry) } else { fitting }
}

/// What the clients of each class wait for a connection by default, in milliseconds.
const fn class_default(class: DriverClass) -> u64 {
    match class {
        DriverClass::RelationalAdapter | DriverClass::ObjectStoreAdapter => 3_100,
        DriverClass::ColumnarAdapter | DriverClass::StreamAdapter => 10_000,
    }
}
