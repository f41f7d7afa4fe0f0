//! Calls: which callers use which drivers, and how long a caller waits.

#[cfg(feature = "schema")]
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::model::{Attempts, CallTimes, DriverName, RequestMs, record::record};

/// A caller that is not a driver, such as a gateway or a scheduled job.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Caller {
    /// The caller's name.
    pub name: DriverName,
    /// The time after which the caller gives up on one attempt.
    #[cfg_attr(feature = "schema", schemars(example = 5000))]
    pub attempt_ms: RequestMs,
    /// The maximum number of attempts, including the first.
    #[cfg_attr(feature = "schema", schemars(example = 3))]
    pub max_attempts: Attempts,
}

/// A call: within one operation, a driver or a caller waits for operations of a driver.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Call {
    /// The caller: a driver, or the name of a `[caller.<name>]`.
    #[cfg_attr(feature = "schema", schemars(example = &"edge"))]
    pub from: DriverName,
    /// The driver that `from` calls.
    #[cfg_attr(feature = "schema", schemars(example = &"postgres_async"))]
    pub to: DriverName,
    /// The number of operations of `to` in one operation of `from`. Default: 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(example = 2))]
    pub times: Option<CallTimes>,
    /// Whether the operations run at the same time and not one after another. Default: `false`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(example = true))]
    pub parallel: Option<bool>,
}

record!(Caller {
    name name = Name,
    required attempt_ms = AttemptMs,
    required max_attempts = CallerAttempts,
});

record!(Call {
    required from = From,
    required to = To,
    optional times = Times,
    optional parallel = Parallel,
});

impl Call {
    /// Returns the number of operations of `to` in one operation of `from`.
    pub fn operations(&self) -> u64 {
        self.times.map_or(1, CallTimes::get)
    }

    /// Returns true if the operations run at the same time.
    pub fn is_parallel(&self) -> bool {
        self.parallel.unwrap_or(false)
    }

    /// Returns the longest time of the whole call, in milliseconds, if each operation takes up to
    /// `operation_ms`. Parallel operations take as long as a single operation.
    pub fn worst_case_ms(&self, operation_ms: u64) -> u64 {
        let in_sequence = if self.is_parallel() { 1 } else { self.operations() };
        operation_ms.saturating_mul(in_sequence)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parallel_operations_take_time_of_one_operation() {
        let name = |name| DriverName::new(name).unwrap();
        let call = |times: Option<u64>, parallel| Call {
            from: name("edge"),
            to: name("db"),
            times: times.map(|times| CallTimes::new(times).unwrap()),
            parallel,
        };
        assert_eq!(call(None, None).worst_case_ms(5_000), 5_000);
        assert_eq!(call(Some(3), Some(false)).worst_case_ms(5_000), 15_000);
        assert_eq!(call(Some(3), Some(true)).worst_case_ms(5_000), 5_000);
    }
}
