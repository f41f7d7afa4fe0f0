//! From the paths of the command line to a workspace.

use std::{
    collections::{BTreeMap, BTreeSet},
    io,
    path::{Path, PathBuf},
    time::SystemTime,
};

use super::{
    Failure, Outcome,
    arguments::{BUILTIN, Inputs, Reporting},
    failure::say,
    guides,
    progress::watched,
    project::Project,
};
use crate::{
    builtin,
    document::Document,
    finding::Finding,
    lint::{self, Accepted, Circumstances, Findings},
    model::{Benchmark, Date, DeclaredBudget, DriverContract, MaxFileBytes},
    report::Run,
    source::{Location, Source, SourceId},
    workspace::{self, Content, LoadError, Progress, Texts, Workspace},
};

/// The path that stands for standard input.
pub(super) const STDIN: &str = "-";
/// UTC has no leap seconds in the system's clock.
const SECONDS_A_DAY: u64 = 86_400;
/// How standard input is shown where it has no name.
pub(super) const STDIN_NAME: &str = "<stdin>";

/// A workspace with what was asked about it.
#[derive(Debug)]
pub(super) struct Input {
    pub(super) workspace: Workspace,
    /// The files that are reported on; none means all.
    only: Option<BTreeSet<SourceId>>,
    /// What could not be read.
    errors: Vec<LoadError>,
    guides: BTreeSet<String>,
    /// The paths of files whose shown names are not their names, since those are no text.
    odd_paths: BTreeMap<String, PathBuf>,
    /// The name of the document on standard input, if that was read.
    pub(super) stdin: Option<String>,
    /// Whether this is the set inside the binary.
    pub(super) builtin: bool,
    pub(super) project: Project,
}

/// What the paths of the command line ask for.
#[derive(Debug, Default)]
struct Request {
    builtin: bool,
    stdin: bool,
    folders: Vec<PathBuf>,
    files: Vec<PathBuf>,
    /// Pipes and devices, which may be waited for.
    streams: Vec<PathBuf>,
    /// The path that stands for standard input.
    stdin_filename: Option<PathBuf>,
    /// Whether files were named, and all that were left out again.
    nothing_left: bool,
}

impl Input {
    /// Reads what the command line names. That there is no document at all is a failure.
    pub(super) fn load(inputs: &Inputs, project: Project) -> Result<Self, Failure> {
        Self::load_with(inputs, project, Texts::Kept)
    }

    /// The same, and says what becomes of texts without findings.
    pub(super) fn load_with(
        inputs: &Inputs,
        project: Project,
        texts: Texts,
    ) -> Result<Self, Failure> {
        let mut errors = Vec::new();
        let mut request = Request::new(inputs, &project, &mut errors)?;
        if inputs.force_exclude {
            request.leave_out(&project);
        }
        if request.builtin {
            let workspace = builtin::load();
            return Ok(Self {
                workspace,
                only: None,
                errors,
                guides: builtin::guides(),
                odd_paths: BTreeMap::new(),
                stdin: None,
                builtin: true,
                project,
            });
        }
        let names = request.names(&project);
        let mut odd_paths = BTreeMap::new();
        let documents = request.read(inputs, &project, texts, &mut odd_paths, &mut errors)?;
        if documents.is_empty() && errors.is_empty() && !request.nothing_left {
            return Err(no_document(&request, &project));
        }
        let workspace = Workspace::new(documents);
        let only = names.map(|names| {
            let sources = workspace.sources().iter();
            sources.filter(|(_, source)| names.contains(source.name())).map(|(id, _)| id).collect()
        });
        let guides = guides::existing(&workspace, &project);
        let stdin = request.stdin.then(|| request.stdin_name(&project));
        Ok(Self { workspace, only, errors, guides, odd_paths, stdin, builtin: false, project })
    }

    /// Every finding that concerns what was asked about, in order.
    pub(super) fn findings(&self, reporting: &Reporting) -> Findings {
        self.findings_of(&self.workspace, reporting)
    }

    /// The same for another state of the same documents.
    pub(super) fn findings_of(&self, workspace: &Workspace, reporting: &Reporting) -> Findings {
        let circumstances = Circumstances {
            settings: &self.project.settings,
            guides: Some(&self.guides),
            today: reporting.today.unwrap_or_else(today),
        };
        let path = |name: &str| self.project.relative_to_root(Path::new(name));
        self.concerned(lint::check(workspace, &circumstances, path))
    }

