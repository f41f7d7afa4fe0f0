//! What a rule looks at: one declaration with all that has to do with it.

use std::collections::BTreeSet;

use super::metric::{Named, Names, names};
use crate::{
    configuration::Configuration,
    finding::{Place, Subject},
    model::{
        Benchmark, BenchmarkProfile, DeclaredBudget, DriverContract, EffectiveBudget,
        EffectiveWorkload, Field, MaxP95LatencyMs, Setting,
    },
    workspace::Workspace,
};

/// One driver with all that applies to it.
#[derive(Clone, Copy, Debug)]
pub struct DriverView<'w> {
    /// The contract.
    pub contract: &'w DriverContract,
    /// What the scopes of budgets come to for the driver, profile by profile, whether or not it
    /// takes on such load; profiles without a budget are left out.
    pub merged: &'w [EffectiveBudget<'w>],
    /// Those of them that the driver is measured by.
    pub budgets: &'w [EffectiveBudget<'w>],
    /// The load on the driver, profile by profile; profiles without a workload are left out.
    pub workloads: &'w [EffectiveWorkload<'w>],
    /// The relative paths of tuning guides that exist; none where nobody has looked.
    pub guides: Option<&'w BTreeSet<String>>,
    /// The project's decisions.
    pub configuration: &'w Configuration,
    /// The names of the contract's metrics, which many rules look at.
    pub(super) names: Names<'w>,
}

/// One declared scope of a budget.
#[derive(Clone, Copy, Debug)]
pub struct BudgetView<'w> {
    /// The scope.
    pub budget: &'w DeclaredBudget,
    /// The project's decisions.
    pub configuration: &'w Configuration,
}

/// One benchmark.
#[derive(Clone, Copy, Debug)]
pub struct BenchmarkView<'w> {
    /// The benchmark.
    pub benchmark: &'w Benchmark,
    /// Its number, for [`Subject::Benchmark`].
    pub number: usize,
    /// The contract of its driver, if that was read without an error.
    pub contract: Option<&'w DriverContract>,
    /// The project's decisions.
    pub configuration: &'w Configuration,
}

/// Several drivers, and all other declarations.
#[derive(Clone, Copy, Debug)]
pub struct DriversView<'w> {
    /// The drivers that the rule has picked, by name.
    pub drivers: &'w [&'w DriverContract],
    /// All documents.
    pub workspace: &'w Workspace,
    /// The project's decisions.
    pub configuration: &'w Configuration,
}

impl<'w> DriverView<'w> {
    /// A contract by itself.
    pub fn new(contract: &'w DriverContract, configuration: &'w Configuration) -> Self {
        let names = names(&contract.telemetry);
        let (merged, budgets) = (&[], &[]);
        Self { contract, merged, budgets, workloads: &[], guides: None, configuration, names }
    }

    /// The well-formed names of the contract's metrics, each once.
    pub(super) fn names(&self) -> impl Iterator<Item = Named<'w>> {
        self.names.into_iter().flatten()
    }
}

impl DriverView<'_> {
    /// A field of the contract.
    pub fn at(&self, field: Field) -> Place {
        Subject::Driver(self.contract.name.clone()).at(field)
    }

    /// What the scopes of budgets come to under a profile; none without a budget.
    pub(super) fn merged(&self, profile: BenchmarkProfile) -> Option<&EffectiveBudget<'_>> {
        self.merged.iter().find(|budget| budget.profile == profile)
    }

    /// The limits of p95 latency that apply, one a profile that has one.
    pub(super) fn p95_limits(&self) -> impl Iterator<Item = Setting<'_, MaxP95LatencyMs>> {
        self.budgets.iter().filter_map(|budget| budget.max_p95_latency_ms)
    }
}

/// The field of the scope that set a limit.
pub(super) fn limit_at<T>(limit: &Setting<'_, T>, field: Field) -> Place {
    Subject::budget(limit.set_by).at(field)
}

impl BudgetView<'_> {
    /// A field of the scope.
    pub fn at(&self, field: Field) -> Place {
        Subject::budget(self.budget).at(field)
    }
}

impl BenchmarkView<'_> {
    /// A field of the benchmark.
    pub const fn at(&self, field: Field) -> Place {
        Subject::Benchmark(self.number).at(field)
    }
}
