//! Reports a `support_tier` that `support_tiers` does not list.

use super::{Check, DriverView, Field, Level, Lint, Rule, RuleFindings, Safety, rule};
use crate::{
    finding::{EditAction, Finding},
    model::Name,
    toml::spelling::{nearest_word, truncated},
};

pub(super) const LINT: Lint = Lint { rule: &RULE, check: Check::Driver(check) };

static RULE: Rule = rule!(
    "support-tier-unknown",
    Level::Error,
    "`support_tier` is not one of the project's `support_tiers`"
)
.fixes(Safety::Unsafe);

fn check(view: &DriverView<'_>, findings: &mut RuleFindings) {
    let tiers = &view.configuration.support_tiers;
    if !tiers.is_empty() && !tiers.contains(&view.contract.support_tier) {
        findings.push(unknown_tier(view, tiers));
    }
}

fn unknown_tier(view: &DriverView<'_>, tiers: &[Name]) -> Finding {
    let place = view.at(Field::SupportTier);
    let tier = &view.contract.support_tier;
    let message = format!("unknown support tier `{}`", truncated(tier));
    let finding = RULE.finding(place.clone(), message);
    let names: Vec<_> = tiers.iter().map(Name::as_str).collect();
    match nearest_word(tier, names.iter().copied()) {
        Some(intended) => finding
            .help(format!("did you mean `{intended}`?"))
            .suggest(place, EditAction::Text(intended.to_owned())),
        None => finding.help(format!(
            "write one of `{}`, or add the tier to `support_tiers` in `driverc.toml`",
            names.join("`, `")
        )),
    }
}
