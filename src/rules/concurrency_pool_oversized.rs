//! Reports a pool with more connections than a relational database can use.

use super::{Check, DriverView, Field, Level, Lint, Parameter, Rule, RuleFindings, rule};
use crate::model::{DriverClass, MaxInFlight};

pub(super) const LINT: Lint = Lint { rule: &RULE, check: Check::Driver(check) };

static RULE: Rule = rule!(
    "concurrency-pool-oversized",
    Level::Warn,
    "a pool has more connections than a relational database can use"
)
.parameters(&[&LIMIT]);

static LIMIT: Parameter = Parameter {
    name: "limit",
    default: 100,
    min: 1,
    max: MaxInFlight::MAX,
    summary: "the maximum `max_in_flight` of a `relational_adapter`",
};

fn check(view: &DriverView<'_>, findings: &mut RuleFindings) {
    let contract = view.contract;
    let limit = view.configuration.parameter(&RULE, &LIMIT);
    let connections = contract.max_in_flight;
    if view.class() == DriverClass::RelationalAdapter && connections.get() > limit {
        let message = format!(
            "`max_in_flight` allows {connections} connections, more than the limit of {limit}"
        );
        let finding = RULE
            .finding(view.at(Field::MaxInFlight), message)
            .help(format!("set `max_in_flight` to at most {limit}"));
        findings.push(finding);
    }
}
