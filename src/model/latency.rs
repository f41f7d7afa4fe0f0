//! Latencies of benchmarks and budgets, in microseconds.
//!
//! A table states a latency in milliseconds or in microseconds. The unit is not part of the value:
//! two latencies are equal if they last the same time.

use std::{
    borrow::Cow,
    cmp::Ordering,
    fmt,
    hash::{Hash, Hasher},
};

#[cfg(feature = "schema")]
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::model::{Micros, Millis, OutOfRange};

/// The greatest latency in milliseconds.
const MOST_MS: u64 = 604_800_000;
/// The greatest latency in microseconds.
const MOST_US: u64 = MICROS * MOST_MS;
/// Microseconds in a millisecond.
const MICROS: u64 = 1_000;

/// The unit in which a table states a latency.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LatencyUnit {
    /// Milliseconds, in a key that ends with `_ms`.
    #[default]
    Milliseconds,
    /// Microseconds, in a key that ends with `_us`.
    Microseconds,
}

impl LatencyUnit {
    /// Both units, the more common unit first.
    pub const ALL: [Self; 2] = [Self::Milliseconds, Self::Microseconds];

    /// Returns the unit with its leading space: `" ms"`.
    pub const fn suffix(self) -> &'static str {
        match self {
            Self::Milliseconds => " ms",
            Self::Microseconds => " µs",
        }
    }

    /// Returns the number of microseconds in one unit.
    pub const fn micros(self) -> u64 {
        match self {
            Self::Milliseconds => MICROS,
            Self::Microseconds => 1,
        }
    }

    /// Converts microseconds to this unit, rounded up.
    pub const fn of_us(self, us: u64) -> u64 {
        us.div_ceil(self.micros())
    }

    /// Returns the unit in which signatures state a time: milliseconds if it is a whole number of
    /// milliseconds, otherwise microseconds.
    pub const fn canonical(us: u64) -> Self {
        if us.is_multiple_of(MICROS) { Self::Milliseconds } else { Self::Microseconds }
    }

    /// Formats a number in this unit as a number of milliseconds. Milliseconds have no decimals
    /// (`74`), and microseconds have three (`0.500`).
    pub fn in_ms(self, number: u64) -> String {
        match self {
            Self::Milliseconds => number.to_string(),
            Self::Microseconds => format!("{}.{:03}", number / MICROS, number % MICROS),
        }
    }
}

/// A latency in microseconds. The minimum is `MIN` of the unit in which the latency is stated.
#[derive(Clone, Copy)]
pub struct StatedLatency<const MIN: u64> {
    us: u64,
    unit: LatencyUnit,
}

/// A latency of a benchmark.
pub type BenchmarkLatency = StatedLatency<0>;
/// A latency limit.
pub type LatencyLimit = StatedLatency<1>;

impl<const MIN: u64> StatedLatency<MIN> {
    /// The smallest latency in milliseconds.
    pub const LEAST: Self = Self { us: MICROS * MIN, unit: LatencyUnit::Milliseconds };
    /// The largest latency.
    pub const MOST: Self = Self { us: MOST_US, unit: LatencyUnit::Milliseconds };

    /// Returns a latency that is stated in milliseconds, or [`OutOfRange`].
    pub const fn from_ms(ms: u64) -> Result<Self, OutOfRange> {
        match Millis::<MIN, MOST_MS>::new(ms) {
            Ok(ms) => Ok(Self::of_millis(ms)),
            Err(error) => Err(error),
        }
    }

    /// Returns a latency that is stated in microseconds, or [`OutOfRange`].
    pub const fn from_us(us: u64) -> Result<Self, OutOfRange> {
        match Micros::<MIN, MOST_US>::new(us) {
            Ok(us) => Ok(Self::of_micros(us)),
            Err(error) => Err(error),
        }
    }

    /// Creates a latency from a number of milliseconds, which must be in the range of this type.
    pub(crate) const fn of_millis(ms: Millis<MIN, MOST_MS>) -> Self {
        Self { us: MICROS * ms.get(), unit: LatencyUnit::Milliseconds }
    }

    /// Creates a latency from a number of microseconds, which must be in the range of this type.
    pub(crate) const fn of_micros(us: Micros<MIN, MOST_US>) -> Self {
        Self { us: us.get(), unit: LatencyUnit::Microseconds }
    }

    /// Returns the latency in microseconds.
    pub const fn us(self) -> u64 {
        self.us
    }

    /// Returns the latency in milliseconds, rounded up.
    pub const fn ms(self) -> u64 {
        LatencyUnit::Milliseconds.of_us(self.us)
    }

    /// Returns the unit in which the latency is stated.
    pub const fn unit(self) -> LatencyUnit {
        self.unit
    }

    /// Returns the latency as a number, in the unit in which it is stated.
    pub const fn number(self) -> u64 {
        self.unit.of_us(self.us)
    }

    /// Returns the latency in another unit, rounded up.
    #[must_use]
    pub const fn stated_in(self, unit: LatencyUnit) -> Self {
        Self { us: unit.of_us(self.us) * unit.micros(), unit }
    }

    /// Returns the latency in the unit of signatures: milliseconds if it is a whole number of
    /// milliseconds, otherwise microseconds.
    #[must_use]
    pub const fn canonical(self) -> Self {
        Self { unit: LatencyUnit::canonical(self.us), ..self }
    }
}

