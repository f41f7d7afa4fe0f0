//! From the paths of the command line to a workspace.

mod guides;
mod request;

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
    time::SystemTime,
};

use self::{guides::Guides, request::Request};
use super::{
    Failure, Outcome,
    arguments::{Inputs, Reporting},
    failure::say,
    project::Project,
};
use crate::{
    boundary::{Boundary, Refusal},
    builtin,
    document::Document,
    finding::Finding,
    lint::{self, Accepted, CheckContext, Findings},
    model::{Benchmark, Date, DeclaredBudget, DriverContract, MaxFileBytes},
    report::Run,
    source::{Location, Source, SourceId},
    toml::rules::DUPLICATE_DECLARATION,
    workspace::{Content, LoadError, Texts, Workspace},
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
    guides: Guides,
    /// The paths of files whose shown names are not their names, since those are no text.
    odd_paths: BTreeMap<String, PathBuf>,
    /// The name of the document on standard input, if that was read.
    pub(super) stdin: Option<String>,
    /// Whether this is the set inside the binary.
    pub(super) builtin: bool,
    pub(super) project: Project,
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
        Self::load_adding(inputs, project, texts, |_, _, _| Vec::new())
    }

    /// The same, with more documents, which are chosen once those that were asked for are read.
    pub(super) fn load_adding(
        inputs: &Inputs,
        mut project: Project,
        texts: Texts,
        more: impl FnOnce(
            &[(Source, Document)],
            &Project,
            &mut Vec<LoadError>,
        ) -> Vec<(Source, Document)>,
    ) -> Result<Self, Failure> {
        let mut errors = Vec::new();
        let mut request = Request::new(inputs, &mut project, &mut errors)?;
        if inputs.force_exclude {
            request.leave_out(&project);
        }
        if request.builtin {
            let workspace = builtin::load();
            return Ok(Self {
                workspace,
                only: None,
                errors,
                guides: Guides { existing: builtin::guides(), ..Guides::default() },
                odd_paths: BTreeMap::new(),
                stdin: None,
                builtin: true,
                project,
            });
        }
        let names = request.names(&project);
        let mut odd_paths = BTreeMap::new();
        let mut documents = request.read(inputs, &project, texts, &mut odd_paths, &mut errors)?;
        documents.extend(more(&documents, &project, &mut errors));
        if documents.is_empty() && errors.is_empty() && !request.nothing_left {
            return Err(request.no_document(&project));
        }
        let mut workspace = Workspace::new(documents);
        if let Some((configuration, remarks)) = project.remarks.take() {
            workspace.remark(configuration, remarks);
        }
        let only = names.map(|names| {
            let sources = workspace.sources().iter();
            sources.filter(|(_, source)| names.contains(source.name())).map(|(id, _)| id).collect()
        });
        let guides = Guides::of(&workspace, &project);
        let stdin = request.stdin.then(|| request.stdin_name(&project));
        Ok(Self { workspace, only, errors, guides, odd_paths, stdin, builtin: false, project })
    }

    /// Every finding that concerns what was asked about, in order.
    pub(super) fn findings(&self, reporting: &Reporting) -> Findings {
        self.findings_of(&self.workspace, reporting)
    }

    /// The same for another state of the same documents.
    pub(super) fn findings_of(&self, workspace: &Workspace, reporting: &Reporting) -> Findings {
        let context = CheckContext {
            configuration: &self.project.configuration,
            guides: Some(&self.guides.existing),
            today: reporting.today.unwrap_or_else(today),
        };
        let path = |name: &str| self.project.relative_to_root(Path::new(name));
        let findings = lint::check(workspace, &context, path);
        self.concerned(findings.with_misplaced_guides(workspace, &self.guides.misplaced))
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
        let directory = &self.project.directory_in_repository;
        Run { findings, accepted, checked: self.only.as_ref(), sources, directory }
    }

    /// Whether standard input has no name and declares what a document declares, too.
    pub(super) fn doubles_unnamed_stdin(&self, findings: &[Finding<Location>]) -> bool {
        let is_stdin = |location: &Location| {
            self.workspace.sources().source(location.source).name() == STDIN_NAME
        };
        let mut doubles = findings.iter().filter(|finding| finding.rule == &DUPLICATE_DECLARATION);
        self.stdin.as_deref() == Some(STDIN_NAME)
            && doubles.any(|finding| {
                let related = finding.related.iter().map(|related| related.place);
                std::iter::once(finding.place).chain(related).any(|place| is_stdin(&place))
            })
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
    // What lies in the work tree is not the command line's choice, and messages may quote it.
    let around = std::env::current_dir().map(|directory| Boundary::of_project(&directory));
    let allowed = around.map_err(Refusal::Io).and_then(|mut around| around.add_named(path));
    allowed
        .map_err(|refusal| Failure::io(&format!("cannot read `{name}`"), &refusal.into_error()))?;
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

/// The system's date in UTC.
pub(super) fn today() -> Date {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    Date::from_unix_days(since.as_secs() / SECONDS_A_DAY)
}
