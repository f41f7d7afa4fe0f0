//! Loads the documents that the command line names.

use std::{
    env, io,
    ops::ControlFlow,
    path::{Path, PathBuf},
    time::SystemTime,
};

use super::{
    Failure, Outcome,
    arguments::{BUILTIN, Color, Inputs, Reporting},
    levels::command_line_levels,
    outputs::{self, Output},
    progress::watched,
    projects, show,
};
use crate::{
    boundary::{Boundary, Refusal},
    builtin,
    lint::Findings,
    model::{Date, MaxFileBytes},
    project::{Loaded, Overlay, Project, Request, Unjoined},
    source::Source,
    workspace::{Content, Progress, Texts, Workspace},
};

/// The path that means standard input.
pub(super) const STDIN: &str = "-";
/// The number of seconds in a day. The system clock counts UTC without leap seconds.
const SECONDS_PER_DAY: u64 = 86_400;
/// The name of standard input if the user gives none.
pub(super) const STDIN_NAME: &str = "<stdin>";

/// Opens the project that the command line names. If its configuration has errors, shows the errors
/// and ends the run. Naming several projects is a failure.
pub(super) fn open(inputs: &Inputs, color: Color) -> Result<Project, Failure> {
    open_for(inputs, &outputs::full(inputs.quiet), color)
}

