//! Reports a `max_in_flight` above what an idempotent Kafka producer allows on one connection.

use super::{
    Check, DriverView, Field, Findings, Level, Lint, Parameter, Rule, concurrency_unbounded,
    provider::is_kafka, rule,
};
use crate::{
    finding::Finding,
    model::{DriverCapability, MaxInFlight},
};

pub(super) const LINT: Lint = Lint { rule: &RULE, check: Check::Driver(check) };

static RULE: Rule = rule!(
    "concurrency-kafka-idempotence",
    Level::Info,
    "`max_in_flight` is above what an idempotent Kafka producer allows per connection"
)
.parameters(&[&LIMIT]);

static LIMIT: Parameter = Parameter {
    name: "limit",
    default: 5,
    min: 1,
    max: MaxInFlight::MAX,
    summary: "the highest `max_in_flight` of an idempotent Kafka producer that raises nothing: 5 \
              per broker connection",
};

fn check(view: &DriverView<'_>, findings: &mut Findings) {
    let contract = view.contract;
    let limit = view.configuration.parameter(&RULE, &LIMIT);
    let producer =
        is_kafka(contract) && contract.capabilities.contains(DriverCapability::IdempotentWrite);
    if producer && contract.max_in_flight.get() > limit && !concurrency_unbounded::raised(view) {
        findings.push(too_many_for_idempotence(view, limit));
    }
}

fn too_many_for_idempotence(view: &DriverView<'_>, limit: u64) -> Finding {
    let in_flight = view.contract.max_in_flight.get();
    let message = format!(
        "`max_in_flight` is {in_flight}, an idempotent Kafka producer allows 5 per broker \
         connection"
    );
    RULE.finding(view.at(Field::MaxInFlight), message)
        .also(view.at(Field::Capabilities), "`idempotent_write` is promised here")
        .help(format!(
            "set `max_in_flight` to at most {limit}, or, for {} brokers or more, `limit` of \
             `[rules.{}]` to {in_flight} in `driverc.toml`",
            in_flight.div_ceil(5),
            RULE.name
        ))
}
