//! Pairs the projects of the work tree with the projects of the base.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
    sync::Arc,
};

use crate::{
    cli::{
        Failure,
        arguments::{BUILTIN, Diff, Inputs},
        git::{Git, Revision},
        projects,
    },
    project::{
        CONFIGURATION, DEFAULT_FOLDER, Project, Selection, is_configuration_name, normalized,
    },
    repository::{Repository, is_hidden},
};

/// One project to compare.
#[derive(Clone)]
pub(super) struct Comparison {
    /// The project in the work tree.
    pub(super) selection: Selection,
    /// The command with the paths of this project. Some paths can exist only in the base.
    pub(super) command: Diff,
    pub(super) base: BaseProject,
    /// The revision of the base, if the plan has read it.
    pub(super) revision: Option<Arc<PlannedRevision>>,
    /// Whether the change removes the project or a project below it. If true, the work tree need
    /// not have documents.
    pub(super) is_removed: bool,
}

/// The revision that all projects of a repository are compared with.
pub(super) struct PlannedRevision {
    pub(super) repository: Repository,
    pub(super) revision: Revision,
    /// The folders of all configurations in the revision.
    pub(super) configured: BTreeSet<PathBuf>,
}

/// A project in the base.
#[derive(Clone, Debug, Default)]
pub(super) struct BaseProject {
    /// The root of the project. `None` means the folder of the nearest configuration from the
    /// working directory upwards.
    pub(super) root: Option<PathBuf>,
    /// The path at which the base can have a configuration. `None` if there is no such path.
    pub(super) configuration: Option<PathBuf>,
    /// The only folder whose documents are compared, if the change makes this folder a separate
    /// project.
    pub(super) within: Option<PathBuf>,
    /// The root of the project in the work tree, if the change moved the project there.
    pub(super) moved_to: Option<PathBuf>,
    /// The folders whose documents belong to other projects.
    pub(super) nested: Vec<PathBuf>,
}

impl Comparison {
    /// Returns the comparison of the whole project, if a path on the command line is the project's
    /// configuration or baseline.
    pub(super) fn of(&self, project: &Project) -> Self {
        let mut comparison = self.clone();
        let paths = &mut comparison.command.paths;
        if paths.iter().any(|path| project.is_configured_by(path)) {
            paths.clear();
        }
        comparison
    }
}

impl BaseProject {
    pub(super) fn at(root: &Path) -> Self {
        let configuration = Some(root.join(CONFIGURATION));
        Self { root: Some(root.to_owned()), configuration, ..Self::default() }
    }
}

/// Finds the projects to compare, at least one.
pub(super) fn plan(command: &Diff) -> Result<Vec<Comparison>, Failure> {
    let max_file_size = command.max_file_size;
    let roots = command.roots.clone();
    let inputs = Inputs { max_file_size, ..Inputs::of(command.paths.clone(), roots) };
    let selected = projects::select(&inputs)?;
    let directory = projects::directory()?;
    if command.against_path.is_some() && selected.len() > 1 {
        return Err(Failure::new(format!(
            "`--against-path` compares one project, and these are {}: {}; choose one with \
             `--config`",
            selected.len(),
            projects::names(&selected)
        )));
    }
    let is_alone = command.against_path.is_some() || inputs.is_builtin();
    if let (Some(_), [selection]) = (&command.roots.configuration, &selected[..]) {
        let at = BaseProject {
            configuration: selection.configuration.clone(),
            ..BaseProject::at(&selection.root)
        };
        let base = if is_alone { BaseProject::default() } else { at };
        return Ok(vec![compare(command, selection.clone(), selection.paths.clone(), base)]);
    }
    let is_own = command.paths.is_empty() && selected[0].configuration.is_some();
    let is_around = |it: &Selection| directory.starts_with(&it.root);
    let is_simple = is_alone || is_own && selected.iter().all(is_around);
    let repository = Repository::around(&directory).filter(Repository::is_whole);
    let Some(repository) = repository.filter(|_| !is_simple) else {
        let alone = |it: Selection| {
            let at = || BaseProject::at(&it.root);
            let base = if is_around(&it) { BaseProject::default() } else { at() };
            compare(command, it.clone(), it.paths.clone(), base)
        };
        return Ok(selected.into_iter().map(alone).collect());
    };
    let git = Git::around(&repository, &directory);
    let revision = command.revision(git)?;
    let roots: BTreeSet<_> = git.configured_folders(&revision)?.into_iter().collect();
    let configured = roots.clone();
    let plan = Plan { command, directory: directory.clone(), roots };
    let mut comparisons =
        if command.paths.is_empty() { plan.all(selected) } else { plan.of_paths(selected) };
    let revision =
        Arc::new(PlannedRevision { repository: repository.clone(), revision, configured });
    for comparison in &mut comparisons {
        comparison.revision = Some(Arc::clone(&revision));
    }
    Ok(comparisons)
}

