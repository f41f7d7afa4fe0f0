//! All documents of a run as one whole: who declares what, and what applies to whom.
//!
//! In which file a declaration stands never changes the result; the first in the order of the
//! files' names counts where something is declared twice, and the second is a finding.

#[cfg(feature = "fs")]
mod content;
mod drivers;
#[cfg(feature = "fs")]
mod error;
#[cfg(feature = "fs")]
mod files;
#[cfg(feature = "fs")]
mod ignored;
mod join;
mod limited;
mod locate;
mod neighbours;
mod scopes;
mod unparsed;
#[cfg(feature = "fs")]
mod walk;
mod workloads;

use std::{
    cmp::{Ordering, Reverse},
    collections::BTreeMap,
    sync::atomic::AtomicUsize,
};

pub(crate) use self::limited::Limited;
pub use self::scopes::Scopes;
#[cfg(feature = "fs")]
pub(crate) use self::walk::{Ignored, find_with, links};
#[cfg(feature = "fs")]
pub use self::{
    content::Content,
    error::LoadError,
    files::{Reading, Texts, load, load_folder},
    walk::find,
};
use self::{drivers::Drivers, unparsed::UnparsedWords};
pub use crate::configuration::{Configuration, RuleLevel, RuleSetting};
use crate::{
    document::{
        BenchmarkDeclaration, BudgetDeclaration, Declaration, Document, DriverDeclaration,
        PartialContract, WaiverDeclaration, WorkloadDeclaration,
    },
    finding::{Finding, Subject},
    model::{
        Benchmark, BenchmarkProfile, DeclaredBudget, DeclaredWorkload, DriverContract, DriverName,
        EffectiveBudget, EffectiveWorkload, Field, Scope, Vocabulary, Waiver,
    },
    source::{Location, Source, SourceId, Sources, Span},
    toml::{findings::too_many, rules::TOO_MANY_FINDINGS, suppression::Suppression},
};

/// How far a run has come; safe to look at from another thread.
#[derive(Debug, Default)]
pub struct Progress {
    /// The number of files or simulations that are done.
    pub done: AtomicUsize,
    /// The number of all of them.
    pub total: AtomicUsize,
}

/// A declaration and the document it stands in.
#[derive(Clone, Copy, Debug)]
pub struct Declared<T> {
    /// The document.
    pub source: SourceId,
    /// The declaration.
    pub item: T,
}

/// A numbered declaration: the item of an array of tables.
#[derive(Debug)]
struct Numbered<T> {
    source: SourceId,
    /// Its number in the document, from 0.
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
    /// Findings about texts beside the documents.
    remarks: Vec<Finding<Location>>,
    unparsed: UnparsedWords,
    /// Whether a driver has no name: it may be any that no document declares.
    has_nameless_driver: bool,
}

/// A place that is not looked up in its text yet.
#[derive(Clone, Debug)]
struct Pending {
    source: SourceId,
    declaration: Declaration,
    part: Part,
}

/// What of a declaration a place means.
#[derive(Clone, Copy, Debug)]
enum Part {
    Name,
    Whole,
    Field(Field),
}

impl Workspace {
    /// Joins documents with their texts.
    pub fn new(mut documents: Vec<(Source, Document)>) -> Self {
        documents.sort_by(|(left, _), (right, _)| left.name().cmp(right.name()));
        let mut workspace = Self::default();
        workspace.drivers.reserve(documents.len());
        let findings = documents.iter().map(|(_, document)| document.findings.len());
        workspace.findings.reserve(findings.sum());
        let mut pending = Limited::default();
        for (source, document) in documents {
            workspace.add(source, document, &mut pending);
        }
        workspace.unparsed = UnparsedWords::of(&workspace.findings, &workspace.sources);
        workspace.index_drivers(&mut pending);
        workspace.unknown_drivers(&mut pending);
        let incomplete = workspace.incomplete_budgets().into_iter();
        incomplete.chain(workspace.broken_workloads()).for_each(|finding| pending.add(finding));
        let joined = workspace.locate_all(pending.kept());
        workspace.findings.extend(joined);
        report_too_many(pending.too_many(), &mut workspace.findings);
        sort(&mut workspace.findings);
        workspace
    }

    fn add(&mut self, source: Source, document: Document, doubles: &mut Limited<Pending>) {
        let Document { declarations, findings, suppressions } = document;
        let source = self.sources.add(source);
        let located = |finding: Finding<_>| finding.map_places(|span| Location { source, span });
        self.findings.extend(findings.into_iter().map(located));
        self.suppressions.extend(suppressions.into_iter().map(|item| Declared { source, item }));
        self.drivers.add(source, declarations.drivers);
        self.has_nameless_driver |= declarations.nameless_driver;
        for budget in declarations.budgets {
            self.add_budget(source, budget, doubles);
        }
        for workload in declarations.workloads {
            self.add_workload(source, workload, doubles);
        }
        self.benchmarks.extend(numbered(source, declarations.benchmarks));
        self.waivers.extend(numbered(source, declarations.waivers));
    }

