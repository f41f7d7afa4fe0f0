//! What a driver promises.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::model::{
    Attempts, BackoffMs, Capabilities, ConnectMs, DriverClass, DriverName, IdleMs, MaxInFlight,
    MaxQueueDepth, MetricName, Name, Percent, Prose, RequestMs,
};

/// What one asynchronous data driver promises to the code that uses it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DriverContract {
    /// The driver's name: a lower-case letter, then up to 62 lower-case letters, digits and `_`.
    pub name: DriverName,
    /// What kind of system the driver talks to.
    pub class: DriverClass,
    /// The module that implements the driver, as the code names it: `sqlx::postgres`.
    /// 1–255 characters.
    pub provider_module: Name,
    /// The most operations that run at once, 1–1 000 000. For a pool, its connections.
    pub max_in_flight: MaxInFlight,
    /// The most requests that wait for one of the `max_in_flight` places, 0–10 000 000.
    /// The next one is rejected.
    pub max_queue_depth: MaxQueueDepth,
    /// When the driver gives up waiting.
    pub timeout_policy: TimeoutPolicy,
    /// How the driver tries again.
    pub retry_policy: RetryPolicy,
    /// The names of the metrics that the driver exports.
    pub telemetry: TelemetryProfile,
    /// What the driver can do, each word once; the order does not matter.
    pub capabilities: Capabilities,
    /// How well the driver is supported, in the words of the team: `tier1`. 1–255 characters.
    pub support_tier: Name,
    /// A path relative to the root of the workspace, or a URL, of the text that explains the
    /// numbers; may be empty. 0–2048 characters.
    pub tuning_guide: Prose<0>,
}

/// When a driver gives up waiting. All times in milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TimeoutPolicy {
    /// The most that opening a connection may take, 1–86 400 000 ms.
    pub connect_ms: ConnectMs,
    /// The most that one attempt may take, from admission to the queue until its end,
    /// 1–86 400 000 ms. Waiting in the queue counts.
    pub request_ms: RequestMs,
    /// How long an unused pooled connection is kept, 1–604 800 000 ms.
    pub idle_ms: IdleMs,
}

/// How a driver tries again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RetryPolicy {
    /// The most attempts of one operation, the first one included, 1–100. 1 means no retry.
    pub max_attempts: Attempts,
    /// The nominal sleep before the first retry, 0–3 600 000 ms. It doubles with each retry.
    pub base_backoff_ms: BackoffMs,
    /// The most that the nominal sleep grows to, 0–3 600 000 ms.
    pub max_backoff_ms: BackoffMs,
    /// The share of the nominal sleep that is left to chance, 0–100 %. The sleep is uniform
    /// between the nominal one less this share and the nominal one: 100 is full jitter.
    pub jitter_percent: Percent,
}

/// The names of the metrics that a driver exports, each 1–255 characters.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TelemetryProfile {
    /// The counter of attempts that timed out.
    pub timeout_metric: MetricName,
    /// The counter of retry attempts.
    pub retry_metric: MetricName,
    /// The histogram of operation latencies.
    pub latency_metric: MetricName,
    /// The gauge of operations in flight.
    pub in_flight_metric: MetricName,
}
