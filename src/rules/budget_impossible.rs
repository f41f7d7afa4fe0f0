//! Reports a workload that makes one of its budget's limits impossible to meet.

use super::{Check, DriverView, Field, Findings, Level, Lint, Rule, Subject, rule};
use crate::{
    feasibility::{Conflict, Feasibility},
    finding::Finding,
    model::{
        Attempts, DriverContract, EffectiveBudget, EffectiveWorkload, MaxInFlight, MaxP95LatencyMs,
        RequestMs, Workload,
    },
};

pub(super) const LINT: Lint = Lint { rule: &RULE, check: Check::Driver(check) };

static RULE: Rule = rule!(
    "budget-impossible",
    Level::Error,
    "a workload makes a limit of its budget impossible to keep"
);

/// A budget with the workload of its profile.
type Pair<'w> = (&'w EffectiveBudget<'w>, &'w EffectiveWorkload<'w>);

fn check(view: &DriverView<'_>, findings: &mut Findings) {
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
    let place = Subject::budget(budget.source(limit)?).at(limit.field());
    let (driver, profile) = (&view.contract.name, budget.profile.label());
    let message = format!("`{driver}` cannot keep this under `{profile}`: {conflict}");
    let repair = repair(view.contract, &workload.complete()?, conflict);
    let mut finding = RULE.finding(place, message).help(repair);
    for (field, label) in causes(conflict) {
        let declared = workload.origin(*field);
        let cause = declared.map(|declared| Subject::workload(declared).at(*field));
        finding = finding.also(cause.unwrap_or_else(|| view.at(*field)), *label);
    }
    Some(finding)
}

/// The fields of the workload, and of the contract, that leave no room for a limit.
fn causes(conflict: &Conflict) -> &'static [(Field, &'static str)] {
    match conflict {
        Conflict::Offered { failing: true, .. } => &[
            (Field::RateOpsPerKsec, "what arrives outside of bursts"),
            (Field::ErrorBps, "each of these attempts fails fast"),
            (Field::MaxAttempts, "an operation fails for good after so many"),
        ],
        Conflict::Offered { .. } => &[(Field::RateOpsPerKsec, "what arrives outside of bursts")],
        Conflict::Places { .. } => &[
            (Field::MaxInFlight, "the places in flight"),
            (Field::Operation, "how long they are taken"),
        ],
        Conflict::Latency { .. } => &[(Field::Operation, "how long the service takes")],
        Conflict::Timeouts { .. } => &[
            (Field::RequestMs, "attempts end here"),
            (Field::Operation, "how long they are served"),
        ],
        Conflict::Retries { .. } => &[
            (Field::ErrorBps, "each of these fails fast"),
            (Field::MaxAttempts, "and is tried again"),
        ],
    }
}

/// The values that resolve a conflict, each within the range of its key.
fn repair(contract: &DriverContract, workload: &Workload, conflict: &Conflict) -> String {
    let attempts = contract.retry_policy.max_attempts;
    match conflict {
        Conflict::Offered { required, most, failing: true } => {
            let limit = if *most == 0 { "to 0".to_owned() } else { format!("below {most}") };
            // More attempts lose fewer operations, but bring no more.
            let raise = if arriving(workload) < u128::from(required.get()) {
                ", or raise the rate".to_owned()
            } else {
                or_raise(Field::MaxAttempts, attempts.get() < Attempts::MAX)
            };
            format!("set `min_throughput_ops_per_sec` {limit}{raise}")
        }
        Conflict::Offered { most, .. } => {
            format!("set `min_throughput_ops_per_sec` to {}, or raise the rate", at_most(*most))
        }
        Conflict::Places { places, most, .. } => {
            let raise = or_raise(Field::MaxInFlight, places.get() < MaxInFlight::MAX);
            format!("set `min_throughput_ops_per_sec` to {}{raise}", at_most(*most))
        }
        // No attempt lasts longer than `request_ms`, so the greatest limit is enough.
        Conflict::Latency { service_us, .. } => {
            let least = service_us.div_ceil(1_000).min(MaxP95LatencyMs::MAX);
            format!("set `max_p95_latency_ms` to {least} or more")
        }
        Conflict::Timeouts { request, least_bps, .. } => {
            let raise = or_raise(Field::RequestMs, request.get() < RequestMs::MAX);
            format!("set `max_timeout_rate_bps` to {least_bps} or more{raise}")
        }
        Conflict::Retries { least_bps, .. } => {
            format!("set `max_retry_rate_bps` to {least_bps} or more")
        }
    }
}

/// The operations a second that arrive in the window at most.
fn arriving(workload: &Workload) -> u128 {
    let (start, duration) = (workload.warmup_ms.get(), workload.duration_ms.get());
    1_000 * workload.most_arrivals(start, start + duration) / u128::from(duration)
}

/// The other way out, if the field is not at its greatest value.
fn or_raise(field: Field, can_rise: bool) -> String {
    if can_rise { format!(", or raise `{}`", field.key()) } else { String::new() }
}

/// A number and what is below it, if anything can be.
fn at_most(most: u128) -> String {
    if most == 0 { "0".to_owned() } else { format!("{most} or less") }
}
