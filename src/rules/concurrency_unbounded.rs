//! Reports a `max_in_flight` that is too high to limit concurrency.

use super::{
    Check, DriverView, Field, Findings, Level, Lint, Parameter, Rule, capability_required_missing,
    rule,
};
use crate::model::{DriverCapability, MaxInFlight};

pub(super) const LINT: Lint = Lint { rule: &RULE, check: Check::Driver(check) };

static RULE: Rule = rule!(
    "concurrency-unbounded",
    Level::Error,
    "`max_in_flight` is too high to limit concurrency"
)
.parameters(&[&LIMIT]);

static LIMIT: Parameter = Parameter {
    name: "limit",
    default: 10_000,
    min: 1,
    max: MaxInFlight::MAX,
    summary: "the most operations in flight that raise nothing",
};

fn check(view: &DriverView<'_>, findings: &mut Findings) {
    if is_unbounded(view) && !is_capability_missing(view) {
        let limit = view.configuration.parameter(&RULE, &LIMIT);
        let in_flight = view.contract.max_in_flight;
        let message =
            format!("`max_in_flight` is {in_flight}, above {limit}, which limits nothing");
        let finding = RULE
            .finding(view.at(Field::MaxInFlight), message)
            .help(format!("set `max_in_flight` to at most {limit}"));
        findings.push(finding);
    }
}

/// Returns true if `max_in_flight` is above the limit, whether or not the rule is on.
pub(super) fn is_unbounded(view: &DriverView<'_>) -> bool {
    view.contract.max_in_flight.get() > view.configuration.parameter(&RULE, &LIMIT)
}

/// Returns true if this rule reports that nothing limits concurrency, or
/// `capability-required-missing` does so instead.
pub(super) fn raised(view: &DriverView<'_>) -> bool {
    let is_on = view.configuration.level(&RULE).is_some();
    is_unbounded(view) && (is_on || is_capability_missing(view))
}

fn is_capability_missing(view: &DriverView<'_>) -> bool {
    capability_required_missing::reports_any(view, &[DriverCapability::BoundedConcurrency])
}
