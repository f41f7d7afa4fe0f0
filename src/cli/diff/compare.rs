//! Compares one project with its base.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
    sync::Arc,
};

use super::{
    base::Base,
    dropped,
    extras::{Documents, FileNames, Known},
    plan::{Comparison, is_gone},
    read_errors,
};
use crate::{
    cli::{
        Failure, Outcome,
        arguments::{Color, Diff, Inputs},
        input::{self, today},
        outputs, projects,
    },
    diff::{ChangedItem, ConfigurationFile, Difference, Direction, DroppedFiles, SideValue},
    document::Document,
    model::{DriverName, Field},
    project::{CONFIGURATION, Included, Loaded, Project, Unjoined, is_configuration},
    source::Source,
    workspace::{Ignored, Reading, Texts, Workspace},
};

/// The changes of one project, with the documents of the base and of the change.
pub(super) struct Compared {
    pub(super) difference: Difference,
    pub(super) old: Workspace,
    pub(super) new: Loaded,
    /// The name of the base.
    pub(super) against: String,
    /// Whether both sides could be read.
    pub(super) read: Outcome,
    /// The drivers that are not compared.
    pub(super) unknown: Vec<DriverName>,
}

/// Compares a project of a plan.
pub(super) fn compare(
    comparison: &Comparison,
    plan: &[Comparison],
    color: Color,
) -> Result<Compared, Failure> {
    let command = &comparison.command;
    // If the change removes a named file or folder, only the base has it.
    let mut paths = command.paths.clone();
    if command.against_path.is_none() {
        paths.retain(|path| !is_gone(path));
    }
    let max_file_size = command.max_file_size;
    let inputs = Inputs { max_file_size, ..Inputs::of(paths, command.roots.clone()) };
    let project = projects::open(&comparison.selection, &inputs)?;
    // Several projects share the output.
    let mut project = if plan.len() == 1 {
        input::valid(project, &outputs::full(command.quiet), color)?
    } else {
        read_errors::valid(project)?
    };
    let comparison = &comparison.of(&project);
    let command = &comparison.command;
    let mut base = Base::load(comparison, &project)?;
    let configured = project.configuration.clone();
    project.configuration.vocabulary = Arc::clone(&base.vocabulary);
    let sides = Sides::read((comparison, plan), &inputs, project, &mut base)?;
    let (old, new) = (&sides.old, &sides.new);
    let read = read_errors::report(new, &base, old, color)?;
    let configuration = base.configuration.as_ref().unwrap_or(&configured);
    let mut difference = Difference::between(old, &new.workspace, configuration);
    if let Some(mut before) = base.compared.take() {
        // Command-line options apply to both sides.
        before.max_file_bytes = max_file_size.unwrap_or(before.max_file_bytes);
        let configuration = [&before, &configured];
        difference.add_configuration(configuration, &sides.uncounted, &new.workspace);
    }
    add_configuration_files(&mut difference, &sides, &base);
    add_baseline(&mut difference, &new.project, &base);
    let unknown = drop_unknown(&mut difference, old, !base.errors.is_empty());
    Requested::new(command, &new.project).limit(&mut difference, new, old);
    let today = command.today.unwrap_or_else(today);
    difference.accept_by_waivers(old, &new.workspace, today);
    let Sides { old, new, .. } = sides;
    Ok(Compared { difference, old, new, against: base.label, read, unknown })
}

/// The documents of both sides.
struct Sides {
    old: Workspace,
    new: Loaded,
    /// The files that the base includes and that no project includes after the change.
    uncounted: Vec<DroppedFiles>,
    /// The configurations in folders of the project that exist on only one side.
    files: Vec<ConfigurationFile>,
}

impl Sides {
    fn read(
        (comparison, plan): (&Comparison, &[Comparison]),
        inputs: &Inputs,
        project: Project,
        base: &mut Base,
    ) -> Result<Self, Failure> {
        let mut documents = std::mem::take(&mut base.own).0;
        let before: BTreeSet<_> =
            documents.iter().map(|(source, _)| source.name().to_owned()).collect();
        let (mut uncounted, mut files) = (Vec::new(), Vec::new());
        let new = if inputs.is_builtin() {
            input::load(inputs, project, Texts::Kept)?
        } else {
            let mut own = input::read(inputs, project, Texts::Kept)?;
            let (here, there) = (FileNames::of(&own.documents), FileNames::of(&documents));
            let others = std::mem::take(&mut base.others);
            let root = own.project.root();
            let is_removed = |folder: &Path| {
                folder != root
                    && !is_configuration(&folder.join(CONFIGURATION))
                    && base.is_configured(folder)
            };
            let of_base = others.0.iter().chain(&documents);
            files.extend(nested(of_base, Direction::Remove, &own.project, is_removed));
            documents.extend(others.missing_from(&there, &here));
            let others = left_out(base, &mut own);
            let root = own.project.root();
            let is_added = |folder: &Path| {
                folder != root
                    && is_configuration(&folder.join(CONFIGURATION))
                    && !base.is_configured(folder)
            };
            files.extend(nested(&others.0, Direction::Add, &own.project, is_added));
            let counted = others.0.iter().filter(|(source, document)| {
                before.contains(source.name()) || there.has_some_of(&document.declarations)
            });
            uncounted = dropped::files(counted, &own.project, inputs, plan);
            own.documents.extend(others.missing_from(&here, &there));
            let joined = if comparison.is_removed { Ok(own.join_or_empty()) } else { own.join() };
            joined.map_err(|error| Failure::project(&error))?
        };
        let old = Workspace::with_vocabulary(documents, Arc::clone(&base.vocabulary));
        Ok(Self { old, new, uncounted, files })
    }
}

