//! Computes the throughput that the slots sustain, and whether every limit is certain.

use super::{
    BASIS, Retries, failing,
    impossible::{highest, lowest},
};
use crate::model::{Arrival, Budget, DriverContract, LatencyLimit, MaxInFlight, WHOLE, Workload};

/// The throughput that a driver sustains while all its slots are busy, if every operation
/// eventually succeeds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Certain {
    /// The number of slots.
    pub slots: MaxInFlight,
    /// The maximum mean time for which an operation occupies slots, summed over its attempts, in
    /// microseconds. Rounded up.
    pub hold_us: u128,
    /// The operations per second, rounded down.
    pub ops_per_sec: u64,
}

const MICROS: u128 = 1_000_000;
/// Nanoseconds in a thousand seconds.
const KSEC_NS: u128 = 1_000_000_000_000;

impl Certain {
    /// Computes the throughput from the limits of a budget. The slot of an attempt that timed out
    /// stays busy for the workload's `slot_recovery_us`. Without a workload, the slot is free
    /// immediately.
    pub fn of(contract: &DriverContract, budget: &Budget, workload: Option<&Workload>) -> Self {
        let request_us = 1_000 * u128::from(contract.timeout_policy.attempt_ms().get());
        let p95_us = u128::from(budget.max_p95_latency.us());
        let recovery_us = workload.map_or(0, |workload| workload.slot_recovery_us.get());
        let retries = Retries::allowed(contract, budget);
        // In twentieths of a microsecond, times the denominator of the retries.
        let success = 19 * p95_us.min(request_us) + request_us;
        let failure = 20 * (request_us + u128::from(recovery_us));
        let hold = success * retries.of + failure * retries.number;
        let slots = contract.max_in_flight;
        let scaled = 20 * retries.of;
        let ops_per_sec = u128::from(slots.get()) * MICROS * scaled / hold;
        Self {
            slots,
            hold_us: hold.div_ceil(scaled),
            ops_per_sec: u64::try_from(ops_per_sec).unwrap_or(u64::MAX),
        }
    }
}

/// Returns true if every limit is certain to be met in any run. This is the case if operations
/// arrive at equal intervals, no operation fails, and each operation finds a free slot, so that no
/// operation waits or times out.
pub(super) fn is_sure(contract: &DriverContract, budget: &Budget, workload: &Workload) -> bool {
    let rates = [u128::from(workload.rate_ops_per_ksec.get()), workload.burst_rate()];
    let [Some(shortest_ns), Some(longest_ns)] =
        [rates.iter().max(), rates.iter().min()].map(|rate| KSEC_NS.checked_div(*rate?))
    else {
        return false;
    };
    let service_us = u128::from(workload.longest_service_us());
    let p99_us = budget.max_p99_latency.map_or(u64::MAX, LatencyLimit::us);
    let request_us = 1_000 * contract.timeout_policy.attempt_ms().get();
    let limits_us = [budget.max_p95_latency.us(), p99_us, request_us];
    // Arrivals are rounded to whole microseconds.
    let at_once = (service_us + 1) * 1_000 / shortest_ns.max(1) + 2;
    let window_us = 1_000 * u128::from(workload.duration_ms.get());
    let served_in = window_us.saturating_sub(service_us + 1) * 1_000;
    let served = (served_in / longest_ns.max(1)).saturating_sub(2);
    // Attempts can wait at the server, and take longer than their declared service time.
    !workload.has_server()
        && workload.trigger.is_none()
        && workload.arrival == Arrival::Constant
        && workload.error_bps.get() == 0
        && limits_us.iter().all(|limit| service_us <= u128::from(*limit))
        && at_once <= u128::from(contract.max_in_flight.get())
        && required(budget, workload) <= 1_000 * served
}

/// Returns true if enough operations arrive in the window and succeed to meet the throughput limit,
/// with a margin for chance.
pub(super) fn is_offered(contract: &DriverContract, budget: &Budget, workload: &Workload) -> bool {
    let start = workload.warmup_ms.get();
    let end = start + workload.duration_ms.get();
    let arrivals = workload.fewest_arrivals(start, end);
    let lost = u128::from(budget.max_timeout_rate_bps.get());
    let failing = failing(contract, workload) + lost * (WHOLE / BASIS);
    let failing = highest((arrivals * failing.min(WHOLE)).div_ceil(WHOLE));
    let arrivals = match workload.arrival {
        Arrival::Poisson => lowest(arrivals),
        Arrival::Constant => arrivals,
    };
    required(budget, workload) <= 1_000 * arrivals.saturating_sub(failing)
}

/// Returns the number of operations that must succeed in the window, in thousandths.
fn required(budget: &Budget, workload: &Workload) -> u128 {
    u128::from(budget.min_throughput_ops_per_sec.get()) * u128::from(workload.duration_ms.get())
}
