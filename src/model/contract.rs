//! Driver contracts.

use std::iter;

#[cfg(feature = "schema")]
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::model::{
    Attempts, BackoffMs, Capabilities, ConnectMs, DeadlineMs, DriverClass, DriverName, IdleMs,
    LifetimeMs, MaxInFlight, MaxQueueDepth, MetricName, MultiplierPercent, Name, Percent, Prose,
    QueueMs, RequestMs, RetryBudgetMin, record::record,
};

#[cfg(feature = "schema")]
const CAPABILITIES: [&str; 3] =
    ["non_blocking_execute", "bounded_concurrency", "timeout_telemetry"];

/// The contract of one driver: what it promises to the code that uses it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct DriverContract {
    /// The driver's name.
    pub name: DriverName,
    /// The kind of system that the driver talks to.
    pub class: DriverClass,
    /// The path of the module that implements the driver, such as `sqlx::postgres`.
    #[cfg_attr(feature = "schema", schemars(example = &"sqlx::postgres"))]
    pub provider_module: Name,
    /// The number of slots: the maximum number of operations in flight. For a pool, its size.
    #[cfg_attr(feature = "schema", schemars(example = 20))]
    pub max_in_flight: MaxInFlight,
    /// The maximum number of requests that wait for a slot. The driver rejects further requests.
    #[cfg_attr(feature = "schema", schemars(example = 200))]
    pub max_queue_depth: MaxQueueDepth,
    /// The driver's time limits.
    pub timeout_policy: TimeoutPolicy,
    /// The driver's retries.
    pub retry_policy: RetryPolicy,
    /// The names of the metrics that the driver exports.
    pub telemetry: TelemetryProfile,
    /// The driver's capabilities, in any order.
    #[cfg_attr(feature = "schema", schemars(example = CAPABILITIES))]
    pub capabilities: Capabilities,
    /// The support tier, in the team's own words, such as `tier1`.
    #[cfg_attr(feature = "schema", schemars(example = &"tier1"))]
    pub support_tier: Name,
    /// The document that explains the values: a URL, or a path relative to the project's root. Can
    /// be empty.
    #[cfg_attr(feature = "schema", schemars(example = &"docs/tuning/postgres.md"))]
    pub tuning_guide: Prose<0>,
}

/// The time limits of a driver, in milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct TimeoutPolicy {
    /// The maximum time to open a connection.
    #[cfg_attr(feature = "schema", schemars(example = 3100))]
    pub connect_ms: ConnectMs,
    /// The maximum time of one attempt, including its wait in the queue.
    #[cfg_attr(feature = "schema", schemars(example = 5000))]
    pub request_ms: RequestMs,
    /// The time after which the driver closes an unused pooled connection.
    #[cfg_attr(feature = "schema", schemars(example = 600_000))]
    pub idle_ms: IdleMs,
    /// The maximum wait for a slot. After this time, the driver rejects the operation. If the key
    /// is not set, only `request_ms` limits the wait.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(example = 1000))]
    pub queue_ms: Option<QueueMs>,
    /// The maximum time of one operation, including all attempts and backoffs. A running attempt
    /// times out at the deadline, and no attempt starts after it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(example = 12_000))]
    pub deadline_ms: Option<DeadlineMs>,
    /// The maximum age of a pooled connection.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(example = 1_800_000))]
    pub lifetime_ms: Option<LifetimeMs>,
}

/// The retries of a driver.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(JsonSchema))]
#[cfg_attr(
    feature = "schema",
    schemars(extend("dependencies" = { "retry_budget_min": ["retry_budget_percent"] }))
)]
#[serde(deny_unknown_fields)]
pub struct RetryPolicy {
    /// The maximum number of attempts of one operation, including the first. 1 means no retries.
    #[cfg_attr(feature = "schema", schemars(example = 3))]
    pub max_attempts: Attempts,
    /// The nominal backoff before the first retry.
    #[cfg_attr(feature = "schema", schemars(example = 50))]
    pub base_backoff_ms: BackoffMs,
    /// The maximum nominal backoff.
    #[cfg_attr(feature = "schema", schemars(example = 1000))]
    pub max_backoff_ms: BackoffMs,
    /// The random share of each backoff. With 100 (full jitter), a backoff is uniform between 0 and
    /// its nominal length; with 20, between 80% and 100% of it.
    #[cfg_attr(feature = "schema", schemars(example = 100))]
    pub jitter_percent: Percent,
    /// The growth of the nominal backoff per retry. Default: 200, so the backoff doubles.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(example = 150))]
    pub multiplier_percent: Option<MultiplierPercent>,
    /// The retry budget: the maximum share of the driver's unfinished requests that can be
    /// retrying. Above this share, an operation fails without a retry.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(example = 20))]
    pub retry_budget_percent: Option<Percent>,
    /// The number of requests that can always retry, regardless of the budget. Default: 3.
    /// Requires `retry_budget_percent`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(example = 3))]
    pub retry_budget_min: Option<RetryBudgetMin>,
}

