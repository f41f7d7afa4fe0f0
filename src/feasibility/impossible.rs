//! Finds the limits that a workload makes impossible to meet.
//!
//! The attempts of an operation, up to the first attempt that does not fail fast, are an unbiased
//! sample: whether the driver admits these attempts does not depend on their service time. The
//! budget's limits bound the other attempts.
//!
//! A run is short, so each inequality leaves a margin for chance: [`DEVIATIONS`] standard
//! deviations of the number that it counts. By the Chernoff and Bernstein bounds, at most two runs
//! in 10^8 are outside this margin.

use super::{BASIS, Conflict, Retries, error_power};
use crate::model::{Arrival, Budget, DriverContract, WHOLE, Workload};

/// Femtoseconds in a second.
const SECOND_FS: u128 = 1_000_000_000_000_000;
/// Femtoseconds in a microsecond.
const MICRO_FS: u128 = 1_000_000_000;
/// The number of standard deviations in the margin for chance.
const DEVIATIONS: u128 = 6;

/// Returns the limits that cannot be met. A throughput limit comes first.
pub(super) fn conflicts(
    contract: &DriverContract,
    budget: &Budget,
    workload: &Workload,
) -> Vec<Conflict> {
    let pair = Pair { contract, budget, workload };
    if workload.shortens_service() {
        // The declared service times are no lower bounds.
        return [pair.offered(), pair.retries()].into_iter().flatten().collect();
    }
    let timeouts = pair.timeouts();
    let allowed = pair.allowed_timeouts(timeouts.is_some());
    let latency = |percent| pair.latency(percent, allowed);
    let found =
        [pair.offered(), pair.slots(allowed), latency(95), latency(99), timeouts, pair.retries()];
    found.into_iter().flatten().collect()
}

/// Returns the highest number that chance can produce in a count of independent events with this
/// mean.
pub(super) fn highest(mean: u128) -> u128 {
    mean + DEVIATIONS * (mean.isqrt() + 1) + 2 * DEVIATIONS
}

/// Returns the lowest number that chance can produce in a count of independent events with this
/// mean.
pub(super) fn lowest(mean: u128) -> u128 {
    mean.saturating_sub(DEVIATIONS * (mean.isqrt() + 1))
}

struct Pair<'p> {
    contract: &'p DriverContract,
    budget: &'p Budget,
    workload: &'p Workload,
}

