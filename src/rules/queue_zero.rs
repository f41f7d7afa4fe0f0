//! Reports a `max_queue_depth` of 0, with which no request can wait for a slot.

use super::{Check, DriverView, Field, Level, Lint, Rule, RuleFindings, policy, rule};

pub(super) const LINT: Lint = Lint { rule: &RULE, check: Check::Driver(check) };

static RULE: Rule =
    rule!("queue-zero", Level::Info, "`max_queue_depth` is 0, so no request can wait for a slot");

fn check(view: &DriverView<'_>, findings: &mut RuleFindings) {
    // Without a limit there is always a slot.
    if view.contract.max_queue_depth.get() == 0 && !policy::is_unbounded(view) {
        let message = match view.contract.max_in_flight.get() {
            1 => "the driver rejects each request that finds the only slot busy".to_owned(),
            slots => format!("the driver rejects each request that finds all {slots} slots busy"),
        };
        let finding = RULE
            .finding(view.at(Field::MaxQueueDepth), message)
            .label("no request can wait")
            .also(view.at(Field::MaxInFlight), "the number of slots");
        findings.push(finding);
    }
}
