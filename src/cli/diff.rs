//! `driverc diff`: what a change of contracts means.

use std::{
    collections::BTreeSet,
    env, io,
    path::{Path, PathBuf},
};

use super::{
    Failure, Outcome,
    arguments::{BUILTIN, Color, Diff, Inputs},
    failure::{say, say_bytes},
    git,
    input::{Input, STDIN, today},
    output,
    progress::watched,
    project::Project,
    show::{self, STEP_SUMMARY},
};
use crate::{
    diff::{Difference, Side},
    finding::Finding,
    report::{
        self, Run, Style, counted,
        diff::{self, Comparison, Format},
    },
    source::Location,
    workspace::{self, LoadError, Progress, Reading, Texts, Workspace},
};

/// The documents of the base, and what the base is called.
struct Base {
    workspace: Workspace,
    label: String,
    errors: Vec<LoadError>,
}

pub(super) fn run(command: &Diff, color: Color) -> Result<Outcome, Failure> {
    if command.paths.iter().any(|path| path == Path::new(STDIN)) {
        return Err(Failure::new("standard input has no base; name a folder or file"));
    }
    let max_file_size = command.max_file_size;
    let inputs =
        Inputs { max_file_size, ..Inputs::of(command.paths.clone(), command.roots.clone()) };
    let input = Input::load(&inputs, Project::without_rules(&inputs, color)?)?;
    let base = Base::load(command, &input)?;
    let read = report_unread(&input, &base, color)?;
    let old = &base.workspace;
    let mut difference = Difference::between(old, &input.workspace, &input.project.settings);
    let asked = Asked::new(command, &input.project);
    difference.changes.retain(|change| {
        asked.concerns(&input, &input.workspace, change.new.as_ref())
            || asked.concerns(&input, old, change.old.as_ref())
    });
    let today = command.today.unwrap_or_else(today);
    difference.accept_by_waivers(old, &input.workspace, today);
    for unused in difference.accept_by_arguments(&command.accept) {
        say(format_args!("warning: `--accept {unused}` accepts nothing"));
    }
    let comparison =
        Comparison { difference: &difference, old, new: &input.workspace, against: &base.label };
    show(&comparison, command, color)?;
    Ok(outcome(&difference, command).max(read))
}

/// What the paths of the command line ask to see.
struct Asked {
    files: BTreeSet<PathBuf>,
    folders: Vec<PathBuf>,
}

impl Asked {
    fn new(command: &Diff, project: &Project) -> Self {
        let (folders, files): (Vec<_>, Vec<_>) =
            command.paths.iter().partition(|path| path.is_dir());
        Self {
            files: files.into_iter().map(|path| project.spelled(path)).collect(),
            folders: folders.into_iter().map(|path| project.spelled(path)).collect(),
        }
    }

    /// Whether a side of a change stands in a file that was asked about.
    fn concerns(&self, input: &Input, workspace: &Workspace, side: Option<&Side>) -> bool {
        if self.files.is_empty() || input.builtin {
            return true;
        }
        let Some(side) = side else { return false };
        workspace.locate_places([side.place.clone()]).into_iter().any(|location| {
            let name = workspace.sources().source(location.source).name();
            let path = input.project.absolute(Path::new(name));
            self.files.contains(&path) || self.folders.iter().any(|folder| path.starts_with(folder))
        })
    }
}

impl Base {
    fn load(command: &Diff, input: &Input) -> Result<Self, Failure> {
        let against = command.against.as_deref();
        match against.map(Path::new).filter(|path| path.is_dir()) {
            Some(folder) => Ok(Self::of_folder(folder, &input.project)),
            None if input.builtin => Err(Failure::new(format!(
                "`{BUILTIN}` has no revisions; name a folder with `--against`"
            ))),
            None => Self::of_revision(command, input),
        }
    }

    fn of_folder(folder: &Path, project: &Project) -> Self {
        let mut errors = Vec::new();
        let boundary = &project.boundary;
        let paths = workspace::find(folder, boundary, &mut errors);
        let progress = Progress::default();
        let name = |path: &Path| project.display(path);
        let limit = project.settings.max_file_bytes;
        let documents = watched("reading", &progress, || {
            let reading = Reading { boundary, texts: Texts::Kept, limit };
            workspace::load(&paths, reading, name, &progress, &mut errors)
        });
        Self { workspace: Workspace::new(documents), label: project.display(folder), errors }
    }

