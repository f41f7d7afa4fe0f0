//! The best supported drivers have budgets to keep.

use super::{Check, DriverView, Field, Findings, Level, Lint, Rule};
use crate::{finding::Finding, model::BenchmarkProfile};

pub(super) const LINT: Lint = Lint { rule: &RULE, check: Check::Driver(check) };

static RULE: Rule = Rule {
    name: "support-tier-without-budget",
    level: Level::Error,
    summary: "a driver of the best supported tier has no budget for a load that it claims",
    docs: include_str!("docs/support_tier_without_budget.md"),
    parameters: &[],
    on: true,
};

fn check(view: &DriverView<'_>, findings: &mut Findings) {
    let lacking: Vec<_> = profiles_without_budget(view).collect();
    if speaks_for(view) && !lacking.is_empty() {
        findings.push(without_budget(view, &lacking));
    }
}

/// Whether it is this rule, and no general one, that asks the driver for budgets.
pub(super) fn speaks_for(view: &DriverView<'_>) -> bool {
    let settings = view.settings;
    !settings.support_tiers.is_empty()
        && view.contract.support_tier.as_str() == settings.top_tier()
        && settings.level(&RULE).is_some()
}

/// The loads that the driver claims and for which no scope declares a budget.
pub(super) fn profiles_without_budget(
    view: &DriverView<'_>,
) -> impl Iterator<Item = BenchmarkProfile> {
    let has_budget =
        |profile| view.budgets.iter().any(|budget: &_| budget.profile == profile);
    let claimed = view.contract.capabilities.claimed_profiles();
    claimed.filter(move |profile| !has_budget(*profile))
}

fn without_budget(view: &DriverView<'_>, lacking: &[BenchmarkProfile]) -> Finding {
    let name = &view.contract.name;
    let profiles: Vec<_> =
        lacking.iter().map(|profile| format!("`{}`", profile.label())).collect();
    let tables: Vec<_> = lacking
        .iter()
        .map(|profile| format!("`[budget.{}.driver.{name}]`", profile.label()))
        .collect();
    let message = format!(
        "a driver of tier `{}` has no budget for {}",
        view.contract.support_tier,
        profiles.join(" and ")
    );
    RULE.finding(view.at(Field::SupportTier), message)
        .also(view.at(Field::Capabilities), "the loads that the driver claims")
        .help(format!("declare {}", tables.join(" and ")))
}
