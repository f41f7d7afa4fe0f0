//! Reports a counter with the wrong suffix for its naming convention.

use std::iter;

use super::{
    Check, DriverView, Level, Lint, Rule, RuleFindings, Safety,
    metric::{Dialect, Instrument, Metric, fits, without_last_word},
    rule,
};
use crate::finding::{EditAction, Finding};

pub(super) const LINT: Lint = Lint { rule: &RULE, check: Check::Driver(check) };

static RULE: Rule = rule!(
    "metric-counter-suffix",
    Level::Warn,
    "a counter has the wrong suffix for its naming convention"
)
.fixes(Safety::Unsafe);

fn check(view: &DriverView<'_>, findings: &mut RuleFindings) {
    let counters = view
        .names()
        .filter(|named| named.metric.role.instrument() == Instrument::Counter && !named.contested);
    for named in counters {
        let total = without_total(named.metric.name).is_some();
        match named.dialect {
            Some(Dialect::Prometheus) if !total => findings.push(missing(view, named.metric)),
            Some(Dialect::OpenTelemetry) if total => findings.push(surplus(view, named.metric)),
            _ => {}
        }
    }
}

fn without_total(name: &str) -> Option<&str> {
    without_last_word(name, &['_', '.'], "total")
}

fn missing(view: &DriverView<'_>, metric: Metric<'_>) -> Finding {
    let finding = RULE.finding(
        view.at(metric.role.field()),
        format!("the counter `{}` does not end in `_total`", metric.name),
    );
    repaired(view, metric, finding, &format!("{}_total", metric.name))
}

fn surplus(view: &DriverView<'_>, metric: Metric<'_>) -> Finding {
    let finding = RULE.finding(
        view.at(metric.role.field()),
        format!(
            "the counter `{}` ends in `total`, which OpenTelemetry advises against",
            metric.name
        ),
    );
    let stems = iter::successors(Some(metric.name), |name| without_total(name));
    repaired(view, metric, finding, stems.last().unwrap_or(metric.name))
}

fn repaired(
    view: &DriverView<'_>,
    metric: Metric<'_>,
    finding: Finding,
    candidate: &str,
) -> Finding {
    let same_dialect = Dialect::of(candidate) == Dialect::of(metric.name);
    let fitting = Metric { name: candidate, ..metric };
    if same_dialect && fits(&view.contract.telemetry, fitting) {
        return finding
            .help(format!("name it `{candidate}`"))
            .suggest(view.at(metric.role.field()), EditAction::Text(candidate.to_owned()));
    }
    finding.help(match Dialect::of(metric.name) {
        Dialect::OpenTelemetry => "choose a name without `total`",
        Dialect::Prometheus => "choose a name that ends in `_total`",
    })
}
