//! A sample has a budget to break.

use super::{
    Check, EvidenceView, Findings, Level, Lint, Rule, budget_missing_profile, rule,
    support_tier_without_budget,
};

pub(super) const LINT: Lint = Lint { rule: &RULE, check: Check::Evidence(check) };

static RULE: Rule = rule!("sample-without-budget", Level::Warn, "a sample has no budget to keep");

fn check(view: &EvidenceView<'_>, findings: &mut Findings) {
    if view.budget.is_some() || (!view.is_judged() && is_said_or_unknown(view)) {
        return;
    }
    let (name, profile) = (&view.contract.name, view.profile.label());
    for (subject, _) in view.counted_samples() {
        let finding = RULE
            .finding(
                subject.clone().whole(),
                format!("`{name}` has no budget for `{profile}`, so nothing judges the sample"),
            )
            .also(view.driver(), "the driver")
            .help(format!("declare `[budget.{profile}.driver.{name}]`, or a wider scope"));
        findings.push(finding);
    }
}

/// Whether a rule about the driver asks for the budget beside this one, or a broken text or a
/// budget of a driver that is not declared may be the one.
fn is_said_or_unknown(view: &EvidenceView<'_>) -> bool {
    let EvidenceView { workspace, contract, profile, evidence, .. } = *view;
    workspace.may_stand_in_broken_text(profile.label())
        || view.orphaned.contains(&profile)
        || support_tier_without_budget::reports(
            contract,
            profile,
            workspace,
            evidence.configuration,
        )
        || budget_missing_profile::reports(contract, profile, workspace, evidence.configuration)
}
