//! What the paths of the command line ask for, and its documents.

use std::{
    collections::{BTreeMap, BTreeSet},
    io,
    path::{Path, PathBuf},
};

use super::{STDIN, STDIN_NAME};
use crate::{
    boundary::Refusal,
    cli::{
        Failure,
        arguments::{BUILTIN, Inputs},
        progress::watched,
        project::{DEFAULT_FOLDER, Project},
    },
    document::Document,
    source::Source,
    workspace::{self, Content, LoadError, Progress, Reading, Texts},
};

/// What the paths of the command line ask for.
#[derive(Debug, Default)]
pub(super) struct Request {
    pub(super) builtin: bool,
    pub(super) stdin: bool,
    folders: Vec<PathBuf>,
    files: Vec<PathBuf>,
    /// Pipes and devices, which may be waited for.
    streams: Vec<PathBuf>,
    /// The path that stands for standard input.
    stdin_filename: Option<PathBuf>,
    /// Whether files were named, and all that were left out again.
    pub(super) nothing_left: bool,
}

impl Request {
    pub(super) fn new(
        inputs: &Inputs,
        project: &mut Project,
        errors: &mut Vec<LoadError>,
    ) -> Result<Self, Failure> {
        let stdin_filename = inputs.stdin_filename.as_ref().map(|path| project.spelled(path));
        let mut request = Self { stdin_filename, ..Self::default() };
        for path in &inputs.paths {
            match path.to_str() {
                Some(BUILTIN) => request.builtin = true,
                Some(STDIN) => request.stdin = true,
                _ => request.add(path, project, errors),
            }
        }
        if request.builtin && inputs.paths.len() > 1 {
            return Err(Failure::new(
                "`builtin:` is a workspace of its own; name nothing else with it",
            ));
        }
        if inputs.stdin_filename.is_some() && !request.stdin {
            return Err(Failure::new(
                "`--stdin-filename` names standard input; add `-` to read it",
            ));
        }
        Ok(request)
    }

    /// Adds a path that the command line names, which may lie outside the project.
    fn add(&mut self, path: &Path, project: &mut Project, errors: &mut Vec<LoadError>) {
        let spelled = project.spelled(path);
        let named = project.boundary.add_named(&spelled).map_err(Refusal::into_error);
        match named.and_then(|()| std::fs::metadata(path)) {
            Ok(metadata) if metadata.is_dir() => self.folders.push(spelled),
            Ok(metadata) if metadata.is_file() => self.files.push(spelled),
            Ok(_) => self.streams.push(path.to_owned()),
            Err(error) => errors.push(LoadError { path: path.to_owned(), error }),
        }
    }

    /// Leaves out the files that the configuration does.
    pub(super) fn leave_out(&mut self, project: &Project) {
        let is_empty = |request: &Self| request.files.is_empty() && request.streams.is_empty();
        let named = !is_empty(self);
        self.files.retain(|path| !project.excludes(&project.absolute(path)));
        self.streams.retain(|path| !project.excludes(&project.absolute(path)));
        self.nothing_left = named && is_empty(self);
    }

    /// Whether single documents are asked about, within the workspace they belong to.
    fn is_limited(&self) -> bool {
        self.stdin || self.nothing_left || !self.files.is_empty() || !self.streams.is_empty()
    }

    /// The shown names of the files that are asked about, if only some are.
    pub(super) fn names(&self, project: &Project) -> Option<BTreeSet<String>> {
        if !self.is_limited() {
            return None;
        }
        let paths = self.files.iter().chain(&self.streams);
        let mut names: BTreeSet<_> = paths.map(|path| project.display(path)).collect();
        if self.stdin {
            names.insert(self.stdin_name(project));
        }
        for folder in &self.folders {
            let found = workspace::find(folder, &project.boundary, &mut Vec::new());
            names.extend(found.iter().map(|path| project.display(path)));
        }
        Some(names)
    }

