//! `driverc check`: every problem of every document.

use super::{
    Failure, Outcome,
    arguments::{Check, Color},
    feasibility, fix,
    input::Input,
    output,
    project::Project,
    show::{outcome, show, visible},
};
use crate::report::settings;

pub(super) fn run(command: &Check, color: Color) -> Result<Outcome, Failure> {
    let reporting = &command.reporting;
    if command.show_settings {
        let project = Project::find(&command.inputs, reporting, command.output_format, color)?;
        let text = settings::toml(&project.settings);
        output::write(command.output_file.as_deref(), text.as_bytes())?;
        return Ok(Outcome::Clean);
    }
    let project = Project::find(&command.inputs, reporting, command.output_format, color)?;
    let input = Input::load(&command.inputs, project)?;
    if command.feasibility {
        return feasibility::run(&input, color, command.output_file.as_deref());
    }
    if command.fix || command.unsafe_fixes || command.diff {
        return fix::run(command, input, color);
    }
    let findings = input.findings(reporting);
    let outcome = outcome(&findings.open, reporting);
    let visible = visible(findings, reporting);
    let file = command.output_file.as_deref();
    let shown = input.run(&visible.open, &visible.accepted);
    show(&shown, command.output_format, color, file)?;
    let completed = input.report_errors();
    Ok(outcome.max(completed))
}
