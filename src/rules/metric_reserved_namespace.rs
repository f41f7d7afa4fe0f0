//! Reports a custom metric in a reserved OpenTelemetry namespace.

use super::{
    Check, DriverView, Level, Lint, Rule, RuleFindings,
    metric::{Metric, convention::borrowed_namespace},
    rule,
};
use crate::finding::Finding;

pub(super) const LINT: Lint = Lint { rule: &RULE, check: Check::Driver(check) };

static RULE: Rule = rule!(
    "metric-reserved-namespace",
    Level::Info,
    "a custom metric uses a reserved OpenTelemetry namespace"
);

fn check(view: &DriverView<'_>, findings: &mut RuleFindings) {
    for metric in view.names().map(|named| named.metric) {
        if let Some(namespace) = borrowed_namespace(metric.name) {
            findings.push(reserved_namespace(view, metric, namespace));
        }
    }
}

fn reserved_namespace(view: &DriverView<'_>, metric: Metric<'_>, namespace: &str) -> Finding {
    let name = metric.name;
    RULE.finding(
        view.at(metric.role.field()),
        format!("`{name}` is in the namespace `{namespace}`, but no convention defines it"),
    )
    .help(format!(
        "if you choose the name, use your own namespace, such as `{}.{name}`",
        view.contract.name
    ))
}
