//! Reports a top-tier driver that has no tuning guide.

use super::{Check, DriverView, Field, Level, Lint, Rule, RuleFindings, rule};

pub(super) const LINT: Lint = Lint { rule: &RULE, check: Check::Driver(check) };

static RULE: Rule =
    rule!("tuning-guide-missing", Level::Warn, "a top-tier driver has no tuning guide");

fn check(view: &DriverView<'_>, findings: &mut RuleFindings) {
    let tier = &view.contract.support_tier;
    if tier.as_str() != view.configuration.top_tier() {
        return;
    }
    let Some(fault) = fault(view) else { return };
    let finding = RULE
        .finding(view.at(Field::TuningGuide), fault)
        .label("no tuning guide here")
        .also(view.at(Field::SupportTier), "drivers of this tier need a tuning guide")
        .help("set `tuning_guide` to a URL or a path relative to the workspace root");
    findings.push(finding);
}

/// Returns the message about the missing guide, or `None` if there is a guide.
fn fault(view: &DriverView<'_>) -> Option<String> {
    let guide = &view.contract.tuning_guide;
    if guide.trim().is_empty() {
        let tier = &view.contract.support_tier;
        return Some(format!("a driver of tier `{tier}` has no tuning guide"));
    }
    let path = view.contract.guide_path()?;
    let missing = view.guides.is_some_and(|guides| !guides.contains(path));
    missing.then(|| format!("the tuning guide `{guide}` does not exist"))
}
