//! Runs the simulations of a command, and reports simulations without a result.

use super::{Failure, Outcome, failure::say, progress::watched};
use crate::{
    report::bench,
    simulate::{NoBenchmark, Simulation, simulate_all},
    workspace::Progress,
};

/// A simulation and its outcome.
pub(super) type Done<'s> = (&'s Simulation, &'s bench::Outcome);

/// Returns the outcome of each simulation, in order. Returns a failure before simulating anything
/// if the simulations together have more than `max_work` arrivals.
pub(super) fn outcomes(
    simulations: &[Simulation],
    max_work: u64,
) -> Result<Vec<bench::Outcome>, Failure> {
    bound_work(simulations, max_work)?;
    let progress = Progress::default();
    Ok(watched("simulating", &progress, || simulate_all(simulations, &progress)))
}

/// Returns the number of arrivals in all runs of a simulation, or 0 if its workload cannot be run.
fn arrivals(Simulation { workload, .. }: &Simulation) -> u128 {
    let seeds = workload.seeds.iter().count() as u128;
    workload.expected_arrivals().unwrap_or_default().saturating_mul(seeds)
}

/// Returns a failure if there are more arrivals than `max_work`. The message names the workload
/// with the most arrivals.
fn bound_work(simulations: &[Simulation], max_work: u64) -> Result<(), Failure> {
    let all = simulations.iter().map(arrivals).fold(0, u128::saturating_add);
    let largest = simulations.iter().rev().max_by_key(|simulation| arrivals(simulation));
    let Some(largest) = largest.filter(|_| all > max_work.into()) else { return Ok(()) };
    let Simulation { contract, workload } = largest;
    let (arrivals, seeds) = (arrivals(largest), workload.seeds.iter().count());
    let seeds = if seeds == 1 { "1 seed".to_owned() } else { format!("{seeds} seeds") };
    let of_all = if arrivals == all { String::new() } else { format!(" of {all} in all") };
    Err(Failure::new(format!(
        "the workload of `{}` for `{}` has {arrivals} arrivals with {seeds}{of_all}, above \
         `--max-work {max_work}`; lower its `rate_ops_per_ksec`, `duration_ms`, `warmup_ms` or \
         `seeds`, or raise `--max-work` to {all}",
        contract.name,
        workload.profile.label()
    )))
}

/// Reports simulations without a result on standard error.
pub(super) fn say_without_result<'s>(simulated: impl Iterator<Item = Done<'s>>) -> Outcome {
    let mut complete = Outcome::Clean;
    for (simulation, outcome) in simulated {
        if let Err(error) = outcome {
            complete = say_no_result(simulation, error);
        }
    }
    complete
}

/// Reports on standard error that a simulation has no result, so the run is incomplete.
pub(super) fn say_no_result(
    Simulation { contract, workload }: &Simulation,
    error: &NoBenchmark,
) -> Outcome {
    let profile = workload.profile.label();
    say(format_args!("error: no result of `{}` for `{profile}`: {error}", contract.name));
    Outcome::Incomplete
}
