//! A budget of retries leaves room for the retries that its timeouts cause.

use std::collections::BTreeSet;

use super::{Check, Field, Findings, Level, Lint, Rule, Subject, WorkspaceView, limit_at};
use crate::{
    finding::Finding,
    model::{BasisPoints, DriverContract, Setting},
    workspace::Workspace,
};

pub(super) const LINT: Lint = Lint { rule: &RULE, check: Check::Workspace(check) };

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

fn check(view: &WorkspaceView<'_>, findings: &mut Findings) {
    // Two limits that many drivers share are one fault.
    let mut seen = BTreeSet::new();
    let retrying = |contract: &&DriverContract| contract.retry_policy.max_attempts.get() > 1;
    for contract in view.workspace.drivers().filter(retrying) {
        for profile in Workspace::profiles() {
            let Some(budget) = view.workspace.effective_budget(contract, *profile) else {
                continue;
            };
            let limits = budget.max_retry_rate_bps.zip(budget.max_timeout_rate_bps);
            let Some((retries, timeouts)) = limits else { continue };
            let scopes = (*profile, &retries.set_by.scope, &timeouts.set_by.scope);
            if retries.value < timeouts.value && seen.insert(scopes) {
                findings.push(retry_below_timeout(contract, &retries, &timeouts));
            }
        }
    }
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