fn compare(
    command: &Diff,
    selection: Selection,
    paths: Vec<PathBuf>,
    base: BaseProject,
) -> Comparison {
    let command = Diff { paths, ..command.clone() };
    Comparison { selection, command, base, revision: None, is_removed: false }
}

struct Plan<'c> {
    command: &'c Diff,
    directory: PathBuf,
    /// The folders that have a configuration in the base.
    roots: BTreeSet<PathBuf>,
}

impl Plan<'_> {
    /// Returns the nearest folder with a configuration in the base, from a path upwards.
    fn root_of(&self, path: &Path) -> Option<PathBuf> {
        path.ancestors().find(|folder| self.roots.contains(*folder)).map(Path::to_owned)
    }

    /// Returns the folders strictly below a folder that have a configuration in the base.
    fn below<'p>(&'p self, folder: &'p Path) -> impl Iterator<Item = &'p PathBuf> {
        let below = self.roots.iter().filter(move |root| *root != folder);
        below.filter(move |root| root.starts_with(folder) && !is_hidden(folder, root))
    }

    /// Returns a comparison for each project below the working directory, in the work tree or in
    /// the base.
    fn all(&self, selected: Vec<Selection>) -> Vec<Comparison> {
        let known: BTreeSet<_> = selected.iter().map(|it| it.root.clone()).collect();
        let removed: Vec<_> = self.below(&self.directory).collect();
        let removed = removed.into_iter().filter(|root| !known.contains(*root));
        let mut comparisons: Vec<_> = removed.map(|root| self.removed(root, Vec::new())).collect();
        let base_has_own = self.root_of(&self.directory).is_some();
        let has_own = self.directory.join(DEFAULT_FOLDER).is_dir();
        let others = comparisons.len() + selected.len();
        for selection in selected {
            let is_own = selection.configuration.is_none();
            if is_own && others > 1 && !has_own && !base_has_own {
                continue;
            }
            let base = if is_own { BaseProject::default() } else { self.base_of(&selection) };
            comparisons.push(compare(self.command, selection, Vec::new(), base));
        }
        if base_has_own && !known.contains(&self.directory) {
            let own = self.unconfigured(&self.directory, Vec::new());
            let own = compare(self.command, own, Vec::new(), BaseProject::default());
            comparisons.push(Comparison { is_removed: true, ..own });
        }
        comparisons.sort_by(|left, right| left.selection.root.cmp(&right.selection.root));
        comparisons
    }

    /// Returns the base project of a project that has a configuration in the work tree.
    fn base_of(&self, selection: &Selection) -> BaseProject {
        let root = &selection.root;
        match self.root_of(root) {
            Some(base) if base == *root => BaseProject::at(root),
            Some(base) => BaseProject { within: Some(root.clone()), ..BaseProject::at(&base) },
            None => BaseProject::at(root),
        }
    }

    fn unconfigured(&self, root: &Path, paths: Vec<PathBuf>) -> Selection {
        Selection::unconfigured(self.directory.clone(), root.to_owned(), paths)
    }

    /// Returns the comparison for a project whose configuration exists only in the base.
    fn removed(&self, root: &Path, paths: Vec<PathBuf>) -> Comparison {
        let selection = self.unconfigured(root, paths.clone());
        let comparison = compare(self.command, selection, paths, BaseProject::at(root));
        Comparison { is_removed: true, ..comparison }
    }

    /// Returns the comparisons for the projects that contain the paths on the command line, in the
    /// work tree or in the base.
    fn of_paths(&self, selected: Vec<Selection>) -> Vec<Comparison> {
        let known: BTreeSet<_> = selected.iter().map(|it| it.root.clone()).collect();
        let named: Vec<_> = self.command.paths.iter().map(|path| self.absolute(path)).collect();
        let removed: BTreeSet<_> = named
            .iter()
            .flat_map(|folder| self.below(folder))
            .filter(|it| !known.contains(*it))
            .collect();
        let mut comparisons: Vec<_> =
            removed.iter().map(|root| self.removed(root, vec![(*root).clone()])).collect();
        for selection in selected {
            let mut parts: BTreeMap<Option<PathBuf>, Vec<PathBuf>> = BTreeMap::new();
            for path in &selection.paths {
                let root = self.root_of(&self.owner(path));
                parts.entry(root).or_default().push(path.clone());
            }
            let inside = removed.iter().filter(|root| root.starts_with(&selection.root));
            let inside: Vec<_> = inside.map(|root| (*root).clone()).collect();
            let can_be_empty = !inside.is_empty();
            let selection = selection.without(inside);
            for (root, paths) in parts {
                let part = self.of_part(&selection, root.as_deref(), paths);
                let is_removed = part.is_removed || can_be_empty;
                comparisons.push(Comparison { is_removed, ..part });
            }
        }
        comparisons
    }

    /// Returns the comparison for the paths that belong to one project in the work tree and to one
    /// project in the base.
    fn of_part(
        &self,
        selection: &Selection,
        root: Option<&Path>,
        paths: Vec<PathBuf>,
    ) -> Comparison {
        let nested = paths.iter().map(|path| self.absolute(path));
        let nested: Vec<_> =
            nested.flat_map(|folder| self.below(&folder).cloned().collect::<Vec<_>>()).collect();
        // The configuration stands for the whole project.
        let is_whole = paths.iter().any(|path| self.owner(path) != self.absolute(path));
        let paths = if is_whole { Vec::new() } else { paths };
        let own = self.root_of(&self.directory);
        let is_of_directory = self.directory.starts_with(&selection.root)
            && root.is_none_or(|root| Some(root) == own.as_deref());
        let base = match root {
            _ if is_of_directory => BaseProject::default(),
            None => BaseProject::at(&selection.root),
            Some(root) if selection.configuration.is_none() => {
                return Comparison {
                    base: BaseProject { nested, ..BaseProject::at(root) },
                    ..self.removed(root, paths)
                };
            }
            Some(root) if selection.root != root && selection.root.starts_with(root) => {
                BaseProject { within: Some(selection.root.clone()), ..BaseProject::at(root) }
            }
            Some(root) => BaseProject::at(root),
        };
        compare(self.command, selection.clone(), paths, BaseProject { nested, ..base })
    }

    fn absolute(&self, path: &Path) -> PathBuf {
        normalized(&self.directory.join(path))
    }

    /// Returns the folder of a configuration, or the absolute path of any other file or folder.
    fn owner(&self, path: &Path) -> PathBuf {
        let path = self.absolute(path);
        match path.parent() {
            Some(folder) if is_configuration_name(&path) => folder.to_owned(),
            _ => path,
        }
    }
}

/// Returns true if a path on the command line does not exist.
pub(super) fn is_gone(path: &Path) -> bool {
    let is_missing = |error: &std::io::Error| error.kind() == std::io::ErrorKind::NotFound;
    path.as_os_str() != BUILTIN && path.symlink_metadata().is_err_and(|error| is_missing(&error))
}
