//! A gauge is not named like a counter, nor like a part of a histogram.

use super::{
    Check, DriverView, Findings, Level, Lint, Rule,
    metric::{Dialect, Instrument, Metric, foreign_to_gauge},
};
use crate::finding::Finding;

pub(super) const LINT: Lint = Lint { rule: &RULE, check: Check::Driver(check) };

static RULE: Rule = Rule {
    name: "metric-gauge-total",
    level: Level::Error,
    summary: "the gauge of operations in flight is named like a counter",
    docs: include_str!("docs/metric_gauge_total.md"),
    parameters: &[],
    on: true,
    fixes: None,
};

fn check(view: &DriverView<'_>, findings: &mut Findings) {
    let gauges = view
        .names()
        .filter(|named| named.metric.role.instrument() == Instrument::Gauge && !named.contested);
    for named in gauges {
        // Of a name without a dialect only that is wrong which is wrong in both.
        let dialect = named.dialect.unwrap_or(Dialect::OpenTelemetry);
        if let Some(word) = foreign_to_gauge(dialect, named.metric.name) {
            findings.push(gauge_total(view, named.metric, word));
        }
    }
}

fn gauge_total(view: &DriverView<'_>, metric: Metric<'_>, word: &str) -> Finding {
    let usual = if word == "total" { "a counter does" } else { "only other metrics do" };
    RULE.finding(
        view.at(metric.role.field()),
        format!("the gauge `{}` ends in `{word}`, as {usual}", metric.name),
    )
    .help(format!("choose a name that does not end in `{word}`"))
}
