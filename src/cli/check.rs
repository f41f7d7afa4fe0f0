//! `driverc check`: every problem of every document.

use std::path::Path;

use super::{
    Failure, Outcome,
    arguments::{Check, Color, Reporting},
    failure::say,
    input::Input,
    output,
};
use crate::{
    finding::{Finding, Level},
    report::{self, Format, Summary},
    source::Location,
};

pub(super) fn run(command: &Check, color: Color) -> Result<Outcome, Failure> {
    let input = Input::load(&command.inputs)?;
    let findings = input.findings();
    show(&findings, &input, &command.reporting, color, command.output_file.as_deref())?;
    let completed = input.report_errors();
    Ok(outcome(&findings, &command.reporting).max(completed))
}

/// Writes the findings that are to be seen, and their number.
pub(super) fn show(
    findings: &[Finding<Location>],
    input: &Input,
    reporting: &Reporting,
    color: Color,
    file: Option<&Path>,
) -> Result<(), Failure> {
    let lowest = reporting.show.min(Level::Warn).min(reporting.fail_on);
    let visible = findings.iter().filter(|finding| finding.level >= lowest);
    let visible: Vec<_> = visible.cloned().collect();
    let style = output::style(color, file);
    let mut text = Vec::new();
    let sources = input.workspace.sources();
    report::write(reporting.output_format, &visible, sources, &style, &mut text)
        .map_err(|error| Failure::io("cannot render the findings", error))?;
    output::write(file, &text)?;
    match reporting.output_format {
        Format::Full if !visible.is_empty() => say(format_args!("\n{}", Summary::of(&visible))),
        Format::Full | Format::Concise => say(format_args!("{}", Summary::of(&visible))),
        Format::Json => {}
    }
    Ok(())
}

/// Whether the findings fail the run.
pub(super) fn outcome(findings: &[Finding<Location>], reporting: &Reporting) -> Outcome {
    let fails = findings.iter().any(|finding| finding.level >= reporting.fail_on);
    if fails && !reporting.exit_zero { Outcome::Findings } else { Outcome::Clean }
}
