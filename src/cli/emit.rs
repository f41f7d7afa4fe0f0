//! `driverc emit`: writes the configurations of clients and proxies from contracts.

mod files;
mod jobs;

use self::jobs::Job;
use super::{
    Failure, Outcome,
    arguments::{Color, EmitTarget},
    failure::say_bytes,
    input::{self, today},
    load_errors, output,
    outputs::{self, Output},
    show,
};
use crate::{
    finding::Finding, parallel, project::Loaded, report::FindingsReport, targets, workspace::Texts,
};

pub(super) fn run(command: &EmitTarget, color: Color) -> Result<Outcome, Failure> {
    let outputs = command.written.outputs(None)?;
    let project = input::open_with_levels(&command.inputs, &command.reporting, &outputs, color)?;
    let input = input::load(&command.inputs, project, Texts::Dropped)?;
    outputs::refuse_inputs(&outputs, &input)?;
    let outcome = show::read_errors(&input, &input.read_errors(), &outputs, color)?;
    if outcome != Outcome::Clean {
        return Ok(outcome);
    }
    let jobs = jobs::jobs(command, &input)?;
    files::refuse_paths(&jobs, &outputs, &input)?;
    let (mut found, mut texts) = (Vec::new(), Vec::new());
    for emission in parallel::all(&jobs, |job| targets::emit(job.contract, job.options)) {
        found.extend(emission.findings);
        texts.push(emission.text);
    }
    let outcome = report(command, &input, found, &outputs, color, &jobs)?;
    if outcome != Outcome::Clean {
        return Ok(outcome);
    }
    if command.check { files::compare(&jobs, &texts, &input) } else { files::write(&jobs, &texts) }
}

/// Shows the findings, and returns the outcome. Findings go to standard error if the configuration
/// goes to standard output.
fn report(
    command: &EmitTarget,
    input: &Loaded,
    found: Vec<Finding>,
    outputs: &[Output<'_>],
    color: Color,
    jobs: &[Job<'_>],
) -> Result<Outcome, Failure> {
    let reporting = &command.reporting;
    let findings = input.check_targets(found, reporting.today.unwrap_or_else(today));
    let (outcome, visible) = show::judged(findings, reporting);
    let shown = FindingsReport::of_project(input, &visible.open, &visible.accepted);
    let is_printed = jobs.iter().any(|job| job.file.is_none()) && outcome == Outcome::Clean;
    if !is_printed {
        show::show(&shown, outputs, color)?;
        return Ok(outcome.max(load_errors::report(input)));
    }
    let (files, streams): (Vec<_>, Vec<_>) =
        outputs.iter().copied().partition(|output| output.file.is_some());
    let mut omitted = show::write(&shown, &files, color)?;
    for output in streams.iter().filter(|_| !visible.open.is_empty()) {
        let style = output::style(color, output.file);
        let (findings, left_out) = show::render(&shown, output.format, style)?;
        omitted = left_out;
        say_bytes(&findings);
    }
    show::summarize(&shown, outputs, omitted);
    Ok(outcome.max(load_errors::report(input)))
}
