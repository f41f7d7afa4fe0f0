//! Benchmarks of simulated runs: every figure that of its worst seed.

use super::{Latency, Run, SimulationError, simulate};
use crate::{
    model::{
        Benchmark, Bounded, DriverContract, Field, LatencyMs, LoadLoop, Name, Seeds, Unit, Workload,
    },
    signature::driver_digest,
};

/// The run of each seed of a workload, in their order.
pub fn runs(contract: &DriverContract, workload: &Workload) -> Result<Vec<Run>, SimulationError> {
    workload.seeds.iter().map(|seed| simulate(contract, workload, seed)).collect()
}

/// The benchmark of a contract under a workload, over all of its seeds.
///
/// Every figure is that of its worst seed, which need not be the same one: the longest latencies,
/// the highest rates, the lowest throughput, and the fewest requests and attempts behind them.
/// There is none where no request of a run succeeds.
pub fn benchmark(
    contract: &DriverContract,
    workload: &Workload,
) -> Result<Benchmark, SimulationError> {
    worst(contract, workload, &runs(contract, workload)?)
}

/// The benchmark of these runs of a contract under a workload.
pub fn worst(
    contract: &DriverContract,
    workload: &Workload,
    runs: &[Run],
) -> Result<Benchmark, SimulationError> {
    let latencies = latencies(runs)?;
    let longest = |of: fn(&Latency) -> u64| latencies.iter().map(|latency| of(latency)).max();
    let highest = |of: fn(&Run) -> u64| runs.iter().map(of).max();
    let lowest = |of: fn(&Run) -> u64| runs.iter().map(of).min();
    let bounds: Option<Vec<u64>> = latencies.iter().map(|latency| latency.p95_upper_us).collect();
    let bound = bounds.map(|bounds| latency_ms(Field::P95UpperLatencyMs, bounds.into_iter().max()));
    Ok(Benchmark {
        driver: contract.name.clone(),
        profile: workload.profile,
        p50_latency_ms: latency_ms(Field::P50LatencyMs, longest(|latency| latency.p50_us))?,
        p95_latency_ms: latency_ms(Field::P95LatencyMs, longest(|latency| latency.p95_us))?,
        timeout_rate_bps: figure(Field::TimeoutRateBps, highest(Run::timeout_rate_bps))?,
        retry_rate_bps: figure(Field::RetryRateBps, highest(Run::retry_rate_bps))?,
        throughput_ops_per_sec: figure(
            Field::ThroughputOpsPerSec,
            lowest(Run::throughput_ops_per_sec),
        )?,
        attempts: figure(Field::Attempts, lowest(|run| run.counts.attempts)).ok(),
        requests: figure(Field::Requests, lowest(|run| run.counts.succeeded)).ok(),
        p95_upper_latency_ms: bound.transpose()?,
        reject_rate_bps: Some(figure(Field::RejectRateBps, highest(Run::reject_rate_bps))?),
        failure_rate_bps: Some(figure(Field::FailureRateBps, highest(Run::failure_rate_bps))?),
        duration_ms: Some(figure(Field::DurationMs, Some(workload.duration_ms.get()))?),
        load_loop: Some(LoadLoop::Open),
        source: source(&workload.seeds),
        measured_on: None,
        contract: Some(driver_digest(contract)),
    })
}

/// A figure within the range in which a benchmark can say it.
fn figure<U: Unit, const MIN: u64, const MAX: u64>(
    figure: Field,
    value: Option<u64>,
) -> Result<Bounded<U, MIN, MAX>, SimulationError> {
    Bounded::new(value.unwrap_or_default())
        .map_err(|range| SimulationError::Figure { figure, range })
}

/// The latencies of every run, of which each must have some.
fn latencies(runs: &[Run]) -> Result<Vec<&Latency>, SimulationError> {
    let latencies = runs
        .iter()
        .map(|run| run.latency.as_ref().ok_or(SimulationError::NothingServed { seed: run.seed }));
    latencies.collect()
}

/// Microseconds in milliseconds, rounded up.
fn latency_ms(name: Field, us: Option<u64>) -> Result<LatencyMs, SimulationError> {
    figure(name, us.map(|us| us.div_ceil(1000)))
}

/// Who says so. Many long seeds have no room, only their number has.
fn source(seeds: &Seeds) -> Option<Name> {
    let from = concat!("driverc ", env!("CARGO_PKG_VERSION"), ", simulated");
    let listed = Name::new(format!("{from}, {seeds}"));
    listed.or_else(|_| Name::new(format!("{from}, {} seeds", seeds.iter().count()))).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Seed;

    fn said(seeds: impl IntoIterator<Item = u64>) -> String {
        let seeds = seeds.into_iter().map(|seed| Seed::new(seed).unwrap()).collect();
        let from = concat!("driverc ", env!("CARGO_PKG_VERSION"), ", simulated, ");
        source(&Seeds::new(seeds).unwrap()).unwrap().strip_prefix(from).unwrap().to_owned()
    }

    #[test]
    fn the_source_names_the_seeds() {
        assert_eq!(said(1..=5), "seeds 1-5");
        assert_eq!(said([7]), "seed 7");
        assert_eq!(said([9, 3, 1, 2]), "seeds 1-3, 9");
        assert_eq!(said((0..100).map(|seed| Seed::MAX - 2 * seed)), "100 seeds");
    }
}
