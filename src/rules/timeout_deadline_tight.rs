//! Reports a `request_ms` that is too close to the driver's p95 limit.

use std::cmp::Reverse;

use super::{Check, DriverView, Field, Level, Lint, Parameter, Rule, RuleFindings, limit_at, rule};
use crate::{
    finding::Finding,
    model::{LatencyLimit, RequestMs, ScopedValue},
};

pub(super) const LINT: Lint = Lint { rule: &RULE, check: Check::Driver(check) };

static RULE: Rule = rule!(
    "timeout-deadline-tight",
    Level::Warn,
    "`request_ms` is too close to the driver's p95 limit"
)
.parameters(&[&FACTOR]);

static FACTOR: Parameter = Parameter {
    name: "factor",
    default: 2,
    min: 1,
    max: 1_000,
    summary: "the minimum `request_ms`, as a multiple of the driver's own p95 limit",
};

fn check(view: &DriverView<'_>, findings: &mut RuleFindings) {
    let request = view.contract.timeout_policy.request_ms.get();
    let worst_case = view.contract.worst_case_ms();
    // A limit that several drivers share is set for the slowest of them. A limit at or above the
    // worst case is `budget-p95-vacuous`.
    let telling = |limit: &Limit| limit.is_own() && limit.value.us() < 1_000 * worst_case;
    let limits = view.p95_limits().filter(telling);
    let mut limits: Vec<_> = limits.filter(|limit| request < shortest(view, limit)).collect();
    limits.sort_by_key(|limit| Reverse(limit.value));
    if let [worst, ..] = &*limits {
        findings.push(deadline_tight(view, worst, &limits));
    }
}

type Limit<'a> = ScopedValue<'a, LatencyLimit>;

fn factor(view: &DriverView<'_>) -> u64 {
    view.configuration.parameter(&RULE, &FACTOR)
}

/// Returns the minimum `request_ms` for a limit.
fn shortest(view: &DriverView<'_>, limit: &Limit) -> u64 {
    times(factor(view), limit).min(RequestMs::MAX)
}

/// Returns a multiple of a limit, in milliseconds, rounded up.
fn times(factor: u64, limit: &Limit) -> u64 {
    (factor * limit.value.us()).div_ceil(1_000)
}

fn deadline_tight(view: &DriverView<'_>, worst: &Limit, limits: &[Limit]) -> Finding {
    let request = view.contract.timeout_policy.request_ms;
    let (factor, shortest) = (factor(view), shortest(view, worst));
    let message = format!(
        "`request_ms` is {request}, but must be at least {shortest} ms for a p95 limit of {}",
        worst.value
    );
    let mut finding = RULE
        .finding(view.at(Field::RequestMs), message)
        .help(format!("set `request_ms` to at least {shortest}"));
    for limit in limits {
        let label = format!("{factor} times this is {} ms", times(factor, limit));
        finding = finding.also(limit_at(limit, Field::MaxP95LatencyMs), label);
    }
    finding
}
