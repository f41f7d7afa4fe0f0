//! The best supported drivers have budgets to keep.

use super::{
    Check, DriverView, DriversView, Field, Findings, Level, Lint, Pick, Rule, Subject, rule,
};
use crate::{
    configuration::Configuration,
    finding::Finding,
    model::{BenchmarkProfile, DriverContract},
    workspace::Workspace,
};

pub(super) const LINT: Lint =
    Lint { rule: &RULE, check: Check::Drivers(Pick::Each(is_concerned), check) };

static RULE: Rule = rule!(
    "support-tier-without-budget",
    Level::Error,
    "a driver of the best supported tier has no budget for a load that it claims"
);

fn check(view: &DriversView<'_>, findings: &mut Findings) {
    for contract in view.drivers {
        let lacking = profiles_without_budget(contract, view.workspace);
        if !lacking.is_empty() {
            findings.push(without_budget(contract, &lacking));
        }
    }
}

fn is_concerned(view: &DriverView<'_>) -> bool {
    speaks_for(view.contract, view.configuration) && lacks_budget(view)
}

/// Whether the driver claims a load for which no scope declares a budget.
pub(super) fn lacks_budget(view: &DriverView<'_>) -> bool {
    let mut claimed = view.contract.capabilities.claimed_profiles();
    claimed.any(|profile| view.merged(profile).is_none())
}

/// Whether it is this rule, and no general one, that asks the driver for budgets.
pub(super) fn speaks_for(contract: &DriverContract, configuration: &Configuration) -> bool {
    !configuration.support_tiers.is_empty()
        && contract.support_tier.as_str() == configuration.top_tier()
        && configuration.level(&RULE).is_some()
}

/// Whether this rule says that the driver has no budget for this load.
pub(super) fn reports(
    contract: &DriverContract,
    profile: BenchmarkProfile,
    workspace: &Workspace,
    configuration: &Configuration,
) -> bool {
    speaks_for(contract, configuration)
        && profiles_without_budget(contract, workspace).contains(&profile)
}

/// The loads that the driver claims and for which no scope declares a budget, as far as that can
/// be known where a text is broken.
pub(super) fn profiles_without_budget(
    contract: &DriverContract,
    workspace: &Workspace,
) -> Vec<BenchmarkProfile> {
    let lacking = |profile: &BenchmarkProfile| {
        workspace.effective_budget(contract, *profile).is_none()
            && !workspace.may_stand_in_broken_text(profile.label())
    };
    contract.capabilities.claimed_profiles().filter(lacking).collect()
}

fn without_budget(contract: &DriverContract, lacking: &[BenchmarkProfile]) -> Finding {
    let name = &contract.name;
    let at = |field| Subject::Driver(name.clone()).at(field);
    let profiles: Vec<_> = lacking.iter().map(|profile| format!("`{}`", profile.label())).collect();
    let table =
        |profile: &BenchmarkProfile| format!("`[budget.{}.driver.{name}]`", profile.label());
    let tables: Vec<_> = lacking.iter().map(table).collect();
    let message = format!(
        "a driver of tier `{}` has no budget for {}",
        contract.support_tier,
        profiles.join(" and ")
    );
    RULE.finding(at(Field::SupportTier), message)
        .label("the best supported tier")
        .also(at(Field::Capabilities), "the load is claimed here")
        .help(format!("declare {}", tables.join(" and ")))
}