    /// Whether a declaration with this name may stand in a text that could not be read.
    pub fn may_have_lost(&self, name: &str) -> bool {
        self.unparsed.may_hold(name)
    }

    /// The texts of all documents.
    pub const fn sources(&self) -> &Sources {
        &self.sources
    }

    /// What is wrong with the documents, one by one and together, in the order of the files and
    /// of their text.
    pub fn findings(&self) -> &[Finding<Location>] {
        &self.findings
    }

    /// Adds findings about a text beside the documents, which is no reason not to read them.
    pub fn remark(&mut self, source: Source, findings: Vec<Finding<Span>>) {
        let source = self.sources.add_beside(source);
        let located = findings.into_iter();
        let located =
            located.map(|finding| finding.map_places(|span: Span| Location { source, span }));
        self.remarks.extend(located);
    }

    /// The findings about texts beside the documents.
    pub(crate) fn remarks(&self) -> &[Finding<Location>] {
        &self.remarks
    }

    /// The drivers that were read without an error, by name.
    pub fn drivers(&self) -> impl Iterator<Item = &DriverContract> {
        self.drivers.iter().filter_map(|driver| driver.item.contract())
    }

    /// The same drivers in the order in which they were read.
    pub(crate) fn drivers_as_read(&self) -> impl Iterator<Item = &DriverContract> {
        self.drivers.as_read().filter_map(|driver| driver.item.contract())
    }

    /// The drivers of which some fields were not read, in the order in which they were read.
    pub(crate) fn partial_drivers(&self) -> impl Iterator<Item = &PartialContract> {
        self.drivers.as_read().filter_map(|driver| driver.item.partial())
    }

    /// The contract of a driver, if it was read without an error.
    pub fn driver(&self, name: &str) -> Option<&DriverContract> {
        self.drivers.get(name)?.item.contract()
    }

    /// The declaration of a driver, read without an error or not.
    pub(crate) fn declared_driver(&self, name: &str) -> Option<&DriverDeclaration> {
        Some(self.drivers.get(name)?.item)
    }

    /// The drivers of which no field was read, by name.
    pub(crate) fn unread_drivers(&self) -> impl Iterator<Item = &DriverName> {
        let unread =
            |driver: &&DriverDeclaration| driver.contract().is_none() && driver.partial().is_none();
        self.drivers.iter().map(|driver| driver.item).filter(unread).map(DriverDeclaration::name)
    }

    /// Where a driver is declared.
    pub fn source_of(&self, driver: &str) -> Option<SourceId> {
        self.drivers.get(driver).map(|driver| driver.source)
    }

    /// The budgets as declared, by the label of their profile, then by scope.
    pub fn budgets(&self) -> impl Iterator<Item = &DeclaredBudget> {
        self.declared_budgets().map(|declared| &declared.item.budget)
    }

    /// The budgets with the documents that they stand in, in the same order.
    pub fn declared_budgets(&self) -> impl Iterator<Item = &Declared<BudgetDeclaration>> {
        let mut profiles: Vec<_> = self.budgets.iter().collect();
        profiles.sort_by_key(|(profile, _)| profile.label());
        profiles.into_iter().flat_map(|(_, scopes)| scopes.iter())
    }

    /// The budget of exactly this scope, as declared.
    pub(crate) fn declared_budget(
        &self,
        profile: BenchmarkProfile,
        scope: &Scope,
    ) -> Option<&DeclaredBudget> {
        let declared = self.budgets.get(&profile)?.get(scope)?;
        Some(&declared.item.budget)
    }

    /// The benchmarks that were read without an error, in the order of the files and their text.
    pub fn benchmarks(&self) -> impl Iterator<Item = &Benchmark> {
        self.benchmarks.iter().filter_map(|benchmark| match &benchmark.item {
            BenchmarkDeclaration::Whole(benchmark) => Some(benchmark),
            BenchmarkDeclaration::Broken { .. } => None,
        })
    }

    /// The same benchmarks with their numbers, for [`Subject::Benchmark`].
    pub fn numbered_benchmarks(&self) -> impl Iterator<Item = (usize, &Benchmark)> {
        self.benchmarks.iter().enumerate().filter_map(|(number, benchmark)| match &benchmark.item {
            BenchmarkDeclaration::Whole(benchmark) => Some((number, benchmark)),
            BenchmarkDeclaration::Broken { .. } => None,
        })
    }

    /// The waivers that were read without an error, in the order of the files and their text.
    pub fn waivers(&self) -> impl Iterator<Item = &Waiver> {
        self.waivers.iter().filter_map(|waiver| match &waiver.item {
            WaiverDeclaration::Whole(waiver) => Some(waiver),
            WaiverDeclaration::Broken { .. } => None,
        })
    }

