//! Adds the declarations that only the other side's configuration includes.
//!
//! A change must not hide a declaration by excluding its file, or make a declaration look new by
//! moving it. Each side therefore also gets every declaration that the other side includes and that
//! is missing on this side. Suppressions, waivers and accepted changes are never taken from the
//! other side.

use std::{collections::BTreeSet, path::Path};

use crate::{
    boundary::Boundary,
    cli::progress::watched,
    document::{
        BenchmarkDeclaration, CallDeclaration, Declarations, Document, OtherDeclarations,
        RequirementDeclaration, ServerDeclaration,
    },
    model::{BenchmarkProfile, DriverName, Name, Requirement, Scope, ServerName, TemplateName},
    project::{Included, Project},
    source::Source,
    workspace::{self, Ignored, LoadError, Progress, Reading},
};

/// Documents with their sources.
#[derive(Debug, Default)]
pub(super) struct Documents(pub(super) Vec<(Source, Document)>);

/// Documents by name. If links to folders are followed, also by their paths with all links
/// resolved.
pub(super) struct Known<'p> {
    names: BTreeSet<String>,
    project: &'p Project,
    links: Option<&'p Boundary>,
}

impl<'p> Known<'p> {
    pub(super) fn of(
        documents: &[(Source, Document)],
        project: &'p Project,
        links: Option<&'p Boundary>,
    ) -> Self {
        let names = documents.iter().map(|(source, _)| source.name().to_owned()).collect();
        let mut known = Self { names, project, links };
        let real = documents.iter().filter_map(|(source, _)| known.real(Path::new(source.name())));
        let real: Vec<_> = real.collect();
        known.names.extend(real);
        known
    }

    /// Returns true if the document at this path is known.
    pub(super) fn contains(&self, path: &Path) -> bool {
        self.names.contains(&self.project.display(path))
            || self.real(path).is_some_and(|name| self.names.contains(&name))
    }

    /// Resolves all links in a path, and returns the result as a document name.
    fn real(&self, path: &Path) -> Option<String> {
        let resolved = self.links?.resolve(&self.project.absolute(path)).ok()?;
        Some(self.project.display(&resolved.path))
    }
}

/// The consumer, the driver and the profile of a requirement.
type RequirementKey = (Name, DriverName, Option<BenchmarkProfile>);

/// The identities of everything that documents declare.
#[derive(Debug, Default)]
pub(super) struct FileNames {
    drivers: BTreeSet<DriverName>,
    budgets: BTreeSet<(BenchmarkProfile, Scope)>,
    workloads: BTreeSet<(BenchmarkProfile, Scope)>,
    benchmarks: BTreeSet<(DriverName, BenchmarkProfile)>,
    templates: BTreeSet<TemplateName>,
    servers: BTreeSet<ServerName>,
    callers: BTreeSet<DriverName>,
    calls: BTreeSet<(DriverName, DriverName)>,
    requirements: BTreeSet<RequirementKey>,
}

impl FileNames {
    /// Returns true if the documents declare any of these drivers, budgets, workloads, servers,
    /// callers, calls or requirements.
    pub(super) fn has_some_of(&self, declarations: &Declarations) -> bool {
        let others = declarations.others();
        let scope = |profile: BenchmarkProfile, scope: &Scope| (profile, scope.clone());
        let mut budgets = others.budgets.iter().map(|declared| &declared.budget);
        let mut workloads = others.workloads.iter().map(|declared| &declared.workload);
        declarations.drivers.iter().any(|driver| self.drivers.contains(driver.name()))
            || budgets.any(|it| self.budgets.contains(&scope(it.profile, &it.scope)))
            || workloads.any(|it| self.workloads.contains(&scope(it.profile, &it.scope)))
            || others.servers.iter().any(|server| self.has_server(server))
            || others.callers.iter().any(|caller| self.callers.contains(caller.name()))
            || others.calls.iter().filter_map(ends).any(|ends| self.calls.contains(&ends))
            || others
                .requirements
                .iter()
                .filter_map(required)
                .any(|key| self.requirements.contains(&key))
    }

    fn has_server(&self, server: &ServerDeclaration) -> bool {
        server.name().is_some_and(|name| self.servers.contains(name))
    }

    pub(super) fn of(documents: &[(Source, Document)]) -> Self {
        let mut names = Self::default();
        for (_, Document { declarations, .. }) in documents {
            names.drivers.extend(declarations.drivers.iter().map(|driver| driver.name().clone()));
            let others = declarations.others();
            let budgets = others.budgets.iter();
            names.budgets.extend(
                budgets.map(|declared| (declared.budget.profile, declared.budget.scope.clone())),
            );
            let workloads = others.workloads.iter();
            names.workloads.extend(
                workloads
                    .map(|declared| (declared.workload.profile, declared.workload.scope.clone())),
            );
            let templates = others.templates.iter();
            let servers = others.servers.iter();
            names.servers.extend(servers.filter_map(|server| server.name().cloned()));
            names.templates.extend(templates.map(|template| template.name.clone()));
            names.benchmarks.extend(others.benchmarks.iter().filter_map(measured));
            names.callers.extend(others.callers.iter().map(|caller| caller.name().clone()));
            names.calls.extend(others.calls.iter().filter_map(ends));
            names.requirements.extend(others.requirements.iter().filter_map(required));
        }
        names
    }
}

/// Returns the driver and profile of a benchmark. Returns `None` if they could not be read.
fn measured(benchmark: &BenchmarkDeclaration) -> Option<(DriverName, BenchmarkProfile)> {
    match benchmark {
        BenchmarkDeclaration::Complete(benchmark) => {
            Some((benchmark.driver.clone(), benchmark.profile))
        }
        BenchmarkDeclaration::Invalid { .. } => None,
    }
}

