//! Whole numbers with a unit and a range.

use std::{borrow::Cow, fmt, marker::PhantomData, num::NonZeroU64};

#[cfg(feature = "schema")]
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};

/// The schema keyword for the suffix of a number's unit.
#[cfg(feature = "schema")]
pub(crate) const UNIT_KEYWORD: &str = "x-unit";

/// The unit of a [`Bounded`] number.
pub trait Unit: Copy + Ord + fmt::Debug {
    /// The suffix of the number in a message, with its leading space. Empty for a plain count.
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

    /// Parts per million.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub enum PerMillion {}
    impl Unit for PerMillion {
        const SUFFIX: &'static str = " ppm";
    }

    /// Operations per 1000 seconds.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub enum OperationsPerKilosecond {}
    impl Unit for OperationsPerKilosecond {
        const SUFFIX: &'static str = " ops per 1000 s";
    }

    /// Parts per hundred.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub enum PerCent {}
    impl Unit for PerCent {
        const SUFFIX: &'static str = "%";
    }

    /// Parts per ten thousand.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub enum PerTenThousand {}
    impl Unit for PerTenThousand {
        const SUFFIX: &'static str = " bps";
    }

    /// Operations per second.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub enum OperationsPerSecond {}
    impl Unit for OperationsPerSecond {
        const SUFFIX: &'static str = " ops/s";
    }
}

/// A whole number from `MIN` to `MAX`, both inclusive. `MAX` must be below [`u64::MAX`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "u64", into = "u64")]
pub struct Bounded<U: Unit, const MIN: u64, const MAX: u64> {
    /// The number plus 1, so that an optional number takes no more memory than a number.
    successor: NonZeroU64,
    unit: PhantomData<U>,
}

/// A number of items.
pub type Count<const MIN: u64, const MAX: u64> = Bounded<unit::Items, MIN, MAX>;
/// A time in milliseconds.
pub type Millis<const MIN: u64, const MAX: u64> = Bounded<unit::Milliseconds, MIN, MAX>;
/// A share in percent.
pub type Percent = Bounded<unit::PerCent, 0, 100>;
/// A share in parts per ten thousand; 100 are one percent.
pub type BasisPoints = Bounded<unit::PerTenThousand, 0, 10_000>;
/// Operations per second.
pub type OpsPerSec = Bounded<unit::OperationsPerSecond, 0, 1_000_000_000>;

/// The maximum number of operations in flight.
pub type MaxInFlight = Count<1, 1_000_000>;
/// The maximum number of waiting requests.
pub type MaxQueueDepth = Count<0, 10_000_000>;
/// The maximum time to open a connection.
pub type ConnectMs = Millis<1, 86_400_000>;
/// The maximum time of one attempt.
pub type RequestMs = Millis<1, 86_400_000>;
/// The maximum time for which a connection can stay unused.
pub type IdleMs = Millis<1, 604_800_000>;
/// The maximum wait for a slot.
pub type QueueMs = Millis<1, 86_400_000>;
/// The maximum time of one operation, with all its attempts and backoffs.
pub type DeadlineMs = Millis<1, 604_800_000>;
/// The maximum worst case of one operation, with all its attempts and backoffs.
pub type WorstCaseMs = Millis<1, 9_000_000_000>;
/// The maximum age of a pooled connection.
pub type LifetimeMs = Millis<1, 2_592_000_000>;
/// The growth of the backoff per retry, in percent.
pub type MultiplierPercent = Bounded<unit::PerCent, 100, 1_000>;
/// The number of requests that can always retry, regardless of the retry budget.
pub type RetryBudgetMin = Count<0, 1_000_000>;
/// A number of attempts, including the first.
pub type Attempts = Count<1, 100>;
/// A number of operations within one operation of a caller.
pub type CallTimes = Count<1, 1_000>;
/// A backoff.
pub type BackoffMs = Millis<0, 3_600_000>;
/// A number of observations.
pub type SampleCount = Count<1, 1_000_000_000_000_000>;
/// The duration of a measurement.
pub type DurationMs = Millis<1, 31_536_000_000>;

/// The maximum number of connections that a server accepts.
pub type MaxConnections = Count<1, 10_000_000>;
/// The number of connections that a server does not give to drivers.
pub type ReservedConnections = Count<0, 9_999_999>;
/// The number of processes that run a driver.
pub type InstanceCount = Count<1, 100_000>;

