//! The throughput that follows from a contract and a budget alone.

use super::Retries;
use crate::model::{Budget, DriverContract, MaxInFlight, Workload};

/// What a driver carries for certain while all its places are taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Certain {
    /// The places in flight.
    pub places: MaxInFlight,
    /// How long an operation takes a place at most, on average and all its attempts together; in
    /// microseconds, rounded up.
    pub hold_us: u128,
    /// The operations a second, rounded down.
    pub ops_per_sec: u64,
}

const MICROS: u128 = 1_000_000;

impl Certain {
    /// What follows from the limits of a budget, where every failed attempt is tried again in the
    /// end with success. The workload says how long the place of an attempt that timed out stays
    /// taken; without one it is free at once.
    pub fn of(contract: &DriverContract, budget: &Budget, workload: Option<&Workload>) -> Self {
        let request_us = 1_000 * u128::from(contract.timeout_policy.request_ms.get());
        let p95_us = 1_000 * u128::from(budget.max_p95_latency_ms.get());
        let recovery_us = workload.map_or(0, |workload| workload.slot_recovery_us.get());
        let retries = Retries::allowed(contract, budget);
        // In twentieths of a microsecond, times the denominator of the retries.
        let success = 19 * p95_us.min(request_us) + request_us;
        let failure = 20 * (request_us + u128::from(recovery_us));
        let hold = success * retries.of + failure * retries.number;
        let places = contract.max_in_flight;
        let scaled = 20 * retries.of;
        let ops_per_sec = u128::from(places.get()) * MICROS * scaled / hold;
        Self {
            places,
            hold_us: hold.div_ceil(scaled),
            ops_per_sec: u64::try_from(ops_per_sec).unwrap_or(u64::MAX),
        }
    }
}
