//! A budget does not allow retries to become a notable part of the load.

use super::{BudgetView, Check, Field, Findings, Level, Lint, Parameter, Rule, rule};
use crate::{configuration::Configuration, model::BasisPoints};

pub(super) const LINT: Lint = Lint { rule: &RULE, check: Check::Budget(check) };

static RULE: Rule =
    rule!("budget-retry-loose", Level::Warn, "a budget allows many attempts to be retries")
        .parameters(&[&LIMIT]);

static LIMIT: Parameter = Parameter {
    name: "limit",
    default: 1_000,
    min: 0,
    max: 10_000,
    summary: "the highest limit of retries, in bps, that raises nothing",
};

fn check(view: &BudgetView<'_>, findings: &mut Findings) {
    let limit = view.configuration.parameter(&RULE, &LIMIT);
    let Some(retries) = view.budget.max_retry_rate_bps else { return };
    if raised(retries, view.configuration) {
        let place = view.at(Field::MaxRetryRateBps);
        let finding = RULE
            .finding(place, format!("{retries} of all attempts may be retries"))
            .help(format!("set `max_retry_rate_bps` to {limit} or less"));
        findings.push(finding);
    }
}

/// Returns true if this rule has a finding for the limit of a scope.
pub(super) fn raised(retries: BasisPoints, configuration: &Configuration) -> bool {
    retries.get() > configuration.parameter(&RULE, &LIMIT) && configuration.level(&RULE).is_some()
}
