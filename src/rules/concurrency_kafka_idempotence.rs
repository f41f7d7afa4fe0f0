//! Reports a `max_in_flight` above what an idempotent Kafka producer allows.

use super::{
    Check, DriverView, Field, Level, Lint, Parameter, Rule, RuleFindings, provider::is_kafka, rule,
};
use crate::{
    finding::Finding,
    model::{DriverCapability, MaxInFlight},
};

pub(super) const LINT: Lint = Lint { rule: &RULE, check: Check::Driver(check) };

static RULE: Rule = rule!(
    "concurrency-kafka-idempotence",
    Level::Info,
    "`max_in_flight` is above what an idempotent Kafka producer allows"
)
.parameters(&[&LIMIT]);

static LIMIT: Parameter = Parameter {
    name: "limit",
    default: 5,
    min: 1,
    max: MaxInFlight::MAX,
    summary: "the maximum `max_in_flight` of an idempotent Kafka producer: 5 per broker \
              connection",
};

fn check(view: &DriverView<'_>, findings: &mut RuleFindings) {
    let contract = view.contract;
    let limit = view.configuration.parameter(&RULE, &LIMIT);
    let producer =
        is_kafka(view) && contract.capabilities.contains(DriverCapability::IdempotentWrite);
    if producer && contract.max_in_flight.get() > limit {
        findings.push(too_many_for_idempotence(view, limit));
    }
}

fn too_many_for_idempotence(view: &DriverView<'_>, limit: u64) -> Finding {
    let in_flight = view.contract.max_in_flight.get();
    let message = format!(
        "`max_in_flight` is {in_flight}, but an idempotent Kafka producer allows 5 per broker \
         connection"
    );
    RULE.finding(view.at(Field::MaxInFlight), message)
        .also(view.at(Field::Capabilities), "`idempotent_write` is declared here")
        .help(format!(
            "set `max_in_flight` to at most {limit}; with {} or more brokers, you can set `limit` \
             to {in_flight} under `[rules.{}]` in `driverc.toml` instead",
            in_flight.div_ceil(5),
            RULE.name
        ))
}
