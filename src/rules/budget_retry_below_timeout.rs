//! A budget of retries leaves room for the retries that its timeouts cause.

use std::collections::BTreeSet;

use super::{
    Check, DriverView, DriversView, Field, Findings, Level, Lint, Pick, Rule, Subject, limit_at,
};
use crate::{
    finding::Finding,
    model::{BasisPoints, DriverContract, EffectiveBudget, Setting},
    workspace::Workspace,
};

pub(super) const LINT: Lint =
    Lint { rule: &RULE, check: Check::Drivers(Pick::Each(is_concerned), check) };

static RULE: Rule = Rule {
    name: "budget-retry-below-timeout",
    level: Level::Info,
    summary: "a budget allows fewer retries than the timeouts that cause them",
    docs: include_str!("docs/budget_retry_below_timeout.md"),
    parameters: &[],
    on: true,
    fixes: None,
};

type Limit<'b> = Setting<'b, BasisPoints>;

fn check(view: &DriversView<'_>, findings: &mut Findings) {
    // Two limits that many drivers share are one fault.
    let mut seen = BTreeSet::new();
    for contract in view.drivers {
        for profile in Workspace::profiles() {
            let budget = view.workspace.effective_budget(contract, *profile);
            let Some((retries, timeouts)) = budget.as_ref().and_then(below) else { continue };
            if seen.insert((*profile, &retries.set_by.scope, &timeouts.set_by.scope)) {
                findings.push(retry_below_timeout(contract, &retries, &timeouts));
            }
        }
    }
}

fn is_concerned(view: &DriverView<'_>) -> bool {
    let retries = view.contract.retry_policy.max_attempts.get() > 1;
    retries && view.merged.iter().any(|budget| below(budget).is_some())
}

/// The limits of retries and of timeouts, where fewer retries are allowed.
fn below<'b>(budget: &EffectiveBudget<'b>) -> Option<(Limit<'b>, Limit<'b>)> {
    let limits = budget.max_retry_rate_bps.zip(budget.max_timeout_rate_bps);
    limits.filter(|(retries, timeouts)| retries.value < timeouts.value)
}

fn retry_below_timeout(
    contract: &DriverContract,
    retries: &Limit<'_>,
    timeouts: &Limit<'_>,
) -> Finding {
    let attempts = contract.retry_policy.max_attempts;
    let place = Subject::Driver(contract.name.clone()).at(Field::MaxAttempts);
    RULE.finding(
        limit_at(retries, Field::MaxRetryRateBps),
        format!(
            "{} of retries are allowed, {} of timeouts, and timeouts cause retries",
            retries.value, timeouts.value
        ),
    )
    .also(limit_at(timeouts, Field::MaxTimeoutRateBps), "more timeouts than retries")
    .also(place, format!("`{}` tries up to {attempts} times", contract.name))
    .help(format!("set `max_retry_rate_bps` to {} or more", timeouts.value.get()))
}
