//! Reports a `request_ms` that is too close to the driver's p95 limit.

use std::cmp::Reverse;

use super::{Check, DriverView, Field, Findings, Level, Lint, Parameter, Rule, limit_at, rule};
use crate::{
    finding::Finding,
    model::{MaxP95LatencyMs, RequestMs, Setting},
};

pub(super) const LINT: Lint = Lint { rule: &RULE, check: Check::Driver(check) };

static RULE: Rule = rule!(
    "timeout-deadline-tight",
    Level::Warn,
    "an attempt times out close to the p95 latency that the driver's budget allows"
)
.parameters(&[&FACTOR]);

static FACTOR: Parameter = Parameter {
    name: "factor",
    default: 2,
    min: 1,
    max: 1_000,
    summary: "how many times the limit of p95 latency an attempt must be able to take",
};

fn check(view: &DriverView<'_>, findings: &mut Findings) {
    let request = view.contract.timeout_policy.request_ms.get();
    let worst_case = view.contract.worst_case_ms();
    // A limit that drivers share is that of the slowest one and says nothing of this one; from the
    // worst case on, no request takes as long as a driver's own limit allows.
    let telling = |limit: &Limit| limit.is_own() && limit.value.get() < worst_case;
    let limits = view.p95_limits().filter(telling);
    let mut limits: Vec<_> = limits.filter(|limit| request < shortest(view, limit)).collect();
    limits.sort_by_key(|limit| Reverse(limit.value));
    if let [worst, ..] = &*limits {
        findings.push(deadline_tight(view, worst, &limits));
    }
}

type Limit<'a> = Setting<'a, MaxP95LatencyMs>;

fn factor(view: &DriverView<'_>) -> u64 {
    view.configuration.parameter(&RULE, &FACTOR)
}

/// The shortest time of an attempt that the limit allows, in milliseconds.
fn shortest(view: &DriverView<'_>, limit: &Limit) -> u64 {
    (factor(view) * limit.value.get()).min(RequestMs::MAX)
}

fn deadline_tight(view: &DriverView<'_>, worst: &Limit, limits: &[Limit]) -> Finding {
    let request = view.contract.timeout_policy.request_ms;
    let (factor, shortest) = (factor(view), shortest(view, worst));
    let message = format!(
        "an attempt ends after {request}, under {factor} times the p95 latency of {} that its \
         budget allows",
        worst.value
    );
    let mut finding = RULE
        .finding(view.at(Field::RequestMs), message)
        .help(format!("set `request_ms` to {shortest} or more"));
    for limit in limits {
        let label = format!("{factor} times this is {} ms", factor * limit.value.get());
        finding = finding.also(limit_at(limit, Field::MaxP95LatencyMs), label);
    }
    finding
}
