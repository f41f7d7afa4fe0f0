//! Whole numbers with a unit and a range.

use std::{borrow::Cow, fmt, marker::PhantomData};

#[cfg(feature = "schema")]
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};

/// The unit of a [`Bounded`] number.
pub trait Unit: Copy + Ord + fmt::Debug {
    /// What follows the number in a message, with its space; empty for a bare count.
    const SUFFIX: &'static str;
}

/// The units of the model.
pub mod unit {
    use super::Unit;

    /// Items.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub enum Items {}
    impl Unit for Items {
        const SUFFIX: &'static str = "";
    }

    /// Milliseconds.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub enum Milliseconds {}
    impl Unit for Milliseconds {
        const SUFFIX: &'static str = " ms";
    }

    /// Days.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub enum Days {}
    impl Unit for Days {
        const SUFFIX: &'static str = " days";
    }

    /// Microseconds.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub enum Microseconds {}
    impl Unit for Microseconds {
        const SUFFIX: &'static str = " µs";
    }

    /// Bytes.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub enum Bytes {}
    impl Unit for Bytes {
        const SUFFIX: &'static str = " bytes";
    }

    /// Parts of a million.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub enum PerMillion {}
    impl Unit for PerMillion {
        const SUFFIX: &'static str = " ppm";
    }

    /// Operations in a thousand seconds.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub enum OperationsPerKilosecond {}
    impl Unit for OperationsPerKilosecond {
        const SUFFIX: &'static str = " ops per 1000 s";
    }

    /// Parts of a hundred.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub enum PerCent {}
    impl Unit for PerCent {
        const SUFFIX: &'static str = " %";
    }

    /// Parts of ten thousand.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub enum PerTenThousand {}
    impl Unit for PerTenThousand {
        const SUFFIX: &'static str = " bps";
    }

    /// Operations in a second.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub enum OperationsPerSecond {}
    impl Unit for OperationsPerSecond {
        const SUFFIX: &'static str = " ops/s";
    }
}

/// A whole number from `MIN` to `MAX`, both included.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "u64", into = "u64")]
pub struct Bounded<U: Unit, const MIN: u64, const MAX: u64>(u64, PhantomData<U>);

/// A number of items.
pub type Count<const MIN: u64, const MAX: u64> = Bounded<unit::Items, MIN, MAX>;
/// A time in milliseconds.
pub type Millis<const MIN: u64, const MAX: u64> = Bounded<unit::Milliseconds, MIN, MAX>;
/// 0–100 %.
pub type Percent = Bounded<unit::PerCent, 0, 100>;
/// 0–10 000 parts of ten thousand; 100 are one percent.
pub type BasisPoints = Bounded<unit::PerTenThousand, 0, 10_000>;
/// 0–1 000 000 000 operations a second.
pub type OpsPerSec = Bounded<unit::OperationsPerSecond, 0, 1_000_000_000>;

/// 1–1 000 000 operations in flight.
pub type MaxInFlight = Count<1, 1_000_000>;
/// 0–10 000 000 waiting requests.
pub type MaxQueueDepth = Count<0, 10_000_000>;
/// 1–86 400 000 ms (a day) to open a connection.
pub type ConnectMs = Millis<1, 86_400_000>;
/// 1–86 400 000 ms (a day) for one attempt.
pub type RequestMs = Millis<1, 86_400_000>;
/// 1–604 800 000 ms (a week) without use.
pub type IdleMs = Millis<1, 604_800_000>;
/// 1–100 attempts, the first one included.
pub type Attempts = Count<1, 100>;
/// 0–3 600 000 ms (an hour) of backoff.
pub type BackoffMs = Millis<0, 3_600_000>;
/// 0–604 800 000 ms (a week) of latency.
pub type LatencyMs = Millis<0, 604_800_000>;
/// 1–604 800 000 ms (a week) as a limit of latency.
pub type MaxP95LatencyMs = Millis<1, 604_800_000>;
/// 1–10^15 observations.
pub type SampleCount = Count<1, 1_000_000_000_000_000>;
/// 1–31 536 000 000 ms (a year) of measuring.
pub type DurationMs = Millis<1, 31_536_000_000>;

/// 1–36 500 days (a century) since a measurement.
pub type AgeDays = Bounded<unit::Days, 1, 36_500>;

