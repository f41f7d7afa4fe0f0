//! A driver sleeps before it tries again.

use super::{Check, DriverView, Field, Findings, Level, Lint, Rule};
use crate::{
    finding::{Change, Edit, Finding, Safety},
    model::{DriverClass, RetryPolicy},
};

pub(super) const LINT: Lint = Lint { rule: &RULE, check: Check::Driver(check) };

static RULE: Rule = Rule {
    name: "retry-backoff-zero",
    level: Level::Error,
    summary: "a failed attempt is tried again without a sleep",
    docs: include_str!("docs/retry_backoff_zero.md"),
    parameters: &[],
    on: true,
    fixes: Some(Safety::Unsafe),
};

fn check(view: &DriverView<'_>, findings: &mut Findings) {
    let policy = &view.contract.retry_policy;
    if policy.max_attempts.get() > 1 && policy.base_backoff_ms.get() == 0 {
        findings.push(backoff_zero(view, policy));
    }
}

fn backoff_zero(view: &DriverView<'_>, policy: &RetryPolicy) -> Finding {
    let base = policy.base_backoff_ms;
    let (base_default, max_default) = class_default(view.contract.class);
    let becomes = |field, value| Edit { place: view.at(field), change: Change::Integer(value) };
    let finding = RULE
        .finding(
            view.at(Field::BaseBackoffMs),
            format!("a failed attempt is tried again after {base}"),
        )
        .label("no sleep, however often it is doubled")
        .also(view.at(Field::MaxAttempts), "each attempt follows the last at once");
    if policy.max_backoff_ms.get() == 0 {
        let both = vec![
            becomes(Field::BaseBackoffMs, base_default),
            becomes(Field::MaxBackoffMs, max_default),
        ];
        let help = format!(
            "set `base_backoff_ms` to {base_default} and `max_backoff_ms` to {max_default}"
        );
        return finding.help(help).fix(Safety::Unsafe, both);
    }
    let fitting = base_default.min(policy.max_backoff_ms.get());
    finding
        .help(format!("set `base_backoff_ms` to {fitting}"))
        .suggest(view.at(Field::BaseBackoffMs), Change::Integer(fitting))
}

/// What the clients of each class sleep at first and at most, in milliseconds.
const fn class_default(class: DriverClass) -> (u64, u64) {
    match class {
        DriverClass::RelationalAdapter => (50, 1_000),
        DriverClass::ColumnarAdapter => (250, 5_000),
        DriverClass::StreamAdapter => (120, 1_000),
        DriverClass::ObjectStoreAdapter => (100, 2_000),
    }
}
