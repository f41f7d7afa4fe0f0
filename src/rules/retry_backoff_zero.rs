//! Reports a driver that retries without a backoff.

use super::{Check, DriverView, Field, Level, Lint, Rule, RuleFindings, policy, rule};
use crate::{
    finding::{Edit, EditAction, Finding, Safety},
    model::{DriverClass, RetryPolicy},
};

pub(super) const LINT: Lint = Lint { rule: &RULE, check: Check::Driver(check) };

static RULE: Rule = rule!("retry-backoff-zero", Level::Error, "a driver retries without a backoff")
    .fixes(Safety::Unsafe)
    .supersedes(&["retry-backoff-shorter-than-latency"]);

fn check(view: &DriverView<'_>, findings: &mut RuleFindings) {
    let policy = &view.contract.retry_policy;
    if policy.max_attempts.get() > 1 && policy.base_backoff_ms.get() == 0 {
        findings.push(backoff_zero(view, policy));
    }
}

fn backoff_zero(view: &DriverView<'_>, policy: &RetryPolicy) -> Finding {
    let base = policy.base_backoff_ms;
    let values = class_values(view);
    let edit = |(field, value): &(Field, u64)| Edit {
        place: view.at(*field),
        change: EditAction::Integer(*value),
    };
    RULE.finding(
        view.at(Field::BaseBackoffMs),
        format!("the driver retries a failed attempt after {base}"),
    )
    .label("every backoff is 0")
    .also(view.at(Field::MaxAttempts), "each attempt follows the previous one at once")
    .help(help(&values))
    .fix(Safety::Unsafe, values.iter().map(edit).collect())
}

/// Returns the fields that give retries a backoff, with the values that clients of the class use.
fn class_values(view: &DriverView<'_>) -> Vec<(Field, u64)> {
    let contract = view.contract;
    let (base_default, max_default) = class_default(view.class());
    let mut values = match contract.retry_policy.max_backoff_ms.get() {
        0 => vec![(Field::BaseBackoffMs, base_default), (Field::MaxBackoffMs, max_default)],
        max => vec![(Field::BaseBackoffMs, base_default.min(max))],
    };
    if policy::lacks_jitter(view) {
        values.push((Field::JitterPercent, policy::default_jitter(view.class())));
    }
    values
}

fn help(values: &[(Field, u64)]) -> String {
    let part = |(field, value): &(Field, u64)| format!("`{}` to {value}", field.key());
    let parts: Vec<_> = values.iter().map(part).collect();
    match &parts[..] {
        [rest @ .., last] if !rest.is_empty() => format!("set {} and {last}", rest.join(", ")),
        parts => format!("set {}", parts.concat()),
    }
}

/// Returns the first backoff and the maximum backoff of clients of a class, in milliseconds.
const fn class_default(class: DriverClass) -> (u64, u64) {
    match class {
        DriverClass::RelationalAdapter => (50, 1_000),
        DriverClass::ColumnarAdapter => (250, 5_000),
        DriverClass::StreamAdapter => (120, 1_000),
        DriverClass::ObjectStoreAdapter => (100, 2_000),
        // The values of the gRPC retry design's example.
        DriverClass::Project(_) => (100, 1_000),
    }
}