    /// Those findings that concern what was asked about.
    pub(super) fn concerned(&self, mut findings: Findings) -> Findings {
        findings.open.retain(|finding| self.concerns(finding));
        findings.accepted.retain(|accepted| self.concerns(&accepted.finding));
        findings
    }

    /// What is to be reported of the documents that were asked about.
    pub(super) fn run<'r>(
        &'r self,
        findings: &'r [Finding<Location>],
        accepted: &'r [Accepted],
    ) -> Run<'r> {
        let sources = self.workspace.sources();
        Run { findings, accepted, checked: self.only.as_ref(), sources }
    }

    /// What is wrong with the documents that were asked about, rules aside.
    pub(super) fn unread(&self) -> Vec<Finding<Location>> {
        let findings = self.workspace.findings().iter();
        findings.filter(|finding| self.concerns(finding)).cloned().collect()
    }

    /// The drivers of the documents that were asked about, by name.
    pub(super) fn drivers(&self) -> Vec<&DriverContract> {
        let source = |name: &str| self.workspace.source_of(name);
        let included = |name: &str| source(name).is_some_and(|source| self.includes(source));
        let drivers = self.workspace.drivers();
        drivers.filter(|driver| !self.is_limited() || included(&driver.name)).collect()
    }

    /// The budgets that the documents that were asked about declare, by the label of their
    /// profile, then by scope.
    pub(super) fn budgets(&self) -> Vec<&DeclaredBudget> {
        let budgets = self.workspace.declared_budgets();
        let included = budgets.filter(|declared| self.includes(declared.source));
        included.map(|declared| &declared.item.budget).collect()
    }

    /// The benchmarks that were read of the documents that were asked about.
    pub(super) fn benchmarks(&self) -> impl Iterator<Item = &Benchmark> {
        let source = |number| self.workspace.source_of_benchmark(number);
        let included = move |number| source(number).is_some_and(|source| self.includes(source));
        let benchmarks = self.workspace.numbered_benchmarks();
        benchmarks.filter(move |(number, _)| included(*number)).map(|(_, benchmark)| benchmark)
    }

    /// Whether a document is one of those that were asked about.
    pub(super) fn includes(&self, source: SourceId) -> bool {
        self.only.as_ref().is_none_or(|only| only.contains(&source))
    }

    /// The path of the document that is shown under a name.
    pub(super) fn path_of<'n>(&'n self, name: &'n str) -> &'n Path {
        self.odd_paths.get(name).map_or_else(|| Path::new(name), PathBuf::as_path)
    }

    fn concerns(&self, finding: &Finding<Location>) -> bool {
        let related = finding.related.iter().map(|related| related.place.source);
        std::iter::once(finding.place.source).chain(related).any(|source| self.includes(source))
    }

    /// Whether only some of the documents were asked about.
    pub(super) const fn is_limited(&self) -> bool {
        self.only.is_some()
    }

    /// What could not be read, a message each.
    pub(super) fn unread_paths(&self) -> Vec<String> {
        let message = |LoadError { path, error }: &LoadError| {
            format!("cannot read `{}`: {error}", self.project.display(path))
        };
        self.errors.iter().map(message).collect()
    }

    /// Says on standard error what could not be read.
    pub(super) fn report_errors(&self) -> Outcome {
        for message in self.unread_paths() {
            say(format_args!("error: {message}"));
        }
        let sources = self.workspace.sources().iter();
        let lost: Vec<_> =
            sources.filter_map(|(_, source)| Some((source.name(), source.failure()?))).collect();
        for (name, error) in &lost {
            say(format_args!("error: cannot read `{name}`: {error}"));
        }
        let complete = self.errors.is_empty() && lost.is_empty();
        if complete { Outcome::Clean } else { Outcome::Incomplete }
    }
}

/// All bytes of a file that somebody has named and that is no document.
pub(super) fn read_named(path: &Path, limit: MaxFileBytes) -> Result<Vec<u8>, Failure> {
    let name = path.display().to_string();
    let content = Content::of_named(path, limit)
        .map_err(|error| Failure::io(&format!("cannot read `{name}`"), &error))?;
    whole(content, &name, limit)
}