impl Pair<'_> {
    /// Returns the conflict if too few operations can succeed. An operation that ends in the window
    /// arrived in the window, or before the window by at most the worst case of an operation. Some
    /// operations fail fast in all their attempts.
    fn offered(&self) -> Option<Conflict> {
        let required = self.budget.min_throughput_ops_per_sec;
        let (start, end) = self.window();
        let arrivals = self.workload.most_arrivals(self.before(start), end);
        let power = error_power(self.contract, self.workload);
        let succeed = (arrivals * (WHOLE - power)).div_ceil(WHOLE);
        let most = match self.workload.arrival {
            Arrival::Poisson => highest(succeed),
            Arrival::Constant if power == 0 => arrivals,
            // Only the number of failures varies, not the number of arrivals.
            Arrival::Constant => {
                (succeed + highest(arrivals - succeed) - (arrivals - succeed)).min(arrivals)
            }
        };
        let duration = u128::from(end - start);
        let short = u128::from(required.get()) * duration > 1_000 * most;
        let most = 1_000 * succeed / duration;
        short.then_some(Conflict::Offered { required, most, failing: power > 0 })
    }

    /// Returns the conflict if there are too few slots: fewer than the rate of operations
    /// multiplied by their minimum mean time in a slot. An attempt that times out can take no slot
    /// time at all.
    fn slots(&self, timeouts: u128) -> Option<Conflict> {
        let required = self.budget.min_throughput_ops_per_sec;
        let slots = self.contract.max_in_flight;
        let cap_us = self.workload.attempt_quantile_us(timeouts).min(self.request_us());
        let lost = (timeouts * u128::from(cap_us)).div_ceil(WHOLE / MICRO_FS);
        let mean = self.workload.attempt_mean(cap_us);
        let hold = mean.saturating_sub(lost) * BASIS;
        let successes = self.without_error();
        let capacity = u128::from(slots.get()) * successes * SECOND_FS;
        let full = u128::from(required.get()) * hold > capacity;
        (full && self.slots_are_short(mean, (timeouts, cap_us))).then(|| Conflict::Slots {
            required,
            slots,
            hold_us: hold / (successes.max(1) * MICRO_FS),
            most: capacity / hold,
        })
    }

    /// Returns true if there are also too few slots in the window, with a margin for chance and for
    /// operations that overlap its start or end.
    fn slots_are_short(&self, mean_fs: u128, (timeouts, cap_us): (u128, u64)) -> bool {
        let (start, end) = self.window();
        let (slots, cap_us) = (u128::from(self.contract.max_in_flight.get()), u128::from(cap_us));
        let duration = u128::from(end - start);
        let required = u128::from(self.budget.min_throughput_ops_per_sec.get());
        // All slots can be busy when the window starts.
        let started = (required * duration / 1_000).saturating_sub(slots);
        let attempts = lowest(started) * BASIS / self.without_error().max(1);
        let attempts = if self.workload.error_bps.get() == 0 { started } else { attempts };
        // Operations that overlap the edges of the window can have any number of timeouts.
        let most_attempts = u128::from(self.contract.retry_policy.max_attempts.get());
        let earlier = self.workload.most_arrivals(self.before(start), start);
        let earlier = if start == 0 { 0 } else { highest(earlier) * most_attempts };
        let later = highest(self.workload.most_arrivals(self.before(end), end));
        let timed_out = ((attempts + later) * timeouts).div_ceil(WHOLE) + earlier;
        let served_us = attempts * mean_fs / MICRO_FS;
        let chance_us = DEVIATIONS * (served_us.isqrt() + 1) * (cap_us.isqrt() + 1);
        served_us > slots * 1_000 * duration + chance_us + timed_out * cap_us
    }

    /// Returns the conflict if too many successes take longer than the limit to serve, even if all
    /// allowed timeouts affect such attempts.
    fn latency(&self, percent: u64, timeouts: u128) -> Option<Conflict> {
        let limit = match percent {
            99 => self.budget.max_p99_latency?,
            _ => self.budget.max_p95_latency,
        };
        let limit_us = limit.us();
        let success = WHOLE / BASIS * self.without_error();
        let slow = self.workload.share_above(limit_us) / BASIS * self.without_error();
        let kept = self.at_least(slow)?.saturating_sub(timeouts);
        let allowed = u128::from(100 - percent) * self.at_most(success)?;
        let impossible = limit_us < self.request_us() && 100 * kept > allowed;
        let service_us = || self.workload.service_percentile_us(percent);
        impossible.then(|| Conflict::Latency { percent, limit, service_us: service_us() })
    }

    /// Returns the conflict if too many attempts take longer than `request_ms` to serve. Such
    /// attempts time out even without a wait.
    fn timeouts(&self) -> Option<Conflict> {
        let limit = self.budget.max_timeout_rate_bps;
        let slow = self.unavoidable_timeouts();
        let Retries { number, of } = self.retried();
        (self.at_least(slow)? > self.budgeted_timeouts()).then(|| Conflict::Timeouts {
            limit,
            request: self.contract.timeout_policy.attempt_ms(),
            least_bps: (slow * of * BASIS).div_ceil(WHOLE * (number + of)),
        })
    }

    /// Returns the conflict if fast failures cause too many retries. The driver retries a failed
    /// attempt while attempts are left, unless the queue is full. The timeout rate limit also
    /// covers rejections because of a full queue.
    fn retries(&self) -> Option<Conflict> {
        if self.contract.can_skip_retries() {
            return None;
        }
        let limit = self.budget.max_retry_rate_bps;
        let errors = self.workload.error_bps;
        let turned_away = u128::from(self.budget.max_timeout_rate_bps.get()) * (WHOLE / BASIS);
        let share = u128::from(errors.get()) * (WHOLE / BASIS);
        let retried = |share: u128| {
            self.error_chain(share) / BASIS * share.saturating_sub(turned_away) / (WHOLE / BASIS)
        };
        let allowed = u128::from(limit.get());
        let per_first = retried(share);
        let least = retried(self.at_least(share)?);
        (least * (BASIS - allowed) > allowed * WHOLE).then(|| Conflict::Retries {
            limit,
            errors,
            least_bps: (per_first * BASIS).div_ceil(WHOLE + per_first),
        })
    }

    /// Returns the attempts per operation that can be retried, in parts of [`WHOLE`], rounded down.
    /// The sum is 1 + p + … + p^(m−2), where p is the share of errors and m is `max_attempts`.
    fn error_chain(&self, share: u128) -> u128 {
        let mut power = WHOLE;
        let mut sum = 0;
        for _ in 1..self.contract.retry_policy.max_attempts.get() {
            sum += power;
            power = power * share / WHOLE;
        }
        sum
    }

    /// Returns the start and the end of the window, in milliseconds.
    fn window(&self) -> (u64, u64) {
        let start = self.workload.warmup_ms.get();
        (start, start + self.workload.duration_ms.get())
    }

    /// Returns the earliest time, in milliseconds, at which an operation that is still running at
    /// `ms` can have arrived.
    fn before(&self, ms: u64) -> u64 {
        ms.saturating_sub(self.contract.worst_case_ms())
    }

    /// Returns the minimum number of operations that the driver admits in the window, or `None` if
    /// it is 0.
    fn admitted(&self) -> Option<u128> {
        let (start, end) = self.window();
        let fewest = self.workload.fewest_arrivals(start, end);
        let arrivals = match self.workload.arrival {
            Arrival::Poisson => lowest(fewest),
            Arrival::Constant => fewest,
        };
        let served = BASIS - u128::from(self.budget.max_timeout_rate_bps.get());
        Some(arrivals * served / BASIS).filter(|admitted| *admitted > 0)
    }

    /// Returns the minimum share of admitted operations that an event with this probability
    /// affects.
    fn at_least(&self, share: u128) -> Option<u128> {
        let chance = DEVIATIONS * ((share * (WHOLE / self.admitted()?)).isqrt() + 1);
        Some(share.saturating_sub(chance))
    }

    /// Returns the maximum share of admitted operations that an event with this probability
    /// affects.
    fn at_most(&self, share: u128) -> Option<u128> {
        let chance = DEVIATIONS * ((share * (WHOLE / self.admitted()?)).isqrt() + 1);
        Some(share + chance)
    }

    /// Returns the timeouts that the attempts of the sample can have, as a share of the sample.
    /// With `excess`, the result includes the unavoidable timeouts, which are a separate conflict.
    fn allowed_timeouts(&self, excess: bool) -> u128 {
        let budgeted = self.budgeted_timeouts();
        let unavoidable = if excess { self.unavoidable_timeouts() + 1 } else { 0 };
        (budgeted + unavoidable).min(WHOLE)
    }

    /// Returns the timeouts that the budget allows, as a share of the sample. The limit applies to
    /// all attempts, which can be more than the attempts in the sample.
    fn budgeted_timeouts(&self) -> u128 {
        let Retries { number, of } = self.retried();
        let share = u128::from(self.budget.max_timeout_rate_bps.get());
        (share * (number + of) * (WHOLE / BASIS)).div_ceil(of).min(WHOLE)
    }

    fn unavoidable_timeouts(&self) -> u128 {
        self.workload.attempt_share_above(self.request_us())
    }

    fn retried(&self) -> Retries {
        Retries::allowed(self.contract, self.budget)
    }

    fn request_us(&self) -> u64 {
        1_000 * self.contract.timeout_policy.attempt_ms().get()
    }

    /// Returns the share of attempts that do not fail fast, in basis points.
    fn without_error(&self) -> u128 {
        BASIS - u128::from(self.workload.error_bps.get())
    }
}
