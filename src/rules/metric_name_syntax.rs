//! Reports a metric name that is valid in neither Prometheus nor OpenTelemetry.

use super::{
    Check, DriverView, Level, Lint, Rule, RuleFindings, Safety,
    metric::{Dialect, Fault, Metric, fault, fits, metrics, translated},
    rule,
};
use crate::finding::{EditAction, Finding};

pub(super) const LINT: Lint = Lint { rule: &RULE, check: Check::Driver(check) };

static RULE: Rule = rule!(
    "metric-name-syntax",
    Level::Error,
    "a metric name is valid in neither Prometheus nor OpenTelemetry"
)
.fixes(Safety::Unsafe);

fn check(view: &DriverView<'_>, findings: &mut RuleFindings) {
    for metric in metrics(&view.contract.telemetry) {
        if let Some(fault) = fault(metric.name) {
            findings.push(name_syntax(view, metric, fault));
        }
    }
}

fn name_syntax(view: &DriverView<'_>, metric: Metric<'_>, fault: Fault) -> Finding {
    let place = view.at(metric.role.field());
    let dialect = Dialect::of(metric.name);
    let finding = RULE.finding(place.clone(), message(metric.name, fault));
    let translated = translated(metric.name)
        .filter(|name| fits(&view.contract.telemetry, Metric { name, ..metric }));
    match translated {
        Some(name) => {
            finding.help(format!("name it `{name}`")).suggest(place, EditAction::Text(name))
        }
        None => finding.help(format!("use only {}", allowed(dialect))),
    }
}

fn message(name: &str, fault: Fault) -> String {
    match fault {
        Fault::Character(':') => {
            format!("the metric name `{name}` contains `:`, which is for recording rules only")
        }
        Fault::Character(character) => format!(
            "the metric name `{name}` contains `{character}`, which OpenTelemetry does not allow; \
             Prometheus allows it only in quoted names, since release 3"
        ),
        Fault::Start(first) => {
            format!(
                "the metric name `{name}` starts with `{first}`, which OpenTelemetry does not \
                 allow; Prometheus allows it only in quoted names, since release 3"
            )
        }
    }
}

const fn allowed(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::OpenTelemetry => "letters, digits, `.`, `_`, `-` and `/`, and start with a letter",
        Dialect::Prometheus => "letters, digits and `_`, and do not start with a digit",
    }
}