/// The bytes, unless there are more than allowed.
pub(super) fn whole(content: Content, name: &str, limit: MaxFileBytes) -> Result<Vec<u8>, Failure> {
    match content {
        Content::Whole(bytes) => Ok(bytes),
        Content::TooLarge => Err(Failure::too_large(name, limit)),
    }
}

impl Request {
    fn new(
        inputs: &Inputs,
        project: &Project,
        errors: &mut Vec<LoadError>,
    ) -> Result<Self, Failure> {
        let stdin_filename = inputs.stdin_filename.as_ref().map(|path| project.spelled(path));
        let mut request = Self { stdin_filename, ..Self::default() };
        for path in &inputs.paths {
            match path.to_str() {
                Some(BUILTIN) => request.builtin = true,
                Some(STDIN) => request.stdin = true,
                _ => match std::fs::metadata(path) {
                    Ok(metadata) if metadata.is_dir() => {
                        request.folders.push(project.spelled(path));
                    }
                    Ok(metadata) if metadata.is_file() => request.files.push(project.spelled(path)),
                    Ok(_) => request.streams.push(path.clone()),
                    Err(error) => errors.push(LoadError { path: path.clone(), error }),
                },
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

    /// Leaves out the files that the configuration does.
    fn leave_out(&mut self, project: &Project) {
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
    fn names(&self, project: &Project) -> Option<BTreeSet<String>> {
        if !self.is_limited() {
            return None;
        }
        let paths = self.files.iter().chain(&self.streams);
        let mut names: BTreeSet<_> = paths.map(|path| project.display(path)).collect();
        if self.stdin {
            names.insert(self.stdin_name(project));
        }
        for folder in &self.folders {
            let found = workspace::find(folder, &mut Vec::new());
            names.extend(found.iter().map(|path| project.display(path)));
        }
        Some(names)
    }

    fn read(
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
        let limit = project.settings.max_file_bytes;
        let mut documents = watched("reading", &progress, || match &folders[..] {
            // What is found once need not be told from what was found before.
            [folder] if texts == Texts::Dropped && self.is_all_of(folder) => {
                let name = |path: &Path| project.name_of_found(path);
                let folder = project.walked(folder);
                workspace::load_folder(&folder, texts, name, limit, &progress, errors)
            }
            _ => {
                let paths = self.paths(project, &folders, errors);
                let odd = paths.iter().filter(|path| path.to_str().is_none());
                odd_paths.extend(odd.map(|path| (project.display(path), path.clone())));
                let name = |path: &Path| project.display(path);
                workspace::load(&paths, name, limit, &progress, errors)
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
            let found = workspace::find(folder, errors);
            let found = found.iter().map(|path| project.absolute(path));
            paths.extend(found.filter(|path| !project.excludes(path)));
        }
        paths.extend(self.files.iter().map(|path| project.absolute(path)));
        if let Some(path) = &self.stdin_filename {
            paths.remove(path);
        }
        paths.into_iter().collect()
    }

    fn stdin_name(&self, project: &Project) -> String {
        let name = self.stdin_filename.as_ref().map(|path| project.display(path));
        name.unwrap_or_else(|| STDIN_NAME.to_owned())
    }

    fn read_stdin(&self, project: &Project) -> Result<(Source, Document), Failure> {
        let limit = project.settings.max_file_bytes;
        let content = Content::of_stream(io::stdin().lock(), 0, limit)
            .map_err(|error| Failure::io("cannot read standard input", &error))?;
        Ok(content.read(self.stdin_name(project), limit))
    }
}

fn no_document(request: &Request, project: &Project) -> Failure {
    let looked = match &request.folders[..] {
        [] => project.default_names(),
        folders => folders.iter().map(|path| project.display(path)).collect(),
    };
    let looked: Vec<_> = looked.into_iter().map(|name| format!("`{name}`")).collect();
    Failure::new(format!(
        "no document (`*.toml`) in {}; name a folder or file, or start with `driverc init`",
        looked.join(", ")
    ))
}

/// The system's date in UTC.
pub(super) fn today() -> Date {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    Date::from_unix_days(since.as_secs() / SECONDS_A_DAY)
}
