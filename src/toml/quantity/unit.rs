//! Defines units: their spellings in keys and texts, and their conversion.

use super::number::Exact;
use crate::toml::tree::ValueKind;

/// The dimension of a unit. Units are converted only to units of the same dimension.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dimension {
    Time,
    Share,
    Rate,
    Size,
}

/// A unit of a key.
#[derive(Debug)]
pub(crate) struct QuantityUnit {
    /// The plural noun.
    pub(crate) noun: &'static str,
    pub(super) dimension: Dimension,
    /// The size in nanoseconds, parts per million, operations per 604,800,000 seconds, or bytes.
    size: u128,
    /// The last words of keys that have this unit. Contract keys use the first of these words.
    pub(super) endings: &'static [&'static str],
    /// Other symbols for the unit that can follow a number in a text.
    symbols: &'static [&'static str],
}

impl PartialEq for QuantityUnit {
    fn eq(&self, other: &Self) -> bool {
        self.noun == other.noun
    }
}

impl Eq for QuantityUnit {}

const fn unit(
    dimension: Dimension,
    noun: &'static str,
    size: u128,
    endings: &'static [&'static str],
    symbols: &'static [&'static str],
) -> QuantityUnit {
    QuantityUnit { noun, dimension, size, endings, symbols }
}

/// All units of keys and texts. A suffix that contains another suffix comes before that other
/// suffix.
static UNITS: [QuantityUnit; 29] = [
    unit(
        Dimension::Time,
        "nanoseconds",
        1,
        &[
            "ns",
            "nano",
            "nanos",
            "nsec",
            "nsecs",
            "nanosec",
            "nanosecs",
            "nanosecond",
            "nanoseconds",
        ],
        &[],
    ),
    unit(
        Dimension::Time,
        "microseconds",
        1_000,
        &[
            "us",
            "micro",
            "micros",
            "usec",
            "usecs",
            "microsec",
            "microsecs",
            "microsecond",
            "microseconds",
            "µs",
            "μs",
        ],
        &[],
    ),
    unit(
        Dimension::Time,
        "milliseconds",
        1_000_000,
        &[
            "ms",
            "milli",
            "millis",
            "msec",
            "msecs",
            "millisec",
            "millisecs",
            "millisecond",
            "milliseconds",
        ],
        &[],
    ),
    unit(
        Dimension::Time,
        "seconds",
        1_000_000_000,
        &["s", "sec", "secs", "second", "seconds"],
        &[],
    ),
    unit(Dimension::Time, "minutes", 60_000_000_000, &["min", "mins", "minute", "minutes"], &["m"]),
    unit(Dimension::Time, "hours", 3_600_000_000_000, &["h", "hr", "hrs", "hour", "hours"], &[]),
    unit(Dimension::Time, "days", 86_400_000_000_000, &["days", "day", "d"], &[]),
    unit(Dimension::Time, "weeks", 604_800_000_000_000, &["weeks", "week", "w"], &[]),
    unit(Dimension::Share, "parts per million", 1, &["ppm"], &[]),
    unit(Dimension::Share, "basis points", 100, &["bps", "bp", "basis_points", "basis_point"], &[]),
    unit(Dimension::Share, "per mille", 1_000, &["permille", "per_mille", "permil"], &["‰"]),
    unit(
        Dimension::Share,
        "percent",
        10_000,
        &["percent", "pct", "per_cent", "percents", "percentage", "perc"],
        &["%"],
    ),
    unit(
        Dimension::Share,
        "fractions of 1",
        1_000_000,
        &["ratio", "fraction", "frac", "factor", "share"],
        &[],
    ),
    unit(
        Dimension::Rate,
        "operations per microsecond",
        604_800_000_000_000,
        &["per_us", "per_microsecond"],
        &["/us"],
    ),
    unit(
        Dimension::Rate,
        "operations per millisecond",
        604_800_000_000,
        &["per_ms", "per_msec", "per_millisecond"],
        &["/ms"],
    ),
    unit(Dimension::Rate, "operations per 1000 minutes", 10_080, &["per_kmin", "per_kminute"], &[]),
    unit(
        Dimension::Rate,
        "operations per 1000 seconds",
        604_800,
        &["per_ksec", "per_ks", "per_kilosecond", "per_1000_s", "per_1000_sec", "per_1000_seconds"],
        &["/ks"],
    ),
    unit(
        Dimension::Rate,
        "operations per second",
        604_800_000,
        &["per_sec", "per_s", "per_second", "rps", "qps", "tps", "hz"],
        &["/s", "/sec", "ops/s", "req/s"],
    ),
    unit(
        Dimension::Rate,
        "operations per minute",
        10_080_000,
        &["per_min", "per_minute", "rpm", "qpm"],
        &["/min", "/m"],
    ),
    unit(Dimension::Rate, "operations per hour", 168_000, &["per_hour", "per_h"], &["/h"]),
    unit(Dimension::Rate, "operations per day", 7_000, &["per_day", "per_d"], &["/d"]),
    unit(Dimension::Rate, "operations per week", 1_000, &["per_week", "per_w"], &["/w"]),
    unit(Dimension::Size, "bytes", 1, &["bytes", "byte", "b"], &[]),
    unit(Dimension::Size, "kilobytes", 1_000, &["kb", "kilobyte", "kilobytes"], &[]),
    unit(Dimension::Size, "kibibytes", 1 << 10, &["kib", "kibibyte", "kibibytes"], &[]),
    unit(Dimension::Size, "megabytes", 1_000_000, &["mb", "megabyte", "megabytes"], &[]),
    unit(Dimension::Size, "mebibytes", 1 << 20, &["mib", "mebibyte", "mebibytes"], &[]),
    unit(Dimension::Size, "gigabytes", 1_000_000_000, &["gb", "gigabyte", "gigabytes"], &[]),
    unit(Dimension::Size, "gibibytes", 1 << 30, &["gib", "gibibyte", "gibibytes"], &[]),
];

