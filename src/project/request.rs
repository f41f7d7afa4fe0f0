//! Reads the documents of a request: files, folders and open buffers.

use std::{
    collections::{BTreeMap, BTreeSet},
    env, fs,
    path::{Path, PathBuf},
};

use super::{Included, Loaded, Project, ProjectError};
use crate::{
    boundary::Refusal,
    document::Document,
    source::Source,
    workspace::{self, Content, LoadError, Progress, Reading, Texts},
};

/// The documents to read and to report on.
#[derive(Debug, Default)]
#[non_exhaustive]
pub struct Request {
    /// The requested paths. If folders are requested, driverc reads these folders instead of
    /// `include`. If a file is requested, driverc reads its whole workspace, but reports only
    /// findings that concern the file. Paths can be outside the project.
    pub paths: Vec<PathBuf>,
    /// Open buffers. Only findings that concern requested files or open buffers are reported.
    pub overlays: Vec<Overlay>,
    /// Whether `exclude` also applies to files in `paths`.
    pub force_exclude: bool,
    /// The setting for the texts of documents without findings. Has an effect only if paths are
    /// relative to the working directory.
    pub texts: Texts,
}

/// A text from memory, such as an open buffer.
#[derive(Debug)]
pub struct Overlay {
    /// The file that the text replaces, which need not exist. `None` for an additional document.
    file: Option<PathBuf>,
    name: String,
    content: Content,
}

impl Overlay {
    /// Creates a text that replaces a file.
    pub fn of_file(file: impl Into<PathBuf>, content: Content) -> Self {
        Self { file: Some(file.into()), name: String::new(), content }
    }

    /// Creates a text with a display name that is not a path.
    pub fn unnamed(name: impl Into<String>, content: Content) -> Self {
        Self { file: None, name: name.into(), content }
    }
}

/// Documents that are not yet joined into a workspace.
#[derive(Debug)]
pub struct Unjoined {
    /// The documents with their texts.
    pub documents: Vec<(Source, Document)>,
    /// Files and folders that could not be read.
    pub errors: Vec<LoadError>,
    /// The project that the documents belong to.
    pub project: Project,
    /// The display names of the files to report on. `None` means all files.
    pub(super) requested: Option<BTreeSet<String>>,
    /// The display names of open buffers.
    pub(super) overlays: BTreeSet<String>,
    /// The paths of files whose names are not valid UTF-8, by display name.
    pub(super) odd_paths: BTreeMap<String, PathBuf>,
    /// The requested folders.
    folders: Vec<PathBuf>,
    /// Whether some documents of the project might be missing.
    pub(super) is_partial: bool,
    /// Whether files were requested and `exclude` matches all of them.
    nothing_left: bool,
}

impl Project {
    /// Reads the documents of a request.
    pub fn read(mut self, request: Request, progress: &Progress) -> Result<Unjoined, ProjectError> {
        let mut errors = Vec::new();
        let mut inputs = Inputs::new(request, &mut self, &mut errors)?;
        if self.baseline.is_none() {
            self.read_baseline()?;
        }
        let requested = inputs.requested(&self);
        let overlays = inputs.overlays.iter().map(|overlay| overlay.name.clone()).collect();
        let mut odd_paths = BTreeMap::new();
        let documents = inputs.read(&self, progress, &mut odd_paths, &mut errors)?;
        let is_partial = inputs.is_partial(&self);
        let Inputs { folders, nothing_left, .. } = inputs;
        let project = self;
        Ok(Unjoined {
            documents,
            errors,
            project,
            requested,
            overlays,
            odd_paths,
            folders,
            is_partial,
            nothing_left,
        })
    }

    /// Reads and joins the documents of a request.
    pub fn load(self, request: Request) -> Result<Loaded, ProjectError> {
        self.read(request, &Progress::default())?.join()
    }
}

impl Unjoined {
    /// Joins the documents. Fails if there are no documents and no error explains why.
    pub fn join(self) -> Result<Loaded, ProjectError> {
        if self.documents.is_empty() && self.errors.is_empty() && !self.nothing_left {
            return Err(self.no_document());
        }
        Ok(Loaded::of(self))
    }

