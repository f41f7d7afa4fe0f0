//! Reports a `connect_ms` that is too short to survive one lost packet.

use super::{Check, DriverView, Field, Level, Lint, Parameter, Rule, RuleFindings, Safety, rule};
use crate::{
    finding::{EditAction, Finding},
    model::ConnectMs,
};

pub(super) const LINT: Lint = Lint { rule: &RULE, check: Check::Driver(check) };

static RULE: Rule = rule!(
    "timeout-connect-below-syn-retry",
    Level::Warn,
    "`connect_ms` is too short to survive one lost packet"
)
.parameters(&[&LIMIT])
.fixes(Safety::Unsafe);

static LIMIT: Parameter = Parameter {
    name: "limit",
    default: 1_100,
    min: 1,
    max: ConnectMs::MAX,
    summary: "the minimum `connect_ms`, in ms",
};

fn check(view: &DriverView<'_>, findings: &mut RuleFindings) {
    let policy = &view.contract.timeout_policy;
    let limit = limit(view);
    // If the attempt has ended by then, a longer `connect_ms` does not help.
    if policy.connect_ms.get() < limit && limit < policy.request_ms.get() {
        findings.push(connect_below_syn_retry(view, limit));
    }
}

/// Returns the minimum `connect_ms`.
fn limit(view: &DriverView<'_>) -> u64 {
    view.configuration.parameter(&RULE, &LIMIT)
}

fn connect_below_syn_retry(view: &DriverView<'_>, limit: u64) -> Finding {
    let connect = view.contract.timeout_policy.connect_ms;
    let place = view.at(Field::ConnectMs);
    RULE.finding(
        place.clone(),
        format!("`connect_ms` ({connect}) must be at least {limit} ms to survive a lost packet"),
    )
    .help(format!("set `connect_ms` to at least {limit}"))
    .suggest(place, EditAction::Integer(limit))
}
