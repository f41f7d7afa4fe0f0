//! Reports a budget that allows retries to a driver that never retries.

use super::{Check, DriverView, Field, Findings, Level, Lint, Rule, Safety, limit_at, rule};
use crate::{
    finding::{Change, Finding},
    model::{BasisPoints, Scope, Setting},
};

pub(super) const LINT: Lint = Lint { rule: &RULE, check: Check::Driver(check) };

static RULE: Rule =
    rule!("budget-retry-dead", Level::Info, "a budget allows retries to a driver that makes none")
        .fixes(Safety::Unsafe);

fn check(view: &DriverView<'_>, findings: &mut Findings) {
    if view.contract.retry_policy.max_attempts.get() > 1 {
        return;
    }
    let own = |limit: &Setting<'_, BasisPoints>| matches!(limit.set_by.scope, Scope::Driver(_));
    for limit in view.budgets.iter().filter_map(|budget| budget.max_retry_rate_bps).filter(own) {
        if limit.value.get() > 0 {
            findings.push(retry_dead(view, &limit));
        }
    }
}

fn retry_dead(view: &DriverView<'_>, limit: &Setting<'_, BasisPoints>) -> Finding {
    let place = limit_at(limit, Field::MaxRetryRateBps);
    RULE.finding(
        place.clone(),
        format!(
            "{} of retries are allowed, but `{}` never retries",
            limit.value, view.contract.name
        ),
    )
    .also(view.at(Field::MaxAttempts), "the only attempt")
    .help("set `max_retry_rate_bps` to 0")
    .suggest(place, Change::Integer(0))
}
