//! A sample has a budget to break.

use super::{Check, EvidenceView, Findings, Level, Lint, Rule};

pub(super) const LINT: Lint = Lint { rule: &RULE, check: Check::Evidence(check) };

static RULE: Rule = Rule {
    name: "sample-without-budget",
    level: Level::Warn,
    summary: "a sample that is to be judged has no budget to keep",
    docs: include_str!("docs/sample_without_budget.md"),
    parameters: &[],
    on: true,
    fixes: None,
};

fn check(view: &EvidenceView<'_>, findings: &mut Findings) {
    if !view.is_judged() || view.budget.is_some() {
        return;
    }
    let (name, profile) = (&view.contract.name, view.profile.label());
    for (subject, _) in view.samples {
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
