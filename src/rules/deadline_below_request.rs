//! Reports a `deadline_ms` that is below `request_ms`.

use super::{Check, DriverView, Field, Level, Lint, Rule, RuleFindings, rule};

pub(super) const LINT: Lint = Lint { rule: &RULE, check: Check::Driver(check) };

static RULE: Rule =
    rule!("deadline-below-request", Level::Error, "`deadline_ms` is below `request_ms`")
        .supersedes(&["deadline-cuts-retries"]);

fn check(view: &DriverView<'_>, findings: &mut RuleFindings) {
    let policy = &view.contract.timeout_policy;
    let Some(deadline) = policy.deadline_ms else { return };
    let (deadline, request) = (deadline.get(), policy.request_ms.get());
    if deadline >= request {
        return;
    }
    let message = format!("`deadline_ms` ({deadline}) must be at least `request_ms` ({request})");
    let finding = RULE
        .finding(view.at(Field::DeadlineMs), message)
        .label("every operation ends here")
        .also(view.at(Field::RequestMs), "this timeout never takes effect")
        .help(format!(
            "set `deadline_ms` to at least {request}, or `request_ms` to at most {deadline}"
        ));
    findings.push(finding);
}
