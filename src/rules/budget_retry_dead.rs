//! Reports a budget that allows retries to a driver that never retries.

use super::{Check, DriverView, Field, Level, Lint, Rule, RuleFindings, Safety, limit_at, rule};
use crate::{
    finding::{EditAction, Finding},
    model::{BasisPoints, Scope, ScopedValue},
};

pub(super) const LINT: Lint = Lint { rule: &RULE, check: Check::Driver(check) };

static RULE: Rule = rule!(
    "budget-retry-dead",
    Level::Info,
    "a budget allows retries, but its driver never retries"
)
.fixes(Safety::Unsafe);

fn check(view: &DriverView<'_>, findings: &mut RuleFindings) {
    if view.contract.retry_policy.max_attempts.get() > 1 {
        return;
    }
    let own = |limit: &ScopedValue<'_, BasisPoints>| matches!(limit.set_by.scope, Scope::Driver(_));
    for limit in view.budgets.iter().filter_map(|budget| budget.max_retry_rate_bps).filter(own) {
        if limit.value.get() > 0 {
            findings.push(retry_dead(view, &limit));
        }
    }
}

fn retry_dead(view: &DriverView<'_>, limit: &ScopedValue<'_, BasisPoints>) -> Finding {
    let place = limit_at(limit, Field::MaxRetryRateBps);
    RULE.finding(
        place.clone(),
        format!(
            "`max_retry_rate_bps` is {}, but `{}` never retries",
            limit.value, view.contract.name
        ),
    )
    .also(view.at(Field::MaxAttempts), "only one attempt")
    .help("set `max_retry_rate_bps` to 0")
    .suggest(place, EditAction::Integer(0))
}
