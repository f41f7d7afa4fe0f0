//! The service times of a workload's attempts: shares and means over its operations.

use crate::model::{Operation, WHOLE, Workload, service::FEMTOS};

/// Basis points in a whole.
const BASIS: u128 = 10_000;

impl Workload {
    /// Returns the share of attempts without an error that take longer than `us` to serve, in parts
    /// of [`WHOLE`], rounded down.
    pub fn share_above(&self, us: u64) -> u128 {
        let stalled = us.checked_sub(self.stall_us.get());
        self.mixed(|operation| {
            let later = stalled.map_or(WHOLE, |us| operation.service.share_above(us));
            self.stalling(operation.service.share_above(us), later)
        })
    }

    /// Returns the share of all attempts, including errors, that take longer than `us` to serve, in
    /// parts of [`WHOLE`], rounded down.
    pub fn attempt_share_above(&self, us: u64) -> u128 {
        let error = if self.error_us.get().max(1) > us { WHOLE } else { 0 };
        self.failing(self.share_above(us), error)
    }

    /// Returns the mean time to serve an attempt, in femtoseconds, rounded down. The mean includes
    /// errors, and each time is capped at `cap_us`.
    pub fn attempt_mean(&self, cap_us: u64) -> u128 {
        let stall = self.stall_us.get().min(cap_us);
        let rest = cap_us - stall;
        let served = self.mixed(|operation| {
            let later = u128::from(stall) * FEMTOS + operation.service.capped_mean(rest);
            self.stalling(operation.service.capped_mean(cap_us), later)
        });
        self.failing(served, u128::from(self.error_us.get().max(1).min(cap_us)) * FEMTOS)
    }

    /// Returns a percentile of the service times of attempts without an error, in microseconds.
    pub fn service_percentile_us(&self, percent: u64) -> u64 {
        let above = WHOLE / 100 * u128::from(100_u64.saturating_sub(percent));
        shortest_above(above, |us| self.share_above(us))
    }

    /// Returns the shortest time, in microseconds, that at most this share of the attempts exceeds.
    pub fn attempt_quantile_us(&self, share_above: u128) -> u64 {
        shortest_above(share_above, |us| self.attempt_share_above(us))
    }

    /// Returns an upper bound on the service time of an attempt without an error, in microseconds.
    pub fn longest_service_us(&self) -> u64 {
        let longest = self.operations.iter().map(|operation| operation.service.longest_us()).max();
        let stall = if self.stall_bps.get() > 0 { self.stall_us.get() } else { 0 };
        longest.unwrap_or_default().saturating_add(stall).max(1)
    }

    /// Returns the mean over the operations, by weight, rounded down.
    fn mixed(&self, value: impl Fn(&Operation) -> u128) -> u128 {
        let weight = |operation: &Operation| u128::from(operation.weight.get());
        let weights: u128 = self.operations.iter().map(weight).sum();
        let sum = self.operations.iter().map(|operation| weight(operation) * value(operation));
        sum.sum::<u128>() / weights.max(1)
    }

    fn stalling(&self, prompt: u128, stalled: u128) -> u128 {
        let share = u128::from(self.stall_bps.get());
        (prompt * (BASIS - share) + stalled * share) / BASIS
    }

    fn failing(&self, served: u128, failed: u128) -> u128 {
        let share = u128::from(self.error_bps.get());
        (served * (BASIS - share) + failed * share) / BASIS
    }
}

/// Returns the shortest time that at most this share exceeds.
fn shortest_above(share: u128, above: impl Fn(u64) -> u128) -> u64 {
    let (mut low, mut high): (u64, u64) = (0, 1 << 50);
    while low < high {
        let middle = low.midpoint(high);
        if above(middle) <= share { high = middle } else { low = middle + 1 }
    }
    low
}
