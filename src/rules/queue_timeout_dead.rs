//! Reports a `queue_ms` that is not below `request_ms`.

use super::{Check, DriverView, Field, Level, Lint, Rule, RuleFindings, rule};

pub(super) const LINT: Lint = Lint { rule: &RULE, check: Check::Driver(check) };

static RULE: Rule =
    rule!("queue-timeout-dead", Level::Info, "`queue_ms` is not below `request_ms`");

fn check(view: &DriverView<'_>, findings: &mut RuleFindings) {
    let policy = &view.contract.timeout_policy;
    let Some(queue) = policy.queue_ms else { return };
    let (queue, request) = (queue.get(), policy.request_ms.get());
    if queue < request {
        return;
    }
    let message = format!("`queue_ms` ({queue}) must be below `request_ms` ({request})");
    let finding = RULE
        .finding(view.at(Field::QueueMs), message)
        .label("this limit never takes effect")
        .also(view.at(Field::RequestMs), "a waiting attempt times out first");
    let finding = match request {
        1 => finding.help("delete `queue_ms`"),
        _ => finding.help(format!("set `queue_ms` to at most {}, or delete it", request - 1)),
    };
    findings.push(finding);
}
