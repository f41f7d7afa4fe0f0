//! Loads a base from a revision.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

use super::{Base, BaseProject, Documents, excludes, inputs_of};
use crate::{
    cli::{
        Failure,
        arguments::Diff,
        git::{Blob, Found, Git, GitObject, Revision},
    },
    configuration::Configuration,
    document::{self, Document},
    model::{MaxFileBytes, ProjectVocabulary},
    project::{CONFIGURATION, Included, Project},
    source::Source,
    toml::syntax::is_lfs_pointer,
    workspace::Content,
};

/// The path of a file in the base, with its source and content.
type Loaded = (PathBuf, (Source, Document));

/// Loads a base from a revision.
pub(super) struct OfRevision<'a> {
    pub(super) git: Git<'a>,
    pub(super) revision: Revision,
    pub(super) project: &'a Project,
    pub(super) command: &'a Diff,
    pub(super) of_base: &'a BaseProject,
}

impl OfRevision<'_> {
    pub(super) fn load(&self, configured: BTreeSet<PathBuf>) -> Result<Base, Failure> {
        let root = self.of_base.root.as_deref().unwrap_or_else(|| self.project.directory());
        let mut base = Base::empty(self.revision.to_string(), root.to_owned(), self.project);
        base.limits = self.of_base.clone();
        base.has_words_of_change = self.command.new_from.is_some();
        base.configured = configured;
        base.is_new = self.is_new()?;
        if let Some((root, name, content)) = self.configuration()? {
            base.root = root;
            base.configure(&name, content, &self.project.configuration);
        } else {
            base.compared = Some(Configuration::default());
        }
        base.baseline = self.baseline(&base)?;
        let default = Configuration::default();
        let configuration = base.configuration.as_ref().unwrap_or(&default);
        let mut named = self.named();
        // Each side's baseline stands for the whole project.
        let baseline = base.baseline_path(&base.root);
        named.retain(|path| Some(path) != baseline.as_ref());
        let whole = named.iter().all(|path| !path.is_dir());
        let of_base = self.inputs_of(configuration, &base.root);
        let mut requested = if whole { of_base.clone() } else { Vec::new() };
        requested.extend(named.iter().cloned().map(Included::all));
        self.refuse_sparse(&requested)?;
        for path in named.iter().filter(|path| path.symlink_metadata().is_err()) {
            if self.git.find(&self.revision, self.below(path)?)? == Found::Nothing {
                let name = self.project.display(path);
                return Err(Failure::new(format!(
                    "`{name}` is neither in the work tree nor in the base"
                )));
            }
        }
        let limit = self.limit(configuration);
        let own = self.documents(&requested, limit, &base, |path| {
            !named.contains(path) && base.excludes(path)
        })?;
        // If the command line names folders, the folders of both configurations are also searched,
        // to recognise declarations that only moved.
        let mut inputs = self.inputs_of(&self.project.configuration, &self.project.root);
        if !whole {
            inputs.extend(of_base.iter().cloned());
        }
        let known: BTreeSet<_> = own.iter().map(|(path, _)| path.clone()).collect();
        let of_change = &self.project.configuration;
        let mut others = self.documents(&inputs, limit, &base, |path| {
            excludes(of_change, &self.project.root, path) || base.is_of_other(path)
        })?;
        others.retain(|(path, _)| !known.contains(path));
        base.counted = of_base;
        base.own = Documents(own.into_iter().map(|(_, loaded)| loaded).collect());
        base.others = Documents(others.into_iter().map(|(_, loaded)| loaded).collect());
        Ok(base)
    }

    /// Returns the folders and files of the base that a configuration includes.
    fn inputs_of(&self, configuration: &Configuration, root: &Path) -> Vec<Included> {
        inputs_of(configuration, root, |path| {
            let found = self.below(path).and_then(|below| self.git.find(&self.revision, below));
            found.is_ok_and(|found| found != Found::Nothing)
        })
    }

    /// Returns true if the project has a configuration in the change but no file at the same path
    /// in the base.
    fn is_new(&self) -> Result<bool, Failure> {
        let Some(name) = self.project.configuration_source().map(Source::name) else {
            return Ok(false);
        };
        let path = self.project.absolute(Path::new(name));
        // The command line can name a configuration outside the repository.
        match self.below(&path) {
            Ok(below) => Ok(self.git.find(&self.revision, below)? == Found::Nothing),
            Err(_) => Ok(false),
        }
    }

    /// Returns the maximum file size that the command line sets, or else the maximum file size of
    /// `configuration`. This is never the configuration of the change.
    fn limit(&self, configuration: &Configuration) -> MaxFileBytes {
        self.command.max_file_size.unwrap_or(configuration.max_file_bytes)
    }

    /// Returns the folders and files on the command line, as absolute paths.
    fn named(&self) -> Vec<PathBuf> {
        self.command.paths.iter().map(|path| self.project.spelled(path)).collect()
    }

    /// Returns the configuration of the base. If the root of the base's project is not known,
    /// searches from the working directory up to the root of the repository, and returns the first
    /// configuration.
    fn configuration(&self) -> Result<Option<(PathBuf, String, Content)>, Failure> {
        let BaseProject { root, configuration, .. } = self.of_base;
        let known = root.is_some().then(|| configuration.iter().cloned().collect::<Vec<_>>());
        let nearest = || {
            let folders = self.project.directory().ancestors();
            let folders = folders.take_while(|folder| folder.starts_with(self.git.root()));
            folders.map(|folder| folder.join(CONFIGURATION)).collect()
        };
        for path in known.unwrap_or_else(nearest) {
            let Found::File(real) = self.git.find(&self.revision, self.below(&path)?)? else {
                continue;
            };
            let blob = self.git.file(&self.revision, &real)?;
            let limit = self.limit(&Configuration::default());
            let objects = self.git.objects(&self.revision, blob.as_slice(), limit)?;
            let name = self.project.display(&path);
            let folder = path.parent().unwrap_or(&path).to_owned();
            if let Some(content) = objects.into_iter().next().and_then(content) {
                return Ok(Some((folder, name, content)));
            }
        }
        Ok(None)
    }

    /// Returns the text of the base's baseline. Returns an empty text if the base has none.
    fn baseline(&self, base: &Base) -> Result<String, Failure> {
        let Some(path) = base.baseline_path(&base.root) else { return Ok(String::new()) };
        let name = self.project.display(&path);
        let real = match self.git.find(&self.revision, self.below(&path)?)? {
            Found::Nothing => return Ok(String::new()),
            Found::File(real) => real,
            Found::Folder(_) | Found::Submodule(_) | Found::Outside => {
                return Err(self.without_file(&name));
            }
        };
        let configuration = base.configuration.as_ref();
        let limit = configuration.map_or_else(
            || self.limit(&Configuration::default()),
            |configuration| self.limit(configuration),
        );
        let blob = self.git.file(&self.revision, &real)?;
        let objects = self.git.objects(&self.revision, blob.as_slice(), limit)?;
        match objects.into_iter().next() {
            Some(GitObject::Bytes(bytes)) if is_lfs_pointer(&bytes) => Err(self.lfs_pointer(&name)),
            Some(GitObject::Bytes(bytes)) => Ok(String::from_utf8_lossy(&bytes).into_owned()),
            Some(GitObject::TooLarge) => Err(Failure::too_large(&name, limit)),
            Some(GitObject::Lost) | None => Err(self.without_file(&name)),
        }
    }

    fn without_file(&self, name: &str) -> Failure {
        Failure::new(format!("`{name}` in the base, {}, is not a file", self.revision))
    }

    fn lfs_pointer(&self, name: &str) -> Failure {
        Failure::new(format!(
            "`{name}` of the base, {}, is a Git LFS pointer, and its content is not in the \
             repository; check the base out and compare with `--against-path`",
            self.revision
        ))
    }

    /// Returns the documents of the base in these folders and files. Omits excluded documents.
    fn documents(
        &self,
        inputs: &[Included],
        limit: MaxFileBytes,
        base: &Base,
        is_left_out: impl Fn(&PathBuf) -> bool,
    ) -> Result<Vec<Loaded>, Failure> {
        let mut blobs = Vec::new();
        for input in inputs {
            let is_left_out = |path: &PathBuf| !input.matches(path) || is_left_out(path);
            self.find(&input.path, &is_left_out, &mut blobs)?;
        }
        blobs.sort_by(|(left, _), (right, _)| left.cmp(right));
        blobs.dedup_by(|(left, _), (right, _)| left == right);
        let (paths, blobs): (Vec<_>, Vec<_>) = blobs.into_iter().unzip();
        let objects = self.git.objects(&self.revision, &blobs, limit)?;
        let loaded = paths.into_iter().zip(objects);
        loaded.map(|(path, object)| self.loaded(path, object, limit, &base.vocabulary)).collect()
    }

    /// Adds to `blobs` the documents in a folder, or a single file. Their paths are the paths that
    /// a walk of the work tree would give them.
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
                    "`{name}` in the base, {}, leads through a link out of the repository",
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
        let name = self.project.display(&self.moved(&path));
        let loaded = match object {
            GitObject::Bytes(bytes) if is_lfs_pointer(&bytes) => {
                return Err(self.lfs_pointer(&name));
            }
            GitObject::Bytes(bytes) => Content::Whole(bytes).read(name, limit, vocabulary),
            GitObject::TooLarge => Content::TooLarge.read(name, limit, vocabulary),
            GitObject::Lost => (Source::new(name, ""), document::lost_link()),
        };
        Ok((path, loaded))
    }

    /// Returns the path in the work tree of a file of the base, if the change moved the project.
    fn moved(&self, path: &Path) -> PathBuf {
        let BaseProject { root, moved_to, .. } = self.of_base;
        let below = root.as_ref().and_then(|root| path.strip_prefix(root).ok());
        moved_to.as_ref().zip(below).map_or_else(|| path.to_owned(), |(to, below)| to.join(below))
    }

    /// Returns a failure if a sparse checkout leaves out a document of the base. Otherwise, `diff`
    /// would report the document as removed.
    fn refuse_sparse(&self, inputs: &[Included]) -> Result<(), Failure> {
        let below = inputs.iter().filter_map(|input| self.below(&input.path).ok());
        let below: Vec<_> = below.map(Path::to_owned).collect();
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
