//! Computes benchmarks of simulated runs. Each benchmark has the figures of one seed.

use std::cmp::Reverse;

use super::{Latency, Run, SimulationError, simulate};
use crate::{
    model::{
        Benchmark, BenchmarkLatency, Bounded, DriverContract, EffectiveBudget, Field, LatencyUnit,
        LoadLoop, Name, Unit, Workload,
    },
    signature::driver_digest,
};

/// Runs the simulation with each seed of a workload, in order.
pub fn runs(contract: &DriverContract, workload: &Workload) -> Result<Vec<Run>, SimulationError> {
    workload.seeds.iter().map(|seed| simulate(contract, workload, seed)).collect()
}

/// Returns the benchmark of a contract under a workload, from the seed of the [`worst`] run.
pub fn benchmark(
    contract: &DriverContract,
    workload: &Workload,
) -> Result<Benchmark, SimulationError> {
    worst(contract, workload, &runs(contract, workload)?)
}

/// Returns the benchmark of the worst run of a contract under a workload: the run with the longest
/// p95, then the highest rates, then the lowest throughput, then the lowest seed. All figures and
/// counts come from this run, so the benchmark never combines figures from several runs.
///
/// Fails if no request of a run succeeds.
pub fn worst(
    contract: &DriverContract,
    workload: &Workload,
    runs: &[Run],
) -> Result<Benchmark, SimulationError> {
    if let Some(run) = runs.iter().find(|run| run.latency.is_none()) {
        return Err(SimulationError::NothingServed { seed: run.seed });
    }
    let worst = runs.iter().max_by_key(|run| {
        let latency = run.latency.as_ref();
        let rates = [run.timeout_rate_bps(), run.reject_rate_bps(), run.retry_rate_bps()];
        let slow = latency.map(|latency| (latency.p95_us, latency.p95_upper_us));
        (slow, rates, Reverse(run.counts.succeeded_in_window), Reverse(run.seed))
    });
    worst.map_or(Err(SimulationError::NoSeeds), |run| benchmark_of(contract, workload, run))
}

/// Returns the benchmark of one run. Its `source` names the seed. Fails if no request succeeds.
pub fn benchmark_of(
    contract: &DriverContract,
    workload: &Workload,
    run: &Run,
) -> Result<Benchmark, SimulationError> {
    let nothing_served = SimulationError::NothingServed { seed: run.seed };
    let latency = run.latency.as_ref().ok_or(nothing_served)?;
    let upper = latency.p95_upper_us.map(|us| latency_ms(Field::P95UpperLatencyMs, us));
    Ok(Benchmark {
        driver: contract.name.clone(),
        profile: workload.profile,
        p50_latency: latency_ms(Field::P50LatencyMs, latency.p50_us)?,
        p95_latency: latency_ms(Field::P95LatencyMs, latency.p95_us)?,
        timeout_rate_bps: figure(Field::TimeoutRateBps, run.timeout_rate_bps())?,
        retry_rate_bps: figure(Field::RetryRateBps, run.retry_rate_bps())?,
        throughput_ops_per_sec: figure(Field::ThroughputOpsPerSec, run.throughput_ops_per_sec())?,
        attempts: figure(Field::Attempts, run.counts.attempts).ok(),
        requests: figure(Field::Requests, run.counts.succeeded).ok(),
        p95_upper_latency: upper.transpose()?,
        p99_latency: None,
        p99_upper_latency: None,
        reject_rate_bps: Some(figure(Field::RejectRateBps, run.reject_rate_bps())?),
        failure_rate_bps: Some(figure(Field::FailureRateBps, run.failure_rate_bps())?),
        duration_ms: Some(figure(Field::DurationMs, workload.duration_ms.get())?),
        load_loop: Some(LoadLoop::Open),
        source: source(workload, run, latency),
        measured_on: None,
        contract: Some(driver_digest(contract)),
    })
}

/// The latencies that a benchmark states, and their unit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LatencyDetail {
    /// Whether the benchmark states p99 and its upper bound.
    pub p99: bool,
    /// The unit of all latencies.
    pub unit: LatencyUnit,
}

