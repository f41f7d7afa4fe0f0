//! The metric names of a contract: their naming conventions, and the names that they get in
//! Prometheus.
//!
//! This module contains no rule.

pub(super) mod convention;
mod syntax;

use std::borrow::Cow;

pub(super) use self::syntax::{Fault, fault, translated};
use super::SharedKey;
use crate::model::{Field, MetricName, TelemetryProfile};
use crate::source::hash;

/// The naming convention that a name follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dialect {
    /// Namespaces with dots, `-` or `/`. The unit and the kind of metric are separate from the
    /// name.
    OpenTelemetry,
    /// Words that are joined by `_`, with the unit and the kind of metric at the end.
    Prometheus,
}

impl Dialect {
    /// Returns the dialect of a single name. OpenTelemetry uses `.`, `-` and `/`, which Prometheus
    /// does not allow.
    pub(super) fn of(name: &str) -> Self {
        let dotted = name.bytes().any(|byte| matches!(byte, b'.' | b'-' | b'/'));
        if dotted { Self::OpenTelemetry } else { Self::Prometheus }
    }

    pub(super) const fn label(self) -> &'static str {
        match self {
            Self::OpenTelemetry => "OpenTelemetry",
            Self::Prometheus => "Prometheus",
        }
    }
}

/// The role of a metric in a contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Role {
    Timeouts,
    Retries,
    Latency,
    InFlight,
}

/// The kind of measurement that a metric makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Instrument {
    Counter,
    Histogram,
    Gauge,
}

/// The suffixes that OpenTelemetry's exporters can append to a name in Prometheus.
const ENDINGS: [&str; 2] = ["total", "seconds"];

impl Instrument {
    /// Returns the suffix that OpenTelemetry's exporters append: one of [`ENDINGS`], if they append
    /// one.
    fn ending(self) -> Option<&'static str> {
        match self {
            Self::Counter => Some("total"),
            Self::Histogram => Some("seconds"),
            Self::Gauge => None,
        }
    }
}

impl Role {
    pub(super) const fn field(self) -> Field {
        match self {
            Self::Timeouts => Field::TimeoutMetric,
            Self::Retries => Field::RetryMetric,
            Self::Latency => Field::LatencyMetric,
            Self::InFlight => Field::InFlightMetric,
        }
    }

    /// Returns the role in words.
    pub(super) const fn words(self) -> &'static str {
        match self {
            Self::Timeouts => "timeouts",
            Self::Retries => "retries",
            Self::Latency => "latency",
            Self::InFlight => "operations in flight",
        }
    }

    pub(super) const fn instrument(self) -> Instrument {
        match self {
            Self::Timeouts | Self::Retries => Instrument::Counter,
            Self::Latency => Instrument::Histogram,
            Self::InFlight => Instrument::Gauge,
        }
    }
}

/// A metric name with its role.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Metric<'n> {
    pub(super) role: Role,
    pub(super) name: &'n str,
}

impl<'n> Metric<'n> {
    pub(super) fn is_well_formed(self) -> bool {
        fault(self.name).is_none()
    }

    /// Returns the name in Prometheus, by the rules of OpenTelemetry's exporters: they replace each
    /// character that is not allowed with `_`, and append the unit and the kind of metric unless
    /// the name already ends with them.
    pub(super) fn exposed(self) -> Cow<'n, str> {
        let Cow::Owned(plain) = self.plain() else { return Cow::Borrowed(self.name) };
        let ending = self.role.instrument().ending();
        match ending.filter(|ending| !ends_with_word(&plain, &['_'], ending)) {
            Some(missing) => Cow::Owned(format!("{plain}_{missing}")),
            None => Cow::Owned(plain),
        }
    }

    /// Returns the name with `_` instead of characters that Prometheus does not allow.
    fn plain(self) -> Cow<'n, str> {
        match Dialect::of(self.name) {
            Dialect::Prometheus => Cow::Borrowed(self.name),
            Dialect::OpenTelemetry => Cow::Owned(syntax::joined(self.name)),
        }
    }

    /// Returns the same hash for two names that are equal, either as written or in Prometheus. The
    /// hash ignores the suffixes that a name has or can get in Prometheus.
    fn key(self) -> u64 {
        let plain = self.plain();
        let mut stem: &str = &plain;
        let shorter =
            |stem| ENDINGS.iter().find_map(|ending| without_last_word(stem, &['_'], ending));
        while let Some(shorter) = shorter(stem) {
            stem = shorter;
        }
        hash(stem.as_bytes())
    }
}

/// A well-formed name, with the first role that uses it in its contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Named<'n> {
    pub(super) metric: Metric<'n>,
    /// The dialect. `None` for an undotted name in a contract with dotted names, because either
    /// kind of name can be wrong. Also `None` for a `CamelCase` name, which follows neither
    /// convention.
    pub(super) dialect: Option<Dialect>,
    /// Whether a metric of another kind has the same name.
    pub(super) contested: bool,
}

