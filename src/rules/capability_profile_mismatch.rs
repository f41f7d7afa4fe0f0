//! Reports a driver that has its own budget for a profile it does not claim.

use super::{Check, DeclarationId, DriverView, Field, Level, Lint, Rule, RuleFindings, rule};
use crate::{
    finding::Finding,
    model::{Capabilities, EffectiveBudget, Scope},
};

pub(super) const LINT: Lint = Lint { rule: &RULE, check: Check::Driver(check) };

static RULE: Rule = rule!(
    "capability-profile-mismatch",
    Level::Error,
    "a driver has its own budget for a profile it does not claim"
);

fn check(view: &DriverView<'_>, findings: &mut RuleFindings) {
    let vocabulary = &view.configuration.vocabulary;
    let is_own = |budget: &&EffectiveBudget<'_>| matches!(budget.narrowest.scope, Scope::Driver(_));
    for budget in view.budgets.iter().filter(is_own) {
        let required = view.configuration.required_capabilities(view.contract.class);
        let claimed = vocabulary.claims(&view.contract.capabilities, budget.profile);
        let claims = vocabulary.claimed_by(budget.profile);
        // `capability-required-missing` reports a capability that the class requires.
        let is_required = claims.iter().any(|capability| required.contains(capability));
        // No capability claims a profile with an empty `claimed_by`.
        if !claimed && !is_required && !claims.is_empty() {
            findings.push(profile_mismatch(view, budget, &claims));
        }
    }
}

fn profile_mismatch(
    view: &DriverView<'_>,
    budget: &EffectiveBudget<'_>,
    claims: &Capabilities,
) -> Finding {
    let words: Vec<_> = claims.iter().map(|word| format!("`{}`", word.label())).collect();
    let (words, profile) = (words.join(" or "), budget.profile.label());
    let name = &view.contract.name;
    let message = format!(
        "`{name}` has its own budget for `{profile}`, but lacks {words}, which that profile \
         requires"
    );
    RULE.finding(view.at(Field::Capabilities), message)
        .about(DeclarationId::budget(budget.narrowest))
        .also(DeclarationId::budget(budget.narrowest).whole(), "its own budget")
        .help(format!("add {words}, or remove `[budget.{profile}.driver.{name}]`"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        configuration::Configuration,
        model::{BenchmarkProfile, DeclaredBudget, DriverCapability, DriverClass, DriverContract},
    };

    fn findings(configuration: &Configuration) -> usize {
        let contract = DriverContract {
            capabilities: Capabilities::default(),
            ..crate::postgres_async_driver()
        };
        let own =
            DeclaredBudget::new(BenchmarkProfile::HeavyData, Scope::Driver(contract.name.clone()));
        let budgets: Vec<_> = EffectiveBudget::merge(own.profile, [&own]).into_iter().collect();
        let view = DriverView { budgets: &budgets, ..DriverView::new(&contract, configuration) };
        let mut findings = RuleFindings::default();
        check(&view, &mut findings);
        findings.items.len()
    }

    #[test]
    fn capability_required_by_class_is_not_reported() {
        assert_eq!(findings(&Configuration::default()), 1);
        let mut reading = Configuration::default();
        let reads = [DriverCapability::BatchRead].into_iter().collect();
        reading.required_capabilities.insert(DriverClass::RelationalAdapter, reads);
        assert_eq!(findings(&reading), 0);
    }
}
