//! Joins the documents of a run, and resolves budgets and workloads by scope.
//!
//! The result never depends on which file contains a declaration. If something is declared twice,
//! the first declaration in the order of file names applies, and the second is a finding.

mod beside;
mod calls;
#[cfg(feature = "fs")]
mod content;
mod drivers;
#[cfg(feature = "fs")]
mod error;
#[cfg(feature = "fs")]
mod files;
#[cfg(feature = "fs")]
mod ignored;
mod items;
mod join;
mod limited;
mod locate;
mod neighbours;
mod order;
mod requirements;
pub(crate) mod rules;
mod scopes;
mod servers;
mod templates;
mod unparsed;
#[cfg(feature = "fs")]
mod walk;
mod workloads;

use std::{
    collections::BTreeMap,
    sync::{Arc, atomic::AtomicUsize},
};

pub use self::calls::{CallEnd, JoinedCall};
pub use self::scopes::Scopes;
pub use self::servers::{DriverServer, ServerOfDriver};
pub use self::templates::FieldOrigin;
#[cfg(feature = "fs")]
pub(crate) use self::walk::{Ignored, configured_folders, find_with, links};
use self::{
    calls::Calls,
    drivers::Drivers,
    locate::{Part, Pending},
    requirements::Requirements,
    servers::Servers,
    templates::Templates,
    unparsed::UnparsedWords,
};
#[cfg(feature = "fs")]
pub use self::{
    content::Content,
    error::LoadError,
    files::{Reading, Texts, load, load_folder},
    walk::find,
};
pub(crate) use self::{
    limited::CappedFindings,
    order::{order, report_too_many, sort},
};
pub use crate::configuration::{Configuration, RuleLevel, RuleSetting};
use crate::{
    document::{
        BenchmarkDeclaration, BudgetDeclaration, Declaration, Document, DriverDeclaration,
        OtherDeclarations, PartialContract, WaiverDeclaration, WorkloadDeclaration,
    },
    finding::{DeclarationId, Finding},
    model::{
        BenchmarkProfile, DeclaredBudget, DeclaredWorkload, DriverContract, DriverName,
        EffectiveBudget, EffectiveWorkload, ProjectVocabulary, Scope,
    },
    source::{Location, Source, SourceId, Sources},
    toml::suppression::Suppression,
};

/// The progress of a run. Other threads can read it.
#[derive(Debug, Default)]
pub struct Progress {
    /// The number of finished files or simulations.
    pub done: AtomicUsize,
    /// The total number of files or simulations.
    pub total: AtomicUsize,
}

/// A declaration and its document.
#[derive(Clone, Copy, Debug)]
pub struct Declared<T> {
    /// The document.
    pub source: SourceId,
    /// The declaration.
    pub item: T,
}

/// An item of an array of tables, with its index.
#[derive(Debug)]
struct Numbered<T> {
    source: SourceId,
    /// The index in the document, from 0.
    index: usize,
    item: T,
}

/// All documents of a run.
#[derive(Debug, Default)]
pub struct Workspace {
    sources: Sources,
    drivers: Drivers,
    budgets: BTreeMap<BenchmarkProfile, Scopes<Declared<BudgetDeclaration>>>,
    workloads: BTreeMap<BenchmarkProfile, Scopes<Declared<WorkloadDeclaration>>>,
    benchmarks: Vec<Numbered<BenchmarkDeclaration>>,
    waivers: Vec<Numbered<WaiverDeclaration>>,
    suppressions: Vec<Declared<Suppression>>,
    findings: Vec<Finding<Location>>,
    /// The findings in texts that are not documents.
    configuration_findings: Vec<Finding<Location>>,
    /// The text of the configuration, if it was added.
    configuration: Option<SourceId>,
    /// The text of the baseline, if the project has one.
    baseline: Option<SourceId>,
    /// Whether documents of the project are missing.
    is_partial: bool,
    unparsed: UnparsedWords,
    /// The words that the project declares.
    vocabulary: Arc<ProjectVocabulary>,
    templates: Templates,
    servers: Servers,
    calls: Calls,
    requirements: Requirements,
    /// Whether there is a driver without a name. Such a driver could be any unknown driver.
    has_nameless_driver: bool,
}

impl Workspace {
    /// Joins documents of a project that declares no words.
    pub fn new(documents: Vec<(Source, Document)>) -> Self {
        Self::with_vocabulary(documents, Arc::default())
    }

