//! Benchmarks of simulated runs: every figure that of its worst seed.

use super::{Latency, Run, SimulationError, simulate};
use crate::{
    model::{
        Benchmark, DriverContract, DurationMs, LatencyMs, LoadLoop, Name, OutOfRange, SampleCount,
        Seeds, Workload,
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
    let longest =
        |of: fn(&Latency) -> u64| latency_ms(latencies.iter().map(|latency| of(latency)).max());
    let highest = |of: fn(&Run) -> u64| runs.iter().map(of).max().unwrap_or_default();
    let lowest = |of: fn(&Run) -> u64| runs.iter().map(of).min().unwrap_or_default();
    let bounds: Option<Vec<u64>> = latencies.iter().map(|latency| latency.p95_upper_us).collect();
    Ok(Benchmark {
        driver: contract.name.clone(),
        profile: workload.profile,
        p50_latency_ms: longest(|latency| latency.p50_us)?,
        p95_latency_ms: longest(|latency| latency.p95_us)?,
        timeout_rate_bps: highest(Run::timeout_rate_bps).try_into()?,
        retry_rate_bps: highest(Run::retry_rate_bps).try_into()?,
        throughput_ops_per_sec: lowest(Run::throughput_ops_per_sec).try_into()?,
        attempts: SampleCount::new(lowest(|run| run.counts.attempts)).ok(),
        requests: SampleCount::new(lowest(|run| run.counts.succeeded)).ok(),
        p95_upper_latency_ms: bounds
            .map(|bounds| latency_ms(bounds.into_iter().max()))
            .transpose()?,
        reject_rate_bps: Some(highest(Run::reject_rate_bps).try_into()?),
        failure_rate_bps: Some(highest(Run::failure_rate_bps).try_into()?),
        duration_ms: Some(DurationMs::new(workload.duration_ms.get())?),
        load_loop: Some(LoadLoop::Open),
        source: source(&workload.seeds),
        measured_on: None,
        contract: Some(driver_digest(contract)),
    })
}

/// The latencies of every run, of which each must have some.
fn latencies(runs: &[Run]) -> Result<Vec<&Latency>, SimulationError> {
    let latencies = runs
        .iter()
        .map(|run| run.latency.as_ref().ok_or(SimulationError::NothingServed { seed: run.seed }));
    latencies.collect()
}

/// Microseconds in milliseconds, rounded up.
fn latency_ms(us: Option<u64>) -> Result<LatencyMs, OutOfRange> {
    LatencyMs::new(us.unwrap_or_default().div_ceil(1000))
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
