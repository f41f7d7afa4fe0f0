//! Reports a `max_in_flight` that is too high to limit concurrency.

use super::{Check, DriverView, Field, Level, Lint, Parameter, Rule, RuleFindings, rule};
use crate::model::MaxInFlight;

pub(super) const LINT: Lint = Lint { rule: &RULE, check: Check::Driver(check) };

static RULE: Rule = rule!(
    "concurrency-unbounded",
    Level::Error,
    "`max_in_flight` is too high to limit concurrency"
)
.parameters(&[&LIMIT])
.supersedes(&["concurrency-kafka-idempotence", "concurrency-pool-oversized"]);

static LIMIT: Parameter = Parameter {
    name: "limit",
    default: 10_000,
    min: 1,
    max: MaxInFlight::MAX,
    summary: "the maximum `max_in_flight`",
};

fn check(view: &DriverView<'_>, findings: &mut RuleFindings) {
    if is_unbounded(view) {
        let limit = view.configuration.parameter(&RULE, &LIMIT);
        let in_flight = view.contract.max_in_flight;
        let message =
            format!("`max_in_flight` is {in_flight}, above {limit}, so it limits nothing");
        let finding = RULE
            .finding(view.at(Field::MaxInFlight), message)
            .help(format!("set `max_in_flight` to at most {limit}"));
        findings.push(finding);
    }
}

/// Returns true if `max_in_flight` is too high to limit concurrency.
pub(super) fn is_unbounded(view: &DriverView<'_>) -> bool {
    view.contract.max_in_flight.get() > view.configuration.parameter(&RULE, &LIMIT)
}
