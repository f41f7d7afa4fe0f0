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
/// checks, grouped by the key that excludes them.
pub(super) fn files<'d>(
    documents: impl Iterator<Item = &'d (Source, Document)>,
    project: &Project,
    inputs: &Inputs,
    plan: &[Comparison],
) -> Vec<DroppedFiles> {
    let mut others = Others { project, inputs, plan, opened: BTreeMap::new() };
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
    /// The comparisons of the run, with their projects.
    plan: &'p [Comparison],
    /// The opened projects, by root. `None` if a project cannot be used.
    opened: BTreeMap<PathBuf, Option<Project>>,
}

impl Others<'_> {
    /// Returns true if another project includes the document: a project of the run, or the project
    /// that has the nearest configuration above the document.
    fn check(&mut self, path: &Path) -> bool {
        let planned = self.plan.iter().map(|comparison| comparison.selection.clone());
        let all: Vec<_> = planned.chain(self.nearest(path)).collect();
        all.into_iter().any(|selection| self.includes(selection, path))
    }

    fn nearest(&self, path: &Path) -> Option<Selection> {
        let roots = self.inputs.roots.folders.clone();
        let options = Options { roots, ..Options::default() };
        let target = Target::from(path.to_owned());
        let selected = Project::select(self.project.directory(), &[target], &options).ok()?;
        selected.into_iter().next()
    }

    fn includes(&mut self, selection: Selection, path: &Path) -> bool {
        if selection.configuration.is_none() || selection.root == self.project.root() {
            return false;
        }
        let inputs = self.inputs;
        let open = |selection: Selection| {
            let opened = projects::open(&selection.alone(), inputs).ok();
            opened.filter(|project| project.invalid_configuration().is_none())
        };
        let root = selection.root.clone();
        let project = self.opened.entry(root).or_insert_with(|| open(selection));
        project.as_ref().is_some_and(|project| project.includes(path))
    }
}
