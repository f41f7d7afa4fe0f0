//! Lists the benchmarks, waivers and suppressions of a workspace.

use super::Workspace;
use crate::{
    document::{BenchmarkDeclaration, WaiverDeclaration},
    model::{Benchmark, BenchmarkProfile, DeclaredWorkload, DriverName, Scope, Waiver},
    source::SourceId,
    toml::suppression::Suppression,
};

impl Workspace {
    /// Returns the valid benchmarks, by file, then by position.
    pub fn benchmarks(&self) -> impl Iterator<Item = &Benchmark> {
        self.benchmarks.iter().filter_map(|benchmark| match &benchmark.item {
            BenchmarkDeclaration::Complete(benchmark) => Some(benchmark),
            BenchmarkDeclaration::Invalid { .. } => None,
        })
    }

    /// Returns the valid benchmarks with their indices, as in
    /// [`DeclarationId::Benchmark`](crate::finding::DeclarationId::Benchmark).
    pub fn numbered_benchmarks(&self) -> impl Iterator<Item = (usize, &Benchmark)> {
        self.benchmarks.iter().enumerate().filter_map(|(number, benchmark)| match &benchmark.item {
            BenchmarkDeclaration::Complete(benchmark) => Some((number, benchmark)),
            BenchmarkDeclaration::Invalid { .. } => None,
        })
    }

    /// Returns the benchmark with this index, if it is valid.
    pub(crate) fn benchmark(&self, number: usize) -> Option<&Benchmark> {
        match &self.benchmarks.get(number)?.item {
            BenchmarkDeclaration::Complete(benchmark) => Some(benchmark),
            BenchmarkDeclaration::Invalid { .. } => None,
        }
    }

    /// Returns the workload of exactly this scope, as declared.
    pub(crate) fn declared_workload(
        &self,
        profile: BenchmarkProfile,
        scope: &Scope,
    ) -> Option<&DeclaredWorkload> {
        let declared = self.workloads.get(&profile)?.get(scope)?;
        Some(&declared.item.workload)
    }

    /// Returns the valid waivers, by file, then by position.
    pub fn waivers(&self) -> impl Iterator<Item = &Waiver> {
        self.waivers.iter().filter_map(|waiver| match &waiver.item {
            WaiverDeclaration::Complete(waiver) => Some(waiver),
            WaiverDeclaration::Invalid { .. } => None,
        })
    }

    /// Returns the valid waivers with their indices, as in
    /// [`DeclarationId::Waiver`](crate::finding::DeclarationId::Waiver).
    pub fn numbered_waivers(&self) -> impl Iterator<Item = (usize, &Waiver)> {
        self.waivers.iter().enumerate().filter_map(|(number, waiver)| match &waiver.item {
            WaiverDeclaration::Complete(waiver) => Some((number, waiver)),
            WaiverDeclaration::Invalid { .. } => None,
        })
    }

    /// Returns the driver of the benchmark with this index, if its name is valid.
    pub fn benchmarked_driver(&self, number: usize) -> Option<&DriverName> {
        self.benchmarks.get(number)?.item.driver()
    }

    /// Returns the driver of each invalid benchmark. An item is `None` if the driver's name is also
    /// invalid.
    pub(crate) fn unread_benchmarks(&self) -> impl Iterator<Item = Option<&DriverName>> {
        self.benchmarks.iter().filter_map(|benchmark| match &benchmark.item {
            BenchmarkDeclaration::Complete(_) => None,
            BenchmarkDeclaration::Invalid { driver } => Some(driver.as_ref()),
        })
    }

    /// Returns the suppressions with their documents, by file, then by position.
    pub fn suppressions(&self) -> impl Iterator<Item = (SourceId, &Suppression)> {
        self.suppressions.iter().map(|declared| (declared.source, &declared.item))
    }

    /// Returns the document of the benchmark with this index.
    pub fn source_of_benchmark(&self, number: usize) -> Option<SourceId> {
        self.benchmarks.get(number).map(|benchmark| benchmark.source)
    }
}
