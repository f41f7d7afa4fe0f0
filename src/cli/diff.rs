//! `driverc diff`: compares two versions of the contracts.

mod base;
mod extras;

use std::{
    collections::BTreeSet,
    io,
    path::{Path, PathBuf},
    sync::Arc,
};

use self::{
    base::Base,
    extras::{Documents, FileNames, Known},
};
use super::{
    Failure, Outcome,
    arguments::{BUILTIN, Color, Diff, Inputs},
    failure::{say, say_bytes},
    input::{self, STDIN, today},
    load_errors, output, show,
};
use crate::{
    diff::{ChangedItem, Difference, Direction, DroppedFiles, SideValue},
    finding::Finding,
    model::{DriverName, Field},
    project::{Loaded, Project, Unjoined},
    report::{
        self, FindingsReport, Style, counted,
        diff::{self, DiffFormat, DiffReport},
    },
    source::{Location, Source},
    toml::syntax::is_lfs_pointer,
    workspace::{Ignored, Reading, Texts, Workspace},
};

/// The name of the output in messages.
const CHANGES: &str = "the changes";

pub(super) fn run(command: &Diff, color: Color) -> Result<Outcome, Failure> {
    if command.paths.iter().any(|path| path == Path::new(STDIN)) {
        return Err(Failure::new("standard input has no base; name a folder or file"));
    }
    let max_file_size = command.max_file_size;
    // If the change removes a named file or folder, only the base has it.
    let mut paths = command.paths.clone();
    if command.against_path.is_none() {
        paths.retain(|path| !is_gone(path));
    }
    let inputs = Inputs { max_file_size, ..Inputs::of(paths, command.roots.clone()) };
    let mut project = input::open(&inputs, report::Format::Full, color)?;
    let mut base = Base::load(command, &project, inputs.is_builtin())?;
    let configured = project.configuration.clone();
    project.configuration.vocabulary = Arc::clone(&base.vocabulary);
    let mut documents = std::mem::take(&mut base.own).0;
    let before = documents.iter().map(|(source, _)| source.name().to_owned()).collect();
    let mut uncounted = Vec::new();
    let input = if inputs.is_builtin() {
        input::load(&inputs, project, Texts::Kept)?
    } else {
        let mut own = input::read(&inputs, project, Texts::Kept)?;
        let (here, there) = (FileNames::of(&own.documents), FileNames::of(&documents));
        let others = std::mem::take(&mut base.others);
        documents.extend(others.missing_from(&there, &here));
        let others = left_out(&base, &mut own);
        uncounted = counted_no_more(&others, &before, &there, &own.project);
        own.documents.extend(others.missing_from(&here, &there));
        own.join().map_err(|error| Failure::project(&error))?
    };
    let old = &Workspace::with_vocabulary(documents, Arc::clone(&base.vocabulary));
    let read = report_read_errors(&input, &base, old, color)?;
    let configuration = base.configuration.as_ref().unwrap_or(&configured);
    let mut difference = Difference::between(old, &input.workspace, configuration);
    if let Some(mut before) = base.compared.take() {
        // Command-line options apply to both sides.
        before.max_file_bytes = max_file_size.unwrap_or(before.max_file_bytes);
        let configuration = [&before, &configured];
        difference.add_configuration(configuration, &uncounted, &input.workspace);
    }
    let unknown = drop_unknown(&mut difference, old, !base.errors.is_empty());
    Requested::new(command, &input.project).limit(&mut difference, &input, old);
    let today = command.today.unwrap_or_else(today);
    difference.accept_by_waivers(old, &input.workspace, today);
    for unused in difference.accept_by_arguments(&command.accept) {
        say(format_args!("warning: {unused}"));
    }
    let (new, against) = (&input.workspace, &base.label);
    let directory = input.project.directory_in_repository();
    let fail_on = command.fail_on;
    let comparison = DiffReport { difference: &difference, old, new, against, directory, fail_on };
    show(&comparison, command, color)?;
    for driver in unknown {
        say(format_args!(
            "warning: driver `{driver}` is not compared, because its table in the base can have errors"
        ));
    }
    let severities = difference.open().map(|change| change.severity);
    Ok(show::outcome(severities, fail_on, command.exit_zero).max(read))
}

