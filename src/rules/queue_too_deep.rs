//! A queue is in proportion to the places that it waits for.

use super::{Check, DriverView, Field, Findings, Level, Lint, Parameter, Rule, Safety};
use crate::{
    finding::{Change, Finding},
    model::{DriverClass, MaxQueueDepth},
};

pub(super) const LINT: Lint = Lint { rule: &RULE, check: Check::Driver(check) };

static RULE: Rule = Rule {
    name: "queue-too-deep",
    level: Level::Warn,
    summary: "many times more requests may wait than run at once",
    docs: include_str!("docs/queue_too_deep.md"),
    parameters: &[&FACTOR, &STREAM_FACTOR],
    on: true,
    fixes: Some(Safety::Unsafe),
};

static FACTOR: Parameter = Parameter {
    name: "factor",
    default: 10,
    min: 0,
    max: MaxQueueDepth::MAX,
    summary: "how many requests may wait for each that is in flight",
};

static STREAM_FACTOR: Parameter = Parameter {
    name: "stream_factor",
    default: 50,
    min: 0,
    max: MaxQueueDepth::MAX,
    summary: "how many requests of a `stream_adapter` may wait for each that is in flight",
};

fn check(view: &DriverView<'_>, findings: &mut Findings) {
    let contract = view.contract;
    let parameter = match contract.class {
        DriverClass::StreamAdapter => &STREAM_FACTOR,
        DriverClass::RelationalAdapter
        | DriverClass::ColumnarAdapter
        | DriverClass::ObjectStoreAdapter => &FACTOR,
    };
    let factor = view.settings.parameter(&RULE, parameter);
    let deepest = factor * contract.max_in_flight.get();
    if contract.max_queue_depth.get() > deepest {
        findings.push(too_deep(view, factor, deepest));
    }
}

fn too_deep(view: &DriverView<'_>, factor: u64, deepest: u64) -> Finding {
    let (depth, in_flight) = (view.contract.max_queue_depth, view.contract.max_in_flight);
    let message =
        format!("{depth} requests may wait, over {factor} times the {in_flight} in flight");
    RULE.finding(view.at(Field::MaxQueueDepth), message)
        .label("the requests that may wait")
        .also(view.at(Field::MaxInFlight), "the places that they wait for")
        .help(format!("set `max_queue_depth` to {deepest}"))
        .suggest(view.at(Field::MaxQueueDepth), Change::Integer(deepest))
}
