//! Reports a benchmark for which there is no budget.

use super::{
    Check, EvidenceView, Level, Lint, Rule, RuleFindings, budget_missing_profile, policy, rule,
    support_tier_without_budget,
};

pub(super) const LINT: Lint = Lint { rule: &RULE, check: Check::Evidence(check) };

static RULE: Rule =
    rule!("sample-without-budget", Level::Warn, "a benchmark has no budget to be judged against");

fn check(view: &EvidenceView<'_>, findings: &mut RuleFindings) {
    if view.budget.is_some() || (!view.is_judged() && is_said_or_unknown(view)) {
        return;
    }
    let (name, profile) = (&view.contract.name, view.profile.label());
    for (subject, _) in view.counted_samples() {
        let finding = RULE
            .finding(
                subject.clone().whole(),
                format!("`{name}` has no budget for `{profile}`, so this benchmark is not judged"),
            )
            .also(view.driver(), "the measured driver")
            .help(format!("declare `[budget.{profile}.driver.{name}]` or a wider scope"));
        findings.push(finding);
    }
}

/// Returns true if another rule reports the missing budget, or if the budget might be in text with
/// syntax errors or under a misspelt driver name.
fn is_said_or_unknown(view: &EvidenceView<'_>) -> bool {
    let EvidenceView { workspace, contract, profile, .. } = *view;
    workspace.may_stand_in_broken_text(profile.label())
        || view.orphaned.contains(&profile)
        || is_asked_for(view)
            && policy::profiles_without_budget(contract, workspace).contains(&profile)
}

/// Returns true if another rule requires a budget for each profile that the driver claims.
fn is_asked_for(view: &EvidenceView<'_>) -> bool {
    let configuration = view.evidence.configuration;
    let is_on = |rule| configuration.level(rule).is_some();
    is_on(&budget_missing_profile::RULE) && view.workspace.budgets().next().is_some()
        || is_on(&support_tier_without_budget::RULE)
            && policy::is_of_top_tier(view.contract, configuration)
}
