//! Reports a `connect_ms` that is too short to survive one lost packet.

use super::{Check, DriverView, Field, Findings, Level, Lint, Parameter, Rule, Safety, rule};
use crate::{
    finding::{Change, Finding},
    model::ConnectMs,
};

pub(super) const LINT: Lint = Lint { rule: &RULE, check: Check::Driver(check) };

static RULE: Rule = rule!(
    "timeout-connect-below-syn-retry",
    Level::Warn,
    "one lost packet is enough for opening a connection to time out"
)
.parameters(&[&LIMIT])
.fixes(Safety::Unsafe);

static LIMIT: Parameter = Parameter {
    name: "limit",
    default: 1_100,
    min: 1,
    max: ConnectMs::MAX,
    summary: "the shortest time to connect that raises nothing, in ms",
};

fn check(view: &DriverView<'_>, findings: &mut Findings) {
    let policy = &view.contract.timeout_policy;
    let limit = limit(view);
    // An attempt that is over by then gains nothing from a connection that waits for longer.
    if policy.connect_ms.get() < limit && limit < policy.request_ms.get() {
        findings.push(connect_below_syn_retry(view, limit));
    }
}

/// The shortest time to connect that raises nothing, in milliseconds.
fn limit(view: &DriverView<'_>) -> u64 {
    view.configuration.parameter(&RULE, &LIMIT)
}

fn connect_below_syn_retry(view: &DriverView<'_>, limit: u64) -> Finding {
    let connect = view.contract.timeout_policy.connect_ms;
    let place = view.at(Field::ConnectMs);
    RULE.finding(
        place.clone(),
        format!("connecting may take only {connect}, after a lost packet it takes {limit} ms"),
    )
    .help(format!("set `connect_ms` to {limit} or more"))
    .suggest(place, Change::Integer(limit))
}
