//! Reports a `max_attempts` that is higher than is useful.

use super::{Check, DriverView, Field, Level, Lint, Parameter, Rule, RuleFindings, rule};
use crate::{finding::Finding, model::DriverClass};

pub(super) const LINT: Lint = Lint { rule: &RULE, check: Check::Driver(check) };

static RULE: Rule =
    rule!("retry-attempts-high", Level::Warn, "`max_attempts` is higher than is useful")
        .parameters(&[&LIMIT, &STREAM_LIMIT, &OBJECT_STORE_LIMIT]);

static LIMIT: Parameter = Parameter {
    name: "limit",
    default: 3,
    min: 1,
    max: 100,
    summary: "the maximum number of attempts",
};

static STREAM_LIMIT: Parameter = Parameter {
    name: "stream_limit",
    default: 5,
    min: 1,
    max: 100,
    summary: "the maximum number of attempts of a `stream_adapter`",
};

static OBJECT_STORE_LIMIT: Parameter = Parameter {
    name: "object_store_limit",
    default: 11,
    min: 1,
    max: 100,
    summary: "the maximum number of attempts of an `object_store_adapter`",
};

fn check(view: &DriverView<'_>, findings: &mut RuleFindings) {
    let limit = limit(view);
    if view.contract.retry_policy.max_attempts.get() > limit {
        findings.push(attempts_high(view, limit));
    }
}

/// Returns the highest number of attempts that the rule does not report.
pub(super) fn limit(view: &DriverView<'_>) -> u64 {
    let parameter = match view.class() {
        DriverClass::StreamAdapter => &STREAM_LIMIT,
        DriverClass::ObjectStoreAdapter => &OBJECT_STORE_LIMIT,
        DriverClass::RelationalAdapter | DriverClass::ColumnarAdapter | DriverClass::Project(_) => {
            &LIMIT
        }
    };
    view.configuration.parameter(&RULE, parameter)
}

fn attempts_high(view: &DriverView<'_>, limit: u64) -> Finding {
    let attempts = view.contract.retry_policy.max_attempts;
    let message = format!("`max_attempts` ({attempts}) must be at most {limit}");
    RULE.finding(view.at(Field::MaxAttempts), message)
        .help(format!("set `max_attempts` to at most {limit}"))
}
