//! Reports a top-tier driver that has no tuning guide.

use super::{Check, DriverView, Field, Findings, Level, Lint, Rule, rule};

pub(super) const LINT: Lint = Lint { rule: &RULE, check: Check::Driver(check) };

static RULE: Rule = rule!(
    "tuning-guide-missing",
    Level::Warn,
    "a driver of the best supported tier has no tuning guide"
);

fn check(view: &DriverView<'_>, findings: &mut Findings) {
    let tier = &view.contract.support_tier;
    if tier.as_str() != view.configuration.top_tier() {
        return;
    }
    let Some(fault) = fault(view) else { return };
    let finding = RULE
        .finding(view.at(Field::TuningGuide), fault)
        .label("nothing to read")
        .also(view.at(Field::SupportTier), "drivers of this tier have a guide")
        .help("name a file, relative to the root of the workspace, or a URL");
    findings.push(finding);
}

/// Why nobody can read the guide, if that is so.
fn fault(view: &DriverView<'_>) -> Option<String> {
    let guide = &view.contract.tuning_guide;
    if guide.trim().is_empty() {
        return Some(format!("a driver of tier `{}` has no guide", view.contract.support_tier));
    }
    let path = view.contract.guide_path()?;
    let missing = view.guides.is_some_and(|guides| !guides.contains(path));
    missing.then(|| format!("the guide `{guide}` does not exist"))
}
