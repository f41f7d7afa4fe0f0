//! Runs many simulations: each driver of a workspace under each of its workloads.

use std::{fmt, sync::atomic::Ordering};

use super::{Run, SimulationError, benchmark_of, simulate, worst};
use crate::{
    model::{
        Benchmark, BenchmarkProfile, DriverContract, EffectiveWorkload, Scope, Seed, Workload,
    },
    parallel,
    workspace::{Progress, Workspace},
};

/// A contract, and the workload under which to simulate it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Simulation {
    /// The contract.
    pub contract: DriverContract,
    /// The workload, with the seeds of the runs.
    pub workload: Workload,
}

/// The result of a simulation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Simulated {
    /// The run of each seed, in the order of the workload.
    pub runs: Vec<Run>,
    /// The benchmark of each run.
    pub benchmarks: Vec<Benchmark>,
    /// The benchmark of the worst run, from [`worst`].
    pub benchmark: Benchmark,
}

/// The reason why a simulation has no benchmark, and the runs of the simulation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoBenchmark {
    /// The first error.
    pub error: SimulationError,
    /// The completed runs, in the order of the workload's seeds.
    pub runs: Vec<Run>,
}

/// Writes only the error, without the runs.
impl fmt::Display for NoBenchmark {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.error.fmt(formatter)
    }
}

impl std::error::Error for NoBenchmark {}

impl Workspace {
    /// Returns a simulation for each driver and profile with a complete workload, by driver name
    /// and profile.
    pub fn simulations(&self) -> Vec<Simulation> {
        self.simulations_of(self.drivers())
    }

    /// Returns the simulations of these contracts, in order. The contracts can differ from the
    /// declared contracts.
    pub fn simulations_of<'c>(
        &self,
        contracts: impl IntoIterator<Item = &'c DriverContract>,
    ) -> Vec<Simulation> {
        let pairs = contracts
            .into_iter()
            .flat_map(|contract| self.profiles().map(move |profile| (contract, profile)))
            .filter(|(contract, profile)| self.takes(contract, *profile));
        pairs
            .filter_map(|(contract, profile)| {
                let workload = self.effective_workload(contract, profile);
                let workload = workload.as_ref().and_then(EffectiveWorkload::complete)?;
                Some(Simulation { contract: contract.clone(), workload })
            })
            .collect()
    }
}

impl Workspace {
    /// Returns true if a driver is simulated under the workload of a profile. A built-in profile
    /// applies to every driver. A profile of the project applies to drivers that claim it, or that
    /// have their own budget or workload for it.
    fn takes(&self, contract: &DriverContract, profile: BenchmarkProfile) -> bool {
        let is_own = |scope: &Scope| matches!(scope, Scope::Driver(_));
        let budget = self.effective_budget(contract, profile);
        let workload = self.effective_workload(contract, profile);
        !matches!(profile, BenchmarkProfile::Project(_))
            || self.claims(contract, profile)
            || budget.is_some_and(|budget| is_own(&budget.narrowest.scope))
            || workload.is_some_and(|workload| is_own(&workload.narrowest.scope))
    }
}

/// Returns the result of each simulation, in order. Uses one thread per core.
///
/// The number of threads affects only the duration. `progress` counts runs.
pub fn simulate_all(
    simulations: &[Simulation],
    progress: &Progress,
) -> Vec<Result<Simulated, NoBenchmark>> {
    let jobs: Vec<(usize, Seed)> = simulations
        .iter()
        .enumerate()
        .flat_map(|(number, simulation)| {
            simulation.workload.seeds.iter().map(move |seed| (number, seed))
        })
        .collect();
    progress.total.store(jobs.len(), Ordering::Relaxed);
    let run = |(number, seed): &(usize, Seed)| {
        let Simulation { contract, workload } = &simulations[*number];
        let run = simulate(contract, workload, *seed);
        progress.done.fetch_add(1, Ordering::Relaxed);
        run
    };
    let mut runs = parallel::all(&jobs, run).into_iter();
    let results = simulations.iter().map(|Simulation { contract, workload }| {
        let (mut ended, mut broken) = (Vec::new(), None);
        for run in runs.by_ref().take(workload.seeds.iter().count()) {
            match run {
                Ok(run) => ended.push(run),
                Err(error) => broken = broken.or(Some(error)),
            }
        }
        let benchmarks = broken.map_or_else(|| benchmarks(contract, workload, &ended), Err);
        match benchmarks {
            Ok((benchmarks, benchmark)) => Ok(Simulated { runs: ended, benchmarks, benchmark }),
            Err(error) => Err(NoBenchmark { error, runs: ended }),
        }
    });
    results.collect()
}

/// Returns the benchmark of each run, and the worst of these benchmarks.
fn benchmarks(
    contract: &DriverContract,
    workload: &Workload,
    runs: &[Run],
) -> Result<(Vec<Benchmark>, Benchmark), SimulationError> {
    let worst = worst(contract, workload, runs)?;
    let each = runs.iter().map(|run| benchmark_of(contract, workload, run));
    Ok((each.collect::<Result<_, _>>()?, worst))
}
