//! The trigger of a workload: a disturbance from which the system should recover.

#[cfg(feature = "schema")]
use std::borrow::Cow;
use std::fmt;

#[cfg(feature = "schema")]
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};
#[cfg(feature = "schema")]
use serde_json::json;

use crate::model::{
    OpsPerKsec, TriggerDurationMs, TriggerPercent, TriggerStartMs, WarmupMs, WindowMs, Workload,
};

/// A disturbance that starts and ends, to test whether the system recovers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Trigger {
    /// The time from the start of the run to the start of the trigger.
    pub start_ms: TriggerStartMs,
    /// The duration of the trigger.
    pub duration_ms: TriggerDurationMs,
    /// The disturbance.
    pub effect: TriggerEffect,
}

/// The disturbance of a trigger, in percent of the value without the trigger.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TriggerEffect {
    /// The service times of attempts that start at the server, without stalls and errors.
    Service(TriggerPercent),
    /// The arrival rate.
    Rate(TriggerPercent),
}

/// The keys of a trigger in documents.
#[derive(Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(JsonSchema))]
#[serde(deny_unknown_fields, rename = "Trigger")]
struct Keys {
    /// The start, from the start of the run.
    #[cfg_attr(feature = "schema", schemars(example = 25_000))]
    start_ms: TriggerStartMs,
    /// The duration. The trigger must end before the last quarter of the measurement.
    #[cfg_attr(feature = "schema", schemars(example = 5000))]
    duration_ms: TriggerDurationMs,
    /// The service time of attempts that start at the server, in percent. Exactly one of
    /// `service_percent` and `rate_percent` is set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(example = 500))]
    service_percent: Option<TriggerPercent>,
    /// The arrival rate, in percent. The result must be 1 to 1,000,000,000,000 operations per
    /// 1000 s.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    rate_percent: Option<TriggerPercent>,
}

/// A trigger without a disturbance, or with two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidTrigger;

impl fmt::Display for InvalidTrigger {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a trigger has exactly one of `service_percent` and `rate_percent`")
    }
}

impl std::error::Error for InvalidTrigger {}

impl TriggerEffect {
    /// Returns the disturbance with these percentages, of which exactly one is set.
    pub fn new(
        service: Option<TriggerPercent>,
        rate: Option<TriggerPercent>,
    ) -> Result<Self, InvalidTrigger> {
        match (service, rate) {
            (Some(service), None) => Ok(Self::Service(service)),
            (None, Some(rate)) => Ok(Self::Rate(rate)),
            (None, None) | (Some(_), Some(_)) => Err(InvalidTrigger),
        }
    }
}

impl Trigger {
    /// Returns the percentage of service times, 100 if the trigger changes the rate.
    pub fn service_percent(self) -> u64 {
        match self.effect {
            TriggerEffect::Service(percent) => percent.get(),
            TriggerEffect::Rate(_) => 100,
        }
    }

    /// Returns the percentage of the rate, 100 if the trigger changes service times.
    pub fn rate_percent(self) -> u64 {
        match self.effect {
            TriggerEffect::Service(_) => 100,
            TriggerEffect::Rate(percent) => percent.get(),
        }
    }

    /// Returns the end of the trigger in milliseconds, from the start of the run.
    pub const fn end_ms(self) -> u64 {
        self.start_ms.get() + self.duration_ms.get()
    }

    /// Returns the latest end, in milliseconds and rounded down, that leaves the last quarter of
    /// the measurement undisturbed. Returns `None` if the trigger ends by then.
    pub const fn ends_after(self, warmup_ms: WarmupMs, duration_ms: WindowMs) -> Option<u64> {
        let latest = 4 * warmup_ms.get() + 3 * duration_ms.get();
        if 4 * self.end_ms() > latest { Some(latest / 4) } else { None }
    }

    /// Returns the rate during the trigger, in operations per 1000 s and rounded down, if it is
    /// outside the range of a rate. `rate` is the rate without the trigger.
    pub fn impossible_rate(self, rate: u128) -> Option<u128> {
        let rate = rate * u128::from(self.rate_percent()) / 100;
        let range = u128::from(OpsPerKsec::MIN)..=u128::from(OpsPerKsec::MAX);
        (!range.contains(&rate)).then_some(rate)
    }
}

impl Workload {
    /// Returns true if a trigger shortens service times, so that the declared service times are not
    /// lower bounds.
    pub fn shortens_service(&self) -> bool {
        self.trigger.is_some_and(|trigger| trigger.service_percent() < 100)
    }
}

impl Serialize for Trigger {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self { start_ms, duration_ms, effect } = *self;
        let (service_percent, rate_percent) = match effect {
            TriggerEffect::Service(percent) => (Some(percent), None),
            TriggerEffect::Rate(percent) => (None, Some(percent)),
        };
        Keys { start_ms, duration_ms, service_percent, rate_percent }.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Trigger {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let keys = Keys::deserialize(deserializer)?;
        let effect = TriggerEffect::new(keys.service_percent, keys.rate_percent);
        let effect = effect.map_err(D::Error::custom)?;
        Ok(Self { start_ms: keys.start_ms, duration_ms: keys.duration_ms, effect })
    }
}

#[cfg(feature = "schema")]
impl JsonSchema for Trigger {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        Keys::schema_name()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let mut schema = Keys::json_schema(generator);
        let one = json!([{ "required": ["service_percent"] }, { "required": ["rate_percent"] }]);
        schema.insert("allOf".to_owned(), json!([{ "oneOf": one }]));
        schema
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn trigger(json: &str) -> Result<Trigger, serde_json::Error> {
        serde_json::from_str(json)
    }

    #[test]
    fn trigger_has_exactly_one_effect() {
        let text = r#"{"start_ms":1,"duration_ms":2,"service_percent":500}"#;
        let slow = trigger(text).unwrap();
        assert_eq!((slow.service_percent(), slow.rate_percent(), slow.end_ms()), (500, 100, 3));
        assert_eq!(serde_json::to_string(&slow).unwrap(), text);
        let busy = trigger(r#"{"start_ms":1,"duration_ms":2,"rate_percent":300}"#).unwrap();
        assert_eq!((busy.service_percent(), busy.rate_percent()), (100, 300));
        for neither in ["", r#","service_percent":1,"rate_percent":1"#] {
            let error = trigger(&format!(r#"{{"start_ms":1,"duration_ms":2{neither}}}"#));
            assert!(error.unwrap_err().to_string().starts_with(&InvalidTrigger.to_string()));
        }
    }

    #[test]
    fn trigger_can_end_at_start_of_last_quarter() {
        let trigger = trigger(r#"{"start_ms":9,"duration_ms":1,"service_percent":500}"#).unwrap();
        let ends_after = |warmup, duration| {
            trigger.ends_after(WarmupMs::new(warmup).unwrap(), WindowMs::new(duration).unwrap())
        };
        assert_eq!(ends_after(4, 8), None);
        assert_eq!(ends_after(4, 7), Some(9));
        assert_eq!(ends_after(0, 13), Some(9));
        assert_eq!(ends_after(0, 14), None);
    }

    #[test]
    fn rate_during_trigger_stays_in_range_of_rates() {
        let trigger = trigger(r#"{"start_ms":0,"duration_ms":1,"rate_percent":50}"#).unwrap();
        assert_eq!(trigger.impossible_rate(1), Some(0));
        assert_eq!(trigger.impossible_rate(2), None);
        assert_eq!(trigger.impossible_rate(2_000_000_000_001), None);
        assert_eq!(trigger.impossible_rate(2_000_000_000_002), Some(1_000_000_000_001));
    }
}
