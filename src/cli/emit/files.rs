//! Writes configurations to files, or compares them with files.

use std::{collections::BTreeSet, fs, io, path::Path};

use super::Job;
use crate::{
    boundary::Refusal,
    cli::{
        Failure, Outcome, difference,
        failure::say,
        input::NamedFiles,
        line_ends, output,
        outputs::{self, Output},
    },
    model::MaxFileBytes,
    project::Loaded,
    targets::{self, syntax},
    workspace::Content,
};

/// The maximum number of files that are replaced together. All of them are open at the same time.
const MOST_OPEN: usize = 128;

/// Returns a failure if two outputs go to the same file, or if an output would replace an input.
pub(super) fn refuse_paths(
    jobs: &[Job<'_>],
    outputs: &[Output<'_>],
    input: &Loaded,
) -> Result<(), Failure> {
    let files = || jobs.iter().filter_map(|job| job.file.as_deref());
    outputs::refuse_same_file(files().chain(outputs.iter().filter_map(|output| output.file)))?;
    outputs::refuse_inputs_in(files(), input)
}

/// Writes all configurations. Leaves files alone that already have the right content.
pub(super) fn write(jobs: &[Job<'_>], texts: &[String]) -> Result<Outcome, Failure> {
    let files = jobs.iter().map(|job| job.file.as_deref());
    let is_new = |(file, text): &(Option<&Path>, &String)| !file.is_some_and(|it| holds(it, text));
    let changed: Vec<_> = files.zip(texts).filter(is_new).collect();
    let files = || changed.iter().filter_map(|(file, _)| *file);
    // Creating a folder would follow a link that the output must not follow.
    files().try_for_each(output::allow)?;
    let folders: BTreeSet<_> = files().filter_map(Path::parent).collect();
    for folder in folders {
        fs::create_dir_all(folder).map_err(|error| Failure::write(folder, &error))?;
    }
    output::remove_left_over(files());
    for outputs in changed.chunks(MOST_OPEN) {
        let bytes = outputs.iter().map(|(file, text)| (*file, text.as_bytes().to_vec()));
        output::write_batch(&bytes.collect::<Vec<_>>())?;
    }
    Ok(Outcome::Clean)
}

/// Returns true if a file has this content, so that it need not be written.
fn holds(file: &Path, text: &str) -> bool {
    let most = MaxFileBytes::new(text.len() as u64).unwrap_or(MaxFileBytes::LEAST);
    let is_equal = |content| matches!(content, Content::Whole(bytes) if bytes == text.as_bytes());
    Content::of_file(file, most).is_ok_and(is_equal)
}

/// Compares all configurations with their files, and prints the differences.
pub(super) fn compare(
    jobs: &[Job<'_>],
    texts: &[String],
    input: &Loaded,
) -> Result<Outcome, Failure> {
    let limit = input.project.configuration.max_file_bytes;
    let named = NamedFiles::around_directory()?;
    let mut outcome = Outcome::Clean;
    for (job, text) in jobs.iter().zip(texts) {
        let Some(file) = &job.file else { continue };
        let content = if job.is_declared {
            Content::inside(&input.project.boundary, file, limit)
        } else {
            named.content(file, limit)
        };
        let Some(current) = existing(content, file, limit)? else {
            say(format_args!("`{}` does not exist; write it without `--check`", file.display()));
            outcome = Outcome::Findings;
            continue;
        };
        let current = line_ends::as_committed(&current);
        if *current == *text.as_bytes() {
            continue;
        }
        let name = file.display().to_string();
        let current = syntax::decoded(current.into_owned());
        let Some(current) = current.filter(|it| targets::is_emitted(it, job.options)) else {
            say(format_args!(
                "`emit` did not write `{name}`, so `--check` does not print its lines; to replace the \
                 file, run `emit` without `--check`"
            ));
            outcome = Outcome::Findings;
            continue;
        };
        let current = public(&current, text, job);
        let difference = difference::of_texts((&name, &current), ("emitted", text));
        output::to_stdout(difference.as_bytes())?;
        say(format_args!("`{name}` is not up to date; write it without `--check`"));
        outcome = Outcome::Findings;
    }
    Ok(outcome)
}

/// Returns the text of a file. A value that is neither emitted nor part of a contract is hidden,
/// because it can be secret.
fn public(current: &str, emitted: &str, job: &Job<'_>) -> String {
    let hidden = targets::public_text(current, job.options);
    let lines = current.lines().zip(hidden.lines());
    let is_emitted = |line: &str| emitted.lines().any(|other| other == line);
    lines.flat_map(|(line, hidden)| [if is_emitted(line) { line } else { hidden }, "\n"]).collect()
}

/// Returns the bytes of a file, or `None` if the file does not exist.
fn existing(
    content: Result<Content, Refusal>,
    file: &Path,
    limit: MaxFileBytes,
) -> Result<Option<Vec<u8>>, Failure> {
    let name = file.display().to_string();
    match content {
        Ok(Content::Whole(current)) => Ok(Some(current)),
        Ok(Content::TooLarge) => Err(Failure::too_large(&name, limit)),
        Err(Refusal::Io(error)) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(refusal) => Err(Failure::unreadable(&name, refusal)),
    }
}