/// Opens the project, and writes errors of its configuration to these outputs.
fn open_for(inputs: &Inputs, outputs: &[Output<'_>], color: Color) -> Result<Project, Failure> {
    valid(projects::open(&projects::one(inputs)?, inputs)?, outputs, color)
}

/// Returns the project if its configuration has no errors. Otherwise, shows the errors and ends the
/// run.
pub(super) fn valid(
    project: Project,
    outputs: &[Output<'_>],
    color: Color,
) -> Result<Project, Failure> {
    outputs::refuse_configuration(outputs, &project)?;
    match project.invalid_configuration() {
        None => Ok(project),
        Some((source, findings)) => {
            show::write_of_text(
                source,
                findings,
                project.directory_in_repository(),
                outputs,
                color,
            )?;
            Err(unusable(source))
        }
    }
}

/// Returns the failure for a configuration with errors, which are reported as findings.
pub(super) fn unusable(configuration: &Source) -> Failure {
    Failure::new(format!("`{}` cannot be used", configuration.name()))
}

/// Opens the project with the rule levels that the command line sets.
pub(super) fn open_with_levels(
    inputs: &Inputs,
    reporting: &Reporting,
    outputs: &[Output<'_>],
    color: Color,
) -> Result<Project, Failure> {
    let mut project = open_for(inputs, outputs, color)?;
    configure(&mut project, reporting);
    Ok(project)
}

/// Applies the options about findings to a project.
pub(super) fn configure(project: &mut Project, reporting: &Reporting) {
    project.configuration.command_line = command_line_levels(reporting);
    if reporting.no_baseline {
        project.ignore_baseline();
    }
}

/// Reads the documents that the command line names. Returns a failure if there are no documents.
pub(super) fn load(inputs: &Inputs, project: Project, texts: Texts) -> Result<Loaded, Failure> {
    if inputs.paths.iter().any(|path| path.as_os_str() == BUILTIN) {
        if inputs.paths.len() > 1 {
            return Err(Failure::new("`builtin:` cannot be combined with other paths"));
        }
        return match &inputs.stdin_filename {
            Some(_) => Err(without_stdin()),
            None => Ok(Loaded::detached(builtin::load(), builtin::guides(), project)),
        };
    }
    read(inputs, project, texts)?.join().map_err(|error| Failure::project(&error))
}

/// Reads the documents that the command line names, except the built-in set.
pub(super) fn read(inputs: &Inputs, project: Project, texts: Texts) -> Result<Unjoined, Failure> {
    let (stdin, paths): (Vec<PathBuf>, Vec<PathBuf>) =
        inputs.paths.iter().cloned().partition(|path| path.as_os_str() == STDIN);
    if inputs.stdin_filename.is_some() && stdin.is_empty() {
        return Err(without_stdin());
    }
    // The configuration stands for the whole project.
    let is_whole = paths.iter().any(|path| project.is_configured_by(path));
    let paths = if is_whole { Vec::new() } else { paths };
    let force_exclude = inputs.force_exclude;
    let mut request = Request { paths, force_exclude, texts, ..Request::default() };
    if !stdin.is_empty() {
        let limit = project.configuration.max_file_bytes;
        let content = Content::of_stream(io::stdin().lock(), 0, limit)
            .map_err(|error| Failure::io("cannot read standard input", &error))?;
        request.overlays.push(match &inputs.stdin_filename {
            Some(file) => Overlay::of_file(file, content),
            None => Overlay::unnamed(STDIN_NAME, content),
        });
    }
    let progress = Progress::default();
    let read = watched("reading", &progress, || project.read(request, &progress));
    read.map_err(|error| Failure::project(&error))
}

pub(super) fn without_stdin() -> Failure {
    Failure::new("`--stdin-filename` names standard input; add `-` to read it")
}

/// Reads documents for a command that checks no rules and needs documents without errors. If there
/// are errors, shows them and breaks with the outcome of the run.
pub(super) fn load_without_errors(
    inputs: &Inputs,
    color: Color,
) -> Result<ControlFlow<Outcome, Loaded>, Failure> {
    let loaded = load(inputs, open(inputs, color)?, Texts::Kept)?;
    let outcome =
        show::read_errors(&loaded, &loaded.read_errors(), &outputs::full(inputs.quiet), color)?;
    let is_clean = outcome == Outcome::Clean;
    Ok(if is_clean { ControlFlow::Continue(loaded) } else { ControlFlow::Break(outcome) })
}

/// Returns the findings on the date that the command line sets.
pub(super) fn findings(loaded: &Loaded, reporting: &Reporting) -> Findings {
    loaded.check(reporting.today.unwrap_or_else(today))
}

/// Returns the findings in all documents of `workspace`, which is a state of the project's
/// documents. Includes the findings of documents that were not requested.
pub(super) fn findings_everywhere(
    loaded: &Loaded,
    workspace: &Workspace,
    reporting: &Reporting,
) -> Findings {
    loaded.check_everything(workspace, reporting.today.unwrap_or_else(today))
}

/// Returns the complete content of a file that the command line names and that is not a document.
pub(super) fn read_named(path: &Path, limit: MaxFileBytes) -> Result<Vec<u8>, Failure> {
    NamedFiles::around_directory()?.read(path, limit)
}

/// The files that the command line names and that are not documents.
pub(super) struct NamedFiles {
    /// The work tree around the working directory. The user did not choose its contents, and
    /// messages can quote them, so its links are not followed.
    around: Boundary,
}

impl NamedFiles {
    /// Returns the files that paths relative to the working directory can name.
    pub(super) fn around_directory() -> Result<Self, Failure> {
        let directory = env::current_dir();
        let directory =
            directory.map_err(|error| Failure::io("cannot find the working directory", &error))?;
        Ok(Self { around: Boundary::of_project(&directory) })
    }

    /// Returns the complete content of a file.
    pub(super) fn read(&self, path: &Path, limit: MaxFileBytes) -> Result<Vec<u8>, Failure> {
        let name = path.display().to_string();
        let content =
            self.content(path, limit).map_err(|error| Failure::unreadable(&name, error))?;
        whole(content, &name, limit)
    }

    /// Returns the content of a file up to the limit.
    pub(super) fn content(&self, path: &Path, limit: MaxFileBytes) -> Result<Content, Refusal> {
        self.around.clone().add_named(path)?;
        Content::of_named(path, limit).map_err(Refusal::Io)
    }
}

/// Returns the bytes of a file. Returns a failure if it exceeds the limit.
pub(super) fn whole(content: Content, name: &str, limit: MaxFileBytes) -> Result<Vec<u8>, Failure> {
    match content {
        Content::Whole(bytes) => Ok(bytes),
        Content::TooLarge => Err(Failure::too_large(name, limit)),
    }
}

/// Returns the system's date in UTC.
pub(super) fn today() -> Date {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    Date::from_unix_days(since.as_secs() / SECONDS_PER_DAY)
}
