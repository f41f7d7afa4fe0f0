//! Loads the base of a comparison: its configuration and its documents.

mod folder;
mod revision;

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
    sync::Arc,
};

use self::revision::OfRevision;
use super::{
    extras::{Documents, Known},
    plan::{BaseProject, Comparison},
};
use crate::{
    cli::{
        Failure,
        arguments::{BUILTIN, Diff},
        git::{Git, Revision},
    },
    configuration::Configuration,
    finding::Level,
    model::ProjectVocabulary,
    project::{Included, Project, included, normalized, read_configuration, relative},
    source::LineIndex,
    workspace::{Content, LoadError},
};

/// The old side of a comparison.
pub(super) struct Base {
    /// The name of the base in the output.
    pub(super) label: String,
    /// The configuration that applies to the base. `None` if the base has no configuration.
    pub(super) configuration: Option<Configuration>,
    /// The documents that the base's own configuration includes.
    pub(super) own: Documents,
    /// The documents that only the change's configuration includes.
    pub(super) others: Documents,
    /// The folders and files of the work tree that the base's configuration would include, as
    /// absolute paths.
    pub(super) counted: Vec<Included>,
    /// The folder in the work tree that the globs of the base are relative to.
    root: PathBuf,
    /// The project in the base, and the folders of other projects.
    limits: BaseProject,
    /// The name of the base's configuration, if it has one.
    pub(super) configured_by: Option<String>,
    /// Whether the base has no file at the path of the change's configuration.
    pub(super) is_new: bool,
    /// The folders of all configurations in the revision.
    configured: BTreeSet<PathBuf>,
    /// The words of both sides. If both sides declare a word, the declaration of the base applies.
    pub(super) vocabulary: Arc<ProjectVocabulary>,
    /// The configuration of the base, for comparison with the configuration of the change. `None`
    /// if the configuration of the base is not known.
    pub(super) compared: Option<Configuration>,
    /// Whether both sides have only the words of the change.
    has_words_of_change: bool,
    /// The text of the base's baseline. Empty if the base has none.
    pub(super) baseline: String,
    pub(super) errors: Vec<LoadError>,
    /// Warnings about the base's configuration.
    pub(super) warnings: Vec<String>,
}

impl Diff {
    /// Returns the revision to compare with.
    pub(super) fn revision(&self, git: Git<'_>) -> Result<Revision, Failure> {
        match &self.new_from {
            Some(name) => git.merge_base_with(name),
            None => git.base(self.against.as_deref()),
        }
    }
}

impl Base {
    pub(super) fn load(comparison: &Comparison, project: &Project) -> Result<Self, Failure> {
        let command = &comparison.command;
        match &command.against_path {
            Some(folder) => Self::of_folder(folder, project, command.max_file_size),
            None if command.paths.iter().any(|path| path.as_os_str() == BUILTIN) => {
                Err(Failure::new(format!(
                    "`{BUILTIN}` has no revisions; name a folder with `--against-path`"
                )))
            }
            None => {
                let git = Git::of(project)?;
                let planned = comparison.revision.as_ref();
                let (revision, configured) =
                    if let Some(planned) = planned.filter(|it| git.is_of(&it.repository)) {
                        (planned.revision.clone(), planned.configured.clone())
                    } else {
                        let revision = command.revision(git)?;
                        let configured = git.configured_folders(&revision)?;
                        (revision, configured.into_iter().collect())
                    };
                let of_base = &comparison.base;
                OfRevision { git, revision, project, command, of_base }.load(configured)
            }
        }
    }

    fn empty(label: String, root: PathBuf, project: &Project) -> Self {
        Self {
            vocabulary: Arc::clone(&project.configuration.vocabulary),
            label,
            configuration: None,
            own: Documents::default(),
            others: Documents::default(),
            counted: Vec::new(),
            root,
            limits: BaseProject::default(),
            configured_by: None,
            is_new: false,
            configured: BTreeSet::new(),
            compared: None,
            has_words_of_change: false,
            baseline: String::new(),
            errors: Vec::new(),
            warnings: Vec::new(),
        }
    }

    /// Applies the configuration of the base. If this configuration has an error, it decides only
    /// which documents belong to the base, and the change's configuration decides the rest.
    fn configure(&mut self, name: &str, content: Content, of_change: &Configuration) {
        self.configured_by = Some(name.to_owned());
        let (read, error) = match content {
            Content::Whole(bytes) => first_error(bytes),
            Content::TooLarge => {
                (Configuration::default(), Some((1, "the file is too large".into())))
            }
        };
        let Some((line, message)) = error else {
            self.compared = Some(read.clone());
            if !self.has_words_of_change {
                self.vocabulary = Arc::new(read.vocabulary.union(&of_change.vocabulary));
            }
            self.configuration = Some(read);
            return;
        };
        let Configuration { include, exclude, max_file_bytes, .. } = read;
        let label = &self.label;
        self.warnings.push(format!(
            "`{name}` of the base, {label}, has an error in line {line}: {message}; driverc uses \
             what it can read of `include` and `exclude`, and the other settings of the change"
        ));
        self.configuration =
            Some(Configuration { include, exclude, max_file_bytes, ..of_change.clone() });
    }

    /// Returns true if the base's configuration excludes a file, or if the file belongs to another
    /// project.
    pub(super) fn excludes(&self, path: &Path) -> bool {
        let configuration = self.configuration.as_ref();
        self.is_of_other(path) || configuration.is_some_and(|it| excludes(it, &self.root, path))
    }

    /// Returns the path of the baseline that the base's configuration names, in a project with this
    /// root.
    pub(super) fn baseline_path(&self, root: &Path) -> Option<PathBuf> {
        let file = self.configuration.as_ref()?.baseline.as_ref()?;
        Some(normalized(&root.join(file.as_str())))
    }

    /// Returns true if the base has a configuration in a folder of the work tree.
    pub(super) fn is_configured(&self, folder: &Path) -> bool {
        self.configured.contains(folder)
    }

    /// Returns true if a file of the base belongs to another project.
    fn is_of_other(&self, path: &Path) -> bool {
        let BaseProject { within, nested, .. } = &self.limits;
        within.as_ref().is_some_and(|folder| !path.starts_with(folder))
            || nested.iter().any(|folder| path.starts_with(folder))
    }
}

/// Returns the readable part of a configuration, and its first error with its line number.
fn first_error(bytes: Vec<u8>) -> (Configuration, Option<(usize, String)>) {
    let (text, configuration, findings) = read_configuration(bytes);
    let first = findings.into_iter().find(|finding| finding.level >= Level::Error);
    let line = |offset| LineIndex::new(&text).line_of(offset) + 1;
    let error = first.map(|finding| (line(finding.place.start), finding.message));
    (configuration, error)
}

/// Returns the folders and files that a configuration includes. Leaves out invalid globs.
fn inputs_of(
    configuration: &Configuration,
    root: &Path,
    exists: impl Fn(&Path) -> bool,
) -> Vec<Included> {
    included(configuration, root, exists).filter_map(|(_, entry)| entry.ok()).collect()
}

/// Returns true if the configuration at `root` excludes a file. Both paths are absolute.
fn excludes(configuration: &Configuration, root: &Path, path: &Path) -> bool {
    configuration.excludes(&relative(path, root))
}
