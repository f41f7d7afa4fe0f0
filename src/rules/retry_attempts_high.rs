//! An operation is not tried without end.

use super::{
    Check, DriverView, Field, Findings, Level, Lint, Parameter, Rule, Safety, retry_amplification,
};
use crate::{
    finding::{Change, Finding},
    model::DriverClass,
};

pub(super) const LINT: Lint = Lint { rule: &RULE, check: Check::Driver(check) };

static RULE: Rule = Rule {
    name: "retry-attempts-high",
    level: Level::Warn,
    summary: "an operation is tried more often than helps",
    docs: include_str!("docs/retry_attempts_high.md"),
    parameters: &[&LIMIT, &STREAM_LIMIT],
    on: true,
    fixes: Some(Safety::Unsafe),
};

static LIMIT: Parameter = Parameter {
    name: "limit",
    default: 3,
    min: 1,
    max: 100,
    summary: "the most attempts that raise nothing",
};

static STREAM_LIMIT: Parameter = Parameter {
    name: "stream_limit",
    default: 5,
    min: 1,
    max: 100,
    summary: "the most attempts of a `stream_adapter` that raise nothing",
};

fn check(view: &DriverView<'_>, findings: &mut Findings) {
    let limit = limit(view);
    let attempts = view.contract.retry_policy.max_attempts.get();
    if attempts > limit && !retry_amplification::raised(view) {
        findings.push(attempts_high(view, limit));
    }
}

/// The most attempts that raise nothing.
pub(super) fn limit(view: &DriverView<'_>) -> u64 {
    let parameter = match view.contract.class {
        DriverClass::StreamAdapter => &STREAM_LIMIT,
        DriverClass::RelationalAdapter
        | DriverClass::ColumnarAdapter
        | DriverClass::ObjectStoreAdapter => &LIMIT,
    };
    view.settings.parameter(&RULE, parameter)
}

fn attempts_high(view: &DriverView<'_>, limit: u64) -> Finding {
    let attempts = view.contract.retry_policy.max_attempts;
    let place = view.at(Field::MaxAttempts);
    RULE.finding(place.clone(), format!("an operation is tried up to {attempts} times"))
        .help(format!("set `max_attempts` to {limit} or less"))
        .suggest(place, Change::Integer(limit))
}
