//! Reports a retry rate limit that is too far below the timeout rate limit.

use std::collections::BTreeSet;

use super::{
    Check, DeclarationId, DriverSelection, DriverView, DriversView, Field, Level, Lint, Rule,
    RuleFindings, limit_at, rule,
};
use crate::{
    finding::Finding,
    model::{BasisPoints, DriverContract, EffectiveBudget, ScopedValue},
};

pub(super) const LINT: Lint =
    Lint { rule: &RULE, check: Check::Drivers(DriverSelection::Each(is_concerned), check) };

static RULE: Rule = rule!(
    "budget-retry-below-timeout",
    Level::Info,
    "a retry rate limit is too far below the timeout rate limit"
);

type Limit<'b> = ScopedValue<'b, BasisPoints>;

fn check(view: &DriversView<'_>, findings: &mut RuleFindings) {
    // Limits that several drivers share are reported once.
    let mut seen = BTreeSet::new();
    for contract in view.drivers {
        for profile in view.workspace.profiles() {
            let budget = view.workspace.applying_budget(contract, profile);
            let below = |budget| below(contract, budget);
            let Some((retries, timeouts)) = budget.as_ref().and_then(below) else { continue };
            if seen.insert((profile, &retries.set_by.scope, &timeouts.set_by.scope)) {
                findings.push(retry_below_timeout(contract, &retries, &timeouts));
            }
        }
    }
}

fn is_concerned(view: &DriverView<'_>) -> bool {
    view.budgets.iter().any(|budget| below(view.contract, budget).is_some())
}

/// Returns the retry and timeout rate limits, if the retry rate limit always breaks first.
fn below<'b>(
    contract: &DriverContract,
    budget: &EffectiveBudget<'b>,
) -> Option<(Limit<'b>, Limit<'b>)> {
    if contract.can_skip_retries() {
        return None;
    }
    let limits = budget.max_retry_rate_bps.zip(budget.max_timeout_rate_bps);
    limits.filter(|(retries, timeouts)| retries.value.get() < fewest_retries(contract, timeouts))
}

/// Returns the lowest retry rate at the timeout rate limit, in bps. Only a timeout of an
/// operation's last attempt causes no retry, so at least `m - 1` of `m` timeouts cause a retry.
fn fewest_retries(contract: &DriverContract, timeouts: &Limit<'_>) -> u64 {
    let attempts = contract.retry_policy.max_attempts.get();
    (timeouts.value.get() * (attempts - 1)).div_ceil(attempts)
}

fn retry_below_timeout(
    contract: &DriverContract,
    retries: &Limit<'_>,
    timeouts: &Limit<'_>,
) -> Finding {
    let attempts = contract.retry_policy.max_attempts;
    let fewest = fewest_retries(contract, timeouts);
    let place = DeclarationId::Driver(contract.name.clone()).at(Field::MaxAttempts);
    RULE.finding(
        limit_at(retries, Field::MaxRetryRateBps),
        format!(
            "a timeout rate of {} causes a retry rate of at least {fewest} bps, above \
             `max_retry_rate_bps` ({})",
            timeouts.value,
            retries.value.get()
        ),
    )
    .about(DeclarationId::budget(timeouts.set_by))
    .also(limit_at(timeouts, Field::MaxTimeoutRateBps), "the timeout rate limit")
    .also(place, format!("`{}` makes up to {attempts} attempts", contract.name))
    .help(format!("set `max_retry_rate_bps` to at least {fewest}"))
}
