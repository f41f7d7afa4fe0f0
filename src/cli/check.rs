//! `driverc check`: every problem of every document.

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
use crate::{report::settings, workspace::Texts};

pub(super) fn run(command: &Check, color: Color) -> Result<Outcome, Failure> {
    let reporting = &command.reporting;
    if command.show_settings {
        let project =
            Project::find(&command.inputs, reporting, command.written.output_format, color)?;
        let text = settings::toml(&project.settings);
        output::write(command.output_file.as_deref(), text.as_bytes())?;
        return Ok(Outcome::Clean);
    }
    let project = Project::find(&command.inputs, reporting, command.written.output_format, color)?;
    if command.feasibility {
        let input = Input::load(&command.inputs, project)?;
        return feasibility::run(&input, color, command.output_file.as_deref());
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
    let outcome = outcome.max(input.report_errors());
    // The process ends here. To give back every string of every contract first takes a twentieth
    // of the whole run, and there may be as many findings.
    std::mem::forget((input, visible));
    Ok(outcome)
}
