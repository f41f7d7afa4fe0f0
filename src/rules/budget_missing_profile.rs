//! Where there are budgets, a driver has one for every load that it takes on.

use super::{
    Check, Field, Findings, Level, Lint, Rule, Subject, WorkspaceView, support_tier_without_budget,
};
use crate::{
    finding::Finding,
    model::{BenchmarkProfile, DriverContract},
};

pub(super) const LINT: Lint = Lint { rule: &RULE, check: Check::Workspace(check) };

static RULE: Rule = Rule {
    name: "budget-missing-profile",
    level: Level::Warn,
    summary: "a driver takes on a kind of load that no budget limits",
    docs: include_str!("docs/budget_missing_profile.md"),
    parameters: &[],
    on: true,
};

fn check(view: &WorkspaceView<'_>, findings: &mut Findings) {
    let WorkspaceView { workspace, settings } = *view;
    if workspace.budgets().next().is_none() {
        return;
    }
    for contract in workspace.drivers() {
        if support_tier_without_budget::speaks_for(contract, settings) {
            continue;
        }
        let missing = support_tier_without_budget::profiles_without_budget(contract, workspace);
        if !missing.is_empty() {
            findings.push(missing_profile(contract, &missing));
        }
    }
}

fn missing_profile(contract: &DriverContract, missing: &[BenchmarkProfile]) -> Finding {
    let labels: Vec<_> = missing.iter().map(|profile| format!("`{}`", profile.label())).collect();
    let tables: Vec<_> = missing
        .iter()
        .map(|profile| format!("`[budget.{}.driver.{}]`", profile.label(), contract.name))
        .collect();
    RULE.finding(
        Subject::Driver(contract.name.clone()).at(Field::Capabilities),
        format!("`{}` has no budget for {}", contract.name, labels.join(" and ")),
    )
    .label("the load is claimed here")
    .help(format!("declare {}, or a wider scope", tables.join(" and ")))
}
