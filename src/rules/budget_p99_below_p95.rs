//! Reports a p99 limit that is below the p95 limit of the same budget.

use std::collections::BTreeSet;

use super::{
    Check, DeclarationId, DriverSelection, DriverView, DriversView, Field, Level, Lint, Rule,
    RuleFindings, limit_at, rule,
};
use crate::{
    finding::Finding,
    model::{DeclaredBudget, DriverContract, EffectiveBudget, LatencyLimit, ScopedValue},
};

pub(super) const LINT: Lint =
    Lint { rule: &RULE, check: Check::Drivers(DriverSelection::Each(is_concerned), check) };

static RULE: Rule = rule!(
    "budget-p99-below-p95",
    Level::Error,
    "a p99 limit is below the p95 limit of the same budget"
);

type Limit<'b> = ScopedValue<'b, LatencyLimit>;

fn check(view: &DriversView<'_>, findings: &mut RuleFindings) {
    // A table that is wrong by itself is reported even if no driver has it. Limits that several
    // drivers share are reported once.
    let mut seen = BTreeSet::new();
    for budget in view.workspace.budgets() {
        if let Some([p99, p95]) = inverted(own_limits(budget)) {
            seen.insert((budget.profile, &budget.scope, &budget.scope));
            findings.push(p99_below_p95(None, &p99, &p95));
        }
    }
    for contract in view.drivers {
        for profile in view.workspace.profiles() {
            let budget = view.workspace.applying_budget(contract, profile);
            let limits = budget.as_ref().and_then(limits);
            let Some([p99, p95]) = inverted(limits) else { continue };
            if seen.insert((profile, &p99.set_by.scope, &p95.set_by.scope)) {
                findings.push(p99_below_p95(Some(contract), &p99, &p95));
            }
        }
    }
}

fn is_concerned(view: &DriverView<'_>) -> bool {
    view.budgets.iter().any(|budget| inverted(limits(budget)).is_some())
}

/// Returns the p99 and p95 limits of a driver, if both are set.
fn limits<'b>(budget: &EffectiveBudget<'b>) -> Option<[Limit<'b>; 2]> {
    budget.max_p99_latency.zip(budget.max_p95_latency).map(<[_; 2]>::from)
}

/// Returns the p99 and p95 limits of one scope, if the scope sets both limits.
fn own_limits(budget: &DeclaredBudget) -> Option<[Limit<'_>; 2]> {
    let limits = budget.max_p99_latency.zip(budget.max_p95_latency);
    limits.map(|(p99, p95)| [p99, p95].map(|value| ScopedValue { value, set_by: budget }))
}

fn inverted(limits: Option<[Limit<'_>; 2]>) -> Option<[Limit<'_>; 2]> {
    limits.filter(|[p99, p95]| p99.value < p95.value)
}

/// Returns the help text: the lowest p99 limit, in the unit of the current limit.
fn set_at_least(p99: &Limit<'_>, p95: &Limit<'_>) -> String {
    let unit = p99.value.unit();
    let key = Field::MaxP99LatencyMs.key_in(unit);
    format!("set `{key}` to at least {}", p95.value.stated_in(unit).number())
}

fn p99_below_p95(contract: Option<&DriverContract>, p99: &Limit<'_>, p95: &Limit<'_>) -> Finding {
    let message =
        format!("the p99 limit ({}) must be at least the p95 limit ({})", p99.value, p95.value);
    let finding = RULE
        .finding(limit_at(p99, Field::MaxP99LatencyMs), message)
        .about(DeclarationId::budget(p95.set_by))
        .also(limit_at(p95, Field::MaxP95LatencyMs), "the p95 limit")
        .help(set_at_least(p99, p95));
    match contract.filter(|_| p99.set_by.scope != p95.set_by.scope) {
        Some(contract) => {
            let place = DeclarationId::Driver(contract.name.clone()).whole();
            finding.also(place, format!("both limits apply to `{}`", contract.name))
        }
        None => finding,
    }
}
