//! `driverc diff`: compares two versions of the contracts.

mod base;
mod compare;
mod dropped;
mod extras;
mod known;
mod plan;
mod read_errors;

use std::path::Path;

use self::compare::Compared;
pub(super) use self::known::leave_out_known;
use super::{
    Failure, Outcome,
    arguments::{Color, Diff},
    failure::say,
    input::STDIN,
    output,
    outputs::{self, Output},
    show,
};
use crate::{
    diff::JoinedDifference,
    report::diff::{self, DiffFormat, DiffReport, JoinedReport},
};

/// The name of the output in messages.
const CHANGES: &str = "the changes";

pub(super) fn run(command: &Diff, color: Color) -> Result<Outcome, Failure> {
    if command.paths.iter().any(|path| path == Path::new(STDIN)) {
        return Err(Failure::new("standard input has no base; name a folder or file"));
    }
    let outputs = outputs::of(&command.output_format, command.output_file.as_deref())?;
    let plan = plan::plan(command)?;
    let mut outcome = Outcome::Clean;
    let mut projects = Vec::new();
    for comparison in &plan {
        match compare::compare(comparison, &plan, color) {
            Ok(compared) => projects.push(compared),
            Err(failure) if plan.len() > 1 => {
                say(format_args!("error: {failure}"));
                outcome = Outcome::Incomplete;
            }
            Err(failure) => return Err(failure),
        }
    }
    if projects.is_empty() {
        return Ok(outcome);
    }
    projects.iter().try_for_each(|project| outputs::refuse_inputs(&outputs, &project.new))?;
    let differences: Vec<_> =
        projects.iter_mut().map(|project| std::mem::take(&mut project.difference)).collect();
    let sides = projects.iter().map(|project| [&project.old, &project.new.workspace]);
    let mut joined = JoinedDifference::of(differences.into_iter().zip(sides).collect());
    for unused in joined.difference.accept_by_arguments(&command.accept) {
        say(format_args!("warning: {unused}"));
    }
    show(&joined, &projects, command, &outputs, color)?;
    for driver in projects.iter().flat_map(|project| &project.unknown) {
        say(format_args!(
            "warning: driver `{driver}` is not compared, because its table in the base can have errors"
        ));
    }
    let read = projects.iter().map(|project| project.read).max().unwrap_or(outcome);
    let severities = joined.difference.open().map(|change| change.severity);
    let judged = show::outcome(severities, command.fail_on, command.exit_zero);
    Ok(judged.max(read).max(outcome))
}

/// Writes the changes and their number.
fn show(
    joined: &JoinedDifference,
    projects: &[Compared],
    command: &Diff,
    outputs: &[Output<'_, DiffFormat>],
    color: Color,
) -> Result<(), Failure> {
    let sides = projects.iter().map(|project| DiffReport {
        difference: &joined.difference,
        old: &project.old,
        new: &project.new.workspace,
        against: &project.against,
        directory: project.new.project.directory_in_repository(),
        fail_on: command.fail_on,
    });
    let sides: Vec<_> = sides.collect();
    let comparison = JoinedReport { joined, sides: &sides };
    outputs::write(outputs, |Output { format, file }| {
        let style = output::style(color, *file);
        show::rendered(CHANGES, |text| diff::write_joined(*format, &comparison, &style, text))
    })?;
    let has = |formats: &[DiffFormat]| outputs.iter().any(|it| formats.contains(&it.format));
    if has(&[DiffFormat::GitHub]) {
        show::append_step_summary(CHANGES, |text| {
            diff::write_joined_step_summary(&comparison, text)
        })?;
    }
    if command.quiet {
        return Ok(());
    }
    if has(&[DiffFormat::Full, DiffFormat::Concise]) {
        let count = diff::summary(&joined.difference);
        say(format_args!("{count} against {}", sides[0].against));
    }
    if has(&[DiffFormat::Full, DiffFormat::Concise, DiffFormat::GitHub])
        && let Some(line) = diff::how_to_accept(&sides[0])
    {
        say(format_args!("{line}"));
    }
    Ok(())
}
