//! Loads the base of a comparison: its configuration and its documents.

mod folder;

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
    sync::Arc,
};

use super::extras::{Documents, Known};
use crate::{
    cli::{
        Failure,
        arguments::{BUILTIN, Diff},
        git::{Blob, Found, Git, GitObject, Revision},
    },
    configuration::Configuration,
    document::{self, Document},
    finding::Level,
    model::{MaxFileBytes, ProjectVocabulary},
    project::{CONFIGURATION, Project, included, read_configuration, relative},
    source::{LineIndex, Source},
    toml::syntax::is_lfs_pointer,
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
    pub(super) counted: Vec<PathBuf>,
    /// The folder in the work tree that the globs of the base are relative to.
    root: PathBuf,
    /// The words of both sides. If both declare a word, the base decides.
    pub(super) vocabulary: Arc<ProjectVocabulary>,
    /// The configuration of the base, for comparison with the configuration of the change. `None`
    /// if it is not known.
    pub(super) compared: Option<Configuration>,
    pub(super) errors: Vec<LoadError>,
    /// Warnings about the base's configuration.
    pub(super) warnings: Vec<String>,
}

/// The path of a file in the base, with its source and content.
type Loaded = (PathBuf, (Source, Document));

impl Base {
    pub(super) fn load(command: &Diff, project: &Project, builtin: bool) -> Result<Self, Failure> {
        match (&command.against_path, &command.against) {
            (Some(folder), _) => Self::of_folder(folder, project, command.max_file_size),
            (None, _) if builtin => Err(Failure::new(format!(
                "`{BUILTIN}` has no revisions; name a folder with `--against-path`"
            ))),
            (None, against) => {
                let git = Git::of(project)?;
                let revision = match against {
                    Some(name) => git.revision(name)?,
                    None => git.merge_base()?,
                };
                OfRevision { git, revision, project, command }.load()
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
            compared: None,
            errors: Vec::new(),
            warnings: Vec::new(),
        }
    }

    /// Applies the configuration of the base. If it has an error, it decides only which documents
    /// belong to the base, and the change's configuration decides the rest.
    fn configure(&mut self, name: &str, content: Content, of_change: &Configuration) {
        let (read, error) = match content {
            Content::Whole(bytes) => first_error(bytes),
            Content::TooLarge => {
                (Configuration::default(), Some((1, "the file is too large".into())))
            }
        };
        let Some((line, message)) = error else {
            self.compared = Some(read.clone());
            self.vocabulary = Arc::new(read.vocabulary.union(&of_change.vocabulary));
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

    /// Returns true if the base's configuration excludes a file.
    pub(super) fn excludes(&self, path: &Path) -> bool {
        self.configuration
            .as_ref()
            .is_some_and(|configuration| excludes(configuration, &self.root, path))
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

/// Returns the folders and files that a configuration includes.
fn inputs_of(configuration: &Configuration, root: &Path) -> Vec<PathBuf> {
    included(configuration, root).map(|(_, path)| path).collect()
}

/// Returns true if the configuration at `root` excludes a file. Both paths are absolute.
fn excludes(configuration: &Configuration, root: &Path, path: &Path) -> bool {
    configuration.excludes(&relative(path, root))
}

/// Loads a base from a revision.
struct OfRevision<'a> {
    git: Git<'a>,
    revision: Revision,
    project: &'a Project,
    command: &'a Diff,
}

impl OfRevision<'_> {
    fn load(&self) -> Result<Base, Failure> {
        let directory = self.project.directory().to_owned();
        let mut base = Base::empty(self.revision.to_string(), directory, self.project);
        if let Some((root, name, content)) = self.configuration()? {
            base.root = root;
            base.configure(&name, content, &self.project.configuration);
        } else {
            base.compared = Some(Configuration::default());
        }
        let default = Configuration::default();
        let configuration = base.configuration.as_ref().unwrap_or(&default);
        let named = self.named();
        let whole = named.iter().all(|path| !path.is_dir());
        let mut requested = if whole { inputs_of(configuration, &base.root) } else { Vec::new() };
        requested.extend(named.iter().cloned());
        self.refuse_sparse(&requested)?;
        for path in named.iter().filter(|path| path.symlink_metadata().is_err()) {
            if self.git.find(&self.revision, self.below(path)?)? == Found::Nothing {
                let name = self.project.display(path);
                return Err(Failure::new(format!("`{name}` is neither here nor in the base")));
            }
        }
        let limit = self.limit(configuration);
        let own = self.documents(&requested, limit, &base, |path| {
            !named.contains(path) && base.excludes(path)
        })?;
        // If the command line names folders, the folders of both configurations are also searched,
        // to recognise declarations that only moved.
        let mut inputs = inputs_of(&self.project.configuration, &self.project.root);
        if !whole {
            inputs.extend(inputs_of(configuration, &base.root));
        }
        let known: BTreeSet<_> = own.iter().map(|(path, _)| path.clone()).collect();
        let mut others = self.documents(&inputs, limit, &base, |path| {
            excludes(&self.project.configuration, &self.project.root, path)
        })?;
        others.retain(|(path, _)| !known.contains(path));
        base.counted = inputs_of(configuration, &base.root);
        base.own = Documents(own.into_iter().map(|(_, loaded)| loaded).collect());
        base.others = Documents(others.into_iter().map(|(_, loaded)| loaded).collect());
        Ok(base)
    }

    /// Returns the maximum file size in the base. The change must not be able to set it.
    fn limit(&self, configuration: &Configuration) -> MaxFileBytes {
        self.command.max_file_size.unwrap_or(configuration.max_file_bytes)
    }

    /// Returns the folders and files on the command line, as absolute paths.
    fn named(&self) -> Vec<PathBuf> {
        self.command.paths.iter().map(|path| self.project.spelled(path)).collect()
    }

    /// Returns the configuration of the base: the nearest one, searching from the working directory
    /// up to the root of the repository.
    fn configuration(&self) -> Result<Option<(PathBuf, String, Content)>, Failure> {
        let root = self.git.root();
        for folder in self.project.directory().ancestors().take_while(|it| it.starts_with(root)) {
            let path = folder.join(CONFIGURATION);
            let Found::File(real) = self.git.find(&self.revision, self.below(&path)?)? else {
                continue;
            };
            let blob = self.git.file(&self.revision, &real)?;
            let limit = self.limit(&Configuration::default());
            let objects = self.git.objects(&self.revision, blob.as_slice(), limit)?;
            let name = self.project.display(&path);
            if let Some(content) = objects.into_iter().next().and_then(content) {
                return Ok(Some((folder.to_owned(), name, content)));
            }
        }
        Ok(None)
    }

    /// Returns the documents of the base in these folders and files, except excluded documents.
    fn documents(
        &self,
        inputs: &[PathBuf],
        limit: MaxFileBytes,
        base: &Base,
        is_left_out: impl Fn(&PathBuf) -> bool,
    ) -> Result<Vec<Loaded>, Failure> {
        let mut blobs = Vec::new();
        for input in inputs {
            self.find(input, &is_left_out, &mut blobs)?;
        }
        blobs.sort_by(|(left, _), (right, _)| left.cmp(right));
        blobs.dedup_by(|(left, _), (right, _)| left == right);
        let (paths, blobs): (Vec<_>, Vec<_>) = blobs.into_iter().unzip();
        let objects = self.git.objects(&self.revision, &blobs, limit)?;
        let loaded = paths.into_iter().zip(objects);
        loaded.map(|(path, object)| self.loaded(path, object, limit, &base.vocabulary)).collect()
    }

    /// Returns the documents in a folder, or a single file, with the paths that a walk of the work
    /// tree would give them.
    fn find(
        &self,
        input: &Path,
        is_left_out: &impl Fn(&PathBuf) -> bool,
        blobs: &mut Vec<(PathBuf, Blob)>,
    ) -> Result<(), Failure> {
        let name = self.project.display(input);
        let below = self.below(input)?;
        match self.git.find(&self.revision, below)? {
            Found::Nothing => {}
            Found::File(real) => {
                let blob = self.git.file(&self.revision, &real)?;
                blobs.extend(blob.map(|blob| (input.to_owned(), blob)));
            }
            Found::Folder(real) => {
                let (documents, submodules) = self.git.documents(&self.revision, &real)?;
                let path = |found: &Path| input.join(found.strip_prefix(&real).unwrap_or(found));
                if let Some(submodule) = submodules.first() {
                    return Err(self.submodule(&self.project.display(&path(submodule))));
                }
                let found = documents.into_iter().map(|blob| (path(&blob.path), blob));
                blobs.extend(found.filter(|(path, _)| !is_left_out(path)));
            }
            Found::Submodule(_) => return Err(self.submodule(&name)),
            Found::Outside => {
                return Err(Failure::new(format!(
                    "`{name}` of the base, {}, leads through a link out of the repository",
                    self.revision
                )));
            }
        }
        Ok(())
    }

    fn submodule(&self, name: &str) -> Failure {
        Failure::new(format!(
            "`{name}` is or contains a submodule of the base, {}, whose files are in another \
             repository; run in the submodule, or compare with `--against-path`",
            self.revision
        ))
    }

    fn loaded(
        &self,
        path: PathBuf,
        object: GitObject,
        limit: MaxFileBytes,
        vocabulary: &ProjectVocabulary,
    ) -> Result<Loaded, Failure> {
        let name = self.project.display(&path);
        let loaded = match object {
            GitObject::Bytes(bytes) if is_lfs_pointer(&bytes) => {
                return Err(Failure::new(format!(
                    "`{name}` of the base, {}, is a Git LFS pointer, and its content is not in \
                     the repository; check the base out and compare with `--against-path`",
                    self.revision
                )));
            }
            GitObject::Bytes(bytes) => Content::Whole(bytes).read(name, limit, vocabulary),
            GitObject::TooLarge => Content::TooLarge.read(name, limit, vocabulary),
            GitObject::Lost => (Source::new(name, ""), document::lost_link()),
        };
        Ok((path, loaded))
    }

    /// Returns a failure if a sparse checkout leaves out a document of the base, because the change
    /// did not remove it.
    fn refuse_sparse(&self, inputs: &[PathBuf]) -> Result<(), Failure> {
        let below: Vec<_> =
            inputs.iter().filter_map(|path| self.below(path).ok()).map(Path::to_owned).collect();
        let left_out = self.git.left_out(&below)?;
        match left_out.iter().find(|path| !self.git.root().join(path).exists()) {
            None => Ok(()),
            Some(path) => Err(Failure::new(format!(
                "the sparse checkout leaves out `{}`; add its folder with `git sparse-checkout \
                 add {}`",
                self.project.display(&self.git.root().join(path)),
                path.parent().unwrap_or(path).display()
            ))),
        }
    }

    /// Returns the path relative to the root of the work tree.
    fn below<'p>(&self, path: &'p Path) -> Result<&'p Path, Failure> {
        path.strip_prefix(self.git.root()).map_err(|_| {
            let name = self.project.display(path);
            Failure::new(format!(
                "`{name}` is not in the git repository; name a folder with `--against-path`"
            ))
        })
    }
}

fn content(object: GitObject) -> Option<Content> {
    match object {
        GitObject::Bytes(bytes) => Some(Content::Whole(bytes)),
        GitObject::TooLarge => Some(Content::TooLarge),
        GitObject::Lost => None,
    }
}