/// The names of the metrics that a driver exports.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct TelemetryProfile {
    /// The counter of timed-out attempts.
    #[cfg_attr(feature = "schema", schemars(example = &"postgres_client_timeouts_total"))]
    pub timeout_metric: MetricName,
    /// The counter of retries.
    #[cfg_attr(feature = "schema", schemars(example = &"postgres_client_retries_total"))]
    pub retry_metric: MetricName,
    /// The histogram of operation latencies.
    #[cfg_attr(feature = "schema", schemars(example = &"postgres_client_operation_duration_seconds"))]
    pub latency_metric: MetricName,
    /// The gauge of operations in flight.
    #[cfg_attr(feature = "schema", schemars(example = &"postgres_client_in_flight_requests"))]
    pub in_flight_metric: MetricName,
}

record!(DriverContract {
    name name = Name,
    required class = Class,
    required provider_module = ProviderModule,
    required max_in_flight = MaxInFlight,
    required max_queue_depth = MaxQueueDepth,
    record timeout_policy = TimeoutPolicy,
    record retry_policy = RetryPolicy,
    record telemetry = Telemetry,
    required capabilities = Capabilities,
    required support_tier = SupportTier,
    required tuning_guide = TuningGuide,
});

record!(TimeoutPolicy {
    required connect_ms = ConnectMs,
    required request_ms = RequestMs,
    required idle_ms = IdleMs,
    optional queue_ms = QueueMs,
    optional deadline_ms = DeadlineMs,
    optional lifetime_ms = LifetimeMs,
});

record!(RetryPolicy {
    required max_attempts = MaxAttempts,
    required base_backoff_ms = BaseBackoffMs,
    required max_backoff_ms = MaxBackoffMs,
    required jitter_percent = JitterPercent,
    optional multiplier_percent = MultiplierPercent,
    optional retry_budget_percent = RetryBudgetPercent,
    optional retry_budget_min = RetryBudgetMin,
});

record!(TelemetryProfile {
    required timeout_metric = TimeoutMetric,
    required retry_metric = RetryMetric,
    required latency_metric = LatencyMetric,
    required in_flight_metric = InFlightMetric,
});

impl DriverContract {
    /// Returns the tuning guide's path relative to the project's root, or `None` if there is no
    /// guide or it is a URL.
    pub fn guide_path(&self) -> Option<&str> {
        let guide = self.tuning_guide.as_str();
        let of_scheme = |byte: u8| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte);
        let may_be_url = guide.as_bytes().contains(&b':');
        let is_url = may_be_url
            && guide.split_once("://").is_some_and(|(scheme, _)| {
                scheme.starts_with(|first: char| first.is_ascii_alphabetic())
                    && scheme.bytes().all(of_scheme)
            });
        (!guide.is_empty() && !is_url).then_some(guide)
    }

    /// Returns the longest time that one operation can take, in milliseconds. Every attempt times
    /// out, and every backoff has its maximum length. A shorter `deadline_ms` ends the operation
    /// earlier.
    pub fn worst_case_ms(&self) -> u64 {
        let policy = self.timeout_policy;
        let attempts = self.retry_policy.worst_case_ms(policy.request_ms);
        policy.deadline_ms.map_or(attempts, |deadline| attempts.min(deadline.get()))
    }

    /// Returns true if `deadline_ms` or a retry budget can prevent a retry although attempts are
    /// left.
    pub fn can_skip_retries(&self) -> bool {
        self.timeout_policy.deadline_ms.is_some()
            || self.retry_policy.retry_budget_percent.is_some()
    }
}

impl TimeoutPolicy {
    /// Returns the longest time of one attempt, in milliseconds: `request_ms`, or `deadline_ms` if
    /// it is shorter.
    pub fn attempt_ms(&self) -> RequestMs {
        let deadline = self.deadline_ms.and_then(|it| RequestMs::new(it.get()).ok());
        deadline.map_or(self.request_ms, |deadline| self.request_ms.min(deadline))
    }
}

