//! Reports retries at several layers that multiply into too many attempts.

use super::{Check, DriverView, Field, Level, Lint, Parameter, Rule, RuleFindings, policy, rule};
use crate::{finding::Finding, model::Attempts};

pub(super) const LINT: Lint = Lint { rule: &RULE, check: Check::Driver(check) };

static RULE: Rule = rule!(
    "retry-amplification",
    Level::Warn,
    "retries at several layers multiply into too many attempts"
)
.parameters(&[&LAYERS, &LIMIT])
.supersedes(&["retry-attempts-high"]);

static LAYERS: Parameter = Parameter {
    name: "layers",
    default: 1,
    min: 1,
    max: 16,
    summary: "the number of layers that retry, including the driver",
};

static LIMIT: Parameter = Parameter {
    name: "limit",
    default: 27,
    min: 1,
    max: 1_000_000,
    summary: "the maximum number of attempts over all layers",
};

fn check(view: &DriverView<'_>, findings: &mut RuleFindings) {
    let attempts = view.contract.retry_policy.max_attempts.get();
    // The calls of a driver say which layers retry.
    if total(view, attempts) > limit(view) && !view.is_called() {
        findings.push(amplification(view));
    }
}

/// Returns the number of attempts over all layers, if each layer makes this number of attempts.
fn total(view: &DriverView<'_>, attempts: u64) -> u128 {
    let layers = view.configuration.parameter(&RULE, &LAYERS);
    (0..layers).fold(1, |total: u128, _| total.saturating_mul(attempts.into()))
}

fn limit(view: &DriverView<'_>) -> u128 {
    view.configuration.parameter(&RULE, &LIMIT).into()
}

fn amplification(view: &DriverView<'_>) -> Finding {
    let attempts = view.contract.retry_policy.max_attempts;
    let message = match view.configuration.parameter(&RULE, &LAYERS) {
        1 => format!("one operation can become {attempts} attempts"),
        layers => format!(
            "one operation can become {} attempts over {layers} layers with {attempts} attempts each",
            total(view, attempts.get())
        ),
    };
    let fits = |attempts: &u64| total(view, *attempts) <= limit(view);
    let most = (1..=Attempts::MAX).take_while(fits).last().unwrap_or(1);
    let fitting = most.min(policy::attempts_limit(view));
    RULE.finding(view.at(Field::MaxAttempts), message)
        .help(format!("set `max_attempts` to at most {fitting}, or retry at one layer only"))
}
