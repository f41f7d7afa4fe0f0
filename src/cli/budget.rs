//! `driverc budget`: judges benchmarks against budgets.

mod known;
mod simulated;

use super::{
    Failure, Outcome,
    arguments::{Budget, Color},
    failure::{say, say_bytes},
    input::{self, today},
    output,
    outputs::{self, Output},
    show,
};
use crate::{
    budget::{DriverProfile, JudgementTerms, SourcedBenchmark},
    finding::{DeclarationId, Level},
    lint::{self, Findings},
    model::Verdict,
    project::Loaded,
    report::{
        FindingsReport, Format, Style, Summary,
        budget::{self, BudgetResults},
    },
    rules::{Evidence, RequestedBy},
    workspace::Texts,
};

pub(super) fn run(command: &Budget, color: Color) -> Result<Outcome, Failure> {
    let outputs = outputs::of(&command.output_format, command.output_file.as_deref())?;
    let project = input::open(&command.inputs, color)?;
    let input = input::load(&command.inputs, project, Texts::Kept)?;
    outputs::refuse_inputs(&outputs, &input)?;
    // A verdict can depend on budgets and contracts in other documents, so all must be readable.
    let errors = input.workspace.findings();
    let outcome = show::read_errors(&input, errors, &outputs::full(command.quiet), color)?;
    if outcome != Outcome::Clean {
        return Ok(outcome);
    }
    let known = known::contracts(&command.signatures, input.project.configuration.max_file_bytes)?;
    let (samples, completed) = samples(command, &input)?;
    let named = samples.iter().filter_map(|sample| {
        let benchmark = sample.benchmark.as_ref().ok()?;
        Some((sample.subject.clone(), benchmark.clone()))
    });
    let named: Vec<_> = named.collect();
    let asked =
        if command.simulate { RequestedBy::ToJudgeSimulated(&named) } else { RequestedBy::ToJudge };
    let today = command.today.unwrap_or_else(today);
    let evidence =
        Evidence { configuration: &input.project.configuration, today, known: &known, asked };
    let findings = findings(&input, &evidence);
    let (confidence, fold) = (command.confidence, command.fold);
    let latency_unit = command.latency_unit.unit();
    let terms = JudgementTerms { confidence, fold, today, latency_unit };
    let pairs = input.workspace.judge_by(samples, &terms);
    let pairs = in_scope(&input, pairs, subjects_of);
    if pairs.is_empty() && findings.open.is_empty() && completed == Outcome::Clean {
        nothing_to_judge(&input)?;
    }
    let findings = findings.at_least(command.show.min(command.fail_on));
    show(command, &outputs, color, &input, &pairs, &findings)?;
    Ok(verdict(command, &pairs, &findings).max(completed))
}

/// Returns the benchmarks to judge, and whether every simulation produced a benchmark.
fn samples(command: &Budget, input: &Loaded) -> Result<(Vec<SourcedBenchmark>, Outcome), Failure> {
    if command.simulate {
        simulated::samples(input, command.max_work)
    } else {
        Ok((input.workspace.recorded_samples(), Outcome::Clean))
    }
}

fn findings(input: &Loaded, evidence: &Evidence<'_>) -> Findings {
    let path = |name: &str| input.project.relative_to_root(name.as_ref());
    input.concerned(lint::check_samples(&input.workspace, evidence, path))
}

/// Returns the declarations of the driver, its budget and its benchmarks.
fn subjects_of(pair: &DriverProfile) -> Vec<DeclarationId> {
    let driver = DeclarationId::Driver(pair.driver.clone());
    let budget = DeclarationId::Budget(pair.profile, pair.scope.clone());
    let samples = pair.benchmarks.iter().map(|assessed| assessed.sample.subject.clone());
    [driver, budget].into_iter().chain(samples).collect()
}

/// Returns the items that have at least one part in a requested document.
fn in_scope<T>(input: &Loaded, items: Vec<T>, parts: impl Fn(&T) -> Vec<DeclarationId>) -> Vec<T> {
    if !input.is_limited() {
        return items;
    }
    let parts: Vec<Vec<DeclarationId>> = items.iter().map(parts).collect();
    let places = parts.iter().flatten().cloned().map(DeclarationId::whole);
    // Locates all in one call, so that each document is read once.
    let mut places = input.workspace.locate_places(places).into_iter();
    let concerned = items.into_iter().zip(&parts).filter(|(_, parts)| {
        let own: Vec<_> = places.by_ref().take(parts.len()).collect();
        own.iter().any(|place| input.includes(place.source))
    });
    concerned.map(|(item, _)| item).collect()
}

/// Fails because there is nothing to judge, unless only some documents are requested: these
/// documents need not have budgets.
fn nothing_to_judge(input: &Loaded) -> Result<(), Failure> {
    if input.is_limited() {
        return Ok(());
    }
    Err(Failure::new("there is no budget and no benchmark to judge"))
}

/// Writes the verdicts and the findings.
fn show(
    command: &Budget,
    outputs: &[Output<'_, budget::BudgetFormat>],
    color: Color,
    input: &Loaded,
    pairs: &[DriverProfile],
    findings: &Findings,
) -> Result<(), Failure> {
    let run = FindingsReport::of_project(input, &findings.open, &findings.accepted);
    let (confidence, fold) = (command.confidence, command.fold);
    let results = BudgetResults { pairs, confidence, fold, workspace: &input.workspace, run };
    outputs::write(outputs, |Output { format, file }| {
        let style = output::style(color, *file);
        show::rendered("the results", |text| budget::write(*format, &results, &style, text))
    })?;
    summarize(command, pairs, &run, color)
}

/// Reports on standard error the benchmarks and findings that the format leaves out, and the number
/// of verdicts of each kind.
fn summarize(
    command: &Budget,
    pairs: &[DriverProfile],
    run: &FindingsReport<'_>,
    color: Color,
) -> Result<(), Failure> {
    let has = |format| command.output_format.iter().any(|output| output.format == format);
    if has(budget::BudgetFormat::Signature) {
        let style = Style { color: color == Color::Always, ..Style::default() };
        say_bytes(&show::render(run, Format::Concise, style)?.0);
    }
    let is_for_people = has(budget::BudgetFormat::Text) || has(budget::BudgetFormat::Signature);
    if is_for_people && !command.quiet {
        say(format_args!("{}", budget::summary(pairs)));
        if !run.findings.is_empty() {
            say(format_args!("{}", Summary::of(run.findings)));
        }
    }
    Ok(())
}

/// Returns the outcome of the run: a verdict or a finding can fail the run.
fn verdict(command: &Budget, pairs: &[DriverProfile], findings: &Findings) -> Outcome {
    let levels = pairs.iter().filter_map(|pair| match pair.verdict() {
        Verdict::Pass => None,
        Verdict::Fail => Some(Level::Error),
        Verdict::Inconclusive => Some(Level::Warn),
    });
    let found = findings.open.iter().map(|finding| finding.level);
    show::outcome(levels.chain(found), command.fail_on, command.exit_zero)
}
