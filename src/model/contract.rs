//! What a driver promises.

#[cfg(feature = "schema")]
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::model::{
    Attempts, BackoffMs, Capabilities, ConnectMs, DriverClass, DriverName, IdleMs, MaxInFlight,
    MaxQueueDepth, MetricName, Name, Percent, Prose, RequestMs, record::record,
};

#[cfg(feature = "schema")]
const CAPABILITIES: [&str; 3] =
    ["non_blocking_execute", "bounded_concurrency", "timeout_telemetry"];

/// What one asynchronous data driver promises to the code that uses it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct DriverContract {
    /// The driver's name.
    pub name: DriverName,
    /// What kind of system the driver talks to.
    pub class: DriverClass,
    /// The module that implements the driver, as the code names it: `sqlx::postgres`.
    #[cfg_attr(feature = "schema", schemars(example = &"sqlx::postgres"))]
    pub provider_module: Name,
    /// The most operations that run at once. For a pool, its connections.
    #[cfg_attr(feature = "schema", schemars(example = 20))]
    pub max_in_flight: MaxInFlight,
    /// The most requests that wait for one of the `max_in_flight` places. The next one is
    /// rejected.
    #[cfg_attr(feature = "schema", schemars(example = 200))]
    pub max_queue_depth: MaxQueueDepth,
    /// When the driver gives up waiting.
    pub timeout_policy: TimeoutPolicy,
    /// How the driver tries again.
    pub retry_policy: RetryPolicy,
    /// The names of the metrics that the driver exports.
    pub telemetry: TelemetryProfile,
    /// What the driver can do, each word once; the order does not matter.
    #[cfg_attr(feature = "schema", schemars(example = CAPABILITIES))]
    pub capabilities: Capabilities,
    /// How well the driver is supported, in the words of the team: `tier1`.
    #[cfg_attr(feature = "schema", schemars(example = &"tier1"))]
    pub support_tier: Name,
    /// A path relative to the root of the workspace, or a URL, of the text that explains the
    /// numbers; may be empty.
    #[cfg_attr(feature = "schema", schemars(example = &"docs/tuning/postgres.md"))]
    pub tuning_guide: Prose<0>,
}

/// When a driver gives up waiting. All times in milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct TimeoutPolicy {
    /// The most that opening a connection may take.
    #[cfg_attr(feature = "schema", schemars(example = 3100))]
    pub connect_ms: ConnectMs,
    /// The most that one attempt may take, from admission to the queue until its end.
    /// Waiting in the queue counts.
    #[cfg_attr(feature = "schema", schemars(example = 5000))]
    pub request_ms: RequestMs,
    /// How long an unused pooled connection is kept.
    #[cfg_attr(feature = "schema", schemars(example = 600_000))]
    pub idle_ms: IdleMs,
}

/// How a driver tries again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct RetryPolicy {
    /// The most attempts of one operation, the first one included. 1 means no retry.
    #[cfg_attr(feature = "schema", schemars(example = 3))]
    pub max_attempts: Attempts,
    /// The nominal sleep before the first retry. It doubles with each retry.
    #[cfg_attr(feature = "schema", schemars(example = 50))]
    pub base_backoff_ms: BackoffMs,
    /// The most that the nominal sleep grows to.
    #[cfg_attr(feature = "schema", schemars(example = 1000))]
    pub max_backoff_ms: BackoffMs,
    /// The share of the nominal sleep that is left to chance. The sleep is uniform between
    /// the nominal one less this share and the nominal one: 100 is full jitter.
    #[cfg_attr(feature = "schema", schemars(example = 100))]
    pub jitter_percent: Percent,
}

/// The names of the metrics that a driver exports.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct TelemetryProfile {
    /// The counter of attempts that timed out.
    #[cfg_attr(feature = "schema", schemars(example = &"postgres_client_timeouts_total"))]
    pub timeout_metric: MetricName,
    /// The counter of retry attempts.
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
});

record!(RetryPolicy {
    required max_attempts = MaxAttempts,
    required base_backoff_ms = BaseBackoffMs,
    required max_backoff_ms = MaxBackoffMs,
    required jitter_percent = JitterPercent,
});

record!(TelemetryProfile {
    required timeout_metric = TimeoutMetric,
    required retry_metric = RetryMetric,
    required latency_metric = LatencyMetric,
    required in_flight_metric = InFlightMetric,
});

impl DriverContract {
    /// The tuning guide as a path relative to the root of the workspace; none where there is no
    /// guide, or a URL.
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

    /// The longest that one operation can take, in milliseconds: every attempt times out, and
    /// every sleep between them is its longest.
    pub fn worst_case_ms(&self) -> u64 {
        self.retry_policy.worst_case_ms(self.timeout_policy.request_ms)
    }
}

impl RetryPolicy {
    /// The nominal sleep before a retry, in milliseconds: the base, doubled with each retry, never
    /// above the maximum. Retries count from 1; before the first attempt, 0, nothing sleeps.
    pub fn nominal_backoff_ms(&self, retry: u64) -> u64 {
        let Some(doublings) = retry.checked_sub(1) else { return 0 };
        // A base has so few bits that 63 doublings reach any maximum, or stay at zero.
        let grown = self.base_backoff_ms.get().saturating_mul(1 << doublings.min(63));
        grown.min(self.max_backoff_ms.get())
    }

    /// The longest that an operation sleeps between all its attempts, in milliseconds.
    pub fn total_backoff_ms(&self) -> u64 {
        (1..self.max_attempts.get()).map(|retry| self.nominal_backoff_ms(retry)).sum()
    }

    /// The longest that one operation can take, in milliseconds, when each attempt takes up to
    /// `request_ms`. No more than 9 000 000 000, a little over a hundred days.
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
        }
    }

    #[test]
    fn backoff_doubles_up_to_its_maximum() {
        let policy = policy(6, 200, 1_000);
        let sleeps: Vec<_> = (0..6).map(|retry| policy.nominal_backoff_ms(retry)).collect();
        assert_eq!(sleeps, [0, 200, 400, 800, 1_000, 1_000]);
        assert_eq!(policy.total_backoff_ms(), 3_400);
    }

    #[test]
    fn one_attempt_never_sleeps() {
        let policy = policy(1, 200, 1_000);
        assert_eq!(policy.total_backoff_ms(), 0);
        assert_eq!(policy.worst_case_ms(RequestMs::new(30_000).unwrap()), 30_000);
    }

    #[test]
    fn a_maximum_below_the_base_holds_and_zero_stays_zero() {
        assert_eq!(policy(3, 500, 100).total_backoff_ms(), 200);
        assert_eq!(policy(100, 0, BackoffMs::MAX).total_backoff_ms(), 0);
    }

    #[test]
    fn the_largest_values_do_not_overflow() {
        let policy = policy(Attempts::MAX, BackoffMs::MAX, BackoffMs::MAX);
        assert_eq!(policy.nominal_backoff_ms(u64::MAX), BackoffMs::MAX);
        let worst = policy.worst_case_ms(RequestMs::new(RequestMs::MAX).unwrap());
        assert_eq!(worst, 100 * 86_400_000 + 99 * 3_600_000);
    }
}
