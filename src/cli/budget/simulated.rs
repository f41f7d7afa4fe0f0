//! Simulates benchmarks for the workloads of a workspace.

use super::in_scope;
use crate::{
    budget::{SourcedBenchmark, Unserved},
    cli::{
        Failure, Outcome,
        simulation::{outcomes, say_no_result},
    },
    finding::DeclarationId,
    project::Loaded,
    simulate::{NoBenchmark, Simulation, SimulationError},
};

/// Returns the simulated benchmark of each driver and workload, with the narrowest workload table
/// that contributes to the workload. If no request of a simulation succeeds and a budget applies,
/// the result says so, and the budget fails. Reports every other simulation without a benchmark on
/// standard error. The run is then incomplete.
pub(super) fn samples(
    input: &Loaded,
    max_work: u64,
) -> Result<(Vec<SourcedBenchmark>, Outcome), Failure> {
    let subjects = |simulation: &Simulation| subjects_of(input, simulation);
    let simulations = in_scope(input, input.workspace.simulations(), subjects);
    let (mut samples, mut outcome) = (Vec::new(), Outcome::Clean);
    for (simulation, result) in simulations.iter().zip(outcomes(&simulations, max_work)?) {
        let (contract, profile) = (&simulation.contract, simulation.workload.profile);
        let (benchmark, runs) = match result {
            Ok(simulated) => (Ok(simulated.benchmark), simulated.runs),
            Err(NoBenchmark { error: SimulationError::NothingServed { seed }, .. })
                if input.workspace.effective_budget(contract, profile).is_some() =>
            {
                (Err(Unserved { driver: contract.name.clone(), profile, seed }), Vec::new())
            }
            Err(error) => {
                outcome = say_no_result(simulation, &error);
                continue;
            }
        };
        samples.push(SourcedBenchmark { benchmark, subject: subject(input, simulation), runs });
    }
    Ok((samples, outcome))
}

fn subject(input: &Loaded, Simulation { contract, workload }: &Simulation) -> DeclarationId {
    let effective = input.workspace.effective_workload(contract, workload.profile);
    effective.map_or_else(
        || DeclarationId::Driver(contract.name.clone()),
        |effective| DeclarationId::workload(effective.narrowest),
    )
}

/// Returns the declarations of the driver, its workload and its budget.
fn subjects_of(input: &Loaded, simulation: &Simulation) -> Vec<DeclarationId> {
    let Simulation { contract, workload } = simulation;
    let budget = input.workspace.effective_budget(contract, workload.profile);
    let budget = budget.map(|budget| DeclarationId::budget(budget.narrowest));
    let driver = DeclarationId::Driver(contract.name.clone());
    [driver, subject(input, simulation)].into_iter().chain(budget).collect()
}