/// Returns the four metrics of a contract, in the order of its fields.
pub(super) fn metrics(telemetry: &TelemetryProfile) -> [Metric<'_>; 4] {
    [
        Metric { role: Role::Timeouts, name: &telemetry.timeout_metric },
        Metric { role: Role::Retries, name: &telemetry.retry_metric },
        Metric { role: Role::Latency, name: &telemetry.latency_metric },
        Metric { role: Role::InFlight, name: &telemetry.in_flight_metric },
    ]
}

/// The names of metrics. If two names are equal, either as written or in Prometheus, they have the
/// same key.
pub(super) static NAMES: SharedKey = SharedKey {
    keys: 4,
    for_each_key: |contract, found| {
        for metric in metrics(&contract.telemetry) {
            found(metric.key());
        }
    },
};

/// The well-formed names of a contract, without duplicates, by role.
pub(super) type MetricNames<'n> = [Option<Named<'n>>; 4];

/// Returns the well-formed names of a contract.
pub(super) fn names(telemetry: &TelemetryProfile) -> MetricNames<'_> {
    let all = metrics(telemetry);
    let dialects = all.map(|metric| metric.is_well_formed().then(|| Dialect::of(metric.name)));
    let any_dotted = dialects.contains(&Some(Dialect::OpenTelemetry));
    std::array::from_fn(|index| {
        let metric = all[index];
        let same = |other: &Metric<'_>| other.name == metric.name;
        let dialect = dialects[index].filter(|_| !all[..index].iter().any(same))?;
        let unsure = any_dotted && dialect == Dialect::Prometheus || is_camel_case(metric.name);
        let instrument = metric.role.instrument();
        let another = |other: &Metric<'_>| same(other) && other.role.instrument() != instrument;
        let contested = all.iter().any(another);
        Some(Named { metric, dialect: (!unsure).then_some(dialect), contested })
    })
}

/// Returns true if a name can replace the name of this role in the contract without an error.
pub(super) fn fits(telemetry: &TelemetryProfile, candidate: Metric<'_>) -> bool {
    let exposed = candidate.exposed();
    let same = |other: Metric<'_>| other.name == candidate.name || other.exposed() == exposed;
    let collides = |other: &Metric<'_>| {
        let repaired = Metric { name: &repaired(other.name), ..*other };
        other.role != candidate.role && (same(*other) || same(repaired))
    };
    let gauge = candidate.role.instrument() == Instrument::Gauge;
    MetricName::new(candidate.name).is_ok()
        && candidate.is_well_formed()
        && !metrics(telemetry).iter().any(collides)
        && !(gauge
            && (ends_in_total(candidate.name)
                || histogram_series(telemetry, candidate.name).is_some()))
}

/// Returns the name with which the fixes of other rules would replace this name.
fn repaired(name: &str) -> Cow<'_, str> {
    if let Some(deprecated) = convention::deprecated(name) {
        return Cow::Borrowed(deprecated.replacement);
    }
    let malformed = fault(name).is_some();
    malformed.then(|| translated(name)).flatten().map_or(Cow::Borrowed(name), Cow::Owned)
}

/// Returns true if the name ends in the word `total`, which marks a counter.
pub(super) fn ends_in_total(name: &str) -> bool {
    ends_with_word(name, &['_', '.'], "total")
}

/// Returns the suffix of a series, if the latency histogram exposes a series with this name in
/// Prometheus.
pub(super) fn histogram_series(telemetry: &TelemetryProfile, name: &str) -> Option<&'static str> {
    let latency = Metric { role: Role::Latency, name: &telemetry.latency_metric };
    let gauge = Metric { role: Role::InFlight, name };
    let suffix = ["count", "sum", "bucket"].into_iter().find(|suffix| name.ends_with(suffix))?;
    let is_series =
        without_last_word(&gauge.exposed(), &['_'], suffix) == Some(&*latency.exposed());
    is_series.then_some(suffix)
}

/// Returns true for a name in the style of Amazon `CloudWatch`, such as `RetryCount`.
pub(super) fn is_camel_case(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_uppercase())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric())
        && name.bytes().any(|byte| byte.is_ascii_lowercase())
}

/// Returns the part of a name before its last word, if the last word is `word`.
pub(super) fn without_last_word<'n>(
    name: &'n str,
    delimiters: &[char],
    word: &str,
) -> Option<&'n str> {
    name.strip_suffix(word)?.strip_suffix(delimiters)
}

