//! The bound of concurrency is one.

use super::{
    Check, DriverView, Field, Findings, Level, Lint, Parameter, Rule, concurrency_kafka_idempotence,
};
use crate::model::MaxInFlight;

pub(super) const LINT: Lint = Lint { rule: &RULE, check: Check::Driver(check) };

static RULE: Rule = Rule {
    name: "concurrency-unbounded",
    level: Level::Error,
    summary: "so many operations may run at once that nothing bounds them",
    docs: include_str!("docs/concurrency_unbounded.md"),
    parameters: &[&LIMIT],
    on: true,
    fixes: None,
};

static LIMIT: Parameter = Parameter {
    name: "limit",
    default: 10_000,
    min: 1,
    max: MaxInFlight::MAX,
    summary: "the most operations in flight that raise nothing",
};

fn check(view: &DriverView<'_>, findings: &mut Findings) {
    if raised(view) {
        let limit = view.settings.parameter(&RULE, &LIMIT);
        let in_flight = view.contract.max_in_flight;
        let message =
            format!("{in_flight} operations in flight, more than {limit}, are as good as no bound");
        let finding = RULE
            .finding(view.at(Field::MaxInFlight), message)
            .help(format!("set `max_in_flight` to {limit} or less"));
        findings.push(finding);
    }
}

/// Whether this rule has a finding for the driver.
pub(super) fn raised(view: &DriverView<'_>) -> bool {
    let limit = view.settings.parameter(&RULE, &LIMIT);
    view.contract.max_in_flight.get() > limit
        && view.settings.level(&RULE).is_some()
        && !concurrency_kafka_idempotence::raised(view)
}
