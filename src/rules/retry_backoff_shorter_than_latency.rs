//! Reports a first backoff that is short compared with the driver's p95 limit.

use super::{
    Check, DriverView, Field, Level, Lint, Parameter, Rule, RuleFindings,
    budget_profile_inverted::answers_requests, limit_at, rule,
};
use crate::{
    finding::Finding,
    model::{BackoffMs, LatencyLimit, ScopedValue},
};

pub(super) const LINT: Lint = Lint { rule: &RULE, check: Check::Driver(check) };

static RULE: Rule = rule!(
    "retry-backoff-shorter-than-latency",
    Level::Info,
    "the first backoff is short compared with the driver's p95 limit"
)
.parameters(&[&DIVISOR]);

static DIVISOR: Parameter = Parameter {
    name: "divisor",
    default: 10,
    min: 1,
    max: 1_000_000,
    summary: "the divisor of the p95 limit for the shortest first backoff",
};

fn check(view: &DriverView<'_>, findings: &mut RuleFindings) {
    let contract = view.contract;
    let policy = &contract.retry_policy;
    // A shared limit is set for the slowest driver.
    let own = view.p95_limits().filter(ScopedValue::is_own);
    let Some(tightest) = own.min_by_key(|limit| limit.value) else { return };
    let least = least(view, tightest.value);
    if policy.max_attempts.get() > 1
        && answers_requests(view.class())
        && policy.base_backoff_ms.get() < least
    {
        findings.push(backoff_shorter_than_latency(view, &tightest, least));
    }
}

/// Returns the shortest first backoff that the rule does not report, in milliseconds.
fn least(view: &DriverView<'_>, latency: LatencyLimit) -> u64 {
    let divisor = view.configuration.parameter(&RULE, &DIVISOR);
    latency.us().div_ceil(1_000 * divisor).min(BackoffMs::MAX)
}

fn backoff_shorter_than_latency(
    view: &DriverView<'_>,
    tightest: &ScopedValue<'_, LatencyLimit>,
    least: u64,
) -> Finding {
    let policy = &view.contract.retry_policy;
    let (base, latency) = (policy.base_backoff_ms, tightest.value);
    let divisor = view.configuration.parameter(&RULE, &DIVISOR);
    let keys = if policy.max_backoff_ms.get() < least {
        "`base_backoff_ms` and `max_backoff_ms`"
    } else {
        "`base_backoff_ms`"
    };
    RULE.finding(
        view.at(Field::BaseBackoffMs),
        format!("the first backoff is {base}, but the p95 limit is {latency}"),
    )
    .also(
        limit_at(tightest, Field::MaxP95LatencyMs),
        format!("divided by {divisor}, this is {least} ms"),
    )
    .help(format!("set {keys} to at least {least}"))
}
