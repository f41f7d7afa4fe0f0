//! Writes to a stream keep their order when one of them is tried again.

use super::{
    Check, DriverView, Field, Findings, Level, Lint, Rule, Safety, retry_non_idempotent_write,
};
use crate::{
    finding::{Change, Finding},
    model::{DriverCapability, DriverClass},
};

pub(super) const LINT: Lint = Lint { rule: &RULE, check: Check::Driver(check) };

static RULE: Rule = Rule {
    name: "concurrency-kafka-reordering",
    level: Level::Warn,
    summary: "a write that is tried again may land behind a later one",
    docs: include_str!("docs/concurrency_kafka_reordering.md"),
    parameters: &[],
    on: true,
    fixes: Some(Safety::Unsafe),
};

fn check(view: &DriverView<'_>, findings: &mut Findings) {
    let contract = view.contract;
    let reorders = contract.class == DriverClass::StreamAdapter
        && !contract.capabilities.contains(DriverCapability::IdempotentWrite)
        && contract.retry_policy.max_attempts.get() > 1
        && contract.max_in_flight.get() > 1;
    if reorders && !retry_non_idempotent_write::raised(view) {
        findings.push(kafka_reordering(view));
    }
}

fn kafka_reordering(view: &DriverView<'_>) -> Finding {
    let (in_flight, attempts) =
        (view.contract.max_in_flight, view.contract.retry_policy.max_attempts);
    let message =
        format!("with {in_flight} operations in flight, one that is tried again may be overtaken");
    RULE.finding(view.at(Field::MaxInFlight), message)
        .label("more than one at once")
        .also(view.at(Field::MaxAttempts), format!("an operation is tried up to {attempts} times"))
        .also(view.at(Field::Capabilities), "`idempotent_write` is not promised")
        .help("set `max_in_flight` to 1, or turn on idempotence and declare `idempotent_write`")
        .suggest(view.at(Field::MaxInFlight), Change::Integer(1))
}