fn ends_with_word(name: &str, delimiters: &[char], word: &str) -> bool {
    without_last_word(name, delimiters, word).is_some()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn telemetry(names: [&str; 4]) -> TelemetryProfile {
        let [timeout_metric, retry_metric, latency_metric, in_flight_metric] =
            names.map(|name| MetricName::new(name).unwrap());
        TelemetryProfile { timeout_metric, retry_metric, latency_metric, in_flight_metric }
    }

    #[test]
    fn metric_names_are_translated_as_opentelemetry_specifies() {
        for (role, name, exposed) in [
            (Role::Latency, "db.client.operation.duration", "db_client_operation_duration_seconds"),
            (
                Role::Timeouts,
                "db.client.connection.timeouts",
                "db_client_connection_timeouts_total",
            ),
            (Role::InFlight, "http.client.active_requests", "http_client_active_requests"),
            (Role::Retries, "example.retries.total", "example_retries_total"),
            (Role::Latency, "example.latency_seconds", "example_latency_seconds"),
            (Role::Latency, "example.milliseconds", "example_milliseconds_seconds"),
            (Role::Retries, "example_retries", "example_retries"),
        ] {
            assert_eq!(Metric { role, name }.exposed(), exposed);
        }
    }

    proptest! {
        #[test]
        fn metrics_with_equal_written_or_exposed_names_share_key(
            left in "[ab](_a|[._]total|[._]seconds){0,3}",
            right in "[ab](_a|[._]total|[._]seconds){0,3}",
        ) {
            let roles = [Role::Timeouts, Role::Retries, Role::Latency, Role::InFlight];
            let pairs = roles.into_iter().flat_map(|left| roles.map(|right| (left, right)));
            for (left_role, right_role) in pairs {
                let left = Metric { role: left_role, name: &left };
                let right = Metric { role: right_role, name: &right };
                let alike = left.name == right.name || left.exposed() == right.exposed();
                prop_assert!(!alike || left.key() == right.key(), "{left:?} {right:?}");
            }
        }
    }

    #[test]
    fn repeated_name_is_checked_once_and_malformed_name_is_not_checked() {
        let repeated = telemetry(["x_total", "x_total", "y z", "x_total"]);
        let metric = Metric { role: Role::Timeouts, name: "x_total" };
        let expected = Named { metric, dialect: Some(Dialect::Prometheus), contested: true };
        assert_eq!(names(&repeated).into_iter().flatten().collect::<Vec<_>>(), [expected]);
    }

    #[test]
    fn undotted_name_next_to_dotted_names_has_no_dialect() {
        let mixed = telemetry(["x.timeouts", "x_retries", "x.duration", "x.active"]);
        let dialects: Vec<_> =
            names(&mixed).into_iter().flatten().map(|named| named.dialect).collect();
        let dotted = Some(Dialect::OpenTelemetry);
        assert_eq!(dialects, [dotted, None, dotted, dotted]);

        let malformed = telemetry(["2x.timeouts", "x_retries", "x_seconds", "x_active"]);
        assert!(
            names(&malformed)
                .into_iter()
                .flatten()
                .all(|named| named.dialect == Some(Dialect::Prometheus))
        );
    }

    #[test]
    fn camel_case_name_has_no_dialect() {
        let names_of = telemetry(["AllErrors", "S3Retries", "x_seconds", "inFlight"]);
        let dialects: Vec<_> =
            names(&names_of).into_iter().flatten().map(|named| named.dialect).collect();
        let undotted = Some(Dialect::Prometheus);
        assert_eq!(dialects, [None, None, undotted, undotted]);
        assert!(!["ERRORS", "All_Errors", "All.Errors", ""].into_iter().any(is_camel_case));
    }

    #[test]
    fn histogram_series_clash_with_gauges_of_same_name() {
        let of = |latency, gauge| histogram_series(&telemetry(["a", "b", latency, "d"]), gauge);
        assert_eq!(of("x_seconds", "x_seconds_count"), Some("count"));
        assert_eq!(of("x.duration", "x_duration_seconds_sum"), Some("sum"));
        assert_eq!(of("x.seconds", "x.seconds.bucket"), Some("bucket"));
        assert_eq!(of("x_seconds", "x_count"), None);
        assert_eq!(of("x_seconds", "x_seconds_info"), None);
    }

    #[test]
    fn two_fixes_never_propose_same_name() {
        let telemetry = telemetry([
            "messaging.publish.messages",
            "messaging.client.published.messages",
            "x y.latency",
            "x\u{2026}y.latency",
        ]);
        let fits = |role, name| fits(&telemetry, Metric { role, name });
        assert!(!fits(Role::Timeouts, "messaging.client.sent.messages"));
        assert!(!fits(Role::Latency, "x_y.latency"));
    }

    #[test]
    fn proposed_name_causes_no_error() {
        let telemetry = telemetry(["x.timeouts", "y", "x_seconds", "x_active"]);
        let retries = |name| fits(&telemetry, Metric { role: Role::Retries, name });
        assert!(retries("x_retries"));
        assert!(!retries("x retries"));
        assert!(!retries("x_active"));
        assert!(!retries("x_timeouts_total"));
        assert!(!retries(&"x".repeat(256)));
        let active = |name| fits(&telemetry, Metric { role: Role::InFlight, name });
        assert!(active("x.connection.count"));
        assert!(active("x_connection_count"));
        assert!(!active("x_seconds_count"));
        assert!(!active("x.active.total"));
    }
}