/// Returns the caller and the called driver of a call. Returns `None` if they could not be read.
fn ends(call: &CallDeclaration) -> Option<(DriverName, DriverName)> {
    let call = call.call()?;
    Some((call.from.clone(), call.to.clone()))
}

/// Returns the identity of a requirement. Returns `None` if it could not be read.
fn required(requirement: &RequirementDeclaration) -> Option<RequirementKey> {
    let Requirement { consumer, driver, profile, .. } = requirement.requirement()?;
    Some((consumer.clone(), driver.clone(), *profile))
}

impl Documents {
    /// Returns the included documents in folders and files.
    pub(super) fn found(
        inputs: &[Included],
        ignored: Ignored,
        reading: Reading<'_>,
        is_counted: impl Fn(&Path) -> bool,
        project: &Project,
        errors: &mut Vec<LoadError>,
    ) -> Self {
        let mut paths = BTreeSet::new();
        for input in inputs {
            let found = workspace::find_with(&input.path, ignored, reading.boundary, errors);
            paths.extend(found.into_iter().filter(|path| input.matches(path)));
        }
        let paths: Vec<_> = paths.into_iter().filter(|path| is_counted(path)).collect();
        let name = |path: &Path| project.display(path);
        let progress = Progress::default();
        let read = || workspace::load(&paths, reading, name, &progress, errors);
        Self(watched("reading", &progress, read))
    }

    /// Returns the documents with only the declarations that `other` contains and `own` does not
    /// contain. Leaves out documents without such declarations.
    pub(super) fn missing_from(
        self,
        own: &FileNames,
        other: &FileNames,
    ) -> Vec<(Source, Document)> {
        let kept = self.0.into_iter().filter_map(|(source, document)| {
            let Document { declarations, findings, .. } = document;
            let declarations = missing(declarations, own, other);
            // An unreadable document can contain any declaration.
            let is_empty = declarations.drivers.is_empty() && declarations.others().is_empty();
            (!is_empty)
                .then(|| (source, Document { declarations, findings, suppressions: Vec::new() }))
        });
        kept.collect()
    }
}

fn missing(mut declarations: Declarations, own: &FileNames, other: &FileNames) -> Declarations {
    let mut drivers = std::mem::take(&mut declarations.drivers);
    drivers.retain(|driver| {
        other.drivers.contains(driver.name()) && !own.drivers.contains(driver.name())
    });
    let missing = Declarations::of_drivers(drivers);
    match declarations.into_others() {
        Some(others) => missing.with_others(missing_others(others, own, other)),
        None => missing,
    }
}

fn missing_others(
    mut others: OtherDeclarations,
    own: &FileNames,
    other: &FileNames,
) -> OtherDeclarations {
    others.callers.retain(|caller| {
        other.callers.contains(caller.name()) && !own.callers.contains(caller.name())
    });
    remove_calls(&mut others.calls, own, other);
    remove_requirements(&mut others.requirements, own, other);
    others.templates.retain(|template| {
        other.templates.contains(&template.name) && !own.templates.contains(&template.name)
    });
    others.servers.retain(|server| other.has_server(server) && !own.has_server(server));
    others.budgets.retain(|declared| {
        let name = (declared.budget.profile, declared.budget.scope.clone());
        other.budgets.contains(&name) && !own.budgets.contains(&name)
    });
    others.workloads.retain(|declared| {
        let name = (declared.workload.profile, declared.workload.scope.clone());
        other.workloads.contains(&name) && !own.workloads.contains(&name)
    });
    remove_benchmarks(&mut others.benchmarks, own, other);
    OtherDeclarations {
        waivers: Vec::new(),
        nameless_template: false,
        nameless_caller: false,
        ..others
    }
}

/// Retains only the benchmarks that `other` contains and `own` does not contain. The retained
/// benchmarks keep their indices.
fn remove_benchmarks(
    benchmarks: &mut Vec<BenchmarkDeclaration>,
    own: &FileNames,
    other: &FileNames,
) {
    let is_missing = |benchmark: &BenchmarkDeclaration| {
        let name = measured(benchmark);
        name.is_some_and(|name| other.benchmarks.contains(&name) && !own.benchmarks.contains(&name))
    };
    if !benchmarks.iter().any(is_missing) {
        benchmarks.clear();
    }
    for benchmark in benchmarks.iter_mut().filter(|benchmark| !is_missing(benchmark)) {
        *benchmark = BenchmarkDeclaration::Invalid { driver: None };
    }
}

/// Retains only the calls that `other` contains and `own` does not contain. The retained calls keep
/// their indices.
fn remove_calls(calls: &mut Vec<CallDeclaration>, own: &FileNames, other: &FileNames) {
    let is_missing = |call: &CallDeclaration| {
        ends(call).is_some_and(|ends| other.calls.contains(&ends) && !own.calls.contains(&ends))
    };
    if !calls.iter().any(is_missing) {
        calls.clear();
    }
    for call in calls.iter_mut().filter(|call| !is_missing(call)) {
        *call = CallDeclaration::Ignored;
    }
}

/// Retains only the requirements that the other side has and this side lacks. The retained
/// requirements keep their indices.
fn remove_requirements(
    requirements: &mut Vec<RequirementDeclaration>,
    own: &FileNames,
    other: &FileNames,
) {
    let is_missing = |requirement: &RequirementDeclaration| {
        required(requirement).is_some_and(|key| {
            other.requirements.contains(&key) && !own.requirements.contains(&key)
        })
    };
    if !requirements.iter().any(is_missing) {
        requirements.clear();
    }
    for requirement in requirements.iter_mut().filter(|requirement| !is_missing(requirement)) {
        *requirement = RequirementDeclaration::Ignored;
    }
}
