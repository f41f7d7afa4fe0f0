//! Reports a driver that retries without jitter.

use super::{Check, DriverView, Field, Findings, Level, Lint, Rule, Safety, rule};
use crate::{
    finding::{Change, Finding},
    model::{DriverClass, DriverContract},
};

pub(super) const LINT: Lint = Lint { rule: &RULE, check: Check::Driver(check) };

static RULE: Rule =
    rule!("retry-no-jitter", Level::Error, "a driver retries without jitter").fixes(Safety::Unsafe);

fn check(view: &DriverView<'_>, findings: &mut Findings) {
    // A backoff of 0 has no time to randomise; `retry-backoff-zero` reports it.
    let waits = view.contract.retry_policy.base_backoff_ms.get() > 0;
    if waits && lacks_jitter(view.contract) {
        findings.push(no_jitter(view));
    }
}

/// Returns true if operations that fail together retry together, whatever their backoff.
pub(super) fn lacks_jitter(contract: &DriverContract) -> bool {
    let policy = &contract.retry_policy;
    policy.max_attempts.get() > 1
        && contract.max_in_flight.get() > 1
        && policy.jitter_percent.get() == 0
}

/// The jitter of the clients of a class, in percent.
pub(super) const fn class_default(class: DriverClass) -> u64 {
    match class {
        // Kafka clients wait for 80 to 120% of a nominal backoff.
        DriverClass::StreamAdapter => 34,
        DriverClass::RelationalAdapter
        | DriverClass::ColumnarAdapter
        | DriverClass::ObjectStoreAdapter => 100,
    }
}

fn no_jitter(view: &DriverView<'_>) -> Finding {
    let in_flight = view.contract.max_in_flight;
    let fitting = class_default(view.contract.class);
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
