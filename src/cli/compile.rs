//! `driverc compile`: writes the signature document or compares it with a file.

use std::path::Path;

use super::{
    Failure, Outcome,
    arguments::{Color, Compile, Emit},
    difference,
    failure::say,
    input, line_ends, load_errors, output, show,
};
use crate::{
    model::MaxFileBytes,
    project::Loaded,
    report::{FindingsReport, compiled},
    signature,
    workspace::{Content, Texts},
};

pub(super) fn run(command: &Compile, color: Color) -> Result<Outcome, Failure> {
    let reporting = &command.reporting;
    let (inputs, format) = (&command.inputs, command.written.output_format);
    let project = input::open_with_levels(inputs, reporting, format, color)?;
    let input = input::load(inputs, project, Texts::Dropped)?;
    let (outcome, visible) = show::judged(input::findings(&input, reporting), reporting);
    let fails = visible.open.iter().any(|finding| finding.level >= reporting.fail_on);
    if fails {
        let shown = FindingsReport::of_project(&input, &visible.open, &visible.accepted);
        show::show(&shown, command.written.shape(), color, None)?;
    }
    let completed = load_errors::report(&input);
    if fails || completed != Outcome::Clean {
        return Ok(outcome.max(completed));
    }
    let artefact = artefact(&input, command.emit)?;
    if let Some(file) = &command.check {
        let limit = input.project.configuration.max_file_bytes;
        return compare(file, &artefact, command.emit, limit);
    }
    output::write(command.output_file.as_deref(), artefact.as_bytes())?;
    // The process ends here, so the strings of the contracts need not be dropped.
    std::mem::forget((input, artefact));
    Ok(Outcome::Clean)
}

/// Returns the signatures of the requested documents.
fn artefact(input: &Loaded, emit: Emit) -> Result<String, Failure> {
    let (drivers, budgets) = (input.drivers(), input.budgets());
    match emit {
        Emit::Text => Ok(signature::signature_document(drivers, budgets)),
        Emit::Json => compiled::json(&drivers, &budgets).map_err(|error| Failure::json(&error)),
    }
}

/// Shows how the file would change.
fn compare(
    file: &Path,
    artefact: &str,
    emit: Emit,
    limit: MaxFileBytes,
) -> Result<Outcome, Failure> {
    let name = file.display();
    // The limit never excludes a file of the expected size, and allows that much in addition.
    let most = (artefact.len() as u64 + limit.get()).min(MaxFileBytes::MAX);
    let most = MaxFileBytes::new(most).unwrap_or(limit);
    let current = match Content::of_named(file, most) {
        Ok(Content::Whole(current)) => current,
        Ok(Content::TooLarge) => return Err(Failure::too_large(&name.to_string(), most)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            say(format_args!("`{name}` does not exist; {}", renew(file)));
            return Ok(Outcome::Findings);
        }
        Err(error) => return Err(Failure::io(&format!("cannot read `{name}`"), &error)),
    };
    let current = line_ends::as_committed(&current);
    if *current == *artefact.as_bytes() {
        return Ok(Outcome::Clean);
    }
    let current = String::from_utf8_lossy(&current);
    let difference = difference::of_artefact(&name.to_string(), &current, artefact, emit);
    output::to_stdout(difference.text.as_bytes())?;
    if let [first, rest @ ..] = &difference.foreign[..] {
        let more =
            if rest.is_empty() { String::new() } else { format!(", and {} more", rest.len()) };
        say(format_args!("line {first} of `{name}` is not a signature{more}"));
    }
    say(format_args!("`{name}` is not up to date; {}", renew(file)));
    Ok(Outcome::Findings)
}

fn renew(file: &Path) -> String {
    format!("write it with `-o {0}` instead of `--check {0}`", file.display())
}
