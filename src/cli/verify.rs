//! `driverc verify`: compares the configurations of clients and proxies with contracts.

use std::path::{Path, PathBuf};

use super::{
    Failure, Outcome,
    arguments::{Color, Inputs, Verify},
    failure::say,
    input::{self, NamedFiles, today},
    load_errors, outputs, show,
    targets::{Declared, declared_files, in_project, options, text_of},
};
use crate::{
    finding::{DeclarationId, Finding, TargetPlace},
    model::DriverName,
    parallel,
    project::Loaded,
    report::FindingsReport,
    source::{Location, Source},
    targets::{self, Drift, TargetOptions, Verification},
    workspace::{Content, Texts},
};

/// A configuration to compare with a contract.
struct Job {
    file: PathBuf,
    driver: DriverName,
    options: TargetOptions,
    /// Whether `driverc.toml` names the file. Otherwise, the command line names it.
    is_declared: bool,
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
    let named = NamedFiles::around_directory()?;
    let verified = parallel::all(&jobs, |job| verify(job, &named, &input));
    let (mut found, mut placeholders) = (Vec::new(), 0);
    let mut failures = Vec::new();
    for (job, verified) in jobs.iter().zip(verified) {
        match verified {
            Ok(verification) => {
                placeholders += verification.placeholders;
                add(job, verification, &mut input, &mut found);
            }
            Err(failure) => failures.push(failure),
        }
    }
    let reporting = &command.reporting;
    let findings = input.check_targets(found, reporting.today.unwrap_or_else(today));
    let (outcome, visible) = show::judged(findings, reporting);
    let shown = FindingsReport::of_project(&input, &visible.open, &visible.accepted);
    let omitted = show::write(&shown, &outputs, color)?;
    // "no findings" would be wrong if a file was not compared.
    if failures.is_empty() || !visible.open.is_empty() {
        show::summarize(&shown, &outputs, omitted);
    }
    if placeholders > 0 && !command.written.quiet {
        let values =
            if placeholders == 1 { "value is a placeholder" } else { "values are placeholders" };
        say(format_args!("{placeholders} {values}, which driverc did not compare"));
    }
    let outcome = outcome.max(load_errors::report(&input));
    // The last failure ends the run.
    let last = failures.pop();
    for failure in &failures {
        say(format_args!("error: {failure}"));
    }
    last.map_or(Ok(outcome), Err)
}

fn jobs(command: &Verify, input: &Loaded) -> Result<Vec<Job>, Failure> {
    let Some(target) = command.target else { return declared(input) };
    let options = options(target, &command.choice)?;
    let Some(driver) = &command.driver else {
        return Err(Failure::new("name the driver with `--driver NAME`"));
    };
    let job = |file: &PathBuf| Job {
        file: file.clone(),
        driver: driver.clone(),
        options,
        is_declared: false,
    };
    Ok(command.files.iter().map(job).collect())
}

/// Returns the configurations that `[[verify]]` declares.
fn declared(input: &Loaded) -> Result<Vec<Job>, Failure> {
    let declared = &input.project.configuration.verify;
    if declared.is_empty() {
        let message = "name a target and its files, or declare `[[verify]]` in `driverc.toml`";
        return Err(Failure::new(message));
    }
    let mut jobs = Vec::new();
    for files in declared {
        let Declared { driver, options, files } = declared_files("verify", files)?;
        for file in files {
            let file = in_project(&input.project, file)?;
            jobs.push(Job { file, driver: driver.clone(), options, is_declared: true });
        }
    }
    Ok(jobs)
}

/// Compares one file.
fn verify(job: &Job, others: &NamedFiles, input: &Loaded) -> Result<Verification, Failure> {
    let limit = input.project.configuration.max_file_bytes;
    let names = input.workspace.drivers().map(|driver| driver.name.as_str());
    let contract = input.workspace.driver(&job.driver);
    let contract = contract.ok_or_else(|| Failure::unknown_driver(&job.driver, names))?;
    let bytes = if job.is_declared {
        let name = job.file.display().to_string();
        let content = Content::inside(&input.project.boundary, &job.file, limit);
        input::whole(content.map_err(|error| Failure::unreadable(&name, error))?, &name, limit)?
    } else {
        others.read(&job.file, limit)?
    };
    let text = text_of(&job.file.display().to_string(), bytes, job.options)?;
    Ok(targets::verify(contract, job.options, &text))
}

/// Adds the differences of one file.
fn add(job: &Job, verification: Verification, input: &mut Loaded, found: &mut Vec<Finding>) {
    if verification.drifts.is_empty() {
        return;
    }
    let source = Source::new(display(input, &job.file), verification.public_text);
    let source = input.workspace.add_target(source);
    for drift in verification.drifts {
        let Drift { rule, level, field, message, label, help, span } = drift;
        let subject = DeclarationId::Driver(job.driver.clone());
        let place =
            field.map_or_else(|| subject.clone().whole(), |field| subject.clone().at(field));
        let mut finding = rule.finding(place, message);
        finding.help = help;
        let label = (!label.is_empty()).then(|| label.to_owned());
        let is_lesser = level < rule.level;
        finding.target = Some(TargetPlace { place: Location { source, span }, label, is_lesser });
        found.push(finding);
    }
}

fn display(input: &Loaded, file: &Path) -> String {
    input.project.display(file)
}
