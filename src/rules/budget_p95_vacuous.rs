//! A driver's own budget of latency is one that the driver can miss.

use super::{Check, DriverView, Field, Findings, Level, Lint, Rule, Safety, limit_at};
use crate::{
    finding::{Change, Finding},
    model::{MaxP95LatencyMs, Scope, Setting},
};

pub(super) const LINT: Lint = Lint { rule: &RULE, check: Check::Driver(check) };

static RULE: Rule = Rule {
    name: "budget-p95-vacuous",
    level: Level::Warn,
    summary: "a budget allows more latency than the driver's timeouts do",
    docs: include_str!("docs/budget_p95_vacuous.md"),
    parameters: &[],
    on: true,
    fixes: Some(Safety::Unsafe),
};

fn check(view: &DriverView<'_>, findings: &mut Findings) {
    let worst = view.contract.worst_case_ms();
    let own = |limit: &Limit<'_>| matches!(limit.set_by.scope, Scope::Driver(_));
    for limit in view.p95_limits().filter(own) {
        if limit.value.get() >= worst {
            findings.push(p95_vacuous(view, &limit, worst));
        }
    }
}

type Limit<'b> = Setting<'b, MaxP95LatencyMs>;

fn p95_vacuous(view: &DriverView<'_>, limit: &Limit<'_>, worst: u64) -> Finding {
    let place = limit_at(limit, Field::MaxP95LatencyMs);
    let request = view.contract.timeout_policy.request_ms;
    let finding = RULE
        .finding(
            place.clone(),
            format!(
                "a p95 latency of {} is allowed, but no success takes over {worst} ms",
                limit.value
            ),
        )
        .also(view.at(Field::MaxAttempts), "an operation ends after these attempts")
        .also(view.at(Field::RequestMs), format!("and each of them after {request}"));
    let fitting = request.get() / 2;
    if fitting < MaxP95LatencyMs::MIN {
        return finding.help("allow less latency than the timeouts do");
    }
    finding
        .help(format!("set `max_p95_latency_ms` to {fitting}"))
        .suggest(place, Change::Integer(fitting))
}