impl RetryPolicy {
    /// The growth of the backoff in percent, if `multiplier_percent` is not set.
    pub const DEFAULT_MULTIPLIER: u64 = 200;
    /// The number of requests that can always retry, if `retry_budget_min` is not set.
    pub const DEFAULT_RETRY_BUDGET_MIN: u64 = 3;

    /// Returns the endless sequence of nominal backoffs before each retry, in milliseconds. It
    /// starts with the base. Each retry multiplies the backoff, rounded down, up to the maximum.
    pub fn nominal_backoffs_ms(&self) -> impl Iterator<Item = u64> + use<> {
        let max = self.max_backoff_ms.get();
        let multiplier =
            self.multiplier_percent.map_or(Self::DEFAULT_MULTIPLIER, MultiplierPercent::get);
        let next = move |backoff: &u64| Some((backoff * multiplier / 100).min(max));
        iter::successors(Some(self.base_backoff_ms.get().min(max)), next)
    }

    /// Returns the nominal backoffs of an operation that makes all its attempts, in milliseconds.
    pub fn backoffs_ms(&self) -> impl Iterator<Item = u64> + use<> {
        (1..self.max_attempts.get()).zip(self.nominal_backoffs_ms()).map(|(_, backoff)| backoff)
    }

    /// Returns the longest total of all backoffs of an operation, in milliseconds.
    pub fn total_backoff_ms(&self) -> u64 {
        self.backoffs_ms().sum()
    }

    /// Returns the longest time of one operation, in milliseconds, if each attempt takes up to
    /// `request_ms` and there is no deadline. At most 9,000,000,000 ms, which is a little over a
    /// hundred days.
    pub fn worst_case_ms(&self, request_ms: RequestMs) -> u64 {
        self.max_attempts.get() * request_ms.get() + self.total_backoff_ms()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn policy(attempts: u64, base: u64, max: u64) -> RetryPolicy {
        RetryPolicy {
            max_attempts: Attempts::new(attempts).unwrap(),
            base_backoff_ms: BackoffMs::new(base).unwrap(),
            max_backoff_ms: BackoffMs::new(max).unwrap(),
            jitter_percent: Percent::new(100).unwrap(),
            multiplier_percent: None,
            retry_budget_percent: None,
            retry_budget_min: None,
        }
    }

    #[test]
    fn backoff_doubles_up_to_its_maximum() {
        let policy = policy(6, 200, 1_000);
        let backoffs: Vec<_> = policy.backoffs_ms().collect();
        assert_eq!(backoffs, [200, 400, 800, 1_000, 1_000]);
        assert_eq!(policy.total_backoff_ms(), 3_400);
    }

    #[test]
    fn backoff_grows_by_its_multiplier_and_rounds_down() {
        let backoffs = |base, percent| {
            let multiplier_percent = Some(MultiplierPercent::new(percent).unwrap());
            let policy = RetryPolicy { multiplier_percent, ..policy(5, base, 40) };
            policy.backoffs_ms().collect::<Vec<_>>()
        };
        assert_eq!(backoffs(7, 150), [7, 10, 15, 22]);
        assert_eq!(backoffs(1, 150), [1, 1, 1, 1]);
        assert_eq!(backoffs(60, 100), [40, 40, 40, 40]);
    }

    #[test]
    fn single_attempt_has_no_backoff() {
        let policy = policy(1, 200, 1_000);
        assert_eq!(policy.total_backoff_ms(), 0);
        assert_eq!(policy.worst_case_ms(RequestMs::new(30_000).unwrap()), 30_000);
    }

    #[test]
    fn backoff_never_exceeds_maximum_and_zero_stays_zero() {
        assert_eq!(policy(3, 500, 100).total_backoff_ms(), 200);
        assert_eq!(policy(100, 0, BackoffMs::MAX).total_backoff_ms(), 0);
    }

    #[test]
    fn largest_values_do_not_overflow() {
        let policy = policy(Attempts::MAX, BackoffMs::MAX, BackoffMs::MAX);
        assert!(policy.backoffs_ms().eq([BackoffMs::MAX; 99]));
        let worst = policy.worst_case_ms(RequestMs::new(RequestMs::MAX).unwrap());
        assert_eq!(worst, 100 * 86_400_000 + 99 * 3_600_000);
    }
}
