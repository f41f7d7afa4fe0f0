//! Reports a driver that claims a profile that has no budget.

use super::{
    Check, DriverSelection, DriversView, Field, Findings, Level, Lint, Rule, Subject, policy, rule,
};
use crate::{
    finding::Finding,
    model::{BenchmarkProfile, DriverContract},
};

pub(super) const LINT: Lint =
    Lint { rule: &RULE, check: Check::Drivers(DriverSelection::Each(policy::lacks_budget), check) };

pub(super) static RULE: Rule = rule!(
    "budget-missing-profile",
    Level::Warn,
    "a driver takes on a kind of load that no budget limits"
);

fn check(view: &DriversView<'_>, findings: &mut Findings) {
    let DriversView { drivers, workspace, .. } = *view;
    if drivers.is_empty() || workspace.budgets().next().is_none() {
        return;
    }
    let orphaned = policy::orphaned_profiles(workspace);
    for contract in drivers {
        let mut missing = policy::profiles_without_budget(contract, workspace);
        missing.retain(|profile| !orphaned.contains(profile));
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
