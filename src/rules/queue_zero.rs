//! A burst finds a place to wait.

use super::{Check, DriverView, Field, Findings, Level, Lint, Rule};

pub(super) const LINT: Lint = Lint { rule: &RULE, check: Check::Driver(check) };

static RULE: Rule = Rule {
    name: "queue-zero",
    level: Level::Info,
    summary: "no request may wait",
    docs: include_str!("docs/queue_zero.md"),
    parameters: &[],
    on: true,
    fixes: None,
};

fn check(view: &DriverView<'_>, findings: &mut Findings) {
    if view.contract.max_queue_depth.get() == 0 {
        let in_flight = view.contract.max_in_flight;
        let message =
            format!("with {in_flight} operations in flight, the next one is rejected at once");
        let finding = RULE
            .finding(view.at(Field::MaxQueueDepth), message)
            .label("no request may wait")
            .also(view.at(Field::MaxInFlight), "the places that are taken");
        findings.push(finding);
    }
}
