//! Reports an in-flight gauge that is named like a counter, or like a series of the latency histogram.

use super::{
    Check, DriverView, Level, Lint, Rule, RuleFindings,
    metric::{Instrument, Metric, Role, ends_in_total, histogram_series},
    rule,
};
use crate::finding::Finding;

pub(super) const LINT: Lint = Lint { rule: &RULE, check: Check::Driver(check) };

static RULE: Rule = rule!(
    "metric-gauge-total",
    Level::Error,
    "the in-flight gauge has a suffix that marks another metric type"
);

fn check(view: &DriverView<'_>, findings: &mut RuleFindings) {
    let gauges = view
        .names()
        .filter(|named| named.metric.role.instrument() == Instrument::Gauge && !named.contested);
    for metric in gauges.map(|named| named.metric) {
        if ends_in_total(metric.name) {
            findings.push(gauge_total(view, metric));
        } else if let Some(series) = histogram_series(&view.contract.telemetry, metric.name) {
            findings.push(series_of_latency(view, metric, series));
        }
    }
}

fn gauge_total(view: &DriverView<'_>, metric: Metric<'_>) -> Finding {
    RULE.finding(
        view.at(metric.role.field()),
        format!("the gauge `{}` ends in `total`, as a counter does", metric.name),
    )
    .help("choose a name that does not end in `total`")
}

fn series_of_latency(view: &DriverView<'_>, metric: Metric<'_>, series: &str) -> Finding {
    let latency = &view.contract.telemetry.latency_metric;
    RULE.finding(
        view.at(metric.role.field()),
        format!("the histogram `{latency}` has a series named `{}` too", metric.name),
    )
    .also(view.at(Role::Latency.field()), format!("exposes a series with the suffix `_{series}`"))
    .help(format!("choose a name that does not end in `{series}`"))
}
