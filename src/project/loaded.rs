//! Checks a project with its documents.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
    sync::Arc,
};

use super::{Project, ProjectError, Request, Unjoined, guides::TuningGuides};
use crate::{
    finding::{Finding, Level},
    lint::{self, CheckContext, Findings},
    model::{Benchmark, Date, DeclaredBudget, DriverContract},
    rules::suppression::BASELINE_MALFORMED,
    source::{Location, SourceId},
    workspace::{LoadError, Workspace},
};

/// A project with all its documents, joined in a workspace.
#[derive(Debug)]
pub struct Loaded {
    /// The documents.
    pub workspace: Workspace,
    /// Files and folders that could not be read.
    pub errors: Vec<LoadError>,
    /// The project.
    pub project: Project,
    /// The documents to report on. `None` means all documents.
    requested: Option<BTreeSet<SourceId>>,
    guides: TuningGuides,
    /// The identities of findings that checks leave out.
    left_out: BTreeSet<String>,
    odd_paths: BTreeMap<String, PathBuf>,
    overlays: BTreeSet<String>,
    is_detached: bool,
}

impl Project {
    /// Reads and checks all documents of the project. Waivers expire relative to `today`.
    ///
    /// If the configuration has errors, reads no documents and returns only the errors of the
    /// configuration.
    pub fn check(self, today: Date) -> Result<CheckedProject, ProjectError> {
        let loaded = if self.invalid_configuration().is_some() {
            Loaded::without_documents(self)
        } else {
            self.load(Request::default())?
        };
        let findings = loaded.check(today);
        Ok(CheckedProject { loaded, findings })
    }

    /// Checks documents of this project. Leaves out the open findings with these identities.
    pub(super) fn findings(
        &self,
        workspace: &Workspace,
        guides: &TuningGuides,
        today: Date,
        left_out: &BTreeSet<String>,
    ) -> Findings {
        let path = |name: &str| self.relative_to_root(Path::new(name));
        let context = self.context(guides, today);
        let findings = lint::check_new(workspace, &context, left_out, path);
        findings.with_misplaced_guides(workspace, &guides.misplaced, &self.configuration, path)
    }

    fn context<'a>(&'a self, guides: &'a TuningGuides, today: Date) -> CheckContext<'a> {
        let configuration = &self.configuration;
        CheckContext { configuration, guides: Some(&guides.existing), today }
    }
}

/// A project, its documents and their findings.
#[derive(Debug)]
pub struct CheckedProject {
    /// The project and its documents.
    pub loaded: Loaded,
    /// The findings in the documents.
    pub findings: Findings,
}

impl Loaded {
    pub(super) fn of(unjoined: Unjoined) -> Self {
        let Unjoined {
            documents, errors, project, requested, overlays, odd_paths, is_partial, ..
        } = unjoined;
        let vocabulary = Arc::clone(&project.configuration.vocabulary);
        let workspace = Workspace::with_vocabulary(documents, vocabulary).partial(is_partial);
        let guides = TuningGuides::of(&workspace, &project);
        let mut loaded =
            Self { errors, guides, odd_paths, overlays, ..Self::with(workspace, project) };
        let sources = loaded.workspace.sources().iter();
        loaded.requested = requested.map(|names| {
            sources.filter(|(_, source)| names.contains(source.name())).map(|(id, _)| id).collect()
        });
        loaded
    }

    /// Creates a project without documents, which reports only the findings of the configuration.
    pub(crate) fn without_documents(project: Project) -> Self {
        Self::with(Workspace::default(), project)
    }

    /// Creates a project from documents that are not files. `guides` lists the existing tuning
    /// guides.
    pub fn detached(workspace: Workspace, guides: BTreeSet<String>, project: Project) -> Self {
        let guides = TuningGuides { existing: guides, ..TuningGuides::default() };
        Self { guides, is_detached: true, ..Self::with(workspace, project) }
    }

    fn with(mut workspace: Workspace, mut project: Project) -> Self {
        if let Some((configuration, findings)) = project.configuration_findings.take() {
            workspace.add_configuration(configuration, findings);
        }
        project.add_baseline(&mut workspace);
        Self {
            workspace,
            errors: Vec::new(),
            project,
            requested: None,
            guides: TuningGuides::default(),
            left_out: BTreeSet::new(),
            odd_paths: BTreeMap::new(),
            overlays: BTreeSet::new(),
            is_detached: false,
        }
    }

