//! `driverc compile`: the signature document, written or compared.

use std::path::Path;

use super::{
    Failure, Outcome,
    arguments::{Color, Compile, Emit},
    check,
    failure::say,
    input::Input,
    output,
    project::Project,
};
use crate::{report::compiled, signature};

pub(super) fn run(command: &Compile, color: Color) -> Result<Outcome, Failure> {
    let reporting = &command.reporting;
    let input = Input::load(&command.inputs, Project::find(reporting, color)?)?;
    let findings = input.findings(reporting);
    let completed = input.report_errors();
    if findings.iter().any(|finding| finding.level >= reporting.fail_on) {
        let visible = check::visible(&findings, reporting);
        check::show(&visible, &input, reporting.output_format, color, None)?;
        return Ok(check::outcome(&findings, reporting).max(completed));
    }
    if completed != Outcome::Clean {
        return Ok(completed);
    }
    let artefact = artefact(&input, command.emit)?;
    match &command.check {
        Some(file) => compare(file, &artefact),
        None => {
            output::write(command.output_file.as_deref(), artefact.as_bytes())?;
            Ok(Outcome::Clean)
        }
    }
}

/// What was asked for, of the documents that were asked about.
fn artefact(input: &Input, emit: Emit) -> Result<String, Failure> {
    let workspace = &input.workspace;
    let included = |name: &str| workspace.source_of(name).is_some_and(|id| input.includes(id));
    let drivers: Vec<_> = workspace.drivers().filter(|driver| included(&driver.name)).collect();
    let budgets = workspace.declared_budgets().filter(|declared| input.includes(declared.source));
    let budgets: Vec<_> = budgets.map(|declared| &declared.item.budget).collect();
    match emit {
        Emit::Text => Ok(signature::signature_document(drivers, budgets)),
        Emit::Json => compiled::json(&drivers, &budgets)
            .map_err(|error| Failure::new(format!("cannot write JSON: {error}"))),
    }
}

/// Shows what would change in the file.
fn compare(file: &Path, artefact: &str) -> Result<Outcome, Failure> {
    let current = match std::fs::read_to_string(file) {
        Ok(current) => current,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            say(format_args!("`{}` does not exist; {}", file.display(), renew(file)));
            return Ok(Outcome::Findings);
        }
        Err(error) => return Err(Failure::io(&format!("cannot read `{}`", file.display()), error)),
    };
    if current == artefact {
        return Ok(Outcome::Clean);
    }
    let name = file.display().to_string();
    output::to_stdout(output::difference((&name, &current), ("compiled", artefact)).as_bytes())?;
    say(format_args!("`{name}` is not up to date; {}", renew(file)));
    Ok(Outcome::Findings)
}

fn renew(file: &Path) -> String {
    format!("run `driverc compile -o {}`", file.display())
}