    /// Joins documents that were read with this vocabulary.
    pub fn with_vocabulary(
        mut documents: Vec<(Source, Document)>,
        vocabulary: Arc<ProjectVocabulary>,
    ) -> Self {
        documents.sort_by(|(left, _), (right, _)| left.name().cmp(right.name()));
        let mut workspace = Self { vocabulary, ..Self::default() };
        workspace.drivers.reserve(documents.len());
        let findings = documents.iter().map(|(_, document)| document.findings.len());
        workspace.findings.reserve(findings.sum());
        let mut pending = CappedFindings::default();
        for (source, document) in documents {
            workspace.add(source, document, &mut pending);
        }
        workspace.unparsed = UnparsedWords::of(&workspace.findings, &workspace.sources);
        workspace.index_drivers(&mut pending);
        workspace.resolve_templates(&mut pending);
        workspace.resolve_calls(&mut pending);
        workspace.resolve_requirements(&mut pending);
        workspace.unknown_drivers(&mut pending);
        workspace.unknown_templates(&mut pending);
        workspace.join_servers(&mut pending);
        let incomplete = workspace.incomplete_budgets().into_iter();
        incomplete.chain(workspace.broken_workloads()).for_each(|finding| pending.add(finding));
        let joined = workspace.locate_all(pending.kept());
        workspace.findings.extend(joined);
        report_too_many(pending.too_many(), &mut workspace.findings);
        sort(&mut workspace.findings);
        workspace
    }

    fn add(&mut self, source: Source, document: Document, doubles: &mut CappedFindings<Pending>) {
        let Document { mut declarations, findings, suppressions } = document;
        let source = self.sources.add(source);
        let located = |finding: Finding<_>| finding.map_places(|span| Location { source, span });
        self.findings.extend(findings.into_iter().map(located));
        self.suppressions.extend(suppressions.into_iter().map(|item| Declared { source, item }));
        self.templates.mark_used(&declarations.drivers);
        self.drivers.add(source, std::mem::take(&mut declarations.drivers));
        self.has_nameless_driver |= declarations.nameless_driver;
        if let Some(others) = declarations.into_others() {
            self.add_others(source, others, doubles);
        }
    }

    fn add_others(
        &mut self,
        source: SourceId,
        mut others: OtherDeclarations,
        doubles: &mut CappedFindings<Pending>,
    ) {
        self.calls.add(source, &mut others);
        self.requirements.add(source, others.requirements);
        self.templates.has_nameless |= others.nameless_template;
        for template in others.templates {
            self.add_template(source, template, doubles);
        }
        self.servers.add(source, others.servers);
        for budget in others.budgets {
            self.add_budget(source, budget, doubles);
        }
        for workload in others.workloads {
            self.add_workload(source, workload, doubles);
        }
        self.benchmarks.extend(numbered(source, others.benchmarks));
        self.waivers.extend(numbered(source, others.waivers));
    }

    /// Returns true if a text that could not be parsed might declare this name.
    pub fn may_have_lost(&self, name: &str) -> bool {
        self.unparsed.may_hold(name)
    }

    /// Returns the texts of all documents.
    pub const fn sources(&self) -> &Sources {
        &self.sources
    }

    /// Returns the findings from reading and joining the documents, by file, then by position.
    pub fn findings(&self) -> &[Finding<Location>] {
        &self.findings
    }

    /// Marks the workspace as a part of its project. Documents outside the workspace can then use
    /// its declarations.
    #[must_use]
    pub fn partial(self, is_partial: bool) -> Self {
        Self { is_partial, ..self }
    }

    /// Returns true if the workspace is marked as a part of its project.
    pub const fn is_partial(&self) -> bool {
        self.is_partial
    }

    /// Returns true if a declaration that nothing uses is certainly unused: the workspace is the
    /// whole project, and every document was read without errors.
    pub(crate) fn shows_what_is_unused(&self) -> bool {
        !self.is_partial && self.findings.is_empty()
    }

    /// Returns the valid drivers, by name.
    pub fn drivers(&self) -> impl Iterator<Item = &DriverContract> {
        self.drivers.iter().filter_map(|driver| driver.item.contract())
    }

    /// Returns the valid drivers, in reading order.
    pub(crate) fn drivers_as_read(&self) -> impl Iterator<Item = &DriverContract> {
        self.drivers.as_read().filter_map(|driver| driver.item.contract())
    }

    /// Returns the drivers with some unreadable fields, in reading order.
    pub(crate) fn partial_drivers(&self) -> impl Iterator<Item = &PartialContract> {
        self.drivers.as_read().filter_map(|driver| driver.item.partial())
    }

