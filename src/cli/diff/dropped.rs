//! Finds the files that no project checks after the change.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use super::plan::Comparison;
use crate::{
    cli::{arguments::Inputs, projects},
    diff::DroppedFiles,
    document::Document,
    project::{Options, Project, Selection, Target},
    source::Source,
};

/// Returns the files that the change's configuration no longer includes and that no other project
/// checks. They are grouped by the key that leaves them out: `exclude` or `include`.
pub(super) fn files<'d>(
    documents: impl Iterator<Item = &'d (Source, Document)>,
    project: &Project,
    inputs: &Inputs,
    plan: &[Comparison],
) -> Vec<DroppedFiles> {
    let planned = plan.iter().map(|comparison| comparison.selection.clone()).collect();
    let (nearest, opened) = Default::default();
    let mut others = Others { project, inputs, planned, nearest, opened };
    let mut keys =
        [true, false].map(|excluded| DroppedFiles { excluded, ..DroppedFiles::default() });
    for (source, document) in documents {
        let path = Path::new(source.name());
        if others.check(&project.absolute(path)) {
            continue;
        }
        let key = &mut keys[usize::from(!project.excludes(path))];
        key.files.push(source.name().to_owned());
        let drivers = document.declarations.drivers.iter();
        key.drivers.extend(drivers.map(|driver| driver.name().clone()));
    }
    keys.into_iter().filter(|key| !key.files.is_empty()).collect()
}

/// The other projects of the work tree.
struct Others<'p> {
    project: &'p Project,
    inputs: &'p Inputs,
    /// The projects of the run.
    planned: Vec<Selection>,
    /// The project with the nearest configuration above each folder.
    nearest: BTreeMap<PathBuf, Option<Selection>>,
    /// The opened projects, by root. `None` if a project cannot be used.
    opened: BTreeMap<PathBuf, Option<Project>>,
}

impl Others<'_> {
    /// Returns true if another project includes the document: a project of the run, or the project
    /// that has the nearest configuration above the document.
    fn check(&mut self, path: &Path) -> bool {
        let Self { project, inputs, planned, nearest, opened } = self;
        let folder = path.parent().unwrap_or(path);
        let nearest = nearest
            .entry(folder.to_owned())
            .or_insert_with(|| nearest_project(path, project, inputs));
        let mut all = planned.iter().chain(&*nearest);
        all.any(|selection| includes(selection, path, (project, inputs), opened))
    }
}

fn nearest_project(path: &Path, project: &Project, inputs: &Inputs) -> Option<Selection> {
    let options = Options { roots: inputs.roots.folders.clone(), ..Options::default() };
    let target = Target::from(path.to_owned());
    let selected = Project::select(project.directory(), &[target], &options).ok()?;
    selected.into_iter().next()
}

/// Returns true if a project other than `project` includes the document.
fn includes(
    selection: &Selection,
    path: &Path,
    (project, inputs): (&Project, &Inputs),
    opened: &mut BTreeMap<PathBuf, Option<Project>>,
) -> bool {
    if selection.configuration.is_none() || selection.root == project.root() {
        return false;
    }
    let open = || {
        let opened = projects::open(&selection.clone().alone(), inputs).ok();
        opened.filter(|project| project.invalid_configuration().is_none())
    };
    let other = opened.entry(selection.root.clone()).or_insert_with(open);
    other.as_ref().is_some_and(|other| other.includes(path))
}
