//! Where there are budgets, a driver has one for every load that it takes on.

use std::collections::BTreeSet;

use super::{
    Check, DriverView, DriversView, Field, Findings, Level, Lint, Pick, Rule, Subject, rule,
    support_tier_without_budget,
};
use crate::{
    configuration::Configuration,
    finding::Finding,
    model::{BenchmarkProfile, DeclaredBudget, DriverContract, Scope},
    workspace::Workspace,
};

pub(super) const LINT: Lint =
    Lint { rule: &RULE, check: Check::Drivers(Pick::Each(is_concerned), check) };

static RULE: Rule = rule!(
    "budget-missing-profile",
    Level::Warn,
    "a driver takes on a kind of load that no budget limits"
);

fn check(view: &DriversView<'_>, findings: &mut Findings) {
    let DriversView { drivers, workspace, .. } = *view;
    if drivers.is_empty() || workspace.budgets().next().is_none() {
        return;
    }
    let orphaned = orphaned_profiles(workspace);
    for contract in drivers {
        let mut missing = support_tier_without_budget::profiles_without_budget(contract, workspace);
        missing.retain(|profile| !orphaned.contains(profile));
        if !missing.is_empty() {
            findings.push(missing_profile(contract, &missing));
        }
    }
}

fn is_concerned(view: &DriverView<'_>) -> bool {
    !support_tier_without_budget::speaks_for(view.contract, view.configuration)
        && support_tier_without_budget::lacks_budget(view)
}

/// Whether this rule says that the driver has no budget for this load, where no budget is orphaned.
pub(super) fn reports(
    contract: &DriverContract,
    profile: BenchmarkProfile,
    workspace: &Workspace,
    configuration: &Configuration,
) -> bool {
    configuration.level(&RULE).is_some()
        && workspace.budgets().next().is_some()
        && !support_tier_without_budget::speaks_for(contract, configuration)
        && support_tier_without_budget::profiles_without_budget(contract, workspace)
            .contains(&profile)
}

/// The profiles of budgets for drivers that are not declared: one of them may be meant for the
/// driver that has none.
pub(super) fn orphaned_profiles(workspace: &Workspace) -> BTreeSet<BenchmarkProfile> {
    let orphan = |budget: &&DeclaredBudget| match &budget.scope {
        Scope::Driver(name) => workspace.source_of(name).is_none(),
        Scope::All | Scope::Class(_) => false,
    };
    workspace.budgets().filter(orphan).map(|budget| budget.profile).collect()
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