    pub(super) fn read(
        &self,
        inputs: &Inputs,
        project: &Project,
        texts: Texts,
        odd_paths: &mut BTreeMap<String, PathBuf>,
        errors: &mut Vec<LoadError>,
    ) -> Result<Vec<(Source, Document)>, Failure> {
        let stdin = if self.stdin { Some(self.read_stdin(project)?) } else { None };
        let whole = inputs.paths.is_empty() || self.is_limited();
        let default = self.folders.is_empty() && whole;
        let folders = if default { project.default_inputs()? } else { self.folders.clone() };
        let progress = Progress::default();
        let limit = project.configuration.max_file_bytes;
        let reading = Reading { boundary: &project.boundary, texts, limit };
        let mut documents = watched("reading", &progress, || match &folders[..] {
            // What is found once need not be told from what was found before.
            [folder] if texts == Texts::Dropped && self.is_all_of(folder) => {
                let name = |path: &Path| project.name_of_found(path);
                let folder = project.walked(folder);
                workspace::load_folder(&folder, reading, name, &progress, errors)
            }
            _ => {
                let paths = self.paths(project, &folders, errors);
                let odd = paths.iter().filter(|path| path.to_str().is_none());
                odd_paths.extend(odd.map(|path| (project.display(path), path.clone())));
                let name = |path: &Path| project.display(path);
                workspace::load(
                    &paths,
                    Reading { texts: Texts::Kept, ..reading },
                    name,
                    &progress,
                    errors,
                )
            }
        });
        documents.extend(stdin);
        let streams: BTreeSet<_> = self.streams.iter().map(|path| project.absolute(path)).collect();
        for path in streams {
            match Content::of_named(&path, limit) {
                Ok(content) => documents.push(content.read(project.display(&path), limit)),
                Err(error) => errors.push(LoadError { path, error }),
            }
        }
        Ok(documents)
    }

    /// Whether what is in this folder is all that is asked about.
    fn is_all_of(&self, folder: &Path) -> bool {
        self.files.is_empty()
            && self.streams.is_empty()
            && self.stdin_filename.is_none()
            && folder.is_dir()
    }

    /// The files that were named or found, each once.
    fn paths(
        &self,
        project: &Project,
        folders: &[PathBuf],
        errors: &mut Vec<LoadError>,
    ) -> Vec<PathBuf> {
        let mut paths = BTreeSet::new();
        for folder in folders {
            let found = workspace::find(folder, &project.boundary, errors);
            let found = found.iter().map(|path| project.absolute(path));
            paths.extend(found.filter(|path| !project.excludes(path)));
        }
        paths.extend(self.files.iter().map(|path| project.absolute(path)));
        if let Some(path) = &self.stdin_filename {
            paths.remove(path);
        }
        paths.into_iter().collect()
    }

    pub(super) fn stdin_name(&self, project: &Project) -> String {
        let name = self.stdin_filename.as_ref().map(|path| project.display(path));
        name.unwrap_or_else(|| STDIN_NAME.to_owned())
    }

    fn read_stdin(&self, project: &Project) -> Result<(Source, Document), Failure> {
        let limit = project.configuration.max_file_bytes;
        let content = Content::of_stream(io::stdin().lock(), 0, limit)
            .map_err(|error| Failure::io("cannot read standard input", &error))?;
        Ok(content.read(self.stdin_name(project), limit))
    }

    /// Says that there is no document at all.
    pub(super) fn no_document(&self, project: &Project) -> Failure {
        let looked = match &self.folders[..] {
            [] => project.default_names(),
            folders => folders.iter().map(|path| project.display(path)).collect(),
        };
        if self.folders.is_empty() && project.lacks_default_folder() {
            return match project.root_with_contracts() {
                Some(folder) => Failure::new(format!(
                    "there is no folder `{DEFAULT_FOLDER}` here; run in `{folder}`, which has one"
                )),
                None => Project::no_default_folder(),
            };
        }
        let looked: Vec<_> = looked.into_iter().map(|name| format!("`{name}`")).collect();
        Failure::new(format!(
            "no document (`*.toml`) in {}; name a folder or file, or start with `driverc init`",
            looked.join(", ")
        ))
    }
}
