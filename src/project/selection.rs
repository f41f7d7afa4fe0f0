//! Finds the projects of the paths on a command line.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use super::{
    CONFIGURATION, DEFAULT_FOLDER, Options, Project, ProjectError, is_configuration, normalized,
    open, relative,
};
use crate::{
    boundary::{Boundary, Refusal},
    repository::{Repository, is_hidden},
    workspace,
};

/// A path from the command line.
#[derive(Clone, Debug)]
pub struct Target {
    /// The path, as written.
    pub path: PathBuf,
    /// The file or folder that decides which project the path belongs to. This is usually the path
    /// itself. For standard input, it is the file that standard input replaces.
    pub at: PathBuf,
}

/// Creates the target of a path that names a file or a folder.
impl From<PathBuf> for Target {
    fn from(path: PathBuf) -> Self {
        Self { at: path.clone(), path }
    }
}

/// A project, and the paths that belong to it.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Selection {
    /// The absolute path of the project's root.
    pub root: PathBuf,
    /// The absolute path of the configuration. `None` for a project without one.
    pub configuration: Option<PathBuf>,
    /// The paths to read. Empty means the whole project.
    pub paths: Vec<PathBuf>,
    /// The absolute path of the folder that displayed paths are relative to.
    directory: PathBuf,
    /// The absolute paths of the folders whose documents belong to other projects.
    nested: Vec<PathBuf>,
}

impl Selection {
    /// Opens the project.
    pub fn open(&self, options: &Options) -> Result<Project, ProjectError> {
        let at = (self.directory.clone(), self.root.clone());
        let mut project = Project::open_at(at, self.configuration.as_deref(), options)?;
        project.nested.clone_from(&self.nested);
        Ok(project)
    }

    /// Returns the same project without the documents in these folders, which belong to other
    /// projects. The paths of the folders are absolute.
    #[must_use]
    pub fn without(mut self, folders: impl IntoIterator<Item = PathBuf>) -> Self {
        self.nested.extend(folders);
        self
    }

    /// Creates the selection of a project without a configuration. The paths are absolute.
    pub fn unconfigured(directory: PathBuf, root: PathBuf, paths: Vec<PathBuf>) -> Self {
        Self { root, configuration: None, paths, directory, nested: Vec::new() }
    }

    /// Returns the path of the configuration, or of the root if there is no configuration. The path
    /// is relative to the working directory.
    pub fn name(&self) -> String {
        relative(self.configuration.as_deref().unwrap_or(&self.root), &self.directory)
    }

    /// Returns the same project, but including the documents of nested projects. Commands that
    /// handle only one project use this function.
    #[must_use]
    pub fn alone(self) -> Self {
        Self { nested: Vec::new(), ..self }
    }
}

impl Project {
    /// Finds the projects of a command that runs in a folder.
    ///
    /// A path belongs to the project of the nearest `driverc.toml` above the path, up to the root
    /// of its git work tree. Without such a file, the path belongs to the project of `folder`. A
    /// target that is a folder also selects the projects inside it. Without targets, this function
    /// selects the project of `folder`. If neither `folder` nor a folder above it has a
    /// configuration, this function selects all projects below `folder` whose configuration git
    /// tracks.
    pub fn select(
        folder: impl AsRef<Path>,
        targets: &[Target],
        options: &Options,
    ) -> Result<Vec<Selection>, ProjectError> {
        let directory = std::path::absolute(folder).map_err(ProjectError::Folder)?;
        let written = || targets.iter().map(|target| target.path.clone()).collect();
        if options.detached || options.configuration.is_some() {
            let configuration = options.configuration.as_ref();
            let named = |path: &PathBuf| open::named_configuration(&directory, path);
            let configuration = configuration.map(named).transpose()?;
            let root = configuration.as_deref().and_then(Path::parent).unwrap_or(&directory);
            let selection = Selection::unconfigured(directory.clone(), root.to_owned(), written());
            return Ok(vec![Selection { configuration, ..selection }]);
        }
        let boundary = Boundary::of_project(&directory);
        let own = open::configured_root(&directory, boundary.root());
        let search = Search { directory, boundary, own };
        if targets.is_empty() { search.without_paths() } else { Ok(search.of(targets)) }
    }
}

/// A search for projects.
struct Search {
    directory: PathBuf,
    boundary: Boundary,
    /// The folder of the working directory's configuration. It is the root for paths that have no
    /// configuration above them.
    own: Option<PathBuf>,
}

/// The root of a project, and whether it has a configuration.
type Root = (PathBuf, bool);

/// The selected paths of projects, by root.
type ByRoot = BTreeMap<Root, Selection>;

impl Search {
    fn selection(&self, (root, is_configured): &Root) -> Selection {
        let configuration = is_configured.then(|| root.join(CONFIGURATION));
        let selection = Selection::unconfigured(self.directory.clone(), root.clone(), Vec::new());
        Selection { configuration, ..selection }
    }

    /// Returns the root of the working directory's project.
    fn own(&self) -> Root {
        match &self.own {
            Some(root) => (root.clone(), true),
            None => (self.directory.clone(), false),
        }
    }

