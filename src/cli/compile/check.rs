//! Compares a committed file with the compiled signatures and says how to update it.

use std::{io, path::Path};

use super::{lines, merging, most};
use crate::{
    cli::{
        Failure, Outcome,
        arguments::{Compile, Emit},
        difference,
        failure::say,
        line_ends, output,
    },
    project::Loaded,
    signature,
    workspace::Content,
};

/// Compares a file with the artefact, which has no seal, and shows how the file would change.
///
/// A sealed document and JSON must match byte for byte. In other documents, order and duplicates
/// do not matter.
pub(super) fn compare(
    file: &Path,
    mut artefact: String,
    command: &Compile,
    input: &Loaded,
) -> Result<Outcome, Failure> {
    let Some(current) = content(file, &artefact, command, input)? else {
        let renew = renew(command, file);
        say(format_args!("`{}` does not exist; {renew}", file.display()));
        return Ok(Outcome::Findings);
    };
    let current = line_ends::as_committed(&current);
    let text = String::from_utf8_lossy(&current);
    let is_text = command.emit == Emit::Text;
    let is_sealed = is_text && (command.seal || signature::is_sealed(&text));
    if is_sealed {
        signature::seal(&mut artefact, input.drivers());
    }
    let is_mergeable = !is_sealed || !merging::has_union(file);
    if !is_mergeable {
        say(format_args!("{}", merging::fault(file)));
    }
    let is_equal = *current == *artefact.as_bytes();
    if is_equal || (is_text && !is_sealed && lines::are_same_set(&text, &artefact)) {
        return Ok(if is_mergeable { Outcome::Clean } else { Outcome::Findings });
    }
    let name = file.display().to_string();
    let difference = difference::of_artefact(&name, &text, &artefact, command.emit);
    output::to_stdout(difference.as_bytes())?;
    if is_text {
        report(&lines::problems(&name, &text, &artefact), is_sealed);
    }
    say(format_args!("`{name}` is not up to date; {}", renew(command, file)));
    Ok(Outcome::Findings)
}

/// The content of the file, or `None` if it does not exist.
fn content(
    file: &Path,
    artefact: &str,
    command: &Compile,
    input: &Loaded,
) -> Result<Option<Vec<u8>>, Failure> {
    let name = file.display().to_string();
    let most = most(artefact, command.emit, input.project.configuration.max_file_bytes);
    match Content::of_named(file, most) {
        Ok(Content::Whole(current)) => Ok(Some(current)),
        Ok(Content::TooLarge) => Err(Failure::too_large(&name, most)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Failure::io(&format!("cannot read `{name}`"), &error)),
    }
}

fn report(problems: &[String], is_sealed: bool) {
    for problem in problems {
        say(format_args!("{problem}"));
    }
    if problems.is_empty() && is_sealed {
        say(format_args!("a sealed document must match byte for byte"));
    }
}

/// Returns the end of a message that says how to write the file.
fn renew(command: &Compile, file: &Path) -> String {
    match command_line(command, file) {
        Some(line) => format!("write it with `{line}`"),
        None => format!("write it with `-o {0}` instead of `--check {0}`", file.display()),
    }
}

/// Returns the command that writes the file. Returns `None` if the command would need further
/// options, such as `--select` or `--root`, or if a path is not a plain word.
fn command_line(command: &Compile, file: &Path) -> Option<String> {
    let (inputs, reporting) = (&command.inputs, &command.reporting);
    let has_levels = !(reporting.select.is_empty()
        && reporting.ignore.is_empty()
        && reporting.level.is_empty()
        && reporting.today.is_none());
    let has_inputs = inputs.stdin_filename.is_some()
        || inputs.force_exclude
        || inputs.max_file_size.is_some()
        || !inputs.roots.folders.is_empty();
    let is_plain = |path: &Path| path.to_str().is_some_and(is_plain_word);
    let configuration = inputs.roots.configuration.as_deref();
    let mut paths = inputs.paths.iter().map(|path| &**path).chain(configuration).chain([file]);
    if has_levels || has_inputs || !paths.all(is_plain) {
        return None;
    }
    let mut line = "driverc compile".to_owned();
    if command.emit == Emit::Json {
        line.push_str(" --emit json");
    }
    if command.seal {
        line.push_str(" --seal");
    }
    if let Some(configuration) = configuration {
        line.extend([" --config ", &configuration.to_string_lossy()]);
    }
    for path in &inputs.paths {
        line.extend([" ", &path.to_string_lossy()]);
    }
    Some(format!("{line} -o {}", file.display()))
}

/// Returns true if a shell reads a word as one argument that is not an option.
fn is_plain_word(word: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"_./:-+@%,".contains(&byte);
    !word.is_empty() && !word.starts_with('-') && word.bytes().all(is_plain)
}
