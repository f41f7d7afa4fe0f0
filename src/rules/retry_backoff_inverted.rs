//! The first sleep is not above the longest one.

use super::{Check, DriverView, Field, Findings, Level, Lint, Rule};
use crate::{
    finding::{Change, Edit, Finding, Safety},
    model::RetryPolicy,
};

pub(super) const LINT: Lint = Lint { rule: &RULE, check: Check::Driver(check) };

static RULE: Rule = Rule {
    name: "retry-backoff-inverted",
    level: Level::Error,
    summary: "the first sleep before a retry is above the longest one",
    docs: include_str!("docs/retry_backoff_inverted.md"),
    parameters: &[],
    on: true,
    fixes: Some(Safety::Unsafe),
};

fn check(view: &DriverView<'_>, findings: &mut Findings) {
    let policy = &view.contract.retry_policy;
    if policy.base_backoff_ms > policy.max_backoff_ms {
        findings.push(backoff_inverted(view, policy));
    }
}

fn backoff_inverted(view: &DriverView<'_>, policy: &RetryPolicy) -> Finding {
    let (base, max) = (policy.base_backoff_ms, policy.max_backoff_ms);
    let finding = RULE
        .finding(
            view.at(Field::BaseBackoffMs),
            format!("the first sleep is {base}, the longest one only {max}"),
        )
        .label("above the maximum")
        .also(view.at(Field::MaxBackoffMs), "no sleep is longer than this");
    let becomes = |field, value| Edit { place: view.at(field), change: Change::Integer(value) };
    let raised = becomes(Field::MaxBackoffMs, base.get());
    if max.get() == 0 {
        // Swapped, the driver would try again without any sleep.
        let help = format!("set `max_backoff_ms` to {} or more", base.get());
        return finding.help(help).fix(Safety::Unsafe, vec![raised]);
    }
    finding
        .help("swap `base_backoff_ms` and `max_backoff_ms`")
        .fix(Safety::Unsafe, vec![becomes(Field::BaseBackoffMs, max.get()), raised])
}
