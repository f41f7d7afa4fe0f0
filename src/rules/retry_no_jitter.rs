//! Reports a driver that retries without jitter.

use super::{Check, DriverView, Field, Level, Lint, Rule, RuleFindings, Safety, policy, rule};
use crate::finding::{EditAction, Finding};

pub(super) const LINT: Lint = Lint { rule: &RULE, check: Check::Driver(check) };

static RULE: Rule = rule!("retry-no-jitter", Level::Error, "a driver retries without jitter")
    .fixes(Safety::Unsafe)
    .supersedes(&["retry-jitter-low"]);

fn check(view: &DriverView<'_>, findings: &mut RuleFindings) {
    // A backoff of 0 has no time to randomise; `retry-backoff-zero` reports it.
    let waits = view.contract.retry_policy.base_backoff_ms.get() > 0;
    if waits && policy::lacks_jitter(view) {
        findings.push(no_jitter(view));
    }
}

fn no_jitter(view: &DriverView<'_>) -> Finding {
    let in_flight = view.in_flight();
    let fitting = policy::default_jitter(view.class());
    let place = view.at(Field::JitterPercent);
    let message = format!("up to {in_flight} operations that fail together retry together");
    let finding = RULE.finding(place.clone(), message).label("every backoff has the same length");
    policy::with_in_flight(finding, view)
        .help(format!("set `jitter_percent` to {fitting}"))
        .suggest(place, EditAction::Integer(fitting))
}
