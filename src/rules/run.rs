//! All rules over all declarations, by several threads where there are many. No rule stands here.

use std::collections::BTreeSet;

use super::{
    BenchmarkView, BudgetView, Check, DriverView, Findings, Level, Lint, WorkspaceView, active,
    applies, check_driver,
};
use crate::{
    finding::{Finding, Place},
    model::{DriverContract, DriverName},
    parallel,
    settings::Settings,
    workspace::Workspace,
};

/// How many drivers a thread checks at once. Fewer drivers than this are checked by one thread:
/// starting more costs more than it saves.
const DRIVERS_A_TASK: usize = 512;

/// Every finding of the rules over the declarations of a workspace.
///
/// Drivers and benchmarks that were read with an error are left out.
pub fn check(
    workspace: &Workspace,
    guides: Option<&BTreeSet<String>>,
    settings: &Settings,
) -> Vec<Finding<Place>> {
    let run = Run { workspace, guides, settings, lints: active(settings) };
    // In the order in which they were read, contracts stand side by side in memory.
    let contracts: Vec<_> = workspace.drivers_as_read().collect();
    let of_driver = |check: &Check| matches!(check, Check::Driver(_));
    let others = run.lints.iter().filter(|(lint, _)| !of_driver(&lint.check));
    // What looks at all declarations takes longest, so it begins first.
    let mut tasks: Vec<_> = others.map(|(lint, level)| Task::Lint(lint, *level)).collect();
    tasks.extend(contracts.chunks(DRIVERS_A_TASK).map(Task::Drivers));
    let found = if contracts.len() < DRIVERS_A_TASK {
        tasks.iter().map(|task| run.check(task)).collect()
    } else {
        parallel::all(&tasks, |task| run.check(task))
    };
    let mut found: Vec<Found> = found.into_iter().flatten().collect();
    found.sort_by(|(left, _), (right, _)| left.cmp(right));
    found.into_iter().flat_map(|(_, findings)| findings).collect()
}

/// A part of the rules over a part of the declarations.
enum Task<'w> {
    /// A rule that is not about single drivers.
    Lint(&'static Lint, Level),
    /// All rules about single drivers.
    Drivers(&'w [&'w DriverContract]),
}

/// The findings about one driver, or of a rule that is not about single drivers.
type Found = (Option<DriverName>, Vec<Finding<Place>>);

/// What is checked, against what.
struct Run<'w> {
    workspace: &'w Workspace,
    guides: Option<&'w BTreeSet<String>>,
    settings: &'w Settings,
    lints: Vec<(&'static Lint, Level)>,
}

impl Run<'_> {
    fn check(&self, task: &Task<'_>) -> Vec<Found> {
        match task {
            Task::Lint(lint, level) => vec![(None, self.check_lint(lint, *level))],
            Task::Drivers(contracts) => self.check_drivers(contracts),
        }
    }

    fn check_drivers(&self, contracts: &[&DriverContract]) -> Vec<Found> {
        let mut found = Vec::new();
        let mut findings = Findings::default();
        let (mut budgets, mut workloads) = (Vec::new(), Vec::new());
        for contract in contracts {
            let profiles = || Workspace::profiles().iter().copied();
            let effective = profiles()
                .filter_map(|profile| self.workspace.effective_budget(contract, profile))
                .filter(|budget| applies(budget, contract));
            budgets.clear();
            budgets.extend(effective);
            workloads.clear();
            workloads.extend(
                profiles()
                    .filter_map(|profile| self.workspace.effective_workload(contract, profile)),
            );
            let alone = DriverView::new(contract, self.settings);
            let guides = self.guides;
            let view = DriverView { budgets: &budgets, workloads: &workloads, guides, ..alone };
            check_driver(&self.lints, &view, &mut findings);
            if !findings.items.is_empty() {
                found.push((Some(contract.name.clone()), std::mem::take(&mut findings.items)));
            }
        }
        found
    }

    fn check_lint(&self, lint: &Lint, level: Level) -> Vec<Finding<Place>> {
        let Self { workspace, settings, .. } = *self;
        let mut findings = Findings { level, ..Findings::default() };
        match lint.check {
            Check::Reader
            | Check::Acceptance
            | Check::Difference
            | Check::Evidence(_)
            | Check::Driver(_) => {}
            Check::Budget(check) => {
                let budgets = workspace.budgets().map(|budget| BudgetView { budget, settings });
                budgets.for_each(|view| check(&view, &mut findings));
            }
            Check::Benchmark(check) => {
                for (number, benchmark) in workspace.numbered_benchmarks() {
                    let contract = workspace.driver(&benchmark.driver);
                    let view = BenchmarkView { benchmark, number, contract, settings };
                    check(&view, &mut findings);
                }
            }
            Check::Workspace(check) => check(&WorkspaceView { workspace, settings }, &mut findings),
        }
        findings.items
    }
}
