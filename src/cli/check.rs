//! `driverc check`: every problem of every document.

use std::path::Path;

use super::{
    Failure, Outcome,
    arguments::{Check, Color},
    failure::say,
    feasibility, fix,
    input::Input,
    output,
    project::Project,
    show::{outcome, show, visible},
};
use crate::{
    configuration::Configuration,
    report::{Format, configuration},
    workspace::Texts,
};

pub(super) fn run(command: &Check, color: Color) -> Result<Outcome, Failure> {
    let reporting = &command.reporting;
    let format = command.written.output_format;
    let as_json = is_json(command)?;
    let project = Project::find(&command.inputs, reporting, format, color)?;
    if command.show_settings {
        return show_settings(&project.configuration, as_json, command.output_file.as_deref());
    }
    if command.feasibility {
        return feasibility::run(&Input::load(&command.inputs, project)?, command, as_json, color);
    }
    if command.fix || command.diff {
        return fix::run(command, Input::load(&command.inputs, project)?, color);
    }
    let input = Input::load_with(&command.inputs, project, Texts::Dropped)?;
    let findings = input.findings(reporting);
    let outcome = outcome(&findings.open, reporting);
    let visible = visible(findings, reporting);
    let file = command.output_file.as_deref();
    let shown = input.run(&visible.open, &visible.accepted);
    show(&shown, command.written.shape(), color, file)?;
    if command.unsafe_fixes {
        say(format_args!(
            "nothing is fixed: add `--fix` to `--unsafe-fixes`, or `--diff` to see how"
        ));
    }
    if input.doubles_unnamed_stdin(&visible.open) {
        say(format_args!(
            "standard input joins the documents; to replace one, name it with `--stdin-filename`"
        ));
    }
    let outcome = outcome.max(input.report_errors());
    // The process ends here. To give back every string of every contract first takes a twentieth
    // of the whole run, and there may be as many findings.
    std::mem::forget((input, visible));
    Ok(outcome)
}

/// Returns true if a mode without findings writes JSON. Formats for findings are an error.
fn is_json(command: &Check) -> Result<bool, Failure> {
    let format = command.written.output_format;
    let mode = match (command.feasibility, command.show_settings) {
        (true, _) => "--feasibility",
        (_, true) => "--show-settings",
        (false, false) => return Ok(false),
    };
    match format {
        Format::Full => Ok(false),
        Format::Json => Ok(true),
        Format::Concise
        | Format::JsonLines
        | Format::Sarif
        | Format::GitHub
        | Format::GitLab
        | Format::Junit
        | Format::Rdjson
        | Format::Markdown => Err(Failure::new(format!(
            "`{mode}` has no format `{}`; write `--output-format full` or `--output-format json`",
            format.label()
        ))),
    }
}

fn show_settings(
    configuration: &Configuration,
    as_json: bool,
    file: Option<&Path>,
) -> Result<Outcome, Failure> {
    let text = if as_json {
        configuration::json(configuration).map_err(|error| Failure::json(&error))?
    } else {
        configuration::toml(configuration)
    };
    output::write(file, text.as_bytes())?;
    Ok(Outcome::Clean)
}