impl LatencyDetail {
    /// Returns the detail for an effective budget, with latencies in this unit or a finer unit.
    pub fn of(budget: Option<&EffectiveBudget<'_>>, unit: LatencyUnit) -> Self {
        Self {
            p99: budget.is_some_and(|budget| budget.max_p99_latency.is_some()),
            unit: budget.map(EffectiveBudget::latency_unit).unwrap_or_default().max(unit),
        }
    }
}

/// Returns the benchmark of a run with its latencies in this detail. If the run is too short to
/// bound p99, `source` states how long a run must be.
pub fn detailed(benchmark: Benchmark, run: &Run, detail: LatencyDetail) -> Benchmark {
    let Some(latency) = &run.latency else { return benchmark };
    let stated =
        |us: u64| BenchmarkLatency::from_us(us).map(|latency| latency.stated_in(detail.unit)).ok();
    let marked = |source: &Name| {
        let mark = Benchmark::correlated(99, latency.p99_longer_run?);
        Name::new(format!("{source}, {mark}")).ok()
    };
    let benchmark = Benchmark {
        p50_latency: stated(latency.p50_us).unwrap_or(benchmark.p50_latency),
        p95_latency: stated(latency.p95_us).unwrap_or(benchmark.p95_latency),
        p95_upper_latency: latency.p95_upper_us.and_then(stated),
        ..benchmark
    };
    if !detail.p99 {
        return benchmark;
    }
    Benchmark {
        p99_latency: stated(latency.p99_us),
        p99_upper_latency: latency.p99_upper_us.and_then(stated),
        source: benchmark.source.as_ref().and_then(marked).or(benchmark.source),
        ..benchmark
    }
}

/// Returns a figure if it is in the range that a benchmark allows.
fn figure<U: Unit, const MIN: u64, const MAX: u64>(
    figure: Field,
    value: u64,
) -> Result<Bounded<U, MIN, MAX>, SimulationError> {
    Bounded::new(value).map_err(|range| SimulationError::Figure { figure, range })
}

/// Converts microseconds to milliseconds, rounded up.
fn latency_ms(name: Field, us: u64) -> Result<BenchmarkLatency, SimulationError> {
    let latency = BenchmarkLatency::from_ms(us.div_ceil(1000));
    latency.map_err(|range| SimulationError::Figure { figure: name, range })
}

