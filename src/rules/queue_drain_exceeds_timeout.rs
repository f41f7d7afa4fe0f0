//! Reports a full queue that takes longer to drain than `request_ms`.

use super::{Check, DriverView, Field, Findings, Level, Lint, Rule, Subject};
use crate::{
    finding::{Finding, Place},
    model::{BenchmarkProfile, RequestMs, Vocabulary},
};

pub(super) const LINT: Lint = Lint { rule: &RULE, check: Check::Driver(check) };

static RULE: Rule = Rule {
    name: "queue-drain-exceeds-timeout",
    level: Level::Warn,
    summary: "a full queue takes longer to drain than `request_ms`",
    docs: include_str!("docs/queue_drain_exceeds_timeout.md"),
    parameters: &[],
    on: true,
    fixes: None,
};

/// Femtoseconds in a microsecond, and microseconds in a millisecond.
const FEMTOS: u128 = 1_000_000_000;
const MICROS: u128 = 1_000;

/// How long a request holds its slot under one profile, on average.
struct Service {
    us: u128,
    /// The operations of the workload.
    place: Place,
}

fn check(view: &DriverView<'_>, findings: &mut Findings) {
    if let Some(slowest) = slowest(view)
        && exceeds_timeout(view, &slowest)
    {
        findings.push(drain_exceeds_timeout(view, slowest));
    }
}

/// Returns true if this rule judges the driver's queue: a workload says how long a full queue takes
/// to drain, and this rule is on, or the queue drains in time.
pub(super) fn judges_queue(view: &DriverView<'_>) -> bool {
    slowest(view).is_some_and(|slowest| {
        view.configuration.level(&RULE).is_some() || !exceeds_timeout(view, &slowest)
    })
}

/// The services of the profile with the longest ones; none if no workload has any.
fn slowest(view: &DriverView<'_>) -> Option<Service> {
    let services = BenchmarkProfile::ALL.iter().filter_map(|profile| service(view, *profile));
    services.max_by_key(|service| service.us)
}

fn exceeds_timeout(view: &DriverView<'_>, service: &Service) -> bool {
    drain_ms(view, service) > view.contract.timeout_policy.request_ms.get().into()
}

/// The mean service of the workload for a profile that the driver claims. A budget tells none: its
/// throughput is a floor, not a capacity, and its latency a limit that most requests stay below.
fn service(view: &DriverView<'_>, profile: BenchmarkProfile) -> Option<Service> {
    if !view.contract.capabilities.claims(profile) {
        return None;
    }
    let workload = view.workloads.iter().find(|workload| workload.profile == profile)?;
    let cap_us = view.contract.timeout_policy.request_ms.get() * 1_000;
    let us = workload.complete()?.attempt_mean(cap_us).div_ceil(FEMTOS);
    let place = Subject::workload(workload.origin(Field::Operation)?).at(Field::Operation);
    Some(Service { us, place })
}

/// How long the last request of a full queue waits for a slot, in milliseconds.
fn drain_ms(view: &DriverView<'_>, service: &Service) -> u128 {
    let waiting = u128::from(view.contract.max_queue_depth.get());
    (waiting * service.us).div_ceil(u128::from(view.contract.max_in_flight.get()) * MICROS)
}

fn drain_exceeds_timeout(view: &DriverView<'_>, service: Service) -> Finding {
    let contract = view.contract;
    let (depth, in_flight) = (contract.max_queue_depth, contract.max_in_flight);
    let request = contract.timeout_policy.request_ms.get();
    let drain = drain_ms(view, &service);
    let message = format!(
        "a full queue of {depth} requests takes {drain} ms to drain, longer than `request_ms` \
         ({request})"
    );
    let slots_us = u128::from(in_flight.get()) * u128::from(request) * MICROS;
    let fitting = slots_us.checked_div(service.us).unwrap_or(0);
    let mean = service.us.div_ceil(MICROS);
    let label = format!("a request holds its slot for {mean} ms on average");
    RULE.finding(view.at(Field::MaxQueueDepth), message)
        .also(service.place, label)
        .also(view.at(Field::MaxInFlight), "the slots that the queue drains into")
        .also(view.at(Field::RequestMs), "the last request times out here")
        .help(repair(fitting, drain))
}

/// The queue that drains in time, and the time that suffices where an attempt can last so long.
fn repair(fitting: u128, drain: u128) -> String {
    let depth = if fitting == 0 { "0".to_owned() } else { format!("at most {fitting}") };
    if drain > RequestMs::MAX.into() {
        return format!("set `max_queue_depth` to {depth}");
    }
    format!("set `max_queue_depth` to {depth}, or `request_ms` to at least {drain}")
}
