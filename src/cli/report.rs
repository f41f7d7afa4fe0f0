//! `driverc report`: renders everything that is known about a workspace as one HTML page.
//!
//! The page is written even if there are findings, and it lists the findings. A broken budget does
//! not fail the run.

mod judge;

use std::collections::BTreeMap;

use self::judge::judgement;
use super::{
    Failure, Outcome,
    arguments::{Color, FormatOptions, Report},
    input, load_errors, output,
    outputs::{self, Output},
    show,
    simulation::{Done, outcomes, say_without_result},
};
use crate::{
    explain::consumers,
    model::{Benchmark, BenchmarkProfile, DriverContract},
    report::{
        FindingsReport, Format,
        html::{self, BenchmarkSection, ConsumersOfDriver, Origin, Page, ProfileSection},
    },
    simulate,
    workspace::{Texts, Workspace},
};

pub(super) fn run(command: &Report, color: Color) -> Result<Outcome, Failure> {
    let reporting = &command.reporting;
    let project = input::open_with_levels(
        &command.inputs,
        reporting,
        &outputs::full(command.inputs.quiet),
        color,
    )?;
    let input = input::load(&command.inputs, project, Texts::Kept)?;
    outputs::refuse_inputs_in(command.output_file.as_deref().into_iter(), &input)?;
    let (found, visible) = show::judged(input::findings(&input, reporting), reporting);
    let shown = FindingsReport::of_project(&input, &visible.open, &visible.accepted);
    let drivers = input.drivers();
    let requested = if command.no_simulate { &[][..] } else { &drivers };
    let simulations = input.workspace.simulations_of(requested.iter().copied());
    let outcomes = outcomes(&simulations, command.max_work)?;
    let simulated: Vec<_> = simulations.iter().zip(&outcomes).collect();

    let budgets = input.budgets();
    let recorded: Vec<_> = input
        .benchmarks()
        .map(|benchmark| sample(&input.workspace, (benchmark, &[]), Origin::Recorded))
        .collect();
    let page = Page {
        run: shown,
        unread: &load_errors::messages(&input),
        drivers: &drivers,
        capabilities: &input.workspace.vocabulary().all(),
        consumers: &consumers_of(&input.workspace, &drivers),
        budgets: &budgets,
        pairs: &pairs(&input.workspace, &drivers, &simulated, &recorded),
        recorded: &recorded,
        simulated: !command.no_simulate,
    };
    let text = show::rendered("the page", |text| html::write(&page, text))?;
    let file = command.output_file.as_deref();
    output::write(file, &text)?;
    let quiet = command.inputs.quiet;
    let format = FormatOptions { quiet, ..FormatOptions::from(Format::Concise) };
    show::say_summary(&shown, &[Output { format, file }]);
    let complete = say_without_result(simulated.iter().copied()).max(load_errors::report(&input));
    Ok(found.max(complete))
}

/// Returns the drivers with declared consumers.
fn consumers_of<'a>(
    workspace: &'a Workspace,
    drivers: &[&'a DriverContract],
) -> Vec<ConsumersOfDriver<'a>> {
    let of = |contract: &&'a DriverContract| ConsumersOfDriver {
        driver: &contract.name,
        needs: consumers(workspace, contract),
    };
    drivers.iter().map(of).filter(|of_driver| !of_driver.needs.is_empty()).collect()
}

/// Returns each driver and profile that has a budget, a simulation or a benchmark.
fn pairs<'a>(
    workspace: &'a Workspace,
    drivers: &[&'a DriverContract],
    simulated: &[Done<'a>],
    recorded: &[BenchmarkSection<'a>],
) -> Vec<ProfileSection<'a>> {
    let simulated: BTreeMap<_, _> = simulated
        .iter()
        .map(|done| ((&done.0.contract.name, done.0.workload.profile), *done))
        .collect();
    let mut samples: BTreeMap<_, Vec<BenchmarkSection<'a>>> = BTreeMap::new();
    for sample in recorded {
        let Benchmark { driver, profile, .. } = sample.benchmark;
        samples.entry((driver, *profile)).or_default().push(sample.clone());
    }
    let pair = |(contract, profile): (&'a DriverContract, BenchmarkProfile)| {
        let simulation = simulated.get(&(&contract.name, profile)).copied();
        let here = simulation.and_then(|(_, outcome)| outcome.as_ref().ok());
        let here =
            here.map(|result| sample(workspace, (&result.benchmark, &result.runs), Origin::Here));
        let recorded = samples.remove(&(&contract.name, profile)).into_iter().flatten();
        ProfileSection {
            contract,
            profile,
            budget: workspace.effective_budget(contract, profile),
            simulation,
            samples: here.into_iter().chain(recorded).collect(),
        }
    };
    let all = drivers
        .iter()
        .flat_map(|driver| workspace.profiles().map(move |profile| (*driver, profile)));
    all.map(pair)
        .filter(|pair| {
            pair.budget.is_some() || pair.simulation.is_some() || !pair.samples.is_empty()
        })
        .collect()
}

/// Returns the section of a benchmark, with the verdict. `runs` is empty for a recorded benchmark.
fn sample<'a>(
    workspace: &Workspace,
    (benchmark, runs): (&'a Benchmark, &[simulate::Run]),
    origin: Origin,
) -> BenchmarkSection<'a> {
    BenchmarkSection { benchmark, origin, judgement: judgement(workspace, benchmark, runs) }
}