/// Returns the unit at the end of some words, and the number of words in the unit.
pub(super) fn ending(
    words: &[String],
    of: Option<Dimension>,
) -> Option<(&'static QuantityUnit, usize)> {
    let last = words.last()?.as_str();
    let units = UNITS.iter().filter(|unit| of.is_none_or(|of| unit.dimension == of));
    let endings = units.flat_map(|unit| unit.endings.iter().map(move |ending| (unit, *ending)));
    // Only likely suffixes are compared word by word.
    let likely = endings.filter(|(_, ending)| ending.ends_with(last));
    let found = likely.filter_map(|(unit, ending)| {
        let count = ending.split('_').count();
        let start = words.len().checked_sub(count)?;
        let is_it = words[start..].iter().map(String::as_str).eq(ending.split('_'));
        is_it.then_some((unit, count))
    });
    // `per_sec` contains `sec`, which is a time unit.
    found.max_by_key(|(_, count)| *count)
}

impl QuantityUnit {
    /// Returns true if a text is a spelling of this unit that can follow a number.
    fn is_written(&self, text: &str) -> bool {
        self.endings.iter().chain(self.symbols).any(|word| *word == text)
    }

    /// Converts a value to this unit.
    ///
    /// `written` is the unit of the value's key, if it has one. A unit in the value itself takes
    /// precedence.
    pub(crate) fn convert(&self, value: &ValueKind<'_>, written: Option<&Self>) -> Option<Exact> {
        let in_unit = |number: Exact, unit: &Self| number.scaled(unit.size, self.size);
        let number = match value {
            ValueKind::Integer(Some(number)) => Exact::whole_number(u64::try_from(*number).ok()?),
            ValueKind::Float(text) => Exact::parse(text)?,
            ValueKind::String(text) => {
                let text = text.trim();
                let Some(number) = Exact::parse(text) else { return self.measured(text) };
                number
            }
            ValueKind::Integer(None)
            | ValueKind::Boolean(_)
            | ValueKind::DateTime(_)
            | ValueKind::Array(..)
            | ValueKind::Table(..) => return None,
        };
        in_unit(number, written.filter(|unit| unit.dimension == self.dimension)?)
    }

    /// Converts a text such as `5s`, `1m30s` or `0.1 %` to a number in this unit.
    pub(crate) fn measured(&self, text: &str) -> Option<Exact> {
        let mut rest = text.trim();
        let mut sum: Option<Exact> = None;
        while !rest.is_empty() {
            let is_number = |byte: char| byte.is_ascii_digit() || byte == '.' || byte == '_';
            let number = &rest[..rest.find(|byte| !is_number(byte))?];
            rest = rest[number.len()..].trim_start();
            let symbol =
                &rest[..rest.find(|byte: char| byte.is_ascii_digit()).unwrap_or(rest.len())];
            rest = &rest[symbol.len()..];
            let symbol = symbol.trim().to_lowercase();
            let mut units = UNITS.iter().filter(|unit| unit.dimension == self.dimension);
            let unit = units.find(|unit| unit.is_written(&symbol))?;
            let part = Exact::parse(number)?.scaled(unit.size, self.size)?;
            sum = Some(match sum {
                Some(sum) => sum.plus(part)?,
                None => part,
            });
        }
        sum
    }
}
