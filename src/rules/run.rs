//! Runs all rules over all declarations, in several threads if there are many.
//!
//! This module contains no rules.

use std::{
    collections::{BTreeMap, BTreeSet},
    ptr,
};

use super::{
    BenchmarkView, BudgetView, CallsView, Check, DriverSelection, DriverView, DriversView, Level,
    Lint, RequirementView, RuleFindings, SharedKey, TemplateView, active, check_driver,
    partial::{Variant, in_both, names_one_of, points_at_unread},
};
use crate::{
    configuration::Configuration,
    document::PartialContract,
    finding::{ContractPath, DeclarationId, Finding},
    model::{DriverContract, DriverName, EffectiveBudget, EffectiveWorkload},
    parallel,
    workspace::{DriverServer, Workspace},
};

/// The number of drivers that a thread checks at a time. If there are fewer drivers, a single
/// thread checks all of them, because starting more threads costs more than it saves.
const DRIVERS_PER_CHUNK: usize = 512;

/// A function that returns true if a finding is reported and not known: its rule is enabled at its
/// path, and the baseline does not list the finding. Called only for rules that are enabled in at
/// least one file.
pub(super) type IsNew<'a> = dyn Fn(&Finding) -> bool + Sync + 'a;

/// Returns the findings for all declarations of a workspace, without superseded findings.
///
/// For a driver with read errors, returns the findings that do not depend on the fields with
/// errors. Skips benchmarks with read errors.
pub fn check(
    workspace: &Workspace,
    guides: Option<&BTreeSet<String>>,
    configuration: &Configuration,
) -> Vec<Finding<ContractPath>> {
    check_where(workspace, guides, configuration, &|_| true)
}

/// Returns the findings like [`check`], except that only new findings supersede others, and that
/// only new findings are superseded.
pub(crate) fn check_where(
    workspace: &Workspace,
    guides: Option<&BTreeSet<String>>,
    configuration: &Configuration,
    is_new: &IsNew<'_>,
) -> Vec<Finding<ContractPath>> {
    let mut run = Run { is_new, ..Run::new(workspace, guides, configuration) };
    if let Some(calls) = &mut run.calls {
        calls.judge_known_cycles(is_new);
    }
    let mut found = run.all(&run.lints, |(lint, level)| run.check_lint(lint, *level));
    let parts: Vec<_> = run.contracts.chunks(DRIVERS_PER_CHUNK).zip(0..).collect();
    let parts = run.all(&parts, |(part, number)| {
        let servers = run.servers.chunks(DRIVERS_PER_CHUNK).nth(*number);
        run.check_part(part, servers.unwrap_or_default())
    });
    let partial: Vec<_> = workspace.partial_drivers().collect();
    if partial.is_empty() {
        found.extend(run.check_several(&run.contracts, &parts.iter().collect::<Vec<_>>()));
    } else {
        found.push(run.check_partial(&parts, &partial));
    }
    let mut of_drivers: Vec<_> = parts.into_iter().flat_map(|part| part.found).collect();
    of_drivers.sort_by(|(left, _), (right, _)| left.cmp(right));
    found.extend(of_drivers.into_iter().map(|(_, findings)| findings));
    let mut found = found.into_iter().flatten().collect();
    drop_superseded(&mut found, is_new);
    found
}

/// Drops superseded findings. A dropped finding still supersedes other findings. A finding that is
/// not new neither supersedes others nor is dropped, so that a baseline that lists it hides no other
/// fault, and its line is used.
pub(super) fn drop_superseded(findings: &mut Vec<Finding>, is_new: &IsNew<'_>) {
    let mut superseding: BTreeMap<&DeclarationId, Vec<&Finding>> = BTreeMap::new();
    for finding in findings.iter() {
        if !finding.rule.supersedes.is_empty() && is_new(finding) {
            superseding.entry(&finding.place.subject).or_default().push(finding);
        }
    }
    if superseding.is_empty() {
        return;
    }
    let is_kept = |finding: &Finding| {
        let others = superseding.get(&finding.place.subject);
        let mut others = others.into_iter().flatten();
        !(others.any(|other| other.supersedes(finding)) && is_new(finding))
    };
    let mut kept = findings.iter().map(is_kept).collect::<Vec<_>>().into_iter();
    findings.retain(|_| kept.next().unwrap_or(true));
}

/// The input of a run.
struct Run<'w> {
    workspace: &'w Workspace,
    guides: Option<&'w BTreeSet<String>>,
    configuration: &'w Configuration,
    is_new: &'w IsNew<'w>,
    lints: Vec<(&'static Lint, Level)>,
    /// The distinct keys by which rules select drivers.
    shared_keys: Vec<&'static SharedKey>,
    /// The contracts, in the order in which they were read.
    contracts: Vec<&'w DriverContract>,
    /// The calls, if there are any.
    calls: Option<CallsView<'w>>,
    /// The servers of the contracts. Empty if each server must be looked up.
    servers: Vec<DriverServer<'w>>,
}

