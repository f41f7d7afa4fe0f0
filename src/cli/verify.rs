//! `driverc verify`: compares the configurations of clients and proxies with contracts.

use std::path::{Path, PathBuf};

use super::{
    Failure, Outcome,
    arguments::{Color, Inputs, Verify},
    failure::say,
    input::{self, read_named, today},
    load_errors, outputs, show,
    targets::{Declared, declared_files, in_project, options},
};
use crate::{
    finding::{DeclarationId, Finding, TargetPlace},
    model::{DriverContract, DriverName},
    project::Loaded,
    report::FindingsReport,
    source::{Location, Source},
    targets::{self, Drift, TargetOptions, syntax},
    workspace::Texts,
};

/// A configuration to compare with a contract.
struct Job {
    file: PathBuf,
    driver: DriverName,
    options: TargetOptions,
}

pub(super) fn run(command: &Verify, color: Color) -> Result<Outcome, Failure> {
    let outputs = command.written.outputs(None)?;
    let inputs = Inputs {
        quiet: command.written.quiet,
        ..Inputs::of(command.workspace.clone(), command.roots.clone())
    };
    let project = input::open_with_levels(&inputs, &command.reporting, &outputs, color)?;
    let mut input = input::load(&inputs, project, Texts::Dropped)?;
    outputs::refuse_inputs(&outputs, &input)?;
    let outcome = show::read_errors(&input, &input.read_errors(), &outputs, color)?;
    if outcome != Outcome::Clean {
        return Ok(outcome);
    }
    let jobs = jobs(command, &input)?;
    let (mut found, mut placeholders) = (Vec::new(), 0);
    for job in &jobs {
        placeholders += verify(job, &mut input, &mut found)?;
    }
    let reporting = &command.reporting;
    let findings = input.check_targets(found, reporting.today.unwrap_or_else(today));
    let (outcome, visible) = show::judged(findings, reporting);
    let shown = FindingsReport::of_project(&input, &visible.open, &visible.accepted);
    show::show(&shown, &outputs, color)?;
    if placeholders > 0 && !command.written.quiet {
        let values =
            if placeholders == 1 { "value is a placeholder" } else { "values are placeholders" };
        say(format_args!("{placeholders} {values}, which driverc did not compare"));
    }
    Ok(outcome.max(load_errors::report(&input)))
}

fn jobs(command: &Verify, input: &Loaded) -> Result<Vec<Job>, Failure> {
    let Some(target) = command.target else { return configured(input) };
    let options = options(target, &command.choice)?;
    let Some(driver) = &command.driver else {
        return Err(Failure::new("name the driver with `--driver NAME`"));
    };
    let job = |file: &PathBuf| Job { file: file.clone(), driver: driver.clone(), options };
    Ok(command.files.iter().map(job).collect())
}

/// Returns the configurations that `[[verify]]` declares.
fn configured(input: &Loaded) -> Result<Vec<Job>, Failure> {
    let declared = &input.project.configuration.verify;
    if declared.is_empty() {
        let message = "name a target and its files, or declare `[[verify]]` in `driverc.toml`";
        return Err(Failure::new(message));
    }
    let mut jobs = Vec::new();
    for files in declared {
        let Declared { driver, options, files } = declared_files("verify", files)?;
        let job =
            |file| Job { file: in_project(&input.project, file), driver: driver.clone(), options };
        jobs.extend(files.iter().map(job));
    }
    Ok(jobs)
}

/// Compares one file, and returns the number of placeholders in it.
fn verify(job: &Job, input: &mut Loaded, found: &mut Vec<Finding>) -> Result<usize, Failure> {
    let limit = input.project.configuration.max_file_bytes;
    let text = syntax::decoded(read_named(&job.file, limit)?);
    let contract = contract(input, &job.driver)?;
    let verification = targets::verify(contract, job.options, &text);
    let name = contract.name.clone();
    let source = Source::new(display(input, &job.file), verification.public_text);
    let source = input.workspace.add_target(source);
    for drift in verification.drifts {
        let Drift { rule, level, field, message, label, help, span } = drift;
        let subject = DeclarationId::Driver(name.clone());
        let place =
            field.map_or_else(|| subject.clone().whole(), |field| subject.clone().at(field));
        let mut finding = rule.finding(place, message);
        finding.help = help;
        let label = (!label.is_empty()).then(|| label.to_owned());
        let is_lesser = level < rule.level;
        finding.target = Some(TargetPlace { place: Location { source, span }, label, is_lesser });
        found.push(finding);
    }
    Ok(verification.placeholders)
}

fn display(input: &Loaded, file: &Path) -> String {
    input.project.display(file)
}

fn contract<'i>(input: &'i Loaded, name: &DriverName) -> Result<&'i DriverContract, Failure> {
    let names = input.workspace.drivers().map(|driver| driver.name.as_str());
    input.workspace.driver(name).ok_or_else(|| Failure::unknown_driver(name, names))
}