    /// Returns all findings that concern the requested documents, in order.
    pub fn check(&self, today: Date) -> Findings {
        self.concerned(self.check_everything(&self.workspace, today))
    }

    /// Checks another state of the same documents. Includes the findings of documents that were not
    /// requested.
    pub(crate) fn check_everything(&self, workspace: &Workspace, today: Date) -> Findings {
        self.project.findings(workspace, &self.guides, today, &self.left_out)
    }

    /// Returns the identities that a baseline of all documents lists, for findings of at least a
    /// level. See [`lint::open_identities`].
    pub fn open_identities(&self, level: Level, today: Date) -> BTreeSet<String> {
        let path = |name: &str| self.project.relative_to_root(Path::new(name));
        let context = self.project.context(&self.guides, today);
        lint::open_identities(&self.workspace, &context, level, path)
    }

    /// Excludes the findings with these [identities](lint::finding_identities) from all later checks.
    pub fn leave_out(&mut self, identities: BTreeSet<String>) {
        self.left_out = identities;
    }

    /// Retains the findings that concern the requested documents.
    pub(crate) fn concerned(&self, mut findings: Findings) -> Findings {
        findings.open.retain(|finding| self.concerns(finding));
        findings.accepted.retain(|accepted| self.concerns(&accepted.finding));
        findings
    }

    /// Applies levels, suppressions, waivers and the baseline to findings about the configurations
    /// of targets. Retains the findings that concern the requested documents.
    #[cfg(feature = "targets")]
    pub fn check_targets(&self, found: Vec<Finding>, today: Date) -> Findings {
        let configuration = &self.project.configuration;
        let context = CheckContext { configuration, guides: None, today };
        let path = |name: &str| self.project.relative_to_root(Path::new(name));
        self.concerned(lint::check_targets(&self.workspace, &context, found, path))
    }

    /// Returns the requested documents. `None` means all documents.
    pub const fn requested(&self) -> Option<&BTreeSet<SourceId>> {
        self.requested.as_ref()
    }

    /// Returns the read errors of the requested documents.
    pub fn read_errors(&self) -> Vec<Finding<Location>> {
        let findings = self.workspace.findings().iter();
        findings.filter(|finding| self.concerns(finding)).cloned().collect()
    }

    /// Returns the drivers of the requested documents, by name.
    pub fn drivers(&self) -> Vec<&DriverContract> {
        let source = |name: &str| self.workspace.source_of(name);
        let included = |name: &str| source(name).is_some_and(|source| self.includes(source));
        let drivers = self.workspace.drivers();
        drivers.filter(|driver| !self.is_limited() || included(&driver.name)).collect()
    }

    /// Returns the budgets of the requested documents, by profile label, then by scope.
    pub fn budgets(&self) -> Vec<&DeclaredBudget> {
        let budgets = self.workspace.declared_budgets();
        let included = budgets.filter(|declared| self.includes(declared.source));
        included.map(|declared| &declared.item.budget).collect()
    }

    /// Returns the valid benchmarks of the requested documents.
    pub fn benchmarks(&self) -> impl Iterator<Item = &Benchmark> {
        let source = |number| self.workspace.source_of_benchmark(number);
        let included = move |number| source(number).is_some_and(|source| self.includes(source));
        let benchmarks = self.workspace.numbered_benchmarks();
        benchmarks.filter(move |(number, _)| included(*number)).map(|(_, benchmark)| benchmark)
    }

    /// Returns true if a document was requested.
    pub fn includes(&self, source: SourceId) -> bool {
        self.requested.as_ref().is_none_or(|requested| requested.contains(&source))
    }

    /// Returns true if only some documents were requested.
    pub const fn is_limited(&self) -> bool {
        self.requested.is_some()
    }

    /// Returns true if the documents are not files.
    pub const fn is_detached(&self) -> bool {
        self.is_detached
    }

    /// Returns true if a document is an open buffer.
    pub fn is_overlay(&self, name: &str) -> bool {
        self.overlays.contains(name)
    }

    /// Returns the path of a document relative to the working directory, from its display name.
    pub(crate) fn path_of<'n>(&'n self, name: &'n str) -> &'n Path {
        self.odd_paths.get(name).map_or_else(|| Path::new(name), PathBuf::as_path)
    }

    fn concerns(&self, finding: &Finding<Location>) -> bool {
        // A malformed line can be the reason why a finding in any document is open.
        finding.rule == &BASELINE_MALFORMED
            || finding.places().any(|place| self.includes(place.source))
    }
}
