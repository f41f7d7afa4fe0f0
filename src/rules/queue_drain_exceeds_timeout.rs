//! Reports a full queue that takes longer to drain than `request_ms`.

use super::{Check, DriverView, Field, Level, Lint, Rule, RuleFindings, policy::Service, rule};
use crate::{finding::Finding, model::RequestMs};

pub(super) const LINT: Lint = Lint { rule: &RULE, check: Check::Driver(check) };

static RULE: Rule = rule!(
    "queue-drain-exceeds-timeout",
    Level::Warn,
    "a full queue takes longer to drain than `request_ms`"
)
.supersedes(&["queue-too-deep"]);

/// Microseconds in a millisecond.
const MICROS: u128 = 1_000;

fn check(view: &DriverView<'_>, findings: &mut RuleFindings) {
    if let Some(slowest) = Service::slowest(view)
        && !slowest.drains_in_time(view.contract)
    {
        findings.push(drain_exceeds_timeout(view, slowest));
    }
}

fn drain_exceeds_timeout(view: &DriverView<'_>, service: Service) -> Finding {
    let contract = view.contract;
    let (depth, in_flight) = (contract.max_queue_depth, contract.max_in_flight);
    let request = contract.timeout_policy.request_ms.get();
    let drain = service.drain_ms(contract);
    let message = format!(
        "a full queue of {depth} requests takes {drain} ms to drain, longer than `request_ms` \
         ({request})"
    );
    let slots_us = u128::from(in_flight.get()) * u128::from(request) * MICROS;
    let fitting = slots_us.checked_div(service.us).unwrap_or(0);
    let mean = service.us.div_ceil(MICROS);
    let label = format!("a request uses its slot for {mean} ms on average");
    RULE.finding(view.at(Field::MaxQueueDepth), message)
        .also(service.place, label)
        .also(view.at(Field::MaxInFlight), "the number of slots")
        .also(view.at(Field::RequestMs), "the last request times out here")
        .help(repair(fitting, drain))
}

/// Returns the help text: the queue depth that drains in time, and a sufficient `request_ms` if the
/// range of the key allows it.
fn repair(fitting: u128, drain: u128) -> String {
    let depth = if fitting == 0 { "0".to_owned() } else { format!("at most {fitting}") };
    if drain > RequestMs::MAX.into() {
        return format!("set `max_queue_depth` to {depth}");
    }
    format!("set `max_queue_depth` to {depth}, or `request_ms` to at least {drain}")
}