/// Returns true if a path on the command line does not exist.
fn is_gone(path: &Path) -> bool {
    let is_missing = |error: &io::Error| error.kind() == io::ErrorKind::NotFound;
    path.as_os_str() != BUILTIN && path.symlink_metadata().is_err_and(|error| is_missing(&error))
}

/// Returns the documents in the work tree that are included only by the base's configuration.
fn left_out(base: &Base, own: &mut Unjoined) -> Documents {
    let Unjoined { documents, errors, project, .. } = own;
    let boundary = &project.boundary;
    let known = Known::of(documents, project, boundary.follows_links().then_some(boundary));
    // Links that lead out of the project are treated as missing, so the base's declarations there
    // are removed.
    let resolved = |input: &PathBuf| Some((input.clone(), boundary.resolve(input).ok()?.path));
    let inputs: Vec<_> = base.counted.iter().filter_map(resolved).collect();
    let limit = project.configuration.max_file_bytes;
    let vocabulary = &*base.vocabulary;
    let reading = Reading { boundary, texts: Texts::Kept, limit, vocabulary };
    let is_counted = |path: &Path| {
        let mut names = inputs.iter().filter_map(|(input, real)| {
            path.strip_prefix(real).ok().map(|below| input.join(below))
        });
        !known.contains(path) && names.any(|name| !base.excludes(&name))
    };
    let inputs = inputs.iter().map(|(_, real)| real.clone());
    Documents::found(inputs, Ignored::LeftOut, reading, is_counted, project, errors)
}

/// Returns the files that the change's configuration no longer includes, grouped by the key that
/// excludes them.
fn counted_no_more(
    documents: &Documents,
    before: &BTreeSet<String>,
    there: &FileNames,
    project: &Project,
) -> Vec<DroppedFiles> {
    let counted = documents.0.iter().filter(|(source, document)| {
        before.contains(source.name()) || there.has_some_of(&document.declarations)
    });
    let mut keys =
        [true, false].map(|excluded| DroppedFiles { excluded, ..DroppedFiles::default() });
    for (source, document) in counted {
        let is_excluded = project.excludes(Path::new(source.name()));
        let key = &mut keys[usize::from(!is_excluded)];
        key.files.push(source.name().to_owned());
        let drivers = document.declarations.drivers.iter();
        key.drivers.extend(drivers.map(|driver| driver.name().clone()));
    }
    keys.into_iter().filter(|key| !key.files.is_empty()).collect()
}

/// Removes drivers that look new but that the base may declare in a text or folder that driverc
/// cannot read. Returns their names, and the names of the drivers that were not compared.
fn drop_unknown(difference: &mut Difference, old: &Workspace, has_errors: bool) -> Vec<DriverName> {
    let mut unknown = Vec::new();
    difference.changes.retain(|change| {
        let ChangedItem::Driver(name) = &change.contract else { return true };
        let is_new = change.field == Field::Name && change.direction == Direction::Add;
        let is_unknown = is_new && (has_errors || old.may_have_lost(name));
        if is_unknown {
            unknown.push(name.clone());
        }
        !is_unknown
    });
    // Only the names of these drivers are known.
    unknown.extend(old.unread_drivers().cloned());
    unknown.sort_unstable();
    unknown.dedup();
    unknown
}

/// The command-line paths that limit which changes are shown.
///
/// A path can be a file on one side and a folder on the other, so each path matches itself and
/// everything below it.
struct Requested {
    /// The absolute paths. Empty if they form the whole workspace.
    paths: Vec<PathBuf>,
}

impl Requested {
    /// Creates the request. If all paths are existing folders, they form their own workspace, so
    /// all its changes are shown.
    fn new(command: &Diff, project: &Project) -> Self {
        let is_limited = command.paths.iter().any(|path| !path.is_dir());
        let paths = command.paths.iter().filter(|_| is_limited);
        Self { paths: paths.map(|path| project.spelled(path)).collect() }
    }

