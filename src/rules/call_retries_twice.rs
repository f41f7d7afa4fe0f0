//! Reports a driver that retries and has a caller that also retries.

use std::cmp::Reverse;

use super::{CallsView, Check, Field, Level, Lint, Rule, RuleFindings, calls::MOST_NAMED, rule};
use crate::{
    finding::{DeclarationId, Finding},
    workspace::{CallEnd, JoinedCall},
};

pub(super) const LINT: Lint = Lint { rule: &RULE, check: Check::Calls(check) };

static RULE: Rule =
    rule!("call-retries-twice", Level::Info, "a driver and one of its callers both retry");

fn check(view: &CallsView<'_>, findings: &mut RuleFindings) {
    let retry = |call: &&JoinedCall<'_>| {
        call.from.max_attempts() > 1 && call.to.retry_policy.max_attempts.get() > 1
    };
    let mut calls: Vec<_> = view.judged().filter(retry).collect();
    let callee = |call: &&JoinedCall<'_>| call.nodes[1];
    calls.sort_by_key(callee);
    for calls in calls.chunk_by_mut(|left, right| callee(left) == callee(right)) {
        calls.sort_by_key(|call| (Reverse(call.from.max_attempts()), call.from.name()));
        let mut callers: Vec<CallEnd<'_>> = calls.iter().map(|call| call.from).collect();
        callers.dedup_by(|left, right| left.name() == right.name());
        findings.extend(finding(calls[0], &callers));
    }
}

/// Returns the finding about a driver that is called by `callers`, which all retry. The first
/// caller makes the most attempts.
fn finding(call: &JoinedCall<'_>, callers: &[CallEnd<'_>]) -> Option<Finding> {
    let (first, to) = (callers.first()?, call.to);
    let (name, attempts) = (&to.name, to.retry_policy.max_attempts.get());
    let product = first.max_attempts() * attempts;
    let message = match callers.len() - 1 {
        0 => format!(
            "`{}` and `{name}` both retry, so one operation can become {product} attempts",
            first.name()
        ),
        1 => format!(
            "`{}` and 1 more caller of `{name}` retry too, so one operation can become {product} \
             attempts",
            first.name()
        ),
        others => format!(
            "`{}` and {others} more callers of `{name}` retry too, so one operation can become \
             {product} attempts",
            first.name()
        ),
    };
    let place = DeclarationId::Driver(name.clone()).at(Field::MaxAttempts);
    let mut finding = RULE
        .finding(place, message)
        .label(format!("`{name}` makes up to {attempts} attempts"))
        .help(format!("set `max_attempts` of `{name}` or of its callers to 1"));
    finding = finding.concerning(callers.iter().map(|caller| caller.at_attempts()));
    for caller in callers.iter().take(MOST_NAMED) {
        let label = format!("`{}` makes up to {} attempts", caller.name(), caller.max_attempts());
        finding = finding.also(caller.at_attempts(), label);
    }
    Some(finding)
}
