//! The rules over contracts, and the one table of everything that driverc can say.
//!
//! A rule is a value: a name with its page, and a pure function over the model. It names places
//! by contract path and never sees a document.

mod retry_attempts_high;
mod timeout_connect_exceeds_request;

use std::collections::BTreeSet;

use crate::{
    document::rules as reader,
    finding::{Finding, Level, Parameter, Place, Rule, Subject},
    model::{Benchmark, DeclaredBudget, DriverContract, EffectiveBudget, Field},
    workspace::{Settings, Workspace},
};

/// A rule with the function that checks it.
#[derive(Debug)]
pub struct Lint {
    /// The rule.
    pub rule: &'static Rule,
    /// How it is checked.
    pub check: Check,
}

/// What a rule looks at.
#[derive(Clone, Copy, Debug)]
pub enum Check {
    /// The documents themselves: the reader checks it.
    Reader,
    /// One driver with the budgets that apply to it.
    Driver(fn(&DriverView<'_>, &mut Findings)),
    /// One declared scope of a budget.
    Budget(fn(&BudgetView<'_>, &mut Findings)),
    /// One benchmark with the contract of its driver.
    Benchmark(fn(&BenchmarkView<'_>, &mut Findings)),
    /// All declarations together.
    Workspace(fn(&WorkspaceView<'_>, &mut Findings)),
}

/// One driver with all that applies to it.
#[derive(Clone, Copy, Debug)]
pub struct DriverView<'w> {
    /// The contract.
    pub contract: &'w DriverContract,
    /// What applies to the driver, profile by profile; profiles without a budget are left out.
    pub budgets: &'w [EffectiveBudget<'w>],
    /// The relative paths of tuning guides that exist; none where nobody has looked.
    pub guides: Option<&'w BTreeSet<String>>,
    /// The project's decisions.
    pub settings: &'w Settings,
}

/// One declared scope of a budget.
#[derive(Clone, Copy, Debug)]
pub struct BudgetView<'w> {
    /// The scope.
    pub budget: &'w DeclaredBudget,
    /// The project's decisions.
    pub settings: &'w Settings,
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
    pub settings: &'w Settings,
}

/// All declarations.
#[derive(Clone, Copy, Debug)]
pub struct WorkspaceView<'w> {
    /// The documents.
    pub workspace: &'w Workspace,
    /// The project's decisions.
    pub settings: &'w Settings,
}

impl DriverView<'_> {
    /// A field of the contract.
    pub fn at(&self, field: Field) -> Place {
        Subject::Driver(self.contract.name.clone()).at(field)
    }
}

impl BudgetView<'_> {
    /// A field of the scope.
    pub fn at(&self, field: Field) -> Place {
        Subject::Budget(self.budget.profile, self.budget.scope.clone()).at(field)
    }
}

impl BenchmarkView<'_> {
    /// A field of the benchmark.
    pub const fn at(&self, field: Field) -> Place {
        Subject::Benchmark(self.number).at(field)
    }
}

/// The findings of a run, at the levels that the project has decided.
#[derive(Debug)]
pub struct Findings {
    items: Vec<Finding<Place>>,
    level: Level,
}

impl Default for Findings {
    fn default() -> Self {
        Self { items: Vec::new(), level: Level::Error }
    }
}

impl Findings {
    /// Adds a finding of the rule that is being checked.
    pub fn push(&mut self, finding: Finding<Place>) {
        self.items.push(Finding { level: self.level, ..finding });
    }
}

/// Everything that driverc can say, by name.
pub static ALL: &[Lint] = &[
    Lint::reader(&reader::BUDGET_INCOMPLETE),
    Lint::reader(&reader::DUPLICATE_DECLARATION),
    Lint::reader(&reader::DUPLICATE_ITEM),
    Lint::reader(&reader::INVALID_TEXT),
    Lint::reader(&reader::INVALID_UTF8),
    Lint::reader(&reader::MISSING_KEY),
    Lint::reader(&reader::OUT_OF_RANGE),
    retry_attempts_high::LINT,
    Lint::reader(&reader::SYNTAX),
    timeout_connect_exceeds_request::LINT,
    Lint::reader(&reader::UNKNOWN_DRIVER),
    Lint::reader(&reader::UNKNOWN_KEY),
    Lint::reader(&reader::UNKNOWN_WORD),
    Lint::reader(&reader::WRONG_TYPE),
];

impl Lint {
    const fn reader(rule: &'static Rule) -> Self {
        Self { rule, check: Check::Reader }
    }
}

/// The rule with this name, if there is one.
pub fn find(name: &str) -> Option<&'static Rule> {
    ALL.iter().map(|lint| lint.rule).find(|rule| rule.name == name)
}

/// Every finding of the rules over the declarations of a workspace.
///
/// Drivers and benchmarks that were read with an error are left out.
pub fn check(
    workspace: &Workspace,
    guides: Option<&BTreeSet<String>>,
    settings: &Settings,
) -> Vec<Finding<Place>> {
    let mut findings = Findings::default();
    let lints = active(settings);
    for contract in workspace.drivers() {
        let budgets = Workspace::profiles().iter();
        let budgets: Vec<_> =
            budgets.filter_map(|profile| workspace.effective_budget(contract, *profile)).collect();
        let view = DriverView { contract, budgets: &budgets, guides, settings };
        check_driver(&lints, &view, &mut findings);
    }
    for (lint, level) in &lints {
        findings.level = *level;
        match lint.check {
            Check::Reader | Check::Driver(_) => {}
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
    }
    findings.items
}

fn active(settings: &Settings) -> Vec<(&'static Lint, Level)> {
    let level = |lint: &'static Lint| Some((lint, settings.level(lint.rule)?));
    ALL.iter().filter_map(level).collect()
}

fn check_driver(lints: &[(&'static Lint, Level)], view: &DriverView<'_>, findings: &mut Findings) {
    for (lint, level) in lints {
        if let Check::Driver(check) = lint.check {
            findings.level = *level;
            check(view, findings);
        }
    }
}

impl DriverContract {
    /// Every error that the rules find in this contract by itself, without a budget.
    ///
    /// Ranges, lengths and vocabularies are held by the types of the fields already.
    pub fn violations(&self) -> Vec<Finding<Place>> {
        let settings = Settings::default();
        let view = DriverView { contract: self, budgets: &[], guides: None, settings: &settings };
        let mut lints = active(&settings);
        lints.retain(|(_, level)| *level == Level::Error);
        let mut findings = Findings::default();
        check_driver(&lints, &view, &mut findings);
        findings.items
    }

    /// Whether no rule finds an error in this contract by itself.
    pub fn valid(&self) -> bool {
        self.violations().is_empty()
    }
}
