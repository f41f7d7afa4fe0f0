//! The input of a rule: a declaration with the values that apply to it.

use std::collections::BTreeSet;

use super::metric::{MetricNames, Named, names};
use crate::{
    configuration::Configuration,
    finding::{ContractPath, DeclarationId},
    model::{
        Benchmark, BenchmarkProfile, DeclaredBudget, DriverClass, DriverContract, EffectiveBudget,
        EffectiveWorkload, Field, LatencyLimit, Requirement, ScopedValue, TemplateName,
    },
    workspace::{DriverServer, Workspace},
};

/// One driver with the budgets and workloads that apply to it.
#[derive(Clone, Copy, Debug)]
pub struct DriverView<'w> {
    /// The contract.
    pub contract: &'w DriverContract,
    /// The effective budget of each profile that has a budget, including profiles that the driver
    /// does not claim.
    pub merged: &'w [EffectiveBudget<'w>],
    /// The effective budgets against which the driver is judged.
    pub budgets: &'w [EffectiveBudget<'w>],
    /// The effective workload of each profile that has a workload.
    pub workloads: &'w [EffectiveWorkload<'w>],
    /// The server to which the driver connects.
    pub server: DriverServer<'w>,
    /// The relative paths of existing tuning guides, or `None` if they were not collected.
    pub guides: Option<&'w BTreeSet<String>>,
    /// The project's configuration.
    pub configuration: &'w Configuration,
    /// The workspace that declares the driver. `None` for a contract without a workspace.
    pub(super) workspace: Option<&'w Workspace>,
    /// The contract's metric names, which many rules check.
    pub(super) names: MetricNames<'w>,
}

/// One declared scope of a budget.
#[derive(Clone, Copy, Debug)]
pub struct BudgetView<'w> {
    /// The scope.
    pub budget: &'w DeclaredBudget,
    /// The project's configuration.
    pub configuration: &'w Configuration,
}

/// One template.
#[derive(Clone, Copy, Debug)]
pub struct TemplateView<'w> {
    /// The template's name.
    pub name: &'w TemplateName,
    /// Whether a driver names the template, or might name it in text that could not be parsed.
    pub is_used: bool,
    /// The project's configuration.
    pub configuration: &'w Configuration,
}

/// One benchmark.
#[derive(Clone, Copy, Debug)]
pub struct BenchmarkView<'w> {
    /// The benchmark.
    pub benchmark: &'w Benchmark,
    /// The index of the benchmark. See [`DeclarationId::Benchmark`].
    pub number: usize,
    /// The contract of its driver, if the contract was read without errors.
    pub contract: Option<&'w DriverContract>,
    /// The project's configuration.
    pub configuration: &'w Configuration,
}

/// One requirement.
#[derive(Clone, Copy, Debug)]
pub struct RequirementView<'w> {
    /// The requirement.
    pub requirement: &'w Requirement,
    /// The index of the requirement. See [`DeclarationId::Requirement`].
    pub number: usize,
    /// The project's configuration.
    pub configuration: &'w Configuration,
}

/// Several drivers with their workspace.
#[derive(Clone, Copy, Debug)]
pub struct DriversView<'w> {
    /// The drivers that the rule selected, sorted by name.
    pub drivers: &'w [&'w DriverContract],
    /// The workspace that declares the drivers.
    pub workspace: &'w Workspace,
    /// The project's configuration.
    pub configuration: &'w Configuration,
}

impl<'w> DriverView<'w> {
    /// Creates a view of a contract without budgets and workloads.
    pub fn new(contract: &'w DriverContract, configuration: &'w Configuration) -> Self {
        let names = names(&contract.telemetry);
        Self {
            contract,
            merged: &[],
            budgets: &[],
            workloads: &[],
            server: DriverServer::None,
            guides: None,
            configuration,
            workspace: None,
            names,
        }
    }

    /// Returns the contract's well-formed metric names, without duplicates.
    pub(super) fn names(&self) -> impl Iterator<Item = Named<'w>> {
        self.names.into_iter().flatten()
    }
}

impl DriverView<'_> {
    /// Returns the class whose rules and thresholds apply to the driver. This is the driver's own
    /// class or, if the project declares that class with a `like`, the class that `like` names.
    pub fn class(&self) -> DriverClass {
        self.configuration.vocabulary.like(self.contract.class)
    }

    /// Returns the path of a field of the contract.
    pub fn at(&self, field: Field) -> ContractPath {
        DeclarationId::Driver(self.contract.name.clone()).at(field)
    }

    /// Returns the number of processes that run the driver, or 1 if the number is not known.
    pub(super) fn instances(&self) -> u64 {
        self.server.known().map_or(1, |server| server.instances.get())
    }

    /// Returns the number of operations that all known processes can have in flight.
    pub(super) fn in_flight(&self) -> u64 {
        self.instances() * self.contract.max_in_flight.get()
    }

    /// Returns true if a call names the driver.
    pub(super) fn is_called(&self) -> bool {
        self.workspace.is_some_and(|workspace| workspace.is_called(&self.contract.name))
    }

    /// Returns the effective budget of a profile, if there is one.
    pub(super) fn merged(&self, profile: BenchmarkProfile) -> Option<&EffectiveBudget<'_>> {
        self.merged.iter().find(|budget| budget.profile == profile)
    }

    /// Returns the p99 limits that apply to the driver, at most one per profile.
    pub(super) fn p99_limits(&self) -> impl Iterator<Item = ScopedValue<'_, LatencyLimit>> {
        self.budgets.iter().filter_map(|budget| budget.max_p99_latency)
    }

    /// Returns the p95 limits that apply to the driver, at most one per profile.
    pub(super) fn p95_limits(&self) -> impl Iterator<Item = ScopedValue<'_, LatencyLimit>> {
        self.budgets.iter().filter_map(|budget| budget.max_p95_latency)
    }
}

/// Returns the path of a field in the scope that set a limit.
pub(super) fn limit_at<T>(limit: &ScopedValue<'_, T>, field: Field) -> ContractPath {
    DeclarationId::budget(limit.set_by).at(field)
}

impl BudgetView<'_> {
    /// Returns the path of a field of the scope.
    pub fn at(&self, field: Field) -> ContractPath {
        DeclarationId::budget(self.budget).at(field)
    }
}

impl BenchmarkView<'_> {
    /// Returns the path of a field of the benchmark.
    pub const fn at(&self, field: Field) -> ContractPath {
        DeclarationId::Benchmark(self.number).at(field)
    }
}
