//! The name of a metric is one that its backends accept as it is.

use super::{
    Check, DriverView, Findings, Level, Lint, Rule, Safety,
    metric::{Dialect, Fault, Metric, fault, fits, metrics, translated},
};
use crate::finding::{Change, Finding};

pub(super) const LINT: Lint = Lint { rule: &RULE, check: Check::Driver(check) };

static RULE: Rule = Rule {
    name: "metric-name-syntax",
    level: Level::Error,
    summary: "the name of a metric fits neither Prometheus nor OpenTelemetry",
    docs: include_str!("docs/metric_name_syntax.md"),
    parameters: &[],
    on: true,
    fixes: Some(Safety::Unsafe),
};

fn check(view: &DriverView<'_>, findings: &mut Findings) {
    for metric in metrics(&view.contract.telemetry) {
        if let Some(fault) = fault(metric.name) {
            findings.push(name_syntax(view, metric, fault));
        }
    }
}

fn name_syntax(view: &DriverView<'_>, metric: Metric<'_>, fault: Fault) -> Finding {
    let place = view.at(metric.role.field());
    let dialect = Dialect::of(metric.name);
    let finding = RULE.finding(place.clone(), message(metric.name, dialect, fault));
    let translated = translated(metric.name)
        .filter(|name| fits(&view.contract.telemetry, Metric { name, ..metric }));
    match translated {
        Some(name) => finding.help(format!("name it `{name}`")).suggest(place, Change::Text(name)),
        None => finding.help(format!("name it with {}", allowed(dialect))),
    }
}

fn message(name: &str, dialect: Dialect, fault: Fault) -> String {
    let fault = match fault {
        Fault::Character(character) => format!("contains `{character}`"),
        Fault::Start(first) => format!("starts with `{first}`"),
        Fault::End(last) => format!("ends with `{last}`"),
        Fault::Delimiters => "has two delimiters in a row".to_owned(),
    };
    format!("`{name}` {fault}, against the naming rules of {}", dialect.label())
}

const fn allowed(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::OpenTelemetry => "lower-case letters, digits, and single `.` and `_` between them",
        Dialect::Prometheus => "letters, digits and `_`",
    }
}