/// A time in microseconds.
pub type Micros<const MIN: u64, const MAX: u64> = Bounded<unit::Microseconds, MIN, MAX>;
/// 1–86 400 000 ms (a day) of simulating.
pub type WindowMs = Millis<1, 86_400_000>;
/// 0–86 400 000 ms (a day) of simulating before anything is counted.
pub type WarmupMs = Millis<0, 86_400_000>;
/// 1–86 400 000 ms (a day) from burst to burst.
pub type BurstPeriodMs = Millis<1, 86_400_000>;
/// 0–86 400 000 ms (a day) of burst in each period.
pub type BurstOnMs = Millis<0, 86_400_000>;
/// 1–10 000 % of the rate during a burst.
pub type BurstPercent = Bounded<unit::PerCent, 1, 10_000>;
/// 1–10^12 operations in 1000 seconds.
pub type OpsPerKsec = Bounded<unit::OperationsPerKilosecond, 1, 1_000_000_000_000>;
/// 1–10^12 µs (eleven days) of service.
pub type ServiceUs = Micros<1, 1_000_000_000_000>;
/// 0–10^12 µs (eleven days) of delay.
pub type DelayUs = Micros<0, 1_000_000_000_000>;
/// 1–10^6 shares of an operation in the mix.
pub type Weight = Count<1, 1_000_000>;
/// 0–10^6 parts of a million.
pub type PartsPerMillion = Bounded<unit::PerMillion, 0, 1_000_000>;
/// 0–2^63 − 1, where a run's chance starts from.
pub type Seed = Count<0, 9_223_372_036_854_775_807>;
/// 1–4 294 967 295 bytes (4 GiB − 1) of a file; places in a text are counted in 32 bits.
pub type MaxFileBytes = Bounded<unit::Bytes, 1, 4_294_967_295>;

impl<U: Unit, const MIN: u64, const MAX: u64> Bounded<U, MIN, MAX> {
    /// The smallest value.
    pub const MIN: u64 = MIN;
    /// The largest value.
    pub const MAX: u64 = MAX;

    /// The smallest value, as a value.
    pub const LEAST: Self = Self(MIN, PhantomData);

    /// The largest value, as a value.
    pub const MOST: Self = Self(MAX, PhantomData);

    /// The value, or [`OutOfRange`] where it is below `MIN` or above `MAX`.
    pub const fn new(value: u64) -> Result<Self, OutOfRange> {
        if value < MIN || value > MAX {
            return Err(OutOfRange { value, min: MIN, max: MAX, suffix: U::SUFFIX });
        }
        Ok(Self(value, PhantomData))
    }

    /// The number, in the unit of its type.
    pub const fn get(self) -> u64 {
        self.0
    }
}

impl<U: Unit, const MIN: u64, const MAX: u64> fmt::Debug for Bounded<U, MIN, MAX> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}{}", self.0, U::SUFFIX)
    }
}

/// The number with its unit: `5000 ms`.
impl<U: Unit, const MIN: u64, const MAX: u64> fmt::Display for Bounded<U, MIN, MAX> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}{}", self.0, U::SUFFIX)
    }
}

impl<U: Unit, const MIN: u64, const MAX: u64> TryFrom<u64> for Bounded<U, MIN, MAX> {
    type Error = OutOfRange;

    fn try_from(value: u64) -> Result<Self, OutOfRange> {
        Self::new(value)
    }
}

impl<U: Unit, const MIN: u64, const MAX: u64> From<Bounded<U, MIN, MAX>> for u64 {
    fn from(value: Bounded<U, MIN, MAX>) -> Self {
        value.0
    }
}

#[cfg(feature = "schema")]
impl<U: Unit, const MIN: u64, const MAX: u64> JsonSchema for Bounded<U, MIN, MAX> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        format!("integer_{MIN}_{MAX}").into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "integer", "minimum": MIN, "maximum": MAX })
    }
}

/// A number outside the range of its type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OutOfRange {
    /// The number.
    pub value: u64,
    /// The smallest value allowed.
    pub min: u64,
    /// The largest value allowed.
    pub max: u64,
    /// The unit, as in [`Unit::SUFFIX`].
    pub suffix: &'static str,
}

impl fmt::Display for OutOfRange {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { value, min, max, suffix } = self;
        write!(formatter, "{value} is outside {min} to {max}{suffix}")
    }
}

impl std::error::Error for OutOfRange {}