impl<const MIN: u64> PartialEq for StatedLatency<MIN> {
    fn eq(&self, other: &Self) -> bool {
        self.us == other.us
    }
}

impl<const MIN: u64> Eq for StatedLatency<MIN> {}

impl<const MIN: u64> Ord for StatedLatency<MIN> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.us.cmp(&other.us)
    }
}

impl<const MIN: u64> PartialOrd for StatedLatency<MIN> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<const MIN: u64> Hash for StatedLatency<MIN> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.us.hash(state);
    }
}

/// The number with the unit in which the latency is stated: `120 ms` or `500 µs`.
impl<const MIN: u64> fmt::Display for StatedLatency<MIN> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}{}", self.number(), self.unit.suffix())
    }
}

impl<const MIN: u64> fmt::Debug for StatedLatency<MIN> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

/// The latency in milliseconds: a whole number, or a number with up to three decimals.
impl<const MIN: u64> Serialize for StatedLatency<MIN> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match LatencyUnit::canonical(self.us) {
            LatencyUnit::Milliseconds => serializer.serialize_u64(self.us / MICROS),
            #[expect(clippy::cast_precision_loss, reason = "at most 2^40")]
            LatencyUnit::Microseconds => serializer.serialize_f64(self.us as f64 / MICROS as f64),
        }
    }
}

impl<'de, const MIN: u64> Deserialize<'de> for StatedLatency<MIN> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(MillisecondsVisitor)
    }
}

struct MillisecondsVisitor<const MIN: u64>;

impl<const MIN: u64> de::Visitor<'_> for MillisecondsVisitor<MIN> {
    type Value = StatedLatency<MIN>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "milliseconds, {MIN} to {MOST_MS}")
    }

    fn visit_u64<E: de::Error>(self, ms: u64) -> Result<Self::Value, E> {
        StatedLatency::from_ms(ms).map_err(E::custom)
    }

    fn visit_i64<E: de::Error>(self, ms: i64) -> Result<Self::Value, E> {
        let ms = u64::try_from(ms).ok().and_then(|ms| StatedLatency::from_ms(ms).ok());
        ms.ok_or_else(|| E::invalid_value(de::Unexpected::Other("a number"), &self))
    }

    fn visit_f64<E: de::Error>(self, ms: f64) -> Result<Self::Value, E> {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "saturates")]
        let us = (ms * 1e3).round() as u64;
        let is_exact = ms >= 0.0 && (ms * 1e3 - (ms * 1e3).round()).abs() < 1e-3;
        let latency = StatedLatency::from_us(us).ok().filter(|_| is_exact);
        latency.ok_or_else(|| E::invalid_value(de::Unexpected::Float(ms), &self))
    }
}

#[cfg(feature = "schema")]
impl<const MIN: u64> JsonSchema for StatedLatency<MIN> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        Millis::<MIN, MOST_MS>::schema_name()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        Millis::<MIN, MOST_MS>::json_schema(generator)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn latencies_in_different_units_are_equal() {
        let (ms, us) = (LatencyLimit::from_ms(2).unwrap(), LatencyLimit::from_us(2_000).unwrap());
        assert_eq!(ms, us);
        assert_eq!([ms.to_string(), us.to_string()], ["2 ms", "2000 µs"]);
        assert_eq!(us.canonical().unit(), LatencyUnit::Milliseconds);
        assert_eq!(LatencyLimit::from_us(2_001).unwrap().canonical().to_string(), "2001 µs");
    }

    #[test]
    fn latency_minimum_depends_on_unit_and_maximum_is_same_in_every_unit() {
        assert!(LatencyLimit::from_ms(0).is_err() && LatencyLimit::from_us(0).is_err());
        assert_eq!(LatencyLimit::from_us(1).unwrap().us(), 1);
        assert_eq!(BenchmarkLatency::from_us(0).unwrap().us(), 0);
        let most = 604_800_000;
        assert_eq!(BenchmarkLatency::from_ms(most), BenchmarkLatency::from_us(1_000 * most));
        assert!(BenchmarkLatency::from_ms(most + 1).is_err());
        assert!(BenchmarkLatency::from_us(1_000 * most + 1).is_err());
    }

    #[test]
    fn conversion_to_other_unit_rounds_up() {
        let half = BenchmarkLatency::from_us(500).unwrap();
        assert_eq!(half.ms(), 1);
        let ms = half.stated_in(LatencyUnit::Milliseconds);
        assert_eq!((ms.us(), ms.to_string()), (1_000, "1 ms".to_owned()));
        assert_eq!(ms.stated_in(LatencyUnit::Microseconds).to_string(), "1000 µs");
        assert_eq!(LatencyUnit::Microseconds.in_ms(70_500), "70.500");
    }

    #[test]
    fn serde_preserves_every_microsecond() {
        for us in [1, 999, 1_000, 1_001, 73_500, MOST_US - 1, MOST_US] {
            let latency = BenchmarkLatency::from_us(us).unwrap();
            let json = serde_json::to_string(&latency).unwrap();
            assert_eq!(serde_json::from_str::<BenchmarkLatency>(&json).unwrap(), latency, "{json}");
        }
        for wrong in ["-1", "604800001", "0.0005", "1e99", "-0.5", "\"1\""] {
            assert!(serde_json::from_str::<BenchmarkLatency>(wrong).is_err(), "{wrong}");
        }
        assert!(serde_json::from_str::<LatencyLimit>("0").is_err());
    }
}
