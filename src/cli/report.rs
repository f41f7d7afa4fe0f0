//! `driverc report`: everything that is known of a workspace, as one page.
//!
//! The page is written whatever is found, and shows it. Budgets are shown, and fail nothing.

mod judge;

use self::judge::judgement;
use super::{
    Failure, Outcome,
    arguments::{Color, Report},
    bench::say_without_result,
    input::Input,
    output,
    progress::watched,
    project::Project,
    show,
};
use crate::{
    model::{Benchmark, BenchmarkProfile, DriverContract},
    report::{
        Format, bench,
        html::{self, Origin, Page, Pair, Sample},
    },
    simulate::{Simulation, simulate_all},
    workspace::{Progress, Workspace},
};

pub(super) fn run(command: &Report, color: Color) -> Result<Outcome, Failure> {
    let reporting = &command.reporting;
    let project = Project::find(&command.inputs, reporting, Format::Full, color)?;
    let input = Input::load(&command.inputs, project)?;
    let findings = input.findings(reporting);
    let found = show::outcome(&findings.open, reporting);
    let visible = show::visible(findings, reporting);
    let shown = input.run(&visible.open, &visible.accepted);
    let simulations = if command.no_simulate { Vec::new() } else { simulations(&input) };
    let progress = Progress::default();
    let outcomes = watched("simulating", &progress, || simulate_all(&simulations, &progress));
    let simulated: Vec<_> = simulations.iter().zip(&outcomes).collect();

    let drivers = input.drivers();
    let budgets = input.budgets();
    let recorded: Vec<_> = input
        .benchmarks()
        .map(|benchmark| sample(&input.workspace, benchmark, Origin::Recorded))
        .collect();
    let page = Page {
        run: shown,
        unread: &input.unread_paths(),
        drivers: &drivers,
        budgets: &budgets,
        pairs: &pairs(&input.workspace, &drivers, &simulated, &recorded),
        recorded: &recorded,
        simulated: !command.no_simulate,
    };
    let mut text = Vec::new();
    html::write(&page, &mut text).map_err(|error| Failure::io("cannot render the page", &error))?;
    let file = command.output_file.as_deref();
    output::write(file, &text)?;
    show::summarize(&shown, Format::Concise, file);
    let complete = say_without_result(simulated.iter().copied()).max(input.report_errors());
    Ok(found.max(complete))
}

/// What can be simulated of the documents that were asked about.
fn simulations(input: &Input) -> Vec<Simulation> {
    let drivers = input.drivers();
    let asked = |simulation: &Simulation| {
        drivers.iter().any(|driver| driver.name == simulation.contract.name)
    };
    input.workspace.simulations().into_iter().filter(asked).collect()
}

/// Each driver under each profile of which there is anything to show.
fn pairs<'a>(
    workspace: &'a Workspace,
    drivers: &[&'a DriverContract],
    simulated: &[(&'a Simulation, &'a bench::Outcome)],
    recorded: &[Sample<'a>],
) -> Vec<Pair<'a>> {
    let profiles = Workspace::profiles().iter().copied();
    let all = drivers
        .iter()
        .flat_map(|driver| profiles.clone().map(move |profile| (*driver, profile)))
        .map(|(contract, profile)| pair(workspace, contract, profile, simulated, recorded));
    all.filter(|pair| {
        pair.budget.is_some() || pair.simulation.is_some() || !pair.samples.is_empty()
    })
    .collect()
}

fn pair<'a>(
    workspace: &'a Workspace,
    contract: &'a DriverContract,
    profile: BenchmarkProfile,
    simulated: &[(&'a Simulation, &'a bench::Outcome)],
    recorded: &[Sample<'a>],
) -> Pair<'a> {
    let simulation = simulated.iter().copied().find(|(simulation, _)| {
        simulation.contract.name == contract.name && simulation.workload.profile == profile
    });
    let here = simulation.and_then(|(_, outcome)| outcome.as_ref().ok());
    let here = here.map(|result| sample(workspace, &result.benchmark, Origin::Here));
    let recorded = recorded.iter().filter(|sample| {
        sample.benchmark.driver == contract.name && sample.benchmark.profile == profile
    });
    Pair {
        contract,
        profile,
        budget: workspace.effective_budget(contract, profile),
        simulation,
        samples: here.into_iter().chain(recorded.cloned()).collect(),
    }
}

fn sample<'a>(workspace: &Workspace, benchmark: &'a Benchmark, origin: Origin) -> Sample<'a> {
    Sample { benchmark, origin, judgement: judgement(workspace, benchmark) }
}
