//! Reports a `request_ms` below the Kafka brokers' `replica.lag.time.max.ms`.

use super::{
    Check, DriverView, Field, Level, Lint, Parameter, Rule, RuleFindings, provider::is_kafka, rule,
};
use crate::{
    finding::Finding,
    model::{DriverCapability, RequestMs},
};

pub(super) const LINT: Lint = Lint { rule: &RULE, check: Check::Driver(check) };

static RULE: Rule = rule!(
    "timeout-below-replica-lag",
    Level::Info,
    "`request_ms` is below the brokers' `replica.lag.time.max.ms`"
)
.parameters(&[&LIMIT]);

static LIMIT: Parameter = Parameter {
    name: "limit",
    default: 30_000,
    min: 1,
    max: RequestMs::MAX,
    summary: "the minimum `request_ms` of a Kafka producer, in ms",
};

fn check(view: &DriverView<'_>, findings: &mut RuleFindings) {
    let request = view.contract.timeout_policy.request_ms.get();
    if let Some(limit) = limit(view)
        && request < limit
    {
        findings.push(below_replica_lag(view, limit));
    }
}

/// Returns the minimum `request_ms` of a Kafka producer, or `None` for other drivers.
pub(super) fn limit(view: &DriverView<'_>) -> Option<u64> {
    let writes = view.contract.capabilities.contains(DriverCapability::BatchWrite);
    let produces = writes && is_kafka(view);
    produces.then(|| view.configuration.parameter(&RULE, &LIMIT))
}

fn below_replica_lag(view: &DriverView<'_>, limit: u64) -> Finding {
    let request = view.contract.timeout_policy.request_ms.get();
    let message = format!(
        "`request_ms` ({request}) must be at least the brokers' `replica.lag.time.max.ms` ({limit})"
    );
    RULE.finding(view.at(Field::RequestMs), message)
        .help(format!("set `request_ms` to at least {limit}"))
}
