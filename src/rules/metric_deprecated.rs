//! Reports a metric with a name that OpenTelemetry has deprecated.

use super::{
    Check, DriverView, Level, Lint, Rule, RuleFindings, Safety,
    metric::{
        Metric,
        convention::{Deprecated, deprecated},
        fits,
    },
    rule,
};
use crate::finding::{EditAction, Finding};

pub(super) const LINT: Lint = Lint { rule: &RULE, check: Check::Driver(check) };

static RULE: Rule = rule!(
    "metric-deprecated",
    Level::Warn,
    "a metric has a name that OpenTelemetry has deprecated"
)
.fixes(Safety::Unsafe)
.supersedes(&["metric-unit-suffix"]);

fn check(view: &DriverView<'_>, findings: &mut RuleFindings) {
    for metric in view.names().map(|named| named.metric) {
        if let Some(deprecated) = deprecated(metric.name) {
            findings.push(given_up(view, metric, deprecated));
        }
    }
}

fn given_up(view: &DriverView<'_>, metric: Metric<'_>, deprecated: &Deprecated) -> Finding {
    let (place, name) = (view.at(metric.role.field()), deprecated.replacement);
    let message = format!("`{}` is deprecated in OpenTelemetry", metric.name);
    let finding = RULE.finding(place.clone(), message);
    if deprecated.new_unit {
        return finding.help(format!("record seconds instead of milliseconds as `{name}`"));
    }
    if !fits(&view.contract.telemetry, Metric { name, ..metric }) {
        return finding.help(format!(
            "name it `{name}` after you have renamed the other metric with this name"
        ));
    }
    finding.help(format!("name it `{name}`")).suggest(place, EditAction::Text(name.to_owned()))
}
