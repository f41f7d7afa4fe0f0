//! The figures of one run.

use super::latencies::Latency;
use crate::model::{MaxInFlight, Seed, ServerSlots, WindowMs};

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
    /// The number of attempts that the server can work on. `None` means no limit.
    pub server_slots: Option<ServerSlots>,
    /// Whether the workload has a trigger.
    pub has_trigger: bool,
    /// The number of attempts that the server works on, integrated over the window, in
    /// attempt-microseconds.
    pub server_area_us: u128,
    /// The number of attempts that wait at the server, integrated over the window, in
    /// attempt-microseconds. Includes attempts that timed out.
    pub server_queue_area_us: u128,
    /// The number of attempts that the server works on although they timed out, integrated over the
    /// window, in attempt-microseconds.
    pub abandoned_area_us: u128,
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
    /// Attempts that timed out while they waited at the server, included in `timeouts`.
    pub server_timeouts: u64,
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
    /// Requests that arrived in the window and before the trigger.
    pub before_offered: u64,
    /// Successes in the window and before the trigger.
    pub before_succeeded: u64,
    /// Requests that arrived in the last quarter of the window.
    pub quarter_offered: u64,
    /// Successes in the last quarter of the window, whenever the requests arrived.
    pub quarter_succeeded: u64,
    /// Attempts on which the server finished its work in the window.
    pub server_done: u64,
    /// Attempts on which the server finished its work in the window although they had timed out,
    /// included in `server_done`.
    pub server_wasted: u64,
    /// The maximum number of waiting attempts, over the whole run.
    pub max_queue: u64,
    /// The maximum number of attempts that wait at the server, over the whole run.
    pub max_server_queue: u64,
    /// The number of events in the whole run: arrivals, ends and timeouts of attempts, ends of
    /// backoffs and of abandoned work, and recoveries.
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
        let slots = u128::from(self.slots.get());
        ratio(self.busy_area_us.into(), 1_000_000, self.window_us() * slots)
    }

    /// Returns the mean number of waiting attempts, in thousandths, rounded down.
    pub fn mean_queue_milli(&self) -> u64 {
        ratio(self.queue_area_us.into(), 1000, self.window_us())
    }

    /// Returns the mean share of busy server slots, in parts per million, rounded down. `None` if
    /// the server has no limit.
    pub fn server_utilisation_ppm(&self) -> Option<u64> {
        let slots = u128::from(self.server_slots?.get());
        Some(ratio(self.server_area_us, 1_000_000, self.window_us() * slots))
    }

    /// Returns the mean number of attempts that the server works on, in thousandths, rounded down.
    pub fn server_running_milli(&self) -> u64 {
        ratio(self.server_area_us, 1000, self.window_us())
    }

    /// Returns the mean number of attempts that wait at the server, in thousandths, rounded down.
    pub fn server_mean_queue_milli(&self) -> u64 {
        ratio(self.server_queue_area_us, 1000, self.window_us())
    }

    /// Returns the share of the server's work that is on attempts that timed out, in parts per
    /// million, rounded down.
    pub fn server_abandoned_ppm(&self) -> u64 {
        ratio(self.abandoned_area_us, 1_000_000, self.server_area_us)
    }

    /// Returns the successes in the window in relation to the requests that arrive in it, in basis
    /// points, rounded down. Can exceed 10,000 if requests arrived before the window.
    pub fn goodput_bps(&self) -> u64 {
        ratio(self.counts.succeeded_in_window.into(), 10_000, self.counts.offered.into())
    }

    /// Returns true if at least 95% of the load in the last quarter of the window succeeds. `None`
    /// without a trigger or without arrivals.
    pub fn recovers(&self) -> Option<bool> {
        let Counts { quarter_offered, quarter_succeeded, .. } = self.counts;
        self.keeps_up(quarter_succeeded, quarter_offered)
    }

    /// Returns true if at least 95% of the load before the trigger succeeds. `None` without a
    /// trigger or without arrivals.
    pub fn is_healthy_before(&self) -> Option<bool> {
        let Counts { before_offered, before_succeeded, .. } = self.counts;
        self.keeps_up(before_succeeded, before_offered)
    }

    fn keeps_up(&self, succeeded: u64, offered: u64) -> Option<bool> {
        (self.has_trigger && offered > 0).then_some(100 * succeeded >= 95 * offered)
    }

    fn window_us(&self) -> u128 {
        u128::from(self.window_ms.get()) * 1000
    }
}

/// Returns a share in basis points, rounded up, or 0 if `whole` is 0.
fn rate_bps(part: u64, whole: u64) -> u64 {
    if whole == 0 { 0 } else { (10_000 * part).div_ceil(whole) }
}

/// Returns a quotient in units of 1 / `parts`, rounded down, or 0 if the divisor is 0.
fn ratio(number: u128, parts: u128, of: u128) -> u64 {
    let quotient = (number * parts).checked_div(of).unwrap_or_default();
    u64::try_from(quotient).unwrap_or(u64::MAX)
}