/// The age of a measurement.
pub type AgeDays = Bounded<unit::Days, 1, 36_500>;

/// A time in microseconds.
pub type Micros<const MIN: u64, const MAX: u64> = Bounded<unit::Microseconds, MIN, MAX>;
/// The duration of the measured part of a simulation.
pub type WindowMs = Millis<1, 86_400_000>;
/// The simulated time before the measurement.
pub type WarmupMs = Millis<0, 86_400_000>;
/// The time from the start of one burst to the start of the next.
pub type BurstPeriodMs = Millis<1, 86_400_000>;
/// The duration of a burst in each period.
pub type BurstOnMs = Millis<0, 86_400_000>;
/// The rate during a burst, in percent of the rate.
pub type BurstPercent = Bounded<unit::PerCent, 1, 10_000>;
/// The start of a trigger, from the start of the run.
pub type TriggerStartMs = Millis<0, 172_800_000>;
/// The duration of a trigger.
pub type TriggerDurationMs = Millis<1, 86_400_000>;
/// A rate or service time during a trigger, in percent of the value without the trigger.
pub type TriggerPercent = Bounded<unit::PerCent, 1, 10_000>;
/// The number of attempts that a server works on at the same time.
pub type ServerSlots = Count<1, 1_000_000>;
/// Operations per 1000 seconds.
pub type OpsPerKsec = Bounded<unit::OperationsPerKilosecond, 1, 1_000_000_000_000>;
/// A service time.
pub type ServiceUs = Micros<1, 1_000_000_000_000>;
/// A delay.
pub type DelayUs = Micros<0, 1_000_000_000_000>;
/// The weight of an operation in the mix.
pub type Weight = Count<1, 1_000_000>;
/// A share in parts per million.
pub type PartsPerMillion = Bounded<unit::PerMillion, 0, 1_000_000>;
/// A seed of the simulator's random numbers.
pub type Seed = Count<0, 9_223_372_036_854_775_807>;
/// The maximum size of a file. Offsets in a text have 32 bits.
pub type MaxFileBytes = Bounded<unit::Bytes, 1, 4_294_967_295>;

impl<U: Unit, const MIN: u64, const MAX: u64> Bounded<U, MIN, MAX> {
    /// The smallest value.
    pub const MIN: u64 = MIN;
    /// The largest value.
    pub const MAX: u64 = MAX;

    /// The smallest value, as this type.
    pub const LEAST: Self = Self::of(MIN);

    /// The largest value, as this type.
    pub const MOST: Self = Self::of(MAX);

    /// Returns the value, or [`OutOfRange`] if it is below `MIN` or above `MAX`.
    pub const fn new(value: u64) -> Result<Self, OutOfRange> {
        if value < MIN || value > MAX {
            return Err(OutOfRange { value, min: MIN, max: MAX, suffix: U::SUFFIX });
        }
        Ok(Self::of(value))
    }

    const fn of(value: u64) -> Self {
        const { assert!(MIN <= MAX && MAX < u64::MAX, "the range of a number is wrong") };
        Self { successor: NonZeroU64::MIN.saturating_add(value), unit: PhantomData }
    }

    /// Returns the number, in the unit of its type.
    pub const fn get(self) -> u64 {
        self.successor.get() - 1
    }
}

impl<U: Unit, const MIN: u64, const MAX: u64> fmt::Debug for Bounded<U, MIN, MAX> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}{}", self.get(), U::SUFFIX)
    }
}

/// The number with its unit: `5000 ms`.
impl<U: Unit, const MIN: u64, const MAX: u64> fmt::Display for Bounded<U, MIN, MAX> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}{}", self.get(), U::SUFFIX)
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
        value.get()
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
        json_schema!({ "type": "integer", "minimum": MIN, "maximum": MAX, UNIT_KEYWORD: U::SUFFIX })
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
    /// The unit, in the form of [`Unit::SUFFIX`].
    pub suffix: &'static str,
}

impl fmt::Display for OutOfRange {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { value, min, max, suffix } = self;
        write!(formatter, "{value} is outside {min} to {max}{suffix}")
    }
}

impl std::error::Error for OutOfRange {}
