//! `driverc check`: every problem of every document.

use std::path::Path;

use super::{
    Failure, Outcome,
    arguments::{Check, Color, Reporting},
    failure::say,
    fix,
    input::Input,
    output,
    project::Project,
};
use crate::{
    finding::Finding,
    report::{self, Format, Style, Summary, settings},
    source::{Location, Sources},
};

pub(super) fn run(command: &Check, color: Color) -> Result<Outcome, Failure> {
    let reporting = &command.reporting;
    if command.show_settings {
        let project = Project::find(reporting, color)?;
        let text = settings::toml(&project.settings);
        output::write(command.output_file.as_deref(), text.as_bytes())?;
        return Ok(Outcome::Clean);
    }
    let project = Project::find(reporting, color)?;
    let input = Input::load(&command.inputs, project)?;
    if command.fix || command.unsafe_fixes || command.diff {
        return fix::run(command, input, color);
    }
    let findings = input.findings(reporting);
    let visible = visible(&findings, reporting);
    let file = command.output_file.as_deref();
    show(&visible, &input, reporting.output_format, color, file)?;
    let completed = input.report_errors();
    Ok(outcome(&findings, reporting).max(completed))
}

/// The findings that are to be seen.
pub(super) fn visible(
    findings: &[Finding<Location>],
    reporting: &Reporting,
) -> Vec<Finding<Location>> {
    let lowest = reporting.show.min(reporting.fail_on);
    findings.iter().filter(|finding| finding.level >= lowest).cloned().collect()
}

/// Writes findings, and how many there are.
pub(super) fn show(
    findings: &[Finding<Location>],
    input: &Input,
    format: Format,
    color: Color,
    file: Option<&Path>,
) -> Result<(), Failure> {
    let sources = input.workspace.sources();
    write(findings, sources, format, color, file)?;
    summarize(findings, sources, format, file);
    Ok(())
}

/// Says on standard error how many findings there are, where people read it.
pub(super) fn summarize(
    findings: &[Finding<Location>],
    sources: &Sources,
    format: Format,
    file: Option<&Path>,
) {
    // Where nothing was read, "no findings" would sound as if all were well.
    if !matches!(format, Format::Full | Format::Concise) || sources.is_empty() {
        return;
    }
    if format == Format::Full && !findings.is_empty() && file.is_none() {
        say(format_args!(""));
    }
    say(format_args!("{}", Summary::of(findings)));
}

/// Writes findings to a file or to standard output.
pub(super) fn write(
    findings: &[Finding<Location>],
    sources: &Sources,
    format: Format,
    color: Color,
    file: Option<&Path>,
) -> Result<(), Failure> {
    let style = output::style(color, file);
    output::write(file, &render(findings, sources, format, style)?)
}

/// Findings as the bytes of a format.
pub(super) fn render(
    findings: &[Finding<Location>],
    sources: &Sources,
    format: Format,
    style: Style,
) -> Result<Vec<u8>, Failure> {
    let mut text = Vec::new();
    report::write(format, findings, sources, &style, &mut text)
        .map_err(|error| Failure::io("cannot render the findings", &error))?;
    Ok(text)
}

/// Whether the findings fail the run.
pub(super) fn outcome(findings: &[Finding<Location>], reporting: &Reporting) -> Outcome {
    let fails = findings.iter().any(|finding| finding.level >= reporting.fail_on);
    if fails && !reporting.exit_zero { Outcome::Findings } else { Outcome::Clean }
}