/// Adds the configurations that exist on only one side: in the project's root and in folders below
/// it.
fn add_configuration_files(difference: &mut Difference, sides: &Sides, base: &Base) {
    let Sides { old, new, files, .. } = sides;
    let mut files = files.clone();
    let names = |workspace: &Workspace| -> Vec<DriverName> {
        workspace.drivers().map(|driver| driver.name.clone()).collect()
    };
    let now = new.project.configuration_source().map(Source::name);
    if let Some(name) = now.filter(|_| base.is_new) {
        let drivers = names(&new.workspace);
        files.push(ConfigurationFile { name: name.to_owned(), direction: Direction::Add, drivers });
    }
    if let Some(name) = &base.configured_by
        && !is_configuration(&new.project.absolute(Path::new(name)))
    {
        let (direction, drivers) = (Direction::Remove, names(old));
        files.push(ConfigurationFile { name: name.clone(), direction, drivers });
    }
    let name = now.or(base.configured_by.as_deref()).unwrap_or(CONFIGURATION);
    difference.name_configuration(name);
    difference.add_configuration_files(files);
}

/// Adds the lines that only one side's baseline has.
fn add_baseline(difference: &mut Difference, project: &Project, base: &Base) {
    let now = project.baseline();
    let path = project.baseline_path().or_else(|| base.baseline_path(project.root()));
    if let Some(path) = path {
        let text = now.and_then(|source| source.text().ok()).unwrap_or_default();
        difference.add_baseline([&base.baseline, text], &project.display(&path));
    }
}

/// Returns the configurations whose folders `is_listed` accepts. Searches the folders from each
/// document up to the project's root.
fn nested<'d>(
    documents: impl IntoIterator<Item = &'d (Source, Document)>,
    direction: Direction,
    project: &Project,
    is_listed: impl Fn(&Path) -> bool,
) -> Vec<ConfigurationFile> {
    let mut found: BTreeMap<PathBuf, Vec<DriverName>> = BTreeMap::new();
    let mut known: BTreeMap<PathBuf, bool> = BTreeMap::new();
    for (source, document) in documents {
        let path = project.absolute(Path::new(source.name()));
        let folders = path.ancestors().skip(1);
        for folder in folders.take_while(|folder| folder.starts_with(project.root())) {
            let listed =
                *known.entry(folder.to_owned()).or_insert_with_key(|folder| is_listed(folder));
            if listed {
                let drivers = document.declarations.drivers.iter();
                let drivers = drivers.map(|driver| driver.name().clone());
                found.entry(folder.to_owned()).or_default().extend(drivers);
            }
        }
    }
    let file = |(folder, drivers): (PathBuf, Vec<DriverName>)| ConfigurationFile {
        name: project.display(&folder.join(CONFIGURATION)),
        direction,
        drivers,
    };
    found.into_iter().filter(|(_, drivers)| !drivers.is_empty()).map(file).collect()
}

/// Returns the documents in the work tree that are included only by the base's configuration.
fn left_out(base: &Base, own: &mut Unjoined) -> Documents {
    let Unjoined { documents, errors, project, .. } = own;
    let boundary = &project.boundary;
    let known = Known::of(documents, project, boundary.follows_links().then_some(boundary));
    // Links that lead out of the project are treated as missing, so the base's declarations there
    // are removed.
    let resolved =
        |input: &Included| Some((input.clone(), boundary.resolve(&input.path).ok()?.path));
    let inputs: Vec<_> = base.counted.iter().filter_map(resolved).collect();
    let limit = project.configuration.max_file_bytes;
    let vocabulary = &*base.vocabulary;
    let reading = Reading { boundary, texts: Texts::Kept, limit, vocabulary };
    let is_counted = |path: &Path| {
        let mut names = inputs.iter().filter_map(|(input, real)| {
            let name = path.strip_prefix(real).ok().map(|below| input.path.join(below))?;
            input.matches(&name).then_some(name)
        });
        !known.contains(path) && names.any(|name| !base.excludes(&name))
    };
    let inputs: Vec<_> = inputs.iter().map(|(_, real)| Included::all(real.clone())).collect();
    Documents::found(&inputs, Ignored::LeftOut, reading, is_counted, project, errors)
}

/// Removes the changes that add a driver, if the base might declare the driver in a text or folder
/// that driverc cannot read. Returns the names of these drivers, and the names of the base's
/// drivers with read errors.
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
    /// The absolute paths. Empty if all changes are shown.
    paths: Vec<PathBuf>,
}

impl Requested {
    /// Takes the paths from the command line. If all of them are existing folders, driverc reads
    /// only these folders, so all changes are shown.
    fn new(command: &Diff, project: &Project) -> Self {
        let is_limited = command.paths.iter().any(|path| !path.is_dir());
        let paths = command.paths.iter().filter(|_| is_limited);
        Self { paths: paths.map(|path| project.spelled(path)).collect() }
    }

    /// Removes the changes that concern no requested path.
    fn limit(&self, difference: &mut Difference, input: &Loaded, old: &Workspace) {
        difference.changes.retain(|change| {
            matches!(change.contract, ChangedItem::Configuration(_) | ChangedItem::Baseline(_))
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
