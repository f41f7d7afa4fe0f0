//! The limits that a workload makes impossible to keep.
//!
//! An operation's attempts up to the first that does not fail fast are a fair sample: whether one
//! of them is admitted has nothing to do with how long it will be served. The others are bounded
//! by the limits of the budget.

use super::{BASIS, Conflict, Retries};
use crate::model::{Budget, DriverContract, WHOLE, Workload};

/// Femtoseconds in a second.
const SECOND_FS: u128 = 1_000_000_000_000_000;
/// Femtoseconds in a microsecond.
const MICRO_FS: u128 = 1_000_000_000;

/// Every limit that cannot be kept, the throughput first.
pub(super) fn conflicts(
    contract: &DriverContract,
    budget: &Budget,
    workload: &Workload,
) -> Vec<Conflict> {
    let pair = Pair { contract, budget, workload };
    let timeouts = pair.timeouts();
    let allowed = pair.allowed_timeouts(timeouts.is_some());
    let found =
        [pair.offered(), pair.places(allowed), pair.latency(allowed), timeouts, pair.retries()];
    found.into_iter().flatten().collect()
}

struct Pair<'p> {
    contract: &'p DriverContract,
    budget: &'p Budget,
    workload: &'p Workload,
}

impl Pair<'_> {
    /// What ends in the window arrived in it, or no longer before it than an operation lasts.
    fn offered(&self) -> Option<Conflict> {
        let required = self.budget.min_throughput_ops_per_sec;
        let (warmup, duration) = (self.workload.warmup_ms.get(), self.workload.duration_ms.get());
        let earliest = warmup.saturating_sub(self.contract.worst_case_ms());
        let arrivals = self.workload.most_arrivals(earliest, warmup + duration);
        let duration = u128::from(duration);
        let short = u128::from(required.get()) * duration > 1_000 * arrivals;
        short.then(|| Conflict::Offered { required, most: 1_000 * arrivals / duration })
    }

    /// The mean time of a place that an attempt takes at least, times the operations, is no more
    /// than the places. An attempt that times out may take none of it, whatever its service.
    fn places(&self, timeouts: u128) -> Option<Conflict> {
        let required = self.budget.min_throughput_ops_per_sec;
        let places = self.contract.max_in_flight;
        let cap_us = self.workload.attempt_quantile_us(timeouts).min(self.request_us());
        let lost = (timeouts * u128::from(cap_us)).div_ceil(WHOLE / MICRO_FS);
        let hold = self.workload.attempt_mean(cap_us).saturating_sub(lost) * BASIS;
        let successes = self.without_error();
        let capacity = u128::from(places.get()) * successes * SECOND_FS;
        (u128::from(required.get()) * hold > capacity).then(|| Conflict::Places {
            required,
            places,
            hold_us: hold / (successes.max(1) * MICRO_FS),
            most: capacity / hold,
        })
    }

    /// More than a twentieth of the successes is served longer than the limit, even if all
    /// timeouts that are allowed hit only such attempts.
    fn latency(&self, timeouts: u128) -> Option<Conflict> {
        let limit = self.budget.max_p95_latency_ms;
        let limit_us = 1_000 * limit.get();
        let successes = self.without_error();
        let slow = self.workload.share_above(limit_us) * successes;
        let kept = slow.saturating_sub(timeouts * BASIS);
        let impossible = limit_us < self.request_us() && 20 * kept > WHOLE * successes;
        let service_us = || self.workload.p95_service_us();
        impossible.then(|| Conflict::Latency { limit, service_us: service_us() })
    }

    /// An attempt that is served longer than it may take times out, waiting or not.
    fn timeouts(&self) -> Option<Conflict> {
        let limit = self.budget.max_timeout_rate_bps;
        let slow = self.unavoidable_timeouts();
        let Retries { number, of } = self.retried();
        (slow > self.budgeted_timeouts()).then(|| Conflict::Timeouts {
            limit,
            request: self.contract.timeout_policy.request_ms,
            least_bps: (slow * of * BASIS).div_ceil(WHOLE * (number + of)),
        })
    }

    /// A failed attempt is tried again while attempts are left, unless the full queue turns the
    /// retry away, which the budget limits like timeouts.
    fn retries(&self) -> Option<Conflict> {
        let limit = self.budget.max_retry_rate_bps;
        let errors = self.workload.error_bps;
        let turned_away = self.budget.max_timeout_rate_bps.get();
        let share = u128::from(errors.get().saturating_sub(turned_away));
        let per_first = self.error_chain() * share;
        let allowed = u128::from(limit.get());
        (per_first * (BASIS - allowed) > allowed * WHOLE * BASIS).then(|| Conflict::Retries {
            limit,
            errors,
            least_bps: (per_first * BASIS).div_ceil(WHOLE * BASIS + per_first),
        })
    }

    /// The attempts that can be tried again, for each operation and in parts of [`WHOLE`],
    /// rounded down: 1 + p + … + p^(m−2), where p is the share of errors.
    fn error_chain(&self) -> u128 {
        let errors = u128::from(self.workload.error_bps.get());
        let mut power = WHOLE;
        let mut sum = 0;
        for _ in 1..self.contract.retry_policy.max_attempts.get() {
            sum += power;
            power = power * errors / BASIS;
        }
        sum
    }

    /// The timeouts that the attempts of the sample may have, as a share of the sample. Where
    /// more cannot be avoided, those too: the excess is a conflict of its own.
    fn allowed_timeouts(&self, excess: bool) -> u128 {
        let budgeted = self.budgeted_timeouts();
        let unavoidable = if excess { self.unavoidable_timeouts() + 1 } else { 0 };
        (budgeted + unavoidable).min(WHOLE)
    }

    /// The limit of timeouts is of all attempts, and there may be more of them than in the
    /// sample.
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
        1_000 * self.contract.timeout_policy.request_ms.get()
    }

    /// The attempts in 10 000 that do not fail fast.
    fn without_error(&self) -> u128 {
        BASIS - u128::from(self.workload.error_bps.get())
    }
}
