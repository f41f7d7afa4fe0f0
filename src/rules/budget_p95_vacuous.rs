//! Reports a driver's own p95 or p99 limit that is at or above its worst-case latency.

use super::{Check, DriverView, Field, Level, Lint, Rule, RuleFindings, limit_at, rule};
use crate::{
    finding::Finding,
    model::{MaxP95LatencyMs, Scope, ScopedValue},
};

pub(super) const LINT: Lint = Lint { rule: &RULE, check: Check::Driver(check) };

static RULE: Rule = rule!(
    "budget-p95-vacuous",
    Level::Warn,
    "a driver's p95 or p99 limit is at or above its worst-case latency"
);

fn check(view: &DriverView<'_>, findings: &mut RuleFindings) {
    let worst = view.contract.worst_case_ms();
    let own = |limit: &Limit<'_>| matches!(limit.set_by.scope, Scope::Driver(_));
    let p95 = view.p95_limits().map(|limit| (limit, Field::MaxP95LatencyMs));
    let p99 = view.p99_limits().map(|limit| (limit, Field::MaxP99LatencyMs));
    for (limit, field) in p95.chain(p99).filter(|(limit, _)| own(limit)) {
        if limit.value.get() >= worst {
            findings.push(vacuous(view, (&limit, field), worst));
        }
    }
}

type Limit<'b> = ScopedValue<'b, MaxP95LatencyMs>;

fn vacuous(view: &DriverView<'_>, (limit, field): (&Limit<'_>, Field), worst: u64) -> Finding {
    let (place, key) = (limit_at(limit, field), field.key());
    let request = view.contract.timeout_policy.request_ms;
    let message = format!(
        "`{key}` ({}) must be below the worst case of an operation ({worst} ms)",
        limit.value.get()
    );
    let finding = RULE
        .finding(place, message)
        .also(view.at(Field::MaxAttempts), "an operation makes up to this many attempts")
        .also(view.at(Field::RequestMs), format!("each attempt times out after {request}"));
    match worst - 1 {
        0 => finding.help("raise `request_ms`: no limit is below a worst case of 1 ms"),
        below => finding.help(format!(
            "set `{key}` to at most {below}: a useful limit is below `request_ms` \
             ({})",
            request.get()
        )),
    }
}
