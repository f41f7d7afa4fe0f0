//! Reports a workload that makes a limit of its budget impossible to meet.

use super::{Check, DeclarationId, DriverView, Field, Level, Lint, Rule, RuleFindings, rule};
use crate::{
    feasibility::{Conflict, Feasibility},
    finding::Finding,
    model::{
        Attempts, DriverContract, EffectiveBudget, EffectiveWorkload, LatencyLimit, MaxInFlight,
        RequestMs, Workload,
    },
};

pub(super) const LINT: Lint = Lint { rule: &RULE, check: Check::Driver(check) };

static RULE: Rule = rule!(
    "budget-impossible",
    Level::Error,
    "a workload makes one of its budget's limits impossible to meet"
);

/// An effective budget with the workload of its profile.
type Pair<'w> = (&'w EffectiveBudget<'w>, &'w EffectiveWorkload<'w>);

fn check(view: &DriverView<'_>, findings: &mut RuleFindings) {
    for budget in view.budgets {
        let workload = view.workloads.iter().find(|load| load.profile == budget.profile);
        let Some((workload, limits)) = workload.zip(budget.complete()) else { continue };
        let Some(load) = workload.complete() else { continue };
        for conflict in Feasibility::of(view.contract, &limits, Some(&load)).conflicts {
            let finding = impossible(view, (budget, workload), &conflict);
            if let Some(finding) = finding {
                findings.push(finding);
            }
        }
    }
}

fn impossible(view: &DriverView<'_>, pair: Pair<'_>, conflict: &Conflict) -> Option<Finding> {
    let (budget, workload) = pair;
    let limit = conflict.limit();
    let place = DeclarationId::budget(budget.source(limit)?).at(limit.field());
    let (driver, profile) = (&view.contract.name, budget.profile.label());
    let message = format!("`{driver}` cannot meet this limit under `{profile}`: {conflict}");
    let repair = repair(view.contract, &workload.complete()?, conflict);
    let driver = DeclarationId::Driver(driver.clone());
    let mut finding = RULE.finding(place, message).about(driver).help(repair);
    for (field, label) in causes(conflict) {
        let declared = workload.origin(*field);
        let cause = declared.map(|declared| DeclarationId::workload(declared).at(*field));
        finding = finding.also(cause.unwrap_or_else(|| view.at(*field)), *label);
    }
    Some(finding)
}

/// Returns the fields of the workload and of the contract that cause a conflict, with a label for
/// each field.
fn causes(conflict: &Conflict) -> &'static [(Field, &'static str)] {
    match conflict {
        Conflict::Offered { failing: true, .. } => &[
            (Field::RateOpsPerKsec, "arrival rate outside bursts"),
            (Field::ErrorBps, "share of attempts that fail fast"),
            (Field::MaxAttempts, "an operation fails after this many attempts"),
        ],
        Conflict::Offered { .. } => &[(Field::RateOpsPerKsec, "arrival rate outside bursts")],
        Conflict::Slots { .. } => &[
            (Field::MaxInFlight, "the number of slots"),
            (Field::Operation, "how long each attempt uses a slot"),
        ],
        Conflict::Latency { .. } => &[(Field::Operation, "the service times")],
        Conflict::Timeouts { .. } => &[
            (Field::RequestMs, "attempts time out after this time"),
            (Field::Operation, "the service times"),
        ],
        Conflict::Retries { .. } => &[
            (Field::ErrorBps, "share of attempts that fail fast"),
            (Field::MaxAttempts, "an operation makes up to this many attempts"),
        ],
    }
}

/// Returns the help line. It suggests values that resolve the conflict and are in the range of
/// their keys.
fn repair(contract: &DriverContract, workload: &Workload, conflict: &Conflict) -> String {
    let attempts = contract.retry_policy.max_attempts;
    match conflict {
        Conflict::Offered { required, most, failing: true } => {
            let limit = if *most == 0 { "to 0".to_owned() } else { format!("below {most}") };
            // With more attempts, fewer operations fail, but no more arrive.
            let raise = if arriving(workload) < u128::from(required.get()) {
                ", or raise `rate_ops_per_ksec`".to_owned()
            } else {
                or_raise(Field::MaxAttempts, attempts.get() < Attempts::MAX)
            };
            format!("set `min_throughput_ops_per_sec` {limit}{raise}")
        }
        Conflict::Offered { most, .. } => {
            format!(
                "set `min_throughput_ops_per_sec` to {}, or raise `rate_ops_per_ksec`",
                at_most(*most)
            )
        }
        Conflict::Slots { slots, most, .. } => {
            let raise = or_raise(Field::MaxInFlight, slots.get() < MaxInFlight::MAX);
            format!("set `min_throughput_ops_per_sec` to {}{raise}", at_most(*most))
        }
        // An attempt never takes longer than `request_ms`, so the highest limit is always enough.
        Conflict::Latency { limit, service_us, .. } => {
            let unit = limit.unit();
            let least = unit.of_us((*service_us).min(LatencyLimit::MOST.us()));
            let key = conflict.limit().field().key_in(unit);
            format!("set `{key}` to at least {least}")
        }
        Conflict::Timeouts { request, least_bps, .. } => {
            let raise = or_raise(Field::RequestMs, request.get() < RequestMs::MAX);
            format!("set `max_timeout_rate_bps` to at least {least_bps}{raise}")
        }
        Conflict::Retries { least_bps, .. } => {
            format!("set `max_retry_rate_bps` to at least {least_bps}")
        }
    }
}

/// Returns the highest number of operations per second that can arrive in the window.
fn arriving(workload: &Workload) -> u128 {
    let (start, duration) = (workload.warmup_ms.get(), workload.duration_ms.get());
    1_000 * workload.most_arrivals(start, start + duration) / u128::from(duration)
}

/// Suggests raising a field that is below its maximum.
fn or_raise(field: Field, can_rise: bool) -> String {
    if can_rise { format!(", or raise `{}`", field.key()) } else { String::new() }
}

/// Formats a maximum: `at most 5`, or `0` for zero.
fn at_most(most: u128) -> String {
    if most == 0 { "0".to_owned() } else { format!("at most {most}") }
}
