//! All metrics of a contract are named by one convention.

use super::{
    Check, DriverView, Findings, Level, Lint, Rule,
    metric::{Dialect, Metric, is_camel_case, metrics},
};
use crate::finding::Finding;

pub(super) const LINT: Lint = Lint { rule: &RULE, check: Check::Driver(check) };

static RULE: Rule = Rule {
    name: "metric-dialect-mixed",
    level: Level::Warn,
    summary: "dotted and undotted metric names stand in one contract",
    docs: include_str!("docs/metric_dialect_mixed.md"),
    parameters: &[],
    on: true,
    fixes: None,
};

fn check(view: &DriverView<'_>, findings: &mut Findings) {
    let of = |dialect| {
        let metrics = metrics(&view.contract.telemetry).into_iter();
        metrics.filter(move |metric| {
            Dialect::of(metric.name) == dialect
                && metric.is_well_formed()
                && !is_camel_case(metric.name)
        })
    };
    let (dotted, undotted) = (|| of(Dialect::OpenTelemetry), || of(Dialect::Prometheus));
    if let (Some(first_dotted), Some(first_undotted)) = (dotted().next(), undotted().next()) {
        let (odd, usual) = if dotted().count() < undotted().count() {
            (first_dotted, first_undotted)
        } else {
            (first_undotted, first_dotted)
        };
        findings.push(dialect_mixed(view, &odd, &usual));
    }
}

fn dialect_mixed(view: &DriverView<'_>, odd: &Metric<'_>, usual: &Metric<'_>) -> Finding {
    let message = format!("`{}` is named as in {}", odd.name, Dialect::of(odd.name).label());
    let usual_dialect = Dialect::of(usual.name);
    let repair = match usual_dialect {
        Dialect::OpenTelemetry => "name all metrics with dots",
        Dialect::Prometheus => "name all metrics without dots",
    };
    RULE.finding(
        view.at(odd.role.field()),
        format!("{message}, `{}` as in {}", usual.name, usual_dialect.label()),
    )
    .also(view.at(usual.role.field()), format!("named as in {}", usual_dialect.label()))
    .help(repair)
}