/// The results for some of the drivers.
struct Checked<'w> {
    /// The findings of the rules that check single drivers.
    found: Vec<(DriverName, Vec<Finding<ContractPath>>)>,
    /// The drivers that [`DriverSelection::Each`] selects, for each rule.
    picked: Vec<Vec<&'w DriverContract>>,
    /// The keys of all drivers, for each [`SharedKey`].
    keys: Vec<Vec<u64>>,
}

impl<'w> Run<'w> {
    fn new(
        workspace: &'w Workspace,
        guides: Option<&'w BTreeSet<String>>,
        configuration: &'w Configuration,
    ) -> Self {
        let lints = active(configuration);
        let mut shared_keys: Vec<&SharedKey> = Vec::new();
        for (lint, _) in &lints {
            if let Check::Drivers(DriverSelection::Sharing(shared_key), _) = lint.check
                && !shared_keys.iter().any(|known| ptr::eq(*known, shared_key))
            {
                shared_keys.push(shared_key);
            }
        }
        let contracts = workspace.drivers_as_read().collect();
        Self {
            workspace,
            guides,
            configuration,
            is_new: &|_| true,
            lints,
            shared_keys,
            contracts,
            calls: CallsView::new(workspace, configuration),
            servers: workspace.servers_as_read(),
        }
    }

    /// Returns the findings of a rule about single budgets, templates or benchmarks.
    fn check_lint(&self, lint: &Lint, level: Level) -> Vec<Finding<ContractPath>> {
        let Self { workspace, configuration, .. } = *self;
        let mut findings = RuleFindings { level, ..RuleFindings::default() };
        match lint.check {
            Check::Reader
            | Check::Acceptance
            | Check::Difference
            | Check::Target
            | Check::Evidence(_)
            | Check::Driver(_)
            | Check::Drivers(..) => {}
            Check::Budget(check) => {
                let budgets =
                    workspace.budgets().map(|budget| BudgetView { budget, configuration });
                budgets.for_each(|view| check(&view, &mut findings));
            }
            Check::Template(check) => {
                for name in workspace.templates() {
                    let is_used =
                        workspace.uses_template(name) || !workspace.shows_what_is_unused();
                    check(&TemplateView { name, is_used, configuration }, &mut findings);
                }
            }
            Check::Calls(check) => {
                if let Some(view) = &self.calls {
                    check(view, &mut findings);
                }
            }
            Check::Requirement(check) => {
                for (number, requirement) in workspace.numbered_requirements() {
                    check(&RequirementView { requirement, number, configuration }, &mut findings);
                }
            }
            Check::Benchmark(check) => {
                for (number, benchmark) in workspace.numbered_benchmarks() {
                    let contract = workspace.driver(&benchmark.driver);
                    let view = BenchmarkView { benchmark, number, contract, configuration };
                    check(&view, &mut findings);
                }
            }
        }
        findings.items
    }

    /// Runs all tasks and returns their results. Uses several threads if there are many drivers.
    fn all<T: Sync, R: Send>(&self, tasks: &[T], run: impl Fn(&T) -> R + Sync) -> Vec<R> {
        if self.contracts.len() < DRIVERS_PER_CHUNK {
            return tasks.iter().map(run).collect();
        }
        parallel::all(tasks, run)
    }

    /// Checks each of these drivers once, for all rules. If `servers` is empty, looks up the server of
    /// each driver.
    fn check_part<'c>(
        &self,
        contracts: &[&'c DriverContract],
        servers: &[DriverServer<'_>],
    ) -> Checked<'c> {
        let room = |shared_key: &&SharedKey| Vec::with_capacity(shared_key.keys * contracts.len());
        let mut checked = Checked {
            found: Vec::new(),
            picked: vec![Vec::new(); self.lints.len()],
            keys: self.shared_keys.iter().map(room).collect(),
        };
        let mut merged = Merged::default();
        for (index, contract) in contracts.iter().enumerate() {
            merged.merge(self.workspace, contract);
            let server = servers.get(index).copied();
            let look_up = || self.workspace.server_of(&contract.name);
            let view = DriverView {
                merged: &merged.budgets,
                budgets: &merged.measured,
                workloads: &merged.workloads,
                server: server.unwrap_or_else(look_up),
                guides: self.guides,
                workspace: Some(self.workspace),
                ..DriverView::new(contract, self.configuration)
            };
            self.check_driver(contract, &view, &mut checked);
        }
        checked
    }

