//! Reports a metric name with the wrong unit suffix for its naming convention.

use super::{
    Check, DriverView, Level, Lint, Rule, RuleFindings,
    metric::{Dialect, Instrument, Metric, Named, convention::is_duration, without_last_word},
    rule,
};
use crate::finding::Finding;

pub(super) const LINT: Lint = Lint { rule: &RULE, check: Check::Driver(check) };

static RULE: Rule = rule!(
    "metric-unit-suffix",
    Level::Warn,
    "a metric name has the wrong unit suffix for its naming convention"
);

const DELIMITERS: &[char] = &['_', '.', '-', '/'];

/// The last words of names of OpenTelemetry durations, whose unit is separate from the name.
const DURATIONS: &[&str] = &["duration", "latency", "time", "usage"];

/// Units that are not base units, and the base unit of each.
const UNITS: &[(&str, &str)] = &[
    ("ms", "seconds"),
    ("millis", "seconds"),
    ("milliseconds", "seconds"),
    ("us", "seconds"),
    ("micros", "seconds"),
    ("microseconds", "seconds"),
    ("ns", "seconds"),
    ("nanos", "seconds"),
    ("nanoseconds", "seconds"),
    ("mb", "bytes"),
    ("kb", "bytes"),
    ("percent", "ratio"),
];

fn check(view: &DriverView<'_>, findings: &mut RuleFindings) {
    for named in view.names() {
        if let Some(unit) = Unit::of(named.metric) {
            findings.push(not_a_base_unit(view, named.metric, &unit));
        } else if let Some(ending) = missing_ending(&named) {
            findings.push(without_ending(view, named.metric, ending));
        }
    }
}

/// A unit at the end of a name.
struct Unit<'n> {
    stem: &'n str,
    word: &'static str,
    base: &'static str,
    total: bool,
}

impl<'n> Unit<'n> {
    fn of(metric: Metric<'n>) -> Option<Self> {
        let counted = without_last_word(metric.name, DELIMITERS, "total");
        let rest = counted.unwrap_or(metric.name);
        let (stem, last) = rest.rsplit_once(DELIMITERS)?;
        let (word, base) = UNITS.iter().find(|(word, _)| *word == last)?;
        let unit = Self { stem, word, base, total: counted.is_some() };
        // A count has no unit, so `us` at the end of its name is a region. The same applies after a
        // unit.
        let timed = metric.role.instrument() == Instrument::Histogram;
        let has_unit = without_last_word(unit.stem, DELIMITERS, "seconds").is_some();
        (unit.word != "us" || (timed && !has_unit)).then_some(unit)
    }
}

impl Unit<'_> {
    /// Returns the name with the base unit.
    fn in_prometheus(&self) -> String {
        let total = if self.total { "_total" } else { "" };
        format!("{}_{}{total}", self.stem, self.base)
    }

    /// Returns the name of a counter without the unit, because the counter counts attempts.
    fn counted(&self) -> String {
        let total = if self.total { "_total" } else { "" };
        format!("{}{total}", self.stem)
    }

    /// Returns the name in the form of an OpenTelemetry duration, whose unit is not in the name.
    fn in_duration(&self) -> String {
        let operation = without_last_word(self.stem, DELIMITERS, "duration").unwrap_or(self.stem);
        format!("{operation}.duration")
    }
}

/// Returns the suffix that the name of a latency should have but lacks.
fn missing_ending(named: &Named<'_>) -> Option<&'static str> {
    let Metric { role, name } = named.metric;
    if role.instrument() != Instrument::Histogram || named.contested {
        return None;
    }
    match named.dialect? {
        Dialect::Prometheus => (!name.ends_with("_seconds")).then_some("_seconds"),
        Dialect::OpenTelemetry => {
            let is_named = |word: &&str| without_last_word(name, DELIMITERS, word).is_some();
            (!DURATIONS.iter().any(is_named) && !is_duration(name)).then_some(".duration")
        }
    }
}

fn not_a_base_unit(view: &DriverView<'_>, metric: Metric<'_>, unit: &Unit<'_>) -> Finding {
    let name = match (Dialect::of(metric.name), metric.role.instrument()) {
        (Dialect::Prometheus, Instrument::Counter) => unit.counted(),
        (Dialect::Prometheus, Instrument::Histogram | Instrument::Gauge) => unit.in_prometheus(),
        (Dialect::OpenTelemetry, Instrument::Histogram) => unit.in_duration(),
        (Dialect::OpenTelemetry, Instrument::Counter | Instrument::Gauge) => unit.stem.to_owned(),
    };
    let message =
        format!("`{}` ends in the unit `{}`, which is not a base unit", metric.name, unit.word);
    let help = match metric.role.instrument() {
        Instrument::Counter => format!("name it `{name}`, because a count has no unit"),
        Instrument::Histogram | Instrument::Gauge => {
            format!("record a base unit, under a name such as `{name}`")
        }
    };
    RULE.finding(view.at(metric.role.field()), message).help(help)
}

fn without_ending(view: &DriverView<'_>, metric: Metric<'_>, ending: &str) -> Finding {
    RULE.finding(
        view.at(metric.role.field()),
        format!("the latency `{}` does not end in `{ending}`", metric.name),
    )
    .help(format!("record seconds, under a name that ends in `{ending}`"))
}