    /// The same waivers with their numbers, for [`Subject::Waiver`].
    pub fn numbered_waivers(&self) -> impl Iterator<Item = (usize, &Waiver)> {
        self.waivers.iter().enumerate().filter_map(|(number, waiver)| match &waiver.item {
            WaiverDeclaration::Whole(waiver) => Some((number, waiver)),
            WaiverDeclaration::Broken { .. } => None,
        })
    }

    /// The driver of the benchmark with this number, if its name was read.
    pub fn benchmarked_driver(&self, number: usize) -> Option<&DriverName> {
        self.benchmarks.get(number)?.item.driver()
    }

    /// The drivers of the benchmarks that were not read in full; none where that is not known
    /// either.
    pub(crate) fn unread_benchmarks(&self) -> impl Iterator<Item = Option<&DriverName>> {
        self.benchmarks.iter().filter_map(|benchmark| match &benchmark.item {
            BenchmarkDeclaration::Whole(_) => None,
            BenchmarkDeclaration::Broken { driver } => Some(driver.as_ref()),
        })
    }

    /// The comments that accept findings, with their documents, in their order.
    pub fn suppressions(&self) -> impl Iterator<Item = (SourceId, &Suppression)> {
        self.suppressions.iter().map(|declared| (declared.source, &declared.item))
    }

    /// The document in which the benchmark with this number stands.
    pub fn source_of_benchmark(&self, number: usize) -> Option<SourceId> {
        self.benchmarks.get(number).map(|benchmark| benchmark.source)
    }

    /// What applies to a driver under a profile, limit by limit, over all scopes; none where no
    /// scope sets a limit.
    pub fn effective_budget(
        &self,
        driver: &DriverContract,
        profile: BenchmarkProfile,
    ) -> Option<EffectiveBudget<'_>> {
        let chain = self.budgets.get(&profile)?.chain(driver.class, &driver.name);
        EffectiveBudget::merge(profile, chain.map(|declared| &declared.item.budget))
    }

    /// The effective budget of a driver, if it [applies](EffectiveBudget::applies_to).
    pub fn applying_budget(
        &self,
        driver: &DriverContract,
        profile: BenchmarkProfile,
    ) -> Option<EffectiveBudget<'_>> {
        self.effective_budget(driver, profile).filter(|budget| budget.applies_to(driver))
    }

    /// The load on a driver under a profile, value by value, over all scopes; none where no scope
    /// sets a value, or one was read with an error.
    pub fn effective_workload(
        &self,
        driver: &DriverContract,
        profile: BenchmarkProfile,
    ) -> Option<EffectiveWorkload<'_>> {
        workloads::merged(profile, self.workloads.get(&profile)?, driver.class, &driver.name)
    }

    /// The workloads as declared, by the label of their profile, then by scope.
    pub fn workloads(&self) -> impl Iterator<Item = &DeclaredWorkload> {
        let mut profiles: Vec<_> = self.workloads.iter().collect();
        profiles.sort_by_key(|(profile, _)| profile.label());
        let declared = profiles.into_iter().flat_map(|(_, scopes)| scopes.iter());
        declared.map(|declared| &declared.item.workload)
    }

    /// Every profile, for iterating over what applies to a driver.
    pub const fn profiles() -> &'static [BenchmarkProfile] {
        BenchmarkProfile::ALL
    }
}

fn numbered<T>(source: SourceId, items: Vec<T>) -> impl Iterator<Item = Numbered<T>> {
    items.into_iter().enumerate().map(move |(index, item)| Numbered { source, index, item })
}

/// Says of documents that they have more findings than are kept, unless it is said already.
pub(crate) fn report_too_many(
    sources: impl Iterator<Item = SourceId>,
    findings: &mut Vec<Finding<Location>>,
) {
    for source in sources {
        let said = |finding: &Finding<Location>| {
            finding.rule == &TOO_MANY_FINDINGS && finding.place.source == source
        };
        if !findings.iter().any(said) {
            findings.push(too_many().map_places(|span| Location { source, span }));
        }
    }
}

/// Orders findings by file, place, level and rule.
pub(crate) fn sort(findings: &mut [Finding<Location>]) {
    findings.sort_by(order);
}

/// The order of findings: by file and place, the most severe first, then by rule. What one rule says of one place stays in the
/// order in which it was said, such as that of a contract's fields.
pub(crate) fn order(left: &Finding<Location>, right: &Finding<Location>) -> Ordering {
    let key =
        |finding: &Finding<Location>| (finding.place, Reverse(finding.level), finding.rule.name);
    key(left).cmp(&key(right))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn too_many_findings_are_said_once_of_each_document() {
        let mut sources = Sources::default();
        let ids = ["a.toml", "b.toml"].map(|name| sources.add(Source::new(name, "")));
        let mut findings = Vec::new();
        report_too_many([ids[1]].into_iter(), &mut findings);
        report_too_many(ids.into_iter(), &mut findings);
        let said: Vec<_> = findings.iter().map(|finding| finding.place.source).collect();
        assert_eq!(said, [ids[1], ids[0]]);
    }
}
