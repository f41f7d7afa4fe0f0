//! Simulations of a run: how far they are, and which came to nothing.

use super::{Outcome, failure::say, progress::watched};
use crate::{
    report::bench,
    simulate::{NoBenchmark, Simulation, simulate_all},
    workspace::Progress,
};

/// A simulation, and what it came to.
pub(super) type Done<'s> = (&'s Simulation, &'s bench::Outcome);

/// What each simulation comes to, in their order.
pub(super) fn outcomes(simulations: &[Simulation]) -> Vec<bench::Outcome> {
    let progress = Progress::default();
    watched("simulating", &progress, || simulate_all(simulations, &progress))
}

/// Says on standard error which simulations came to nothing.
pub(super) fn say_without_result<'s>(simulated: impl Iterator<Item = Done<'s>>) -> Outcome {
    let mut complete = Outcome::Clean;
    for (simulation, outcome) in simulated {
        if let Err(error) = outcome {
            complete = say_no_result(simulation, error);
        }
    }
    complete
}

/// Says on standard error that a simulation came to nothing, which leaves the run incomplete.
pub(super) fn say_no_result(
    Simulation { contract, workload }: &Simulation,
    error: &NoBenchmark,
) -> Outcome {
    let profile = workload.profile.label();
    say(format_args!("error: no result of `{}` for `{profile}`: {error}", contract.name));
    Outcome::Incomplete
}