    fn without_paths(&self) -> Result<Vec<Selection>, ProjectError> {
        if self.own.is_some() {
            return Ok(vec![self.selection(&self.own())]);
        }
        let has_own = self.directory.join(DEFAULT_FOLDER).is_dir();
        let below = match self.tracked_below() {
            Ok(below) => below,
            // The folder is a project without git, too.
            Err(_) if has_own => Vec::new(),
            Err(error) => return Err(error),
        };
        let mut selections = Vec::new();
        if has_own || below.is_empty() {
            selections.push(Selection { nested: below.clone(), ..self.selection(&self.own()) });
        }
        selections.extend(below.into_iter().map(|root| self.selection(&(root, true))));
        Ok(selections)
    }

    /// Returns the folders below the working directory whose configuration git tracks, sorted.
    /// Leaves out hidden folders, like a folder walk.
    fn tracked_below(&self) -> Result<Vec<PathBuf>, ProjectError> {
        let Some(tracked) = self.boundary.tracked().filter(|tracked| tracked.is_known()) else {
            return Ok(Vec::new());
        };
        if let Some(message) = tracked.failure() {
            return Err(ProjectError::Git { message: message.to_owned() });
        }
        let folders = tracked.named(CONFIGURATION).filter_map(Path::parent);
        let is_below = |folder: &&Path| {
            folder.starts_with(&self.directory) && !is_hidden(&self.directory, folder)
        };
        let is_there = |folder: &&Path| {
            let real = self.boundary.resolve_folder(folder);
            real.is_ok_and(|real| real == *folder) && is_configuration(&folder.join(CONFIGURATION))
        };
        Ok(folders.filter(is_below).filter(is_there).map(Path::to_owned).collect())
    }

    fn of(&self, targets: &[Target]) -> Vec<Selection> {
        let mut found = ByRoot::new();
        for target in targets {
            let folder = normalized(&self.directory.join(&target.at));
            let folder =
                if folder.is_dir() { self.real(&folder).unwrap_or(folder) } else { folder };
            let root = self.root_of(&folder);
            let below = divided(&folder, &root.0);
            if below.is_empty() {
                self.add(&root, target.path.clone(), &mut found);
            }
            for (part, nested) in below {
                let is_named = part == folder;
                let path = if is_named { target.path.clone() } else { part.clone() };
                let root = if is_named { root.clone() } else { (part, true) };
                self.add(&root, path, &mut found).nested.extend(nested);
            }
        }
        found.into_values().collect()
    }

    fn add<'f>(&self, root: &Root, path: PathBuf, found: &'f mut ByRoot) -> &'f mut Selection {
        let selection = found.entry(root.clone()).or_insert_with(|| self.selection(root));
        selection.paths.push(path);
        selection
    }

    /// Returns the path of a folder with all links resolved, or `None` if a link in the work tree
    /// leads out of the work tree.
    fn real(&self, folder: &Path) -> Option<PathBuf> {
        match self.boundary.resolve(folder) {
            Ok(resolved) if resolved.linked => Some(resolved.path),
            Ok(_) => Some(folder.to_owned()),
            Err(Refusal::Violation(_)) if folder.starts_with(self.boundary.root()) => None,
            Err(_) => Some(folder.canonicalize().unwrap_or_else(|_| folder.to_owned())),
        }
    }

    /// Returns the root of the project that an absolute path belongs to: the folder of the nearest
    /// configuration above it.
    fn root_of(&self, path: &Path) -> Root {
        let folder = if path.is_dir() { Some(path) } else { path.parent() };
        let Some(folder) = folder else { return self.own() };
        // Reading the path reports the error.
        let Some(start) = self.real(folder) else { return self.own() };
        let repository = Repository::around(&start);
        let last = repository.as_ref().map_or(&*self.directory, Repository::work_tree);
        match open::configured_root(&start, last) {
            Some(root) => (root, true),
            // The configuration of the working directory does not apply in another repository.
            None if self.own.is_some() && repository.as_ref() != self.boundary.repository() => {
                repository.map_or_else(|| self.own(), |it| (it.work_tree().to_owned(), false))
            }
            None => self.own(),
        }
    }
}

/// Divides a named folder into parts that belong to different projects. Each part has a list of the
/// folders inside the part that belong to other projects. Empty if the whole folder belongs to one
/// project.
fn divided(folder: &Path, root: &Path) -> Vec<(PathBuf, Vec<PathBuf>)> {
    if !folder.is_dir() {
        return Vec::new();
    }
    let mut boundary = Boundary::of_project(root);
    if boundary.add_named(folder).is_err() {
        return Vec::new();
    }
    let mut roots = workspace::configured_folders(folder, &boundary);
    if roots.is_empty() {
        return Vec::new();
    }
    roots.insert(0, folder.to_owned());
    let documents = workspace::find(folder, &boundary, &mut Vec::new());
    let owner = |document: &PathBuf| roots.iter().rposition(|root| document.starts_with(root));
    let owners: Vec<_> = documents.iter().filter_map(owner).collect();
    let parts = roots.iter().enumerate().filter(|(number, _)| owners.contains(number));
    let below = |root: &PathBuf| {
        let inside = roots.iter().filter(|other| *other != root && other.starts_with(root));
        inside.cloned().collect()
    };
    parts.map(|(_, root)| (root.clone(), below(root))).collect()
}
