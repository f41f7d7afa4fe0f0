//! Bursts of a workload.

use std::fmt;

#[cfg(feature = "schema")]
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize, de::Error};

use crate::model::{BurstOnMs, BurstPercent, BurstPeriodMs, OpsPerKsec};

/// A different arrival rate at the start of each period.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Burst {
    /// The time from the start of one burst to the start of the next. The first burst starts with
    /// the run.
    #[cfg_attr(feature = "schema", schemars(example = 10_000))]
    period_ms: BurstPeriodMs,
    /// The duration of a burst, at most `period_ms`.
    #[cfg_attr(feature = "schema", schemars(example = 1000))]
    on_ms: BurstOnMs,
    /// The arrival rate during a burst, in percent of the workload's rate. The result must be at
    /// least one operation per 1000 s.
    #[cfg_attr(feature = "schema", schemars(example = 160))]
    percent: BurstPercent,
}

/// A burst that is longer than its period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidBurst {
    /// The duration of the burst.
    pub on_ms: BurstOnMs,
    /// The period.
    pub period_ms: BurstPeriodMs,
}

impl fmt::Display for InvalidBurst {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { on_ms, period_ms } = self;
        write!(formatter, "a burst of {on_ms} is longer than its period of {period_ms}")
    }
}

impl std::error::Error for InvalidBurst {}

impl Burst {
    /// Returns the burst, or [`InvalidBurst`] if it is longer than its period.
    pub const fn new(
        period_ms: BurstPeriodMs,
        on_ms: BurstOnMs,
        percent: BurstPercent,
    ) -> Result<Self, InvalidBurst> {
        if on_ms.get() > period_ms.get() {
            return Err(InvalidBurst { on_ms, period_ms });
        }
        Ok(Self { period_ms, on_ms, percent })
    }

    /// Returns the time from the start of one burst to the start of the next.
    pub const fn period_ms(self) -> BurstPeriodMs {
        self.period_ms
    }

    /// Returns the duration of a burst, which is at most the period.
    pub const fn on_ms(self) -> BurstOnMs {
        self.on_ms
    }

    /// Returns the arrival rate during a burst, in percent of the workload's rate.
    pub const fn percent(self) -> BurstPercent {
        self.percent
    }

    /// Returns the lowest percentage that gives at least one operation per 1000 s at this rate, if
    /// the percentage of the burst is below it.
    pub fn vanishes_below(self, rate: OpsPerKsec) -> Option<u64> {
        let least = 100_u64.div_ceil(rate.get());
        (self.percent.get() < least).then_some(least)
    }
}

impl<'de> Deserialize<'de> for Burst {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields, rename = "Burst")]
        struct Parts {
            period_ms: BurstPeriodMs,
            on_ms: BurstOnMs,
            percent: BurstPercent,
        }
        let Parts { period_ms, on_ms, percent } = Parts::deserialize(deserializer)?;
        Self::new(period_ms, on_ms, percent).map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn burst_longer_than_its_period_is_refused() {
        let burst = |period, on| {
            serde_json::from_str::<Burst>(&format!(
                r#"{{ "period_ms": {period}, "on_ms": {on}, "percent": 160 }}"#
            ))
        };
        assert_eq!(burst(5, 5).unwrap().on_ms().get(), 5);
        let error = burst(1, 5).unwrap_err().to_string();
        assert!(error.starts_with("a burst of 5 ms is longer than its period of 1 ms"), "{error}");
    }

    #[test]
    fn burst_rate_below_one_operation_is_detected() {
        let burst = |percent| {
            let percent = BurstPercent::new(percent).unwrap();
            Burst::new(BurstPeriodMs::LEAST, BurstOnMs::LEAST, percent).unwrap()
        };
        let rate = OpsPerKsec::new(3).unwrap();
        assert_eq!(burst(33).vanishes_below(rate), Some(34));
        assert_eq!(burst(34).vanishes_below(rate), None);
    }
}
