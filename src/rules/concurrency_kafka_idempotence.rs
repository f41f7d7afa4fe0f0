//! An idempotent producer keeps few requests in flight.

use super::{Check, DriverView, Field, Findings, Level, Lint, Parameter, Rule, Safety};
use crate::{
    finding::{Change, Finding},
    model::{DriverCapability, DriverClass, MaxInFlight},
};

pub(super) const LINT: Lint = Lint { rule: &RULE, check: Check::Driver(check) };

static RULE: Rule = Rule {
    name: "concurrency-kafka-idempotence",
    level: Level::Error,
    summary: "more operations are in flight than an idempotent producer allows",
    docs: include_str!("docs/concurrency_kafka_idempotence.md"),
    parameters: &[&LIMIT],
    on: true,
    fixes: Some(Safety::Unsafe),
};

static LIMIT: Parameter = Parameter {
    name: "limit",
    default: 5,
    min: 1,
    max: MaxInFlight::MAX,
    summary: "the most operations in flight for which the broker tells doubles apart",
};

fn check(view: &DriverView<'_>, findings: &mut Findings) {
    if raised(view) {
        findings.push(too_many_for_idempotence(view));
    }
}

/// Whether this rule has a finding for the driver.
pub(super) fn raised(view: &DriverView<'_>) -> bool {
    let contract = view.contract;
    contract.class == DriverClass::StreamAdapter
        && contract.capabilities.contains(DriverCapability::IdempotentWrite)
        && contract.max_in_flight.get() > view.settings.parameter(&RULE, &LIMIT)
        && view.settings.level(&RULE).is_some()
}

fn too_many_for_idempotence(view: &DriverView<'_>) -> Finding {
    let limit = view.settings.parameter(&RULE, &LIMIT);
    let in_flight = view.contract.max_in_flight;
    let message =
        format!("{in_flight} operations are in flight, idempotent writes allow at most {limit}");
    RULE.finding(view.at(Field::MaxInFlight), message)
        .label(format!("more than {limit}"))
        .also(view.at(Field::Capabilities), "`idempotent_write` is promised here")
        .help(format!("set `max_in_flight` to {limit}"))
        .suggest(view.at(Field::MaxInFlight), Change::Integer(limit))
}
