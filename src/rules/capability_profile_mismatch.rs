//! Reports a driver that has its own budget for a profile it does not claim.

use super::{Check, DriverView, Field, Findings, Level, Lint, Rule, Subject, rule};
use crate::{
    finding::Finding,
    model::{DriverCapability, EffectiveBudget, Scope},
};

pub(super) const LINT: Lint = Lint { rule: &RULE, check: Check::Driver(check) };

static RULE: Rule = rule!(
    "capability-profile-mismatch",
    Level::Error,
    "a driver has a budget of its own for a load that it does not take on"
);

fn check(view: &DriverView<'_>, findings: &mut Findings) {
    let required = view.configuration.required_capabilities(view.contract.class);
    for budget in view.budgets {
        let own = matches!(budget.narrowest.scope, Scope::Driver(_));
        let claimed = view.contract.capabilities.claims(budget.profile);
        let claims = budget.profile.claimed_by();
        // What the class requires is missing with or without the budget.
        let is_required = claims.iter().any(|capability| required.contains(*capability));
        if own && !claimed && !is_required {
            findings.push(profile_mismatch(view, budget, claims));
        }
    }
}

fn profile_mismatch(
    view: &DriverView<'_>,
    budget: &EffectiveBudget<'_>,
    claims: &[DriverCapability],
) -> Finding {
    let words: Vec<_> = claims.iter().map(|word| format!("`{}`", word.label())).collect();
    let (words, profile) = (words.join(" or "), budget.profile.label());
    let name = &view.contract.name;
    let message = format!("a budget of its own for `{profile}` asks for {words}");
    RULE.finding(view.at(Field::Capabilities), message)
        .also(Subject::budget(budget.narrowest).whole(), "the budget")
        .help(format!("add {words}, or remove `[budget.{profile}.driver.{name}]`"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        configuration::Configuration,
        model::{BenchmarkProfile, Capabilities, DeclaredBudget, DriverClass, DriverContract},
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
        let mut findings = Findings::default();
        check(&view, &mut findings);
        findings.items.len()
    }

    #[test]
    fn a_capability_that_the_class_requires_is_another_finding() {
        assert_eq!(findings(&Configuration::default()), 1);
        let mut reading = Configuration::default();
        let reads = [DriverCapability::BatchRead].into_iter().collect();
        reading.required_capabilities.insert(DriverClass::RelationalAdapter, reads);
        assert_eq!(findings(&reading), 0);
    }
}
