//! Opens a project: finds its root, its configuration and its boundary.

use std::path::{Path, PathBuf};

use super::{CONFIGURATION, DEFAULT_FOLDER, ProjectError, paths::normalized, spelling};
use crate::{
    boundary::{Boundary, Refusal},
    configuration::{self, Configuration},
    document,
    finding::{Finding, Level},
    model::{MaxFileBytes, Prose},
    rules,
    source::{Source, Span},
    workspace::Content,
};

/// The text of the configuration and its findings.
type ReadConfiguration = (Source, Vec<Finding<Span>>);

/// Options for opening a project.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Options {
    /// Additional folders into which links are followed.
    pub roots: Vec<PathBuf>,
    /// The maximum file size. Overrides the configuration.
    pub max_file_bytes: Option<MaxFileBytes>,
    /// Whether to ignore the configuration and the repository around the folder. Set this for
    /// documents that are not in the folder.
    pub detached: bool,
}

/// A project: its configuration and its folders.
#[derive(Debug)]
pub struct Project {
    /// The absolute folder to which displayed paths are relative.
    pub(super) directory: PathBuf,
    /// The absolute folder of the configuration, or `directory` if there is no configuration.
    pub(crate) root: PathBuf,
    /// The configuration.
    pub configuration: Configuration,
    /// The folders from which files can be read.
    pub(crate) boundary: Boundary,
    /// `directory` relative to the root of the repository.
    pub(super) directory_in_repository: String,
    /// The text of the configuration and its findings, if it has findings or declares words.
    pub(super) configuration_findings: Option<ReadConfiguration>,
    /// The text of the configuration, if there is one.
    configuration_source: Option<Source>,
}

impl Project {
    /// Opens the project around a folder.
    ///
    /// The configuration is the nearest `driverc.toml`, from the folder up to the root of its git
    /// work tree. It can have errors: see [`Self::invalid_configuration`].
    pub fn open(folder: impl AsRef<Path>) -> Result<Self, ProjectError> {
        Self::open_with(folder, &Options::default())
    }

    /// Opens the project around a folder, with options.
    pub fn open_with(folder: impl AsRef<Path>, options: &Options) -> Result<Self, ProjectError> {
        let directory = std::path::absolute(folder).map_err(ProjectError::Folder)?;
        let boundary = boundary(&directory, options)?;
        let is_own = !options.detached;
        let configured = if is_own { configured_root(&directory, boundary.root()) } else { None };
        let root = configured.clone().unwrap_or_else(|| directory.clone());
        let repository = boundary.repository().filter(|_| is_own);
        let directory_in_repository =
            repository.map(|repository| repository.below(&directory)).unwrap_or_default();
        let configuration = Configuration::default();
        let mut project = Self {
            directory,
            root,
            configuration,
            boundary,
            directory_in_repository,
            configuration_findings: None,
            configuration_source: None,
        };
        let limit = options.max_file_bytes.unwrap_or(project.configuration.max_file_bytes);
        if let Some(folder) = configured {
            project.read_configuration(&folder.join(CONFIGURATION), limit)?;
        }
        if let Some(limit) = options.max_file_bytes {
            project.configuration.max_file_bytes = limit;
        }
        Ok(project)
    }

    fn read_configuration(&mut self, path: &Path, limit: MaxFileBytes) -> Result<(), ProjectError> {
        let name = self.display(path);
        let (text, findings) = match Content::inside(&self.boundary, path, limit) {
            Ok(Content::Whole(bytes)) => {
                let (text, configuration, findings) = read_configuration(bytes);
                self.configuration = configuration;
                (text, findings)
            }
            Ok(Content::TooLarge) => (String::new(), document::too_large(limit).findings),
            Err(refusal) => return Err(ProjectError::Refused { name, refusal }),
        };
        self.configuration_source = Some(Source::new(name.as_str(), text.as_str()));
        let is_needed = !findings.is_empty() || !self.configuration.vocabulary.is_empty();
        self.configuration_findings = is_needed.then(|| (Source::new(name, text), findings));
        Ok(())
    }

    /// Returns the text of the configuration, if there is one.
    pub const fn configuration_source(&self) -> Option<&Source> {
        self.configuration_source.as_ref()
    }

    /// Returns the text of the configuration and its findings, if one of them is an error. The
    /// rules and paths of the configuration can then be wrong.
    pub fn invalid_configuration(&self) -> Option<(&Source, &[Finding<Span>])> {
        let (source, findings) = self.configuration_findings.as_ref()?;
        let is_invalid = findings.iter().any(|finding| finding.level >= Level::Error);
        is_invalid.then_some((source, findings))
    }