    /// Joins the documents, even if there are none.
    pub(crate) fn join_or_empty(self) -> Loaded {
        Loaded::of(self)
    }

    fn no_document(&self) -> ProjectError {
        match &self.folders[..] {
            [] => self.project.no_document(),
            folders => ProjectError::NoDocument {
                folders: folders.iter().map(|path| self.project.display(path)).collect(),
            },
        }
    }
}

/// The paths of a request, by type of file.
#[derive(Debug)]
struct Inputs {
    folders: Vec<PathBuf>,
    files: Vec<PathBuf>,
    /// Pipes and devices. Reading them can block.
    streams: Vec<PathBuf>,
    overlays: Vec<Overlay>,
    texts: Texts,
    /// Whether the request has no paths and no overlays.
    has_none: bool,
    /// Whether files were requested and `exclude` matches all of them.
    nothing_left: bool,
}

impl Inputs {
    fn new(
        request: Request,
        project: &mut Project,
        errors: &mut Vec<LoadError>,
    ) -> Result<Self, ProjectError> {
        let Request { paths, mut overlays, force_exclude, texts } = request;
        let is_baseline =
            |overlay: &Overlay| overlay.file.as_ref().is_some_and(|it| project.is_baseline(it));
        if let Some(index) = overlays.iter().position(is_baseline) {
            project.set_baseline_content(overlays.remove(index).content)?;
        }
        for overlay in &mut overlays {
            if let Some(file) = &mut overlay.file {
                *file = project.spelled(file);
                overlay.name = project.display(file);
            }
        }
        let has_none = paths.is_empty() && overlays.is_empty();
        let (folders, files, streams) = Default::default();
        let nothing_left = false;
        let mut inputs = Self { folders, files, streams, overlays, texts, has_none, nothing_left };
        for path in &paths {
            inputs.add(path, project, errors);
        }
        if force_exclude {
            inputs.leave_out(project);
        }
        Ok(inputs)
    }

    /// Adds a requested path, which can be outside the project.
    fn add(&mut self, path: &Path, project: &mut Project, errors: &mut Vec<LoadError>) {
        let spelled = project.spelled(path);
        let named = project.boundary.add_named(&spelled).map_err(Refusal::into_error);
        match named.and_then(|()| fs::metadata(project.directory.join(path))) {
            Ok(metadata) if metadata.is_dir() => self.folders.push(spelled),
            Ok(metadata) if metadata.is_file() => self.files.push(spelled),
            Ok(_) => self.streams.push(path.to_owned()),
            Err(error) => errors.push(LoadError { path: path.to_owned(), error }),
        }
    }

    /// Removes the files that the configuration excludes.
    fn leave_out(&mut self, project: &Project) {
        let is_empty = |inputs: &Self| inputs.files.is_empty() && inputs.streams.is_empty();
        let named = !is_empty(self);
        self.files.retain(|path| !project.excludes(path));
        self.streams.retain(|path| !project.excludes(path));
        self.nothing_left = named && is_empty(self);
    }

    /// Returns true if single documents are requested. Such documents are read together with their
    /// workspace.
    fn is_limited(&self) -> bool {
        let has_files = !self.files.is_empty() || !self.streams.is_empty();
        has_files || !self.overlays.is_empty() || self.nothing_left
    }

    /// Returns true if a document that is not read might use a declaration. This is possible if
    /// folders are requested, or if the project does not include a requested file.
    fn is_partial(&self, project: &Project) -> bool {
        let included = project.included().unwrap_or_default();
        let is_included = |path: &PathBuf| {
            let path = project.absolute(path);
            included.iter().any(|entry| {
                path.starts_with(project.absolute(&entry.path)) && entry.matches(&path)
            })
        };
        !self.folders.is_empty() || !self.files.iter().all(is_included) || !self.streams.is_empty()
    }