    fn check_driver<'c>(
        &self,
        contract: &'c DriverContract,
        view: &DriverView<'_>,
        checked: &mut Checked<'c>,
    ) {
        let mut findings = RuleFindings::default();
        check_driver(&self.lints, view, &mut findings);
        if !findings.items.is_empty() {
            checked.found.push((contract.name.clone(), findings.items));
        }
        for ((lint, _), picked) in self.lints.iter().zip(&mut checked.picked) {
            if let Check::Drivers(DriverSelection::Each(is_picked), _) = lint.check
                && is_picked(view)
            {
                picked.push(contract);
            }
        }
        for (shared_key, keys) in self.shared_keys.iter().zip(&mut checked.keys) {
            (shared_key.for_each_key)(contract, &mut |key| keys.push(key));
        }
    }

    /// Returns the findings of rules about several drivers, and all findings about drivers with
    /// read errors. Includes only findings that appear with every variant of test values.
    #[cold]
    fn check_partial(
        &self,
        whole: &[Checked<'w>],
        partial: &[&PartialContract],
    ) -> Vec<Finding<ContractPath>> {
        let unread = partial.iter().map(|it| (&it.contract.name, it.unread.as_slice())).collect();
        let found = Variant::ALL.into_iter().map(|variant| {
            let of = |partial: &&PartialContract| variant.of(partial, self.configuration);
            let contracts: Vec<_> = partial.iter().map(of).collect();
            self.check_variant(whole, &contracts)
        });
        let mut found = found.reduce(|all, next| in_both(all, &next)).unwrap_or_default();
        found.retain(|finding| !points_at_unread(finding, &unread));
        // A fix can depend on a field with a read error even if the finding does not.
        for finding in &mut found {
            if names_one_of(finding, &unread) {
                finding.fix = None;
            }
        }
        found
    }

    fn check_variant(
        &self,
        whole: &[Checked<'_>],
        contracts: &[DriverContract],
    ) -> Vec<Finding<ContractPath>> {
        let contracts: Vec<_> = contracts.iter().collect();
        let part = self.check_part(&contracts, &[]);
        let parts: Vec<_> = whole.iter().chain([&part]).collect();
        let all: Vec<_> = self.contracts.iter().copied().chain(contracts.iter().copied()).collect();
        let of_drivers = part.found.iter().flat_map(|(_, findings)| findings.iter().cloned());
        let of_drivers: Vec<_> = of_drivers.collect();
        let several = self.check_several(&all, &parts);
        let mut found = several.into_iter().flatten().chain(of_drivers).collect();
        drop_superseded(&mut found, self.is_new);
        found
    }

    /// Returns the findings of the rules about several drivers.
    fn check_several<'c>(
        &self,
        contracts: &[&'c DriverContract],
        parts: &[&Checked<'c>],
    ) -> Vec<Vec<Finding<ContractPath>>> {
        let shared_keys: Vec<_> = (0..self.shared_keys.len()).collect();
        let repeated = self.all(&shared_keys, |number| self.repeated(*number, contracts, parts));
        let lints: Vec<_> = (0..self.lints.len()).collect();
        self.all(&lints, |number| {
            let (lint, level) = self.lints[*number];
            let Check::Drivers(pick, check) = lint.check else { return Vec::new() };
            let drivers = match pick {
                DriverSelection::Sharing(shared_key) => {
                    let number =
                        self.shared_keys.iter().position(|known| ptr::eq(*known, shared_key));
                    number.map_or_else(Vec::new, |number| repeated[number].clone())
                }
                DriverSelection::Each(_) => {
                    by_name(parts.iter().flat_map(|part| part.picked[*number].iter().copied()))
                }
            };
            let mut findings = RuleFindings { level, ..RuleFindings::default() };
            let Self { workspace, configuration, .. } = *self;
            check(&DriversView { drivers: &drivers, workspace, configuration }, &mut findings);
            findings.items
        })
    }

    /// Returns the drivers that share a key, sorted by name.
    fn repeated<'c>(
        &self,
        number: usize,
        contracts: &[&'c DriverContract],
        parts: &[&Checked<'c>],
    ) -> Vec<&'c DriverContract> {
        let keys: Vec<_> = parts.iter().map(|part| &part.keys[number][..]).collect();
        let repeated = self.shared_keys[number].repeated(&keys).into_iter();
        by_name(repeated.map(|place| contracts[place]))
    }
}

fn by_name<'w>(contracts: impl Iterator<Item = &'w DriverContract>) -> Vec<&'w DriverContract> {
    let mut contracts: Vec<_> = contracts.collect();
    contracts.sort_unstable_by(|left, right| left.name.cmp(&right.name));
    contracts
}

/// The budgets and workloads that apply to one driver. The buffers are reused for the next driver.
#[derive(Default)]
struct Merged<'w> {
    budgets: Vec<EffectiveBudget<'w>>,
    measured: Vec<EffectiveBudget<'w>>,
    workloads: Vec<EffectiveWorkload<'w>>,
}

impl<'w> Merged<'w> {
    fn merge(&mut self, workspace: &'w Workspace, contract: &DriverContract) {
        let profiles = || workspace.profiles();
        self.budgets.clear();
        self.budgets
            .extend(profiles().filter_map(|profile| workspace.effective_budget(contract, profile)));
        self.measured.clear();
        let vocabulary = workspace.vocabulary();
        let budgets = self.budgets.iter().copied();
        self.measured.extend(budgets.filter(|budget| budget.applies_to(contract, vocabulary)));
        self.workloads.clear();
        self.workloads.extend(
            profiles().filter_map(|profile| workspace.effective_workload(contract, profile)),
        );
    }
}