    /// Returns the contract of a driver, if it is valid.
    pub fn driver(&self, name: &str) -> Option<&DriverContract> {
        self.drivers.get(name)?.item.contract()
    }

    /// Returns the declaration of a driver, whether valid or not.
    pub(crate) fn declared_driver(&self, name: &str) -> Option<&DriverDeclaration> {
        Some(self.drivers.get(name)?.item)
    }

    /// Returns the drivers without any readable field, by name.
    pub(crate) fn unread_drivers(&self) -> impl Iterator<Item = &DriverName> {
        let unread =
            |driver: &&DriverDeclaration| driver.contract().is_none() && driver.partial().is_none();
        self.drivers.iter().map(|driver| driver.item).filter(unread).map(DriverDeclaration::name)
    }

    /// Returns the document that declares a driver.
    pub fn source_of(&self, driver: &str) -> Option<SourceId> {
        self.drivers.get(driver).map(|driver| driver.source)
    }

    /// Returns the budgets as declared, by profile label, then by scope.
    pub fn budgets(&self) -> impl Iterator<Item = &DeclaredBudget> {
        self.declared_budgets().map(|declared| &declared.item.budget)
    }

    /// Returns the budgets with their documents, by profile label, then by scope.
    pub fn declared_budgets(&self) -> impl Iterator<Item = &Declared<BudgetDeclaration>> {
        let mut profiles: Vec<_> = self.budgets.iter().collect();
        profiles.sort_by_key(|(profile, _)| profile.label());
        profiles.into_iter().flat_map(|(_, scopes)| scopes.iter())
    }

    /// Returns the budget of exactly this scope, as declared.
    pub(crate) fn declared_budget(
        &self,
        profile: BenchmarkProfile,
        scope: &Scope,
    ) -> Option<&DeclaredBudget> {
        let declared = self.budgets.get(&profile)?.get(scope)?;
        Some(&declared.item.budget)
    }

    /// Returns the effective budget of a driver for a profile. Returns `None` if no scope sets a
    /// limit.
    pub fn effective_budget(
        &self,
        driver: &DriverContract,
        profile: BenchmarkProfile,
    ) -> Option<EffectiveBudget<'_>> {
        let chain = self.budgets.get(&profile)?.chain(driver.class, &driver.name);
        EffectiveBudget::merge(profile, chain.map(|declared| &declared.item.budget))
    }

    /// Returns the effective budget of a driver, if it [applies](EffectiveBudget::applies_to).
    pub fn applying_budget(
        &self,
        driver: &DriverContract,
        profile: BenchmarkProfile,
    ) -> Option<EffectiveBudget<'_>> {
        self.effective_budget(driver, profile)
            .filter(|budget| budget.applies_to(driver, &self.vocabulary))
    }

    /// Returns the effective workload of a driver for a profile. Returns `None` if no scope sets a
    /// value, or if a scope has an error.
    pub fn effective_workload(
        &self,
        driver: &DriverContract,
        profile: BenchmarkProfile,
    ) -> Option<EffectiveWorkload<'_>> {
        workloads::merged(profile, self.workloads.get(&profile)?, driver.class, &driver.name)
    }

    /// Returns the workloads as declared, by profile label, then by scope.
    pub fn workloads(&self) -> impl Iterator<Item = &DeclaredWorkload> {
        let mut profiles: Vec<_> = self.workloads.iter().collect();
        profiles.sort_by_key(|(profile, _)| profile.label());
        let declared = profiles.into_iter().flat_map(|(_, scopes)| scopes.iter());
        declared.map(|declared| &declared.item.workload)
    }

    /// Returns all profiles: the built-in profiles, then the project's profiles by name.
    pub fn profiles(&self) -> impl Iterator<Item = BenchmarkProfile> {
        self.vocabulary.all_profiles()
    }

    /// Returns the words that the project declares.
    pub const fn vocabulary(&self) -> &Arc<ProjectVocabulary> {
        &self.vocabulary
    }

    /// Returns true if a driver claims a profile through its capabilities.
    pub fn claims(&self, driver: &DriverContract, profile: BenchmarkProfile) -> bool {
        self.vocabulary.claims(&driver.capabilities, profile)
    }
}

fn numbered<T>(source: SourceId, items: Vec<T>) -> impl Iterator<Item = Numbered<T>> {
    items.into_iter().enumerate().map(move |(index, item)| Numbered { source, index, item })
}
