//! Reports a driver that claims a profile that has no budget.

use super::{
    Check, DeclarationId, DriverSelection, DriversView, Field, Level, Lint, Rule, RuleFindings,
    policy, rule,
};
use crate::{
    finding::Finding,
    model::{BenchmarkProfile, DriverContract},
};

pub(super) const LINT: Lint =
    Lint { rule: &RULE, check: Check::Drivers(DriverSelection::Each(policy::lacks_budget), check) };

pub(super) static RULE: Rule =
    rule!("budget-missing-profile", Level::Warn, "a driver claims a profile that has no budget");

fn check(view: &DriversView<'_>, findings: &mut RuleFindings) {
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
    let finding = RULE.finding(
        DeclarationId::Driver(contract.name.clone()).at(Field::Capabilities),
        format!("`{}` has no budget for {}", contract.name, labels.join(" and ")),
    );
    finding
        .with_parts(policy::missing_budgets(missing))
        .label(format!("these capabilities claim {}", labels.join(" and ")))
        .help(format!("add {}, or a budget with a wider scope", tables.join(" and ")))
}
