//! The figures of one run.

use super::latencies::Latency;
use crate::model::{MaxInFlight, Seed, WindowMs};

/// The figures of one run. Unless stated otherwise, they cover the requests that arrived in the
/// window, with all their attempts. Rates are rounded up, and throughput is rounded down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    /// The seed of the run.
    pub seed: Seed,
    /// The duration of the window.
    pub window_ms: WindowMs,
    /// The number of slots.
    pub slots: MaxInFlight,
    /// The counts of requests and attempts.
    pub counts: Counts,
    /// The latencies of successful requests, including all waits, attempts and backoffs. `None` if
    /// no request succeeded.
    pub latency: Option<Latency>,
    /// The number of busy slots, integrated over the window, in slot-microseconds. After a timeout,
    /// a slot is busy until it has recovered.
    pub busy_area_us: u64,
    /// The number of waiting attempts, integrated over the window, in attempt-microseconds.
    pub queue_area_us: u64,
}

/// The counts of a run, for requests that arrived in the window unless stated otherwise.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Requests that arrived.
    pub offered: u64,
    /// Attempts that were admitted to a slot or to the queue.
    pub attempts: u64,
    /// Attempts that were not the first of their request.
    pub retries: u64,
    /// Attempts that timed out.
    pub timeouts: u64,
    /// Attempts that timed out in the queue, included in `timeouts`.
    pub queue_timeouts: u64,
    /// Attempts that failed fast.
    pub errors: u64,
    /// Requests that were rejected because the queue was full, at their first attempt or at a later
    /// attempt.
    pub rejected: u64,
    /// Requests that were rejected at a later attempt, included in `rejected`.
    pub rejected_retries: u64,
    /// Requests that were rejected because an attempt waited for `queue_ms`, included in
    /// `rejected`.
    pub rejected_waits: u64,
    /// Requests that failed because the next attempt would start at or after the deadline.
    pub deadline_failures: u64,
    /// Requests that failed because the retry budget was used up.
    pub budget_failures: u64,
    /// Requests that ended because their last attempt failed.
    pub exhausted: u64,
    /// Requests that succeeded.
    pub succeeded: u64,
    /// Successes in the window, including requests that arrived before the window.
    pub succeeded_in_window: u64,
    /// The maximum number of waiting attempts, over the whole run.
    pub max_queue: u64,
    /// The number of events in the whole run: arrivals, ends and timeouts of attempts, ends of
    /// backoffs, and recoveries.
    pub events: u64,
}

impl Counts {
    /// Returns the number of requests that failed after all retries, including rejected requests.
    pub fn failed(&self) -> u64 {
        self.rejected + self.exhausted + self.deadline_failures + self.budget_failures
    }
}

impl Run {
    /// Returns the share of attempts that timed out, in basis points.
    pub fn timeout_rate_bps(&self) -> u64 {
        rate_bps(self.counts.timeouts, self.counts.attempts)
    }

    /// Returns the share of attempts that were retries, in basis points.
    pub fn retry_rate_bps(&self) -> u64 {
        rate_bps(self.counts.retries, self.counts.attempts)
    }

    /// Returns the share of requests that were rejected because the queue was full, in basis
    /// points.
    pub fn reject_rate_bps(&self) -> u64 {
        rate_bps(self.counts.rejected, self.counts.offered)
    }

    /// Returns the share of requests that failed after all retries, in basis points.
    pub fn failure_rate_bps(&self) -> u64 {
        rate_bps(self.counts.failed(), self.counts.offered)
    }

    /// Returns the number of successes per second in the window.
    pub fn throughput_ops_per_sec(&self) -> u64 {
        self.counts.succeeded_in_window * 1000 / self.window_ms.get()
    }

    /// Returns the number of successes per 1000 seconds in the window.
    pub fn throughput_ops_per_ksec(&self) -> u64 {
        self.counts.succeeded_in_window * 1_000_000 / self.window_ms.get()
    }

    /// Returns the mean share of busy slots, in parts per million, rounded down.
    pub fn utilisation_ppm(&self) -> u64 {
        ratio(self.busy_area_us, 1_000_000, self.window_us() * u128::from(self.slots.get()))
    }

    /// Returns the mean number of waiting attempts, in thousandths, rounded down.
    pub fn mean_queue_milli(&self) -> u64 {
        ratio(self.queue_area_us, 1000, self.window_us())
    }

    fn window_us(&self) -> u128 {
        u128::from(self.window_ms.get()) * 1000
    }
}

/// Returns a share in basis points, rounded up, or 0 if `whole` is 0.
fn rate_bps(part: u64, whole: u64) -> u64 {
    if whole == 0 { 0 } else { (10_000 * part).div_ceil(whole) }
}

/// Returns an area divided by its extent, in units of 1 / `parts`, rounded down.
fn ratio(area: u64, parts: u128, extent: u128) -> u64 {
    u64::try_from(u128::from(area) * parts / extent).unwrap_or(u64::MAX)
}
