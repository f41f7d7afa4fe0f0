//! Reports calls that together can take longer than their caller waits.

use std::cmp::Reverse;

use super::{
    CallsView, Check, Field, Level, Lint, Rule, RuleFindings, call_deadline_short,
    calls::MOST_NAMED, rule,
};
use crate::{
    finding::{DeclarationId, Finding},
    workspace::JoinedCall,
};

pub(super) const LINT: Lint = Lint { rule: &RULE, check: Check::Calls(check) };

static RULE: Rule = rule!(
    "call-sequence-long",
    Level::Info,
    "calls of one caller can together take longer than the caller waits"
);

fn check(view: &CallsView<'_>, findings: &mut RuleFindings) {
    let is_short_on = call_deadline_short::judges_time(view.configuration);
    for node in 0..view.ends.len() {
        let calls = view.graph.calls_of(u32::try_from(node).unwrap_or(u32::MAX));
        if calls.len() < 2 {
            continue;
        }
        let calls = calls.iter().filter_map(|call| view.calls.get(*call as usize));
        let calls: Vec<_> = calls.filter(|call| view.judges(call)).collect();
        findings.extend(finding(calls, is_short_on));
    }
}

/// Returns the longest time that the calls of one caller can take together, in milliseconds. Of all
/// parallel calls, only the longest is added.
fn total_ms(calls: &[&JoinedCall<'_>]) -> u64 {
    let of = |is_parallel| {
        let calls = calls.iter().filter(move |call| call.call.is_parallel() == is_parallel);
        calls.map(|call| call.worst_case_ms())
    };
    let in_sequence = of(false).fold(0, u64::saturating_add);
    in_sequence.saturating_add(of(true).max().unwrap_or(0))
}

/// Returns the finding about several calls of one caller. If `call-deadline-short` is on, leaves
/// out each call that takes too long on its own, because that rule reports the call.
fn finding(mut calls: Vec<&JoinedCall<'_>>, is_short_on: bool) -> Option<Finding> {
    let all = calls.len();
    if is_short_on {
        calls.retain(|call| !call.outlasts_caller());
    }
    let from = calls.first()?.from;
    let (total, waits) = (total_ms(&calls), from.attempt_ms());
    if calls.len() < 2 || total <= waits {
        return None;
    }
    let which = if calls.len() < all { " that fit alone" } else { "" };
    let key = from.attempt_field().key();
    let message = format!(
        "the calls of `{}`{which} can take {total} ms one after another, longer than `{key}` ({waits})",
        from.name()
    );
    let parts = calls.iter().map(|call| call.id().whole());
    let mut finding = RULE.finding(from.at_attempt(), message).with_parts(parts).at_most(total - waits).help(format!(
        "set `{key}` to at least {total}, lower the `deadline_ms` of the drivers, or make calls \
         `parallel`"
    ));
    finding = finding.concerning(calls.iter().flat_map(|call| {
        let driver = || DeclarationId::Driver(call.to.name.clone());
        [call.id().whole(), driver().whole(), driver().at(Field::RequestMs)]
    }));
    calls.sort_by_key(|call| (Reverse(call.worst_case_ms()), &call.call.to));
    for call in calls.iter().take(MOST_NAMED) {
        let label = format!("`{}` can take {} ms", call.call.to, call.worst_case_ms());
        finding = finding.also(call.at(Field::To), label);
    }
    Some(finding)
}
