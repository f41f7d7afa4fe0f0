//! Reports a requirement without a bound, or with a bound that every contract meets.

use super::{Check, Level, Lint, RequirementView, Rule, RuleFindings, rule};
use crate::{
    finding::{DeclarationId, Finding},
    model::{Bound, BoundValue},
    toml::spelling::truncated,
};

pub(super) const LINT: Lint = Lint { rule: &RULE, check: Check::Requirement(check) };

pub(crate) static RULE: Rule = rule!(
    "requirement-vacuous",
    Level::Info,
    "a requirement sets no bound, or a bound that is always met"
);

fn check(view: &RequirementView<'_>, findings: &mut RuleFindings) {
    let bounds = view.requirement.stated_bounds();
    if bounds.is_empty() {
        findings.push(owned(view, without_bounds(view)));
    }
    for bound in bounds.iter().filter(|bound| bound.is_vacuous()) {
        findings.push(owned(view, vacuous(view, bound)));
    }
}

fn owned(view: &RequirementView<'_>, finding: Finding) -> Finding {
    Finding { owner: Some(view.requirement.owner.clone()), ..finding }
}

fn without_bounds(view: &RequirementView<'_>) -> Finding {
    let consumer = truncated(view.requirement.consumer.as_str());
    let place = DeclarationId::Requirement(view.number).whole();
    let driver = &view.requirement.driver;
    let message = format!("the requirement of `{consumer}` for `{driver}` sets no bound");
    RULE.finding(place, message).help("add a bound, such as `max_attempts = 2`")
}

fn vacuous(view: &RequirementView<'_>, bound: &Bound<'_>) -> Finding {
    let (key, value) = (bound.key(), bound.shown(bound.required));
    let (meets, change) = match bound.required {
        BoundValue::Capabilities(_) => {
            ("every driver meets an empty `capabilities`".to_owned(), "list a capability, or")
        }
        BoundValue::Number(..) | BoundValue::Latency(..) => {
            let who = if bound.is_limit() { "limit" } else { "contract" };
            let change = if bound.is_floor() { "raise or" } else { "lower or" };
            (format!("every {who} meets `{key}` ({value})"), change)
        }
    };
    let place = DeclarationId::Requirement(view.number).at(bound.field);
    RULE.finding(place, meets).help(format!("{change} delete `{key}`"))
}
