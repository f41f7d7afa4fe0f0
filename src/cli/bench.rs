//! `driverc bench`: simulates drivers under their workloads and shows each figure next to its
//! limit.
//!
//! It does not judge: a broken budget does not fail the run.

mod set;

use std::{collections::BTreeMap, ops::ControlFlow, path::Path};

use self::set::Changed;
use super::{
    Failure, Outcome,
    arguments::{BUILTIN, Bench, Color, Inputs},
    failure::say,
    input::load_without_errors,
    output,
    outputs::{self, Output},
    show,
    simulation::{Done, outcomes, say_without_result},
};
use crate::{
    model::{DriverContract, EffectiveBudget, LatencyUnit, Seed, Seeds},
    project::Loaded,
    report::bench::{self, BenchEntry, BenchResults, BenchSide},
    simulate::{LatencyDetail, Simulation},
    workspace::Workspace,
};

pub(super) fn run(command: &Bench, color: Color) -> Result<Outcome, Failure> {
    let targets = outputs::of(&command.output_format, command.output_file.as_deref())?;
    let inputs = Inputs {
        quiet: command.quiet,
        ..Inputs::of(command.contracts.clone(), command.roots.clone())
    };
    let input = match load_without_errors(&inputs, color)? {
        ControlFlow::Continue(input) => input,
        ControlFlow::Break(outcome) => return Ok(outcome),
    };
    outputs::refuse_inputs(&targets, &input)?;
    for profile in &command.profile {
        Failure::refuse_unknown_profile(*profile, input.workspace.vocabulary())?;
    }
    let changed = Changed::new(&command.set, &input, color)?;
    let drivers = drivers(command, &input, &changed)?;
    let before = if changed.changes.is_empty() {
        Vec::new()
    } else {
        simulations(command, &input.workspace, &drivers)
    };
    let now: Vec<_> = drivers.iter().map(|contract| changed.of(contract)).collect();
    let after = simulations(command, &input.workspace, &now);
    if after.is_empty() {
        return Err(without_workload(command, &drivers, !before.is_empty()));
    }
    if !command.quiet {
        report_skipped(&now, &after);
    }
    report(command, &targets, color, &input.workspace, [before, after], &changed)
}

/// Returns the requested drivers, by name.
fn drivers<'i>(
    command: &Bench,
    input: &'i Loaded,
    changed: &Changed,
) -> Result<Vec<&'i DriverContract>, Failure> {
    let mut drivers = input.drivers();
    for name in &command.drivers {
        if !drivers.iter().any(|driver| driver.name.as_str() == name) {
            if name == BUILTIN || Path::new(name).exists() {
                return Err(Failure::new(format!(
                    "no driver `{name}` is declared; name documents with `--contracts {name}`"
                )));
            }
            let names = drivers.iter().map(|driver| driver.name.as_str());
            return Err(Failure::unknown_driver(name, names));
        }
    }
    if !command.drivers.is_empty() {
        drivers.retain(|driver| command.drivers.iter().any(|name| driver.name.as_str() == name));
    } else if !changed.changes.is_empty() {
        drivers.retain(|driver| changed.contains(driver));
    }
    Ok(drivers)
}

fn without_workload(command: &Bench, drivers: &[&DriverContract], lost: bool) -> Failure {
    let when = if lost { "after the change, " } else { "" };
    let of = match drivers {
        [driver] => format!(" of `{}`", driver.name),
        [..] => String::new(),
    };
    let profiles: Vec<_> =
        command.profile.iter().map(|profile| format!("`{}`", profile.label())).collect();
    let under =
        if profiles.is_empty() { String::new() } else { format!(" for {}", profiles.join(", ")) };
    Failure::new(format!("{when}no workload{of}{under} is declared; write `[workload.<profile>]`"))
}

/// The maximum number of drivers that a message names.
const NAMED: usize = 3;