    fn of_revision(command: &Diff, input: &Input) -> Result<Self, Failure> {
        let project = &input.project;
        let root = git::root(project)?;
        let revision = match &command.against {
            Some(name) => git::revision(name)?,
            None => git::merge_base()?,
        };
        let sources = input.workspace.sources().iter();
        let read: BTreeSet<&str> = sources.map(|(_, source)| source.name()).collect();
        let mut blobs = Vec::new();
        for path in inputs(command, project)? {
            let below = path.strip_prefix(&root).map_err(|_| {
                let name = project.display(&path);
                Failure::new(format!(
                    "`{name}` is not in the git repository; name a folder with `--against`"
                ))
            })?;
            let named = !path.is_dir();
            let files = git::files(&revision, below)?.into_iter();
            blobs.extend(files.filter(|blob| {
                let path = root.join(&blob.path);
                named || (is_document(below, &blob.path) && !is_left_out(project, &read, &path))
            }));
        }
        blobs.sort_by(|left, right| left.path.cmp(&right.path));
        blobs.dedup_by(|left, right| left.path == right.path);
        let limit = project.settings.max_file_bytes;
        let contents = git::contents(&blobs, limit)?;
        let documents = blobs
            .iter()
            .zip(contents)
            .map(|(blob, content)| content.read(project.display(&root.join(&blob.path)), limit));
        let workspace = Workspace::new(documents.collect());
        Ok(Self { workspace, label: revision.to_string(), errors: Vec::new() })
    }
}

/// The folders and files that form the workspace, absolute.
fn inputs(command: &Diff, project: &Project) -> Result<Vec<PathBuf>, Failure> {
    let whole = command.paths.iter().all(|path| !path.is_dir());
    let mut paths = if whole { project.default_inputs()? } else { Vec::new() };
    paths.extend(command.paths.iter().cloned());
    Ok(paths.iter().map(|path| project.spelled(path)).collect())
}

/// As a walk of the folder would have it: `*.toml`, nothing hidden in it.
fn is_document(folder: &Path, path: &Path) -> bool {
    let inside = path.strip_prefix(folder).unwrap_or(path);
    let hidden =
        |part: std::path::Component<'_>| part.as_os_str().to_string_lossy().starts_with('.');
    path.extension().is_some_and(|extension| extension == "toml")
        && !inside.components().any(hidden)
}

/// What the configuration leaves out, and what is there and ignored, counts on neither side.
fn is_left_out(project: &Project, read: &BTreeSet<&str>, path: &Path) -> bool {
    project.excludes(path) || (path.is_file() && !read.contains(&*project.display(path)))
}

/// Shows what could not be read of both sides, where changes do not go.
fn report_unread(input: &Input, base: &Base, color: Color) -> Result<Outcome, Failure> {
    let mut outcome = input.report_errors();
    for error in &base.errors {
        say(format_args!("error: {error}"));
        outcome = Outcome::Incomplete;
    }
    outcome = outcome.max(say_findings(&input.workspace, "the documents", color)?);
    let documents = format!("the base, {},", base.label);
    Ok(outcome.max(say_findings(&base.workspace, &documents, color)?))
}

/// Shows what is wrong with the documents of one side, and that it is not compared.
fn say_findings(workspace: &Workspace, documents: &str, color: Color) -> Result<Outcome, Failure> {
    let findings: &[Finding<Location>] = workspace.findings();
    if findings.is_empty() {
        return Ok(Outcome::Clean);
    }
    let sources = workspace.sources();
    let run = Run { findings, accepted: &[], checked: None, sources };
    let style = Style { color: color == Color::Always, ..Style::default() };
    say_bytes(&show::render(&run, report::Format::Full, style)?);
    let errors = counted(findings.len(), "error");
    say(format_args!(
        "error: {documents} cannot be read without {errors}; what is wrong is not compared"
    ));
    Ok(Outcome::Incomplete)
}

/// Writes the changes, and how many there are.
fn show(comparison: &Comparison<'_>, command: &Diff, color: Color) -> Result<(), Failure> {
    let file = command.output_file.as_deref();
    let mut text = Vec::new();
    let style = output::style(color, file);
    let written = diff::write(command.output_format, comparison, &style, &mut text);
    written.map_err(|error| cannot_render(&error))?;
    output::write(file, &text)?;
    let summary_file = env::var_os(STEP_SUMMARY).filter(|path| !path.is_empty());
    if let Some(path) = summary_file.filter(|_| command.output_format == Format::GitHub) {
        append_summary(comparison, Path::new(&path))?;
    }
    if matches!(command.output_format, Format::Full | Format::Concise) {
        let count = diff::summary(comparison.difference);
        say(format_args!("{count} against {}", comparison.against));
    }
    Ok(())
}

/// Adds the table to the summary of a step, which earlier commands may have begun.
fn append_summary(comparison: &Comparison<'_>, path: &Path) -> Result<(), Failure> {
    let mut text = Vec::new();
    let written = diff::write_step_summary(comparison, &mut text);
    written.map_err(|error| cannot_render(&error))?;
    output::append(path, &text).map_err(|error| Failure::write(path, &error))
}

fn cannot_render(error: &io::Error) -> Failure {
    Failure::io("cannot render the changes", error)
}

/// Whether changes that nobody has accepted fail the run.
fn outcome(difference: &Difference, command: &Diff) -> Outcome {
    let fails = difference.open().any(|change| change.severity >= command.fail_on);
    if fails && !command.exit_zero { Outcome::Findings } else { Outcome::Clean }
}
