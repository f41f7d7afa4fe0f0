//! A request to a broker outlasts a replica that lags.

use super::{Check, DriverView, Field, Findings, Level, Lint, Parameter, Rule};
use crate::{
    finding::Finding,
    model::{DriverClass, RequestMs},
};

pub(super) const LINT: Lint = Lint { rule: &RULE, check: Check::Driver(check) };

static RULE: Rule = Rule {
    name: "timeout-below-replica-lag",
    level: Level::Info,
    summary: "a request to a broker may time out while a replica still catches up",
    docs: include_str!("docs/timeout_below_replica_lag.md"),
    parameters: &[&LIMIT],
    on: true,
    fixes: None,
};

static LIMIT: Parameter = Parameter {
    name: "limit",
    default: 30_000,
    min: 1,
    max: RequestMs::MAX,
    summary: "the shortest time of an attempt of a `stream_adapter` that raises nothing, in ms",
};

fn check(view: &DriverView<'_>, findings: &mut Findings) {
    let request = view.contract.timeout_policy.request_ms.get();
    if let Some(limit) = limit(view)
        && request < limit
    {
        findings.push(below_replica_lag(view, limit));
    }
}

/// How long an attempt must be able to wait for replicas, in milliseconds, where there are any.
pub(super) fn limit(view: &DriverView<'_>) -> Option<u64> {
    match view.contract.class {
        DriverClass::StreamAdapter => Some(view.settings.parameter(&RULE, &LIMIT)),
        DriverClass::RelationalAdapter
        | DriverClass::ColumnarAdapter
        | DriverClass::ObjectStoreAdapter => None,
    }
}

fn below_replica_lag(view: &DriverView<'_>, limit: u64) -> Finding {
    let request = view.contract.timeout_policy.request_ms;
    let message = format!("an attempt ends after {request}, a replica may lag for {limit} ms");
    RULE.finding(view.at(Field::RequestMs), message)
        .help(format!("set `request_ms` to {limit} or more"))
}
