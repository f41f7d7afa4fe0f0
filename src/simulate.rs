//! Computes benchmarks from workloads with a discrete-event simulation of one driver and its
//! server.
//!
//! The driver has open arrivals, a bounded queue, slots, timeouts and deadlines, and retries with
//! backoff, jitter and a retry budget. The server has slots and a queue, slows down under load, and
//! can continue to work on attempts that timed out. A trigger tests whether both recover. The
//! simulation uses only whole numbers, and its random numbers do not depend on the order of events.
//! The same contract, workload and seed therefore give the same figures everywhere.
//!
//! An event takes time proportional to the logarithm of the number of requests in the system.
//! Memory is used for these requests and for recorded latencies.

mod arrivals;
mod backoff;
pub(crate) mod batches;
mod benchmark;
mod checks;
pub(crate) mod confidence;
mod engine;
mod error;
mod latencies;
mod pending;
mod plan;
mod random;
mod requests;
mod retry_budget;
mod run;
mod server;
mod services;
mod timeline;
mod window;

pub use self::{
    benchmark::{LatencyDetail, benchmark, benchmark_of, detailed, runs, worst},
    checks::{Law, SelfCheck},
    error::SimulationError,
    latencies::Latency,
    plan::{NoBenchmark, Simulated, Simulation, simulate_all},
    run::{Counts, Run},
};
use crate::model::{DriverContract, Seed, Workload};

/// Simulates a contract under a workload with one seed, which need not be one of the workload's
/// seeds. The number of seeds in the workload only affects how often chance makes a run look
/// correlated.
///
/// Refuses a workload that cannot be run. Fails if the run violates a law.
pub fn simulate(
    contract: &DriverContract,
    workload: &Workload,
    seed: Seed,
) -> Result<Run, SimulationError> {
    accept(workload)?;
    let observed = engine::Engine::new(contract, workload, seed.get()).run()?;
    let run = Run {
        seed,
        window_ms: workload.duration_ms,
        slots: contract.max_in_flight,
        counts: observed.counts,
        latency: observed.latencies.figures(workload.seeds.iter().count() as u64),
        busy_area_us: observed.busy_area_us,
        queue_area_us: observed.queue_area_us,
        server_slots: workload.server_slots,
        has_trigger: workload.trigger.is_some(),
        server_area_us: observed.server_area_us,
        server_queue_area_us: observed.server_queue_area_us,
        abandoned_area_us: observed.abandoned_area_us,
    };
    checks::check(&run, &observed.ledger)?;
    Ok(run)
}

/// Refuses workloads that the types allow but the simulator cannot run.
fn accept(workload: &Workload) -> Result<(), SimulationError> {
    if workload.burst_rate() == 0 {
        return Err(SimulationError::VanishingBurst);
    }
    if let Some(trigger) = workload.trigger {
        let rates = [false, true].map(|in_burst| workload.rate(in_burst, false));
        if let Some(rate) = rates.into_iter().find_map(|rate| trigger.impossible_rate(rate)) {
            return Err(SimulationError::TriggerRate { rate });
        }
        if let Some(latest_ms) = trigger.ends_after(workload.warmup_ms, workload.duration_ms) {
            return Err(SimulationError::LateTrigger { end_ms: trigger.end_ms(), latest_ms });
        }
    }
    let expected = workload.expected_arrivals();
    if expected.is_none_or(|expected| expected > Workload::MOST_ARRIVALS) {
        return Err(SimulationError::TooManyArrivals { expected });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Checks only the limit, because a run with this many arrivals would take too long.
    #[test]
    fn maximum_number_of_arrivals_is_accepted_and_one_more_is_refused() {
        let accepted = |rate_ops_per_ksec: u64| {
            let load = serde_json::json!({
                "profile": "heavy_data", "seeds": [1], "warmup_ms": 0, "duration_ms": 1_000_000,
                "rate_ops_per_ksec": rate_ops_per_ksec, "arrival": "poisson",
                "error_bps": 0, "error_us": 0, "stall_bps": 0, "stall_us": 0, "slot_recovery_us": 0,
                "operation": [{ "weight": 1, "service": { "constant_us": 1 } }],
            });
            accept(&serde_json::from_value(load).unwrap())
        };
        assert_eq!(accepted(100_000_000), Ok(()));
        let expected = Some(100_000_001);
        assert_eq!(accepted(100_000_001), Err(SimulationError::TooManyArrivals { expected }));
    }
}
