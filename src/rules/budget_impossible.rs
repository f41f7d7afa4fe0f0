//! A workload leaves room for the budget that it is measured by.

use super::{Check, DriverView, Field, Findings, Level, Lint, Rule, Subject};
use crate::{
    feasibility::{Conflict, Feasibility},
    finding::Finding,
    model::{EffectiveBudget, EffectiveWorkload},
};

pub(super) const LINT: Lint = Lint { rule: &RULE, check: Check::Driver(check) };

static RULE: Rule = Rule {
    name: "budget-impossible",
    level: Level::Error,
    summary: "a workload makes a limit of its budget impossible to keep",
    docs: include_str!("docs/budget_impossible.md"),
    parameters: &[],
    on: true,
    fixes: None,
};

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
    let mut finding = RULE.finding(place, message).help(repair(conflict));
    for (field, label) in causes(conflict) {
        let declared = workload.source(*field);
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

fn repair(conflict: &Conflict) -> String {
    match conflict {
        Conflict::Offered { most, failing: true, .. } => {
            format!("set `min_throughput_ops_per_sec` below {most}, or raise `max_attempts`")
        }
        Conflict::Offered { most, .. } => {
            format!("set `min_throughput_ops_per_sec` to {most} or less, or raise the rate")
        }
        Conflict::Places { most, .. } => {
            format!("set `min_throughput_ops_per_sec` to {most} or less, or raise `max_in_flight`")
        }
        Conflict::Latency { service_us, .. } => {
            format!("set `max_p95_latency_ms` to {} or more", service_us.div_ceil(1_000))
        }
        Conflict::Timeouts { least_bps, .. } => {
            format!("set `max_timeout_rate_bps` to {least_bps} or more, or raise `request_ms`")
        }
        Conflict::Retries { least_bps, .. } => {
            format!("set `max_retry_rate_bps` to {least_bps} or more")
        }
    }
}