/// Reports drivers that are not simulated.
fn report_skipped(drivers: &[&DriverContract], simulations: &[Simulation]) {
    let is_simulated = |driver: &&&DriverContract| {
        simulations.iter().any(|simulation| simulation.contract.name == driver.name)
    };
    let skipped: Vec<_> = drivers.iter().filter(|driver| !is_simulated(driver)).collect();
    if skipped.is_empty() {
        return;
    }
    let names = skipped.iter().take(NAMED).map(|driver| format!("`{}`", driver.name));
    let names = names.collect::<Vec<_>>().join(", ");
    let more = match skipped.len().saturating_sub(NAMED) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    say(format_args!("not simulated, without a workload: {names}{more}"));
}

/// Returns the simulations of each driver under each requested profile that has a workload.
fn simulations(
    command: &Bench,
    workspace: &Workspace,
    drivers: &[&DriverContract],
) -> Vec<Simulation> {
    let mut simulations = workspace.simulations_of(drivers.iter().copied());
    if !command.profile.is_empty() {
        simulations.retain(|simulation| command.profile.contains(&simulation.workload.profile));
    }
    if let Some(seeds) = command.seeds.and_then(first_seeds) {
        for simulation in &mut simulations {
            simulation.workload.seeds = seeds.clone();
        }
    }
    simulations
}

fn first_seeds(number: u64) -> Option<Seeds> {
    let seeds = (1..=number).map(Seed::new).collect::<Result<_, _>>().ok()?;
    Seeds::new(seeds).ok()
}

/// Simulates both sides of a change, or only the new side, and writes the results.
fn report(
    command: &Bench,
    targets: &[Output<'_, bench::BenchFormat>],
    color: Color,
    workspace: &Workspace,
    [before, after]: [Vec<Simulation>; 2],
    changed: &Changed,
) -> Result<Outcome, Failure> {
    let first = before.len();
    let simulations = [before, after].concat();
    let outcomes = outcomes(&simulations, command.max_work)?;
    let done: Vec<_> = simulations.iter().zip(&outcomes).collect();
    let unit = command.latency_unit.unit();
    let sides = done.split_at(first);
    let entries = entries(workspace, sides, unit, !changed.changes.is_empty());
    let results = BenchResults { entries: &entries, changes: &changed.changes };
    outputs::write(targets, |Output { format, file }| {
        let style = output::style(color, *file);
        show::rendered("the results", |text| bench::write(*format, &results, &style, text))
    })?;
    Ok(say_without_result(done.into_iter()))
}

/// Returns the simulated results of each driver and profile, sorted by name and profile. A change
/// of class can change which workloads apply, so one side can be missing.
fn entries<'s>(
    workspace: &Workspace,
    (before, after): (&[Done<'s>], &[Done<'s>]),
    unit: LatencyUnit,
    changed: bool,
) -> Vec<BenchEntry<'s>> {
    let mut pairs: BTreeMap<_, [Option<Done<'s>>; 2]> = BTreeMap::new();
    for (side, all) in [before, after].into_iter().enumerate() {
        for done in all {
            let Simulation { contract, workload } = done.0;
            pairs.entry((&contract.name, workload.profile)).or_default()[side] = Some(*done);
        }
    }
    let side = |done: Option<Done<'s>>| {
        done.map_or(BenchSide::NoWorkload, |(_, outcome)| BenchSide::Simulated(outcome))
    };
    let entries = pairs.into_values().filter_map(|[before, after]| {
        let (simulation, _) = after.or(before)?;
        let Simulation { contract, workload } = simulation;
        let budget = workspace.effective_budget(contract, workload.profile);
        let limits = budget.as_ref().and_then(EffectiveBudget::complete);
        Some(BenchEntry {
            simulation,
            result: side(after),
            before: changed.then(|| side(before)),
            budget: limits.map(|limits| limits.at_least_in(unit)),
            detail: LatencyDetail::of(budget.as_ref(), unit),
        })
    });
    entries.collect()
}