    /// Returns the display names of the requested files. Returns `None` if all files are requested.
    fn requested(&self, project: &Project) -> Option<BTreeSet<String>> {
        if !self.is_limited() {
            return None;
        }
        let paths = self.files.iter().chain(&self.streams);
        let mut names: BTreeSet<_> = paths.map(|path| project.display(path)).collect();
        names.extend(self.overlays.iter().map(|overlay| overlay.name.clone()));
        for folder in &self.folders {
            let found = workspace::find(folder, &project.boundary, &mut Vec::new());
            let found = found.iter().filter(|path| !project.is_of_nested(path));
            names.extend(found.map(|path| project.display(path)));
        }
        Some(names)
    }

    fn read(
        &mut self,
        project: &Project,
        progress: &Progress,
        odd_paths: &mut BTreeMap<String, PathBuf>,
        errors: &mut Vec<LoadError>,
    ) -> Result<Vec<(Source, Document)>, ProjectError> {
        let is_default = self.folders.is_empty() && (self.has_none || self.is_limited());
        let named = || self.folders.iter().cloned().map(Included::all).collect();
        let folders = if is_default { project.included()? } else { named() };
        let limit = project.configuration.max_file_bytes;
        let vocabulary = &*project.configuration.vocabulary;
        let boundary = &project.boundary;
        let reading = Reading { boundary, texts: Texts::Kept, limit, vocabulary };
        let mut documents = match &folders[..] {
            // One folder needs no removal of duplicates.
            [entry] if self.texts == Texts::Dropped && self.is_all_of(&entry.path, project) => {
                let name = |path: &Path| {
                    let name = project.name_of_found(path);
                    name.filter(|_| !entry.is_glob() || entry.matches(&project.absolute(path)))
                };
                let reading = Reading { texts: Texts::Dropped, ..reading };
                let folder = project.walked(&entry.path);
                workspace::load_folder(&folder, reading, name, progress, errors)
            }
            _ => {
                let paths = self.paths(project, &folders, errors);
                let odd = paths.iter().filter(|path| path.to_str().is_none());
                odd_paths.extend(odd.map(|path| (project.display(path), path.clone())));
                let name = |path: &Path| project.display(path);
                workspace::load(&paths, reading, name, progress, errors)
            }
        };
        if is_default {
            project.refuse_nested(&documents, &self.files)?;
        }
        let overlays = std::mem::take(&mut self.overlays).into_iter();
        documents
            .extend(overlays.map(|overlay| overlay.content.read(overlay.name, limit, vocabulary)));
        let streams: BTreeSet<_> = self.streams.iter().map(|path| project.absolute(path)).collect();
        for path in streams {
            match Content::of_named(&path, limit) {
                Ok(content) => {
                    documents.push(content.read(project.display(&path), limit, vocabulary));
                }
                Err(error) => errors.push(LoadError { path, error }),
            }
        }
        Ok(documents)
    }

    /// Returns true if the request covers exactly the content of this folder and paths are relative
    /// to the working directory.
    fn is_all_of(&self, folder: &Path, project: &Project) -> bool {
        self.files.is_empty()
            && self.streams.is_empty()
            && self.overlays.iter().all(|overlay| overlay.file.is_none())
            && folder.is_dir()
            && env::current_dir().is_ok_and(|current| current == project.directory)
    }

    /// Returns the files that were requested or found, without duplicates.
    fn paths(
        &self,
        project: &Project,
        folders: &[Included],
        errors: &mut Vec<LoadError>,
    ) -> Vec<PathBuf> {
        let mut paths = BTreeSet::new();
        for entry in folders {
            let found = workspace::find(&entry.path, &project.boundary, errors);
            let found = found.iter().map(|path| project.absolute(path));
            let found = found.filter(|path| entry.matches(path) && !project.is_of_nested(path));
            paths.extend(found.filter(|path| !project.excludes(path)));
        }
        paths.extend(self.files.iter().map(|path| project.absolute(path)));
        for file in self.overlays.iter().filter_map(|overlay| overlay.file.as_ref()) {
            paths.remove(file);
        }
        paths.into_iter().collect()
    }
}