    /// Returns the absolute folder to which displayed paths are relative.
    pub fn directory(&self) -> &Path {
        &self.directory
    }

    /// Returns [`Self::directory`] relative to the root of the repository, with `/` as separator.
    pub fn directory_in_repository(&self) -> &str {
        &self.directory_in_repository
    }

    /// Returns the absolute folder to which paths in the configuration and in `tuning_guide` are
    /// relative.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Returns the absolute paths of the folders and files that the project includes.
    pub(super) fn included(&self) -> Result<Vec<PathBuf>, ProjectError> {
        let mut inputs = Vec::new();
        for (name, written) in included(&self.configuration, &self.root) {
            // Must not resolve links outside the boundary, unlike paths of the command line.
            let found = spelling::spelled(written, &self.root, spelling::is_same);
            if self.exists(&found)? {
                inputs.push(found);
            } else if self.configuration.include.is_some() {
                return Err(ProjectError::NotThere { path: name.to_owned() });
            }
        }
        Ok(inputs)
    }

    /// Returns true if a path from the configuration exists. Fails if the path is outside the
    /// boundary.
    fn exists(&self, path: &Path) -> Result<bool, ProjectError> {
        match self.boundary.allow_walk(path) {
            Ok(()) => Ok(true),
            Err(Refusal::Io(_)) => Ok(false),
            Err(refusal @ Refusal::Violation(_)) => {
                Err(ProjectError::Refused { name: self.display(path), refusal })
            }
        }
    }

    /// Creates the error for a project without documents.
    pub(super) fn no_document(&self) -> ProjectError {
        let is_missing = |name| !self.root.join(name).exists();
        let include = &self.configuration.include;
        if include.is_none() && is_missing(CONFIGURATION) && is_missing(DEFAULT_FOLDER) {
            return ProjectError::NoProject { above: self.root_with_contracts() };
        }
        let folders = included(&self.configuration, &self.root);
        ProjectError::NoDocument { folders: folders.map(|(_, path)| self.display(&path)).collect() }
    }

    /// Returns the nearest parent folder that contains contracts, searching up to the root of the
    /// repository.
    fn root_with_contracts(&self) -> Option<String> {
        let root = self.boundary.repository()?.work_tree();
        let above = self.directory.ancestors().take_while(|folder| folder.starts_with(root));
        let found = above.into_iter().find(|folder| folder.join(DEFAULT_FOLDER).is_dir());
        found.map(|folder| self.display(folder))
    }
}

/// Reads a configuration. Returns its text, its values and its findings.
pub(crate) fn read_configuration(bytes: Vec<u8>) -> (String, Configuration, Vec<Finding<Span>>) {
    let known: Vec<_> = rules::configurable().collect();
    configuration::read(bytes, &known)
}

/// Creates the boundary of the project around a folder, including the additional roots.
fn boundary(directory: &Path, options: &Options) -> Result<Boundary, ProjectError> {
    let mut boundary = Boundary::of_project(directory);
    for folder in &options.roots {
        let added = boundary.add_root(&directory.join(folder));
        added.map_err(|error| ProjectError::Root { folder: folder.clone(), error })?;
    }
    Ok(boundary)
}

/// Returns the folders and files that a configuration includes, both as written and as absolute
/// paths.
pub(crate) fn included<'s>(
    configuration: &'s Configuration,
    root: &Path,
) -> impl Iterator<Item = (&'s str, PathBuf)> {
    let include = configuration.include.as_deref().map(|paths| paths.iter().map(Prose::as_str));
    let default = configuration.include.is_none().then_some(DEFAULT_FOLDER);
    let names = include.into_iter().flatten().chain(default);
    names.map(|name| (name, normalized(&root.join(name))))
}

/// Returns the nearest folder that contains a configuration, from `directory` up to `last`.
fn configured_root(directory: &Path, last: &Path) -> Option<PathBuf> {
    directory
        .ancestors()
        .take_while(|folder| folder.starts_with(last))
        .find(|folder| is_configuration(&folder.join(CONFIGURATION)))
        .map(Path::to_owned)
}

/// Returns true if the path is a file or a link. Links to paths outside the project fail later.
pub(crate) fn is_configuration(path: &Path) -> bool {
    path.symlink_metadata().is_ok_and(|existing| existing.is_file() || existing.is_symlink())
}
