//! Reports a top-tier driver that claims a profile that has no budget.

use super::{
    Check, DeclarationId, DriverSelection, DriverView, DriversView, Field, Level, Lint, Rule,
    RuleFindings, policy, rule,
};
use crate::{
    finding::Finding,
    model::{BenchmarkProfile, DriverContract},
};

pub(super) const LINT: Lint =
    Lint { rule: &RULE, check: Check::Drivers(DriverSelection::Each(is_concerned), check) };

pub(super) static RULE: Rule = rule!(
    "support-tier-without-budget",
    Level::Error,
    "a top-tier driver claims a profile that has no budget"
)
.supersedes(&["budget-missing-profile"]);

fn check(view: &DriversView<'_>, findings: &mut RuleFindings) {
    for contract in view.drivers {
        let lacking = policy::profiles_without_budget(contract, view.workspace);
        if !lacking.is_empty() {
            findings.push(without_budget(contract, &lacking));
        }
    }
}

fn is_concerned(view: &DriverView<'_>) -> bool {
    policy::is_of_top_tier(view.contract, view.configuration) && policy::lacks_budget(view)
}

fn without_budget(contract: &DriverContract, lacking: &[BenchmarkProfile]) -> Finding {
    let name = &contract.name;
    let at = |field| DeclarationId::Driver(name.clone()).at(field);
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
        .with_parts(policy::missing_budgets(lacking))
        .covering(&[Field::Capabilities])
        .label("the top tier")
        .also(at(Field::Capabilities), "these capabilities claim the profile")
        .help(format!("declare {}", tables.join(" and ")))
}
