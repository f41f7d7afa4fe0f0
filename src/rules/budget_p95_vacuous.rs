//! Reports a driver's own p95 or p99 limit that is at or above its worst-case latency.

use super::{Check, DriverView, Field, Level, Lint, Rule, RuleFindings, limit_at, rule};
use crate::{
    finding::Finding,
    model::{LatencyLimit, LatencyUnit, Scope, ScopedValue},
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
        if limit.value.us() >= 1_000 * worst {
            findings.push(vacuous(view, (&limit, field), worst));
        }
    }
}

type Limit<'b> = ScopedValue<'b, LatencyLimit>;

fn vacuous(view: &DriverView<'_>, (limit, field): (&Limit<'_>, Field), worst: u64) -> Finding {
    let unit = limit.value.unit();
    let (place, key) = (limit_at(limit, field), field.key_in(unit));
    let request = view.contract.timeout_policy.request_ms;
    let stated = match unit {
        LatencyUnit::Milliseconds => limit.value.number().to_string(),
        LatencyUnit::Microseconds => limit.value.to_string(),
    };
    let message =
        format!("`{key}` ({stated}) must be below the worst case of an operation ({worst} ms)");
    let finding = RULE
        .finding(place, message)
        .also(view.at(Field::MaxAttempts), "an operation makes up to this many attempts")
        .also(view.at(Field::RequestMs), format!("each attempt times out after {request}"));
    match unit.of_us(1_000 * worst) - 1 {
        0 => finding.help("raise `request_ms`: no limit is below a worst case of 1 ms"),
        below => finding.help(format!(
            "set `{key}` to at most {below}: a useful limit is below `request_ms` \
             ({})",
            request.get()
        )),
    }
}
