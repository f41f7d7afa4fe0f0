//! Chooses the projects of a run: one for most commands, several for `check` and `diff`.

use std::{
    env,
    path::{Path, PathBuf},
};

use super::{
    Failure, Outcome,
    arguments::{Inputs, Reporting},
    failure::say,
    input::{self, STDIN},
};
use crate::{
    project::{Loaded, Options, Project, Selection, Target},
    workspace::Texts,
};

/// The maximum number of projects that a message names.
const MOST_NAMES: usize = 10;

/// Finds the projects that the command line names, at least one.
pub(super) fn select(inputs: &Inputs) -> Result<Vec<Selection>, Failure> {
    let directory = directory()?;
    if inputs.stdin_filename.is_some() && !inputs.paths.iter().any(|path| path == Path::new(STDIN))
    {
        return Err(input::without_stdin());
    }
    let targets: Vec<_> = inputs.paths.iter().map(|path| target(path, inputs)).collect();
    let selected = Project::select(directory, &targets, &options(inputs));
    selected.map_err(|error| Failure::project(&error))
}

/// Returns the target for a path on the command line. Standard input belongs to the project of the
/// file that `--stdin-filename` names.
fn target(path: &Path, inputs: &Inputs) -> Target {
    let mut target = Target::from(path.to_owned());
    if path == Path::new(STDIN) {
        target.at = inputs.stdin_filename.clone().unwrap_or_else(|| input::STDIN_NAME.into());
    }
    target
}

/// Finds the project of a command that handles only one project. Fails if there are several
/// projects, unless the working directory itself is a project without a configuration and the
/// command line names no paths.
pub(super) fn one(inputs: &Inputs) -> Result<Selection, Failure> {
    let mut selected = select(inputs)?;
    let is_own = |it: &Selection| inputs.paths.is_empty() && it.configuration.is_none();
    if selected.len() > 1 && !selected.first().is_some_and(is_own) {
        return Err(Failure::new(format!(
            "this command works on one project, but finds {}: {}; choose one with `--config`",
            selected.len(),
            names(&selected)
        )));
    }
    Ok(selected.swap_remove(0).alone())
}

/// Returns the names of the projects.
pub(super) fn names(selected: &[Selection]) -> String {
    let names = selected.iter().take(MOST_NAMES).map(|it| format!("`{}`", it.name()));
    let names = names.collect::<Vec<_>>().join(", ");
    match selected.len().saturating_sub(MOST_NAMES) {
        0 => names,
        more => format!("{names} and {more} more"),
    }
}

/// Opens a project with the options of the command line.
pub(super) fn open(selection: &Selection, inputs: &Inputs) -> Result<Project, Failure> {
    selection.open(&options(inputs)).map_err(|error| Failure::project(&error))
}

pub(super) fn directory() -> Result<PathBuf, Failure> {
    env::current_dir().map_err(|error| Failure::io("cannot find the working directory", &error))
}

fn options(inputs: &Inputs) -> Options {
    Options {
        roots: inputs.roots.folders.clone(),
        max_file_bytes: inputs.max_file_size,
        detached: inputs.is_builtin(),
        configuration: inputs.roots.configuration.clone(),
    }
}

/// Reads several projects, independently of each other. Reports each project that cannot be read,
/// and continues with the next project.
pub(super) fn load_all(
    selected: &[Selection],
    inputs: &Inputs,
    reporting: &Reporting,
    texts: Texts,
) -> (Vec<Loaded>, Outcome) {
    let mut outcome = Outcome::Clean;
    let mut projects = Vec::new();
    for selection in selected {
        let (loaded, error) = match load(selection, inputs, reporting, texts) {
            Ok((loaded, error)) => (Some(loaded), error),
            Err(failure) => (None, Some(failure)),
        };
        projects.extend(loaded);
        if let Some(failure) = error {
            say(format_args!("error: {failure}"));
            outcome = Outcome::Incomplete;
        }
    }
    (projects, outcome)
}

/// Reads a project. If its configuration has errors, reads no documents, and returns a failure for
/// the run.
fn load(
    selection: &Selection,
    inputs: &Inputs,
    reporting: &Reporting,
    texts: Texts,
) -> Result<(Loaded, Option<Failure>), Failure> {
    let paths = selection.paths.clone();
    let has_stdin = paths.iter().any(|path| path == Path::new(STDIN));
    let stdin_filename = inputs.stdin_filename.clone().filter(|_| has_stdin);
    let inputs = Inputs { paths, stdin_filename, ..inputs.clone() };
    let mut project = open(selection, &inputs)?;
    if let Some((source, _)) = project.invalid_configuration() {
        let failure = input::unusable(source);
        return Ok((Loaded::without_documents(project), Some(failure)));
    }
    input::configure(&mut project, reporting);
    Ok((input::load(&inputs, project, texts)?, None))
}