    /// Removes the changes that concern no requested path.
    fn limit(&self, difference: &mut Difference, input: &Loaded, old: &Workspace) {
        difference.changes.retain(|change| {
            matches!(change.contract, ChangedItem::Configuration(_))
                || self.concerns(input, &input.workspace, change.new.as_ref())
                || self.concerns(input, old, change.old.as_ref())
        });
    }

    /// Returns true if this side of a change is in a requested file.
    fn concerns(&self, input: &Loaded, workspace: &Workspace, side: Option<&SideValue>) -> bool {
        if self.paths.is_empty() || input.is_detached() {
            return true;
        }
        let Some(side) = side else { return false };
        // A driver can take the value from a template in another file.
        let declaration = side.place.subject.clone().whole();
        let sources =
            [workspace.source_of_place(&side.place), workspace.source_of_place(&declaration)];
        sources.into_iter().any(|source| {
            let name = workspace.sources().source(source).name();
            let path = input.project.absolute(Path::new(name));
            self.paths.iter().any(|requested| path.starts_with(requested))
        })
    }
}

/// Shows the read errors of both sides on standard error. Errors in the base do not fail the run,
/// because the change may fix them.
fn report_read_errors(
    input: &Loaded,
    base: &Base,
    old: &Workspace,
    color: Color,
) -> Result<Outcome, Failure> {
    let mut outcome = load_errors::report(input);
    for error in &base.errors {
        say(format_args!("error: {error}"));
        outcome = Outcome::Incomplete;
    }
    for warning in &base.warnings {
        say(format_args!("warning: {warning}"));
    }
    refuse_pointers(&input.workspace)?;
    if let errors @ 1.. = say_findings(&input.workspace, color)? {
        let errors = counted(errors, "error");
        say(format_args!(
            "error: the documents have {errors}; only fields without errors are compared"
        ));
        outcome = Outcome::Incomplete;
    }
    if let errors @ 1.. = say_findings(old, color)? {
        let (label, errors) = (&base.label, counted(errors, "error"));
        say(format_args!(
            "warning: the base, {label}, has {errors}; only fields without errors are compared"
        ));
    }
    Ok(outcome)
}

/// Returns a failure if a document is a Git LFS pointer.
fn refuse_pointers(workspace: &Workspace) -> Result<(), Failure> {
    let is_pointer = |source: &&Source| source.text().is_ok_and(is_lfs_pointer);
    match workspace.sources().iter().map(|(_, source)| source).find(is_pointer) {
        None => Ok(()),
        Some(source) => Err(Failure::new(format!(
            "`{}` is a Git LFS pointer; get its content with `git lfs pull`",
            source.name()
        ))),
    }
}

/// Shows the findings in the documents of one side, and returns their number.
fn say_findings(workspace: &Workspace, color: Color) -> Result<usize, Failure> {
    let findings: &[Finding<Location>] = workspace.findings();
    if !findings.is_empty() {
        let sources = workspace.sources();
        let run = FindingsReport::of(findings, sources);
        let style = Style { color: color == Color::Always, ..Style::default() };
        say_bytes(&show::render(&run, report::Format::Full, style)?);
    }
    Ok(findings.len())
}

/// Writes the changes and their number.
fn show(comparison: &DiffReport<'_>, command: &Diff, color: Color) -> Result<(), Failure> {
    let file = command.output_file.as_deref();
    let style = output::style(color, file);
    let text = show::rendered(CHANGES, |text| {
        diff::write(command.output_format, comparison, &style, text)
    })?;
    output::write(file, &text)?;
    if command.output_format == DiffFormat::GitHub {
        show::append_step_summary(CHANGES, |text| diff::write_step_summary(comparison, text))?;
    }
    if command.quiet {
        return Ok(());
    }
    if matches!(command.output_format, DiffFormat::Full | DiffFormat::Concise) {
        let count = diff::summary(comparison.difference);
        say(format_args!("{count} against {}", comparison.against));
    }
    if matches!(command.output_format, DiffFormat::Full | DiffFormat::Concise | DiffFormat::GitHub)
        && let Some(line) = diff::how_to_accept(comparison)
    {
        say(format_args!("{line}"));
    }
    Ok(())
}
