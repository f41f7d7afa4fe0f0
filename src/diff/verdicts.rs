//! Judges the benchmarks of one driver as `driverc budget` does.

use super::pairs::{DriverChange, Pairs};
use crate::{
    budget::{Confidence, gravity, judge},
    model::{Benchmark, BenchmarkProfile, Budget, DriverContract, Verdict},
    workspace::Workspace,
};

/// The contract of a driver, with the complete budget that applies to the driver for one profile.
#[derive(Clone, Copy, Debug)]
pub(super) struct Judge<'w> {
    contract: &'w DriverContract,
    pub(super) budget: Option<Budget>,
}

impl<'w> Judge<'w> {
    /// Creates a judge. The judge has a budget only if the driver claims the profile, or has its
    /// own budget for the profile.
    pub(super) fn new(
        workspace: &Workspace,
        contract: &'w DriverContract,
        profile: BenchmarkProfile,
    ) -> Self {
        let budget = workspace.applying_budget(contract, profile);
        Self { contract, budget: budget.and_then(|budget| budget.complete()) }
    }

    /// Returns the judges of both sides.
    pub(super) fn pair(
        pairs: &Pairs<'w>,
        pair: DriverChange<'w>,
        profile: BenchmarkProfile,
    ) -> [Self; 2] {
        [Self::new(pairs.old, pair.old, profile), Self::new(pairs.new, pair.new, profile)]
    }

    /// Returns a judge with the same contract and this budget.
    pub(super) const fn with_budget(self, budget: Budget) -> Self {
        Self { budget: Some(budget), ..self }
    }

    /// Returns the verdict that `driverc budget` gives, or `None` if no complete budget applies.
    pub(super) fn verdict(&self, benchmark: &Benchmark) -> Option<Verdict> {
        let budget = self.budget.as_ref()?;
        Some(judge(benchmark, budget, Some(self.contract), Confidence::USUAL).verdict())
    }

    /// Returns the most severe verdict of the benchmarks, or `None` if there are no verdicts.
    pub(super) fn worst<'b>(
        &self,
        benchmarks: impl Iterator<Item = &'b Benchmark>,
    ) -> Option<Verdict> {
        let verdicts = benchmarks.filter_map(|benchmark| self.verdict(benchmark));
        verdicts.max_by_key(|verdict| gravity(*verdict))
    }
}

/// Returns true if the verdict `now` is worse than the verdict `before`.
pub(super) fn is_worse(now: Verdict, before: Verdict) -> bool {
    gravity(now) > gravity(before)
}
