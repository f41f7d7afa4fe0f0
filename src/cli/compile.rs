//! `driverc compile`: writes the signature document or compares it with a file.

mod check;
mod lines;
mod merging;

use std::path::Path;

use super::{
    Failure, Outcome,
    arguments::{Color, Compile, Emit},
    failure::say,
    input, load_errors, output, outputs, show,
};
use crate::{
    model::MaxFileBytes,
    project::Loaded,
    report::{FindingsReport, Format, compiled},
    signature,
    workspace::{Content, Texts},
};

pub(super) fn run(command: &Compile, color: Color) -> Result<Outcome, Failure> {
    if command.seal && command.emit == Emit::Json {
        return Err(Failure::new("`--emit json` always has a digest; leave out `--seal`"));
    }
    let reporting = &command.reporting;
    let outputs = command.written.outputs(None)?;
    refuse_file_of_signatures(command)?;
    refuse_review(command)?;
    let inputs = &command.inputs;
    let project = input::open_with_levels(inputs, reporting, &outputs, color)?;
    let input = input::load(inputs, project, Texts::Dropped)?;
    outputs::refuse_inputs(&outputs, &input)?;
    outputs::refuse_inputs_in(command.output_file.as_deref().into_iter(), &input)?;
    let (outcome, visible) = show::judged(input::findings(&input, reporting), reporting);
    let fails = visible.open.iter().any(|finding| finding.level >= reporting.fail_on);
    let shown = FindingsReport::of_project(&input, &visible.open, &visible.accepted);
    if fails {
        show::show(&shown, &outputs, color)?;
    } else {
        // Standard output is for the signatures. A file for findings is never out of date.
        let files: Vec<_> = outputs.into_iter().filter(|output| output.file.is_some()).collect();
        show::write(&shown, &files, color)?;
    }
    let completed = load_errors::report(&input);
    if fails || completed != Outcome::Clean {
        return Ok(outcome.max(completed));
    }
    let mut artefact = artefact(&input, command.emit)?;
    if let Some(file) = &command.check {
        return check::compare(file, artefact, command, &input);
    }
    if command.emit == Emit::Text && is_sealed(command, &artefact, &input) {
        signature::seal(&mut artefact, input.drivers());
        warn_about_union(command.output_file.as_deref());
    }
    output::write(command.output_file.as_deref(), artefact.as_bytes())?;
    // The process ends here, so the strings of the contracts need not be dropped.
    std::mem::forget((input, artefact));
    Ok(Outcome::Clean)
}

/// Returns a failure if the file for findings is also the file of signatures that the run writes or
/// compares.
fn refuse_file_of_signatures(command: &Compile) -> Result<(), Failure> {
    let findings = || command.written.output_format.iter().filter_map(|it| it.file.as_deref());
    let written = command.output_file.as_deref();
    outputs::refuse_same_file(findings().chain(written))?;
    let mut places = output::Places::default();
    let compared = command.check.as_deref().map(|file| places.of(file));
    match findings().find(|file| compared.as_ref() == Some(&places.of(file))) {
        None => Ok(()),
        Some(file) => Err(Failure::new(format!(
            "the findings would replace `{}`, the file of `--check`; name another file",
            file.display()
        ))),
    }
}

/// Returns a failure if the findings have the format for comments on a pull request.
fn refuse_review(command: &Compile) -> Result<(), Failure> {
    match command.written.output_format.iter().find(|it| it.format == Format::Review) {
        None => Ok(()),
        Some(_) => Err(Failure::new("`compile` has no format `review`; run `driverc check`")),
    }
}

/// Returns the signatures of the requested documents, without a seal.
fn artefact(input: &Loaded, emit: Emit) -> Result<String, Failure> {
    let (drivers, budgets) = (input.drivers(), input.budgets());
    match emit {
        Emit::Text => Ok(signature::signature_document(drivers, budgets)),
        Emit::Json => compiled::json(&drivers, &budgets).map_err(|error| Failure::json(&error)),
    }
}

/// Returns true if the output needs a seal: on request, or because the output file has a seal.
fn is_sealed(command: &Compile, artefact: &str, input: &Loaded) -> bool {
    if command.seal {
        return true;
    }
    // A pipe is not read. The write reports any other error.
    let most = most(artefact, command.emit, input.project.configuration.max_file_bytes);
    let existing = command.output_file.as_deref().map(|file| Content::of_file(file, most));
    match existing {
        Some(Ok(Content::Whole(bytes))) => signature::is_sealed(&String::from_utf8_lossy(&bytes)),
        _ => false,
    }
}

fn warn_about_union(file: Option<&Path>) {
    if let Some(file) = file.filter(|file| merging::has_union(file)) {
        say(format_args!("warning: {}", merging::fault(file)));
    }
}

/// The longest seal of a document without drivers, rounded up, in bytes.
const SEAL_BYTES: usize = 128;

/// The maximum size of a file to compare with the artefact: the expected size plus `limit`. It
/// therefore never excludes a file of the expected size.
fn most(artefact: &str, emit: Emit, limit: MaxFileBytes) -> MaxFileBytes {
    // A matrix repeats a part of each driver's signature, so it is not longer than they are.
    let expected = match emit {
        Emit::Text => 2 * artefact.len() + SEAL_BYTES,
        Emit::Json => artefact.len(),
    };
    let most = (expected as u64).saturating_add(limit.get()).min(MaxFileBytes::MAX);
    MaxFileBytes::new(most).unwrap_or(limit)
}
