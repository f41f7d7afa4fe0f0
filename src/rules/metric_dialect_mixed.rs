//! Reports a contract that mixes dotted and undotted metric names.

use super::{
    Check, DriverView, Level, Lint, Rule, RuleFindings,
    metric::{Dialect, Metric, is_camel_case, metrics},
    rule,
};
use crate::finding::Finding;

pub(super) const LINT: Lint = Lint { rule: &RULE, check: Check::Driver(check) };

static RULE: Rule =
    rule!("metric-dialect-mixed", Level::Warn, "a contract mixes dotted and undotted metric names");

/// The characters that are allowed in OpenTelemetry names but not in Prometheus names.
const DELIMITERS: [(char, &str); 3] = [('.', "dots"), ('-', "`-`"), ('/', "`/`")];

fn check(view: &DriverView<'_>, findings: &mut RuleFindings) {
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
        let has = |delimiter| dotted().any(|metric| metric.name.contains(delimiter));
        let delimiters = DELIMITERS.into_iter().filter(|(delimiter, _)| has(*delimiter));
        let (odd, usual) = if dotted().count() < undotted().count() {
            (first_dotted, first_undotted)
        } else {
            (first_undotted, first_dotted)
        };
        let delimiters: Vec<_> = delimiters.map(|(_, words)| words).collect();
        findings.push(dialect_mixed(view, &odd, &usual, &delimiters));
    }
}

fn dialect_mixed(
    view: &DriverView<'_>,
    odd: &Metric<'_>,
    usual: &Metric<'_>,
    delimiters: &[&str],
) -> Finding {
    let message = format!("`{}` follows {} naming", odd.name, Dialect::of(odd.name).label());
    let usual_dialect = Dialect::of(usual.name);
    let repair = match usual_dialect {
        Dialect::OpenTelemetry => format!("name all metrics with {}", delimiters.join(" or ")),
        Dialect::Prometheus => format!("name all metrics without {}", delimiters.join(" and ")),
    };
    RULE.finding(
        view.at(odd.role.field()),
        format!("{message}, but `{}` follows {} naming", usual.name, usual_dialect.label()),
    )
    .also(view.at(usual.role.field()), format!("follows {} naming", usual_dialect.label()))
    .help(repair)
}
