//! Reports a `connect_ms` that is longer than the default of most clients.

use super::{Check, DriverView, Field, Level, Lint, Parameter, Rule, RuleFindings, rule};
use crate::{finding::Finding, model::ConnectMs};

pub(super) const LINT: Lint = Lint { rule: &RULE, check: Check::Driver(check) };

static RULE: Rule = rule!(
    "timeout-connect-excessive",
    Level::Info,
    "`connect_ms` is longer than clients wait by default"
)
.parameters(&[&LIMIT]);

static LIMIT: Parameter = Parameter {
    name: "limit",
    default: 60_000,
    min: 1,
    max: ConnectMs::MAX,
    summary: "the maximum `connect_ms`, in ms",
};

fn check(view: &DriverView<'_>, findings: &mut RuleFindings) {
    let limit = view.configuration.parameter(&RULE, &LIMIT);
    if view.contract.timeout_policy.connect_ms.get() > limit {
        findings.push(connect_excessive(view, limit));
    }
}

fn connect_excessive(view: &DriverView<'_>, limit: u64) -> Finding {
    let connect = view.contract.timeout_policy.connect_ms.get();
    let message = format!("`connect_ms` ({connect}) must be at most {limit}");
    RULE.finding(view.at(Field::ConnectMs), message)
        .help(format!("set `connect_ms` to at most {limit}"))
}
