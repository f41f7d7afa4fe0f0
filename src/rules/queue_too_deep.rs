//! Reports a `max_queue_depth` that is many times `max_in_flight`.

use super::{
    Check, DriverView, Field, Level, Lint, Parameter, Rule, RuleFindings, policy::Service, rule,
};
use crate::{
    finding::Finding,
    model::{DriverClass, MaxInFlight, MaxQueueDepth},
};

pub(super) const LINT: Lint = Lint { rule: &RULE, check: Check::Driver(check) };

static RULE: Rule =
    rule!("queue-too-deep", Level::Warn, "`max_queue_depth` is many times `max_in_flight`")
        .parameters(&[&FACTOR, &STREAM_FACTOR, &OBJECT_STORE_FACTOR]);

static FACTOR: Parameter = Parameter {
    name: "factor",
    default: 10,
    min: 0,
    max: MaxQueueDepth::MAX,
    summary: "the maximum number of waiting requests per slot",
};

static STREAM_FACTOR: Parameter = Parameter {
    name: "stream_factor",
    default: 10_000,
    min: 0,
    max: MaxQueueDepth::MAX,
    summary: "the maximum number of waiting requests per slot of a `stream_adapter`",
};

static OBJECT_STORE_FACTOR: Parameter = Parameter {
    name: "object_store_factor",
    default: 100,
    min: 0,
    max: MaxQueueDepth::MAX,
    summary: "the maximum number of waiting requests per slot of an `object_store_adapter`",
};

fn check(view: &DriverView<'_>, findings: &mut RuleFindings) {
    let contract = view.contract;
    let parameter = match view.class() {
        DriverClass::StreamAdapter => &STREAM_FACTOR,
        DriverClass::ObjectStoreAdapter => &OBJECT_STORE_FACTOR,
        DriverClass::RelationalAdapter | DriverClass::ColumnarAdapter | DriverClass::Project(_) => {
            &FACTOR
        }
    };
    let factor = view.configuration.parameter(&RULE, parameter);
    let deepest = factor * contract.max_in_flight.get();
    // A workload shows more precisely whether requests wait too long.
    let drains = || Service::slowest(view).is_some_and(|slowest| slowest.drains_in_time(contract));
    if contract.max_queue_depth.get() > deepest && !drains() {
        findings.push(too_deep(view, factor, deepest));
    }
}

fn too_deep(view: &DriverView<'_>, factor: u64, deepest: u64) -> Finding {
    let (depth, in_flight) = (view.contract.max_queue_depth, view.contract.max_in_flight);
    let slots = depth.get().div_ceil(factor.max(1));
    let message = format!(
        "`max_queue_depth` ({depth}) must be at most {factor} times `max_in_flight` ({in_flight})"
    );
    RULE.finding(view.at(Field::MaxQueueDepth), message)
        .also(view.at(Field::MaxInFlight), "the number of slots")
        .help(if factor == 0 {
            "set `max_queue_depth` to 0".to_owned()
        } else if slots > MaxInFlight::MAX {
            format!("set `max_queue_depth` to at most {deepest}")
        } else {
            format!(
                "set `max_queue_depth` to at most {deepest}, or `max_in_flight` to at least {slots}"
            )
        })
}