/// Returns the `source`: the version and the seeds, or only the number of seeds if the list is too
/// long.
fn source(workload: &Workload, run: &Run, latency: &Latency) -> Option<Name> {
    let from = concat!("driverc ", env!("CARGO_PKG_VERSION"), ", simulated, ");
    let correlated =
        latency.longer_run.map(|times| format!(", {}", Benchmark::correlated(95, times)));
    let correlated = correlated.unwrap_or_default();
    let number = workload.seeds.iter().count();
    if number == 1 {
        return Name::new(format!("{from}seed {}{correlated}", run.seed)).ok();
    }
    let named = |seeds: &str| {
        Name::new(format!("{from}seed {}, the worst of {seeds}{correlated}", run.seed))
    };
    named(&workload.seeds.to_string()).or_else(|_| named(&format!("{number} seeds"))).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        model::{MaxInFlight, Seed, Seeds, WindowMs},
        simulate::Counts,
    };

    fn source_text(seeds: impl IntoIterator<Item = u64>, longer_run: Option<u64>) -> String {
        let seeds: Vec<_> = seeds.into_iter().map(|seed| Seed::new(seed).unwrap()).collect();
        let run = Run {
            seed: seeds[0],
            window_ms: WindowMs::LEAST,
            slots: MaxInFlight::LEAST,
            counts: Counts::default(),
            latency: None,
            busy_area_us: 0,
            queue_area_us: 0,
            server_slots: None,
            has_trigger: false,
            server_area_us: 0,
            server_queue_area_us: 0,
            abandoned_area_us: 0,
        };
        let latency = Latency {
            p50_us: 1,
            p95_us: 1,
            p99_us: 1,
            mean_us: 1,
            p95_upper_us: None,
            longer_run,
            p99_upper_us: None,
            p99_longer_run: None,
            percentiles_us: Vec::new(),
        };
        let load = serde_json::json!({
            "profile": "heavy_data", "seeds": Seeds::new(seeds).unwrap(), "warmup_ms": 0,
            "duration_ms": 1, "rate_ops_per_ksec": 1, "arrival": "poisson", "error_bps": 0,
            "error_us": 0, "stall_bps": 0, "stall_us": 0, "slot_recovery_us": 0,
            "operation": [{ "weight": 1, "service": { "constant_us": 1 } }],
        });
        let workload = serde_json::from_value(load).unwrap();
        let from = concat!("driverc ", env!("CARGO_PKG_VERSION"), ", simulated, ");
        source(&workload, &run, &latency).unwrap().strip_prefix(from).unwrap().to_owned()
    }

    #[test]
    fn source_names_worst_seed_and_all_seeds() {
        assert_eq!(source_text(1..=5, None), "seed 1, the worst of seeds 1-5");
        assert_eq!(source_text([7], None), "seed 7");
        assert_eq!(source_text([9, 3, 1, 2], None), "seed 9, the worst of seeds 1-3, 9");
        let many = source_text((0..100).map(|seed| Seed::MAX - 2 * seed), None);
        assert_eq!(many, format!("seed {}, the worst of 100 seeds", Seed::MAX));
        assert_eq!(
            source_text([7], Some(4)),
            "seed 7, correlated latencies: a run of 4 times the length would bound p95"
        );
    }

    /// Returns a run with a median of 1.5 ms, a p95 of 2.5 ms and a p99 of 3.5 ms, without bounds.
    fn unbounded(p99_longer_run: Option<u64>) -> Run {
        Run {
            seed: Seed::LEAST,
            window_ms: WindowMs::LEAST,
            slots: MaxInFlight::LEAST,
            counts: Counts::default(),
            latency: Some(Latency {
                p50_us: 1_500,
                p95_us: 2_500,
                p99_us: 3_500,
                mean_us: 1_500,
                p95_upper_us: None,
                longer_run: None,
                p99_upper_us: None,
                p99_longer_run,
                percentiles_us: Vec::new(),
            }),
            busy_area_us: 0,
            queue_area_us: 0,
            server_slots: None,
            has_trigger: false,
            server_area_us: 0,
            server_queue_area_us: 0,
            abandoned_area_us: 0,
        }
    }

    #[test]
    fn latency_detail_determines_p99_and_unit_of_benchmark() {
        let benchmark: Benchmark = serde_json::from_value(serde_json::json!({
            "driver": "example", "profile": "heavy_data", "p50_latency_ms": 2, "p95_latency_ms": 3,
            "timeout_rate_bps": 0, "retry_rate_bps": 0, "throughput_ops_per_sec": 1,
            "source": "driverc 0.1.0, simulated, seeds 1-5",
        }))
        .unwrap();
        let of = |p99, unit, longer_run| {
            detailed(benchmark.clone(), &unbounded(longer_run), LatencyDetail { p99, unit })
        };
        assert_eq!(of(false, LatencyUnit::Milliseconds, Some(3)), benchmark);
        let fine = of(false, LatencyUnit::Microseconds, None);
        assert_eq!([fine.p50_latency.us(), fine.p95_latency.us()], [1_500, 2_500]);
        assert_eq!(fine.p99_latency, None);
        let coarse = of(true, LatencyUnit::Milliseconds, Some(3));
        assert_eq!(coarse.p99_latency, BenchmarkLatency::from_ms(4).ok());
        // A run that is too short says so, and stays a simulation of five seeds.
        assert_eq!((coarse.p99_longer_run(), coarse.longer_run()), (Some(3), None));
        assert_eq!(coarse.simulated_seeds(), Some(5));
        assert_eq!(of(true, LatencyUnit::Milliseconds, None).source, benchmark.source);
    }
}
