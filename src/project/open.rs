//! Opens a project: finds its root, its configuration and its boundary.

use std::path::{Path, PathBuf};

use super::{CONFIGURATION, DEFAULT_FOLDER, ProjectError, normalized, relative};
#[cfg(feature = "targets")]
use crate::targets;
use crate::{
    boundary::Boundary,
    configuration::{self, Configuration},
    document,
    finding::{Finding, Level},
    model::MaxFileBytes,
    repository::Repository,
    rules,
    source::{Source, Span},
    workspace::Content,
};

/// The text of the configuration, and the findings in this text.
type ReadConfiguration = (Source, Vec<Finding<Span>>);

/// Options for opening a project.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Options {
    /// Additional folders into which links are followed.
    pub roots: Vec<PathBuf>,
    /// The maximum file size. Overrides the configuration.
    pub max_file_bytes: Option<MaxFileBytes>,
    /// Whether to ignore the configuration and the repository around the folder. Use this if the
    /// documents are not in the folder.
    pub detached: bool,
    /// The path of the configuration to use instead of the nearest configuration. The path is
    /// relative to the opened folder. The folder of this configuration is the project's root.
    pub configuration: Option<PathBuf>,
}

/// A project: its configuration and its folders.
#[derive(Debug)]
pub struct Project {
    /// The absolute path of the folder to which displayed paths are relative.
    pub(super) directory: PathBuf,
    /// The absolute path of the configuration's folder, or `directory` if there is no
    /// configuration.
    pub(crate) root: PathBuf,
    /// The configuration.
    pub configuration: Configuration,
    /// The folders from which files can be read.
    pub(crate) boundary: Boundary,
    /// The absolute paths of the folders whose documents belong to other projects of the run.
    pub(super) nested: Vec<PathBuf>,
    /// `directory` relative to the root of the repository.
    pub(super) directory_in_repository: String,
    /// The text and the findings of the configuration, if the configuration has findings or
    /// declares words.
    pub(super) configuration_findings: Option<ReadConfiguration>,
    /// The text of the configuration, if there is one.
    configuration_source: Option<Source>,
    /// The text of the baseline, if it was read.
    pub(super) baseline: Option<Source>,
    pub(super) ignores_baseline: bool,
}

impl Project {
    /// Opens the project around a folder.
    ///
    /// The configuration is the nearest `driverc.toml`, from the folder up to the root of its git
    /// work tree. The configuration can have errors: see [`Self::invalid_configuration`].
    pub fn open(folder: impl AsRef<Path>) -> Result<Self, ProjectError> {
        Self::open_with(folder, &Options::default())
    }

    /// Opens the project around a folder, with options.
    pub fn open_with(folder: impl AsRef<Path>, options: &Options) -> Result<Self, ProjectError> {
        let directory = std::path::absolute(folder).map_err(ProjectError::Folder)?;
        let configuration = match &options.configuration {
            Some(file) => Some(named_configuration(&directory, file)?),
            None if options.detached => None,
            None => {
                let last = Boundary::of_project(&directory);
                let root = configured_root(&directory, last.root());
                root.map(|folder| folder.join(CONFIGURATION))
            }
        };
        let root = configuration.as_deref().and_then(Path::parent).unwrap_or(&directory).to_owned();
        Self::open_at((directory, root), configuration.as_deref(), options)
    }

