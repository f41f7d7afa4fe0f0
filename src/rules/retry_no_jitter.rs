//! Reports a driver that retries without jitter.

use super::{Check, DriverView, Field, Findings, Level, Lint, Rule, Safety};
use crate::{
    finding::{Change, Finding},
    model::DriverClass,
};

pub(super) const LINT: Lint = Lint { rule: &RULE, check: Check::Driver(check) };

static RULE: Rule = Rule {
    name: "retry-no-jitter",
    level: Level::Error,
    summary: "a driver retries without jitter",
    docs: include_str!("docs/retry_no_jitter.md"),
    parameters: &[],
    on: true,
    fixes: Some(Safety::Unsafe),
};

fn check(view: &DriverView<'_>, findings: &mut Findings) {
    let contract = view.contract;
    let policy = &contract.retry_policy;
    let herd = policy.max_attempts.get() > 1 && contract.max_in_flight.get() > 1;
    if herd && policy.jitter_percent.get() == 0 {
        findings.push(no_jitter(view));
    }
}

fn no_jitter(view: &DriverView<'_>) -> Finding {
    let in_flight = view.contract.max_in_flight;
    let fitting = match view.contract.class {
        // Kafka clients sleep 80 to 120 % of a nominal backoff.
        DriverClass::StreamAdapter => 34,
        DriverClass::RelationalAdapter
        | DriverClass::ColumnarAdapter
        | DriverClass::ObjectStoreAdapter => 100,
    };
    let place = view.at(Field::JitterPercent);
    RULE.finding(
        place.clone(),
        format!("up to {in_flight} operations that fail together retry together"),
    )
    .label("all of them wait equally long")
    .also(view.at(Field::MaxInFlight), "so many operations can fail at once")
    .help(format!("set `jitter_percent` to {fitting}"))
    .suggest(place, Change::Integer(fitting))
}