    /// Opens the project with this working directory, root and configuration.
    pub(super) fn open_at(
        (directory, root): (PathBuf, PathBuf),
        file: Option<&Path>,
        options: &Options,
    ) -> Result<Self, ProjectError> {
        let boundary = boundary(&root, &directory, options)?;
        let repository = Repository::around(&directory).filter(|_| !options.detached);
        let directory_in_repository =
            repository.map(|repository| repository.below(&directory)).unwrap_or_default();
        let mut project = Self {
            directory,
            root,
            configuration: Configuration::default(),
            boundary,
            nested: Vec::new(),
            directory_in_repository,
            configuration_findings: None,
            configuration_source: None,
            baseline: None,
            ignores_baseline: false,
        };
        let limit = options.max_file_bytes.unwrap_or(project.configuration.max_file_bytes);
        if let Some(file) = file {
            project.read_configuration(file, limit)?;
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

    /// Returns true if a path is the path of the configuration or of the baseline. Such a path
    /// stands for the whole project.
    pub fn is_configured_by(&self, path: &Path) -> bool {
        let own = self.configuration_source.as_ref().map(Source::name);
        own.is_some_and(|own| self.display(path) == own) || self.is_baseline(path)
    }

    /// Returns the text of the configuration, if there is one.
    pub const fn configuration_source(&self) -> Option<&Source> {
        self.configuration_source.as_ref()
    }

    /// Returns the text and the findings of the configuration, if one of the findings is an error.
    /// The rules and paths of the configuration can then be wrong.
    pub fn invalid_configuration(&self) -> Option<(&Source, &[Finding<Span>])> {
        let (source, findings) = self.configuration_findings.as_ref()?;
        let is_invalid = findings.iter().any(|finding| finding.level >= Level::Error);
        is_invalid.then_some((source, findings))
    }

    /// Returns the absolute path of the folder to which displayed paths are relative.
    pub fn directory(&self) -> &Path {
        &self.directory
    }

    /// Returns [`Self::directory`] relative to the root of the repository, with `/` as separator.
    pub fn directory_in_repository(&self) -> &str {
        &self.directory_in_repository
    }

    /// Returns the absolute path of the folder to which paths in the configuration and in
    /// `tuning_guide` are relative.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Creates the error for a project without documents.
    pub(super) fn no_document(&self) -> ProjectError {
        let is_missing = |name| !self.root.join(name).exists();
        let include = &self.configuration.include;
        if include.is_none() && is_missing(CONFIGURATION) && is_missing(DEFAULT_FOLDER) {
            return ProjectError::NoProject { above: self.root_with_contracts() };
        }
        ProjectError::NoDocument { folders: self.included_names() }
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
    let known: Vec<_> = rules::all().collect();
    let (text, configuration, findings) = configuration::read(bytes, &known);
    let findings = with_targets(&text, &configuration, findings);
    (text, configuration, findings)
}

/// Adds the findings about `[[emit]]` and `[[verify]]`, in source order.
#[cfg(feature = "targets")]
fn with_targets(
    text: &str,
    configuration: &Configuration,
    mut findings: Vec<Finding<Span>>,
) -> Vec<Finding<Span>> {
    if !(configuration.emit.is_empty() && configuration.verify.is_empty()) {
        findings.extend(targets::check_declared(text));
        findings.sort_by_key(|finding| finding.place);
    }
    findings
}

/// Returns the findings unchanged. Only the feature `targets` knows the targets.
#[cfg(not(feature = "targets"))]
fn with_targets(
    _text: &str,
    _configuration: &Configuration,
    findings: Vec<Finding<Span>>,
) -> Vec<Finding<Span>> {
    findings
}

/// Returns the absolute path of a configuration that the command line names. Fails if the
/// configuration does not exist, or if a link in the work tree around `directory` leads out of the
/// work tree.
pub(super) fn named_configuration(directory: &Path, file: &Path) -> Result<PathBuf, ProjectError> {
    let file = normalized(&directory.join(file));
    let name = || relative(&file, directory);
    let named = Boundary::of_project(directory).add_named(&file);
    named.map_err(|refusal| ProjectError::Refused { name: name(), refusal })?;
    Ok(file)
}

/// Creates the boundary of the project with this root, including the additional roots.
fn boundary(root: &Path, directory: &Path, options: &Options) -> Result<Boundary, ProjectError> {
    let mut boundary = Boundary::of_project(root);
    for folder in &options.roots {
        let added = boundary.add_root(&directory.join(folder));
        added.map_err(|error| ProjectError::Root { folder: folder.clone(), error })?;
    }
    Ok(boundary)
}

/// Returns the nearest folder that contains a configuration, from `directory` up to `last`.
pub(super) fn configured_root(directory: &Path, last: &Path) -> Option<PathBuf> {
    directory
        .ancestors()
        .take_while(|folder| folder.starts_with(last))
        .find(|folder| is_configuration(&folder.join(CONFIGURATION)))
        .map(Path::to_owned)
}

/// Returns true if a path has the file name of a configuration, whether the file exists or not.
pub(crate) fn is_configuration_name(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name == CONFIGURATION)
}

/// Returns true if the path is a file or a link. Links to paths outside the project fail later.
pub(crate) fn is_configuration(path: &Path) -> bool {
    path.symlink_metadata().is_ok_and(|existing| existing.is_file() || existing.is_symlink())
}
