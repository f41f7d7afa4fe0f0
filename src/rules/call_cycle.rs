//! Reports drivers whose calls form a cycle.

use std::collections::BTreeSet;

use super::{CallsView, Check, Field, Level, Lint, Rule, RuleFindings, rule, run::IsNew};
use crate::{finding::Finding, workspace::JoinedCall};

pub(super) const LINT: Lint = Lint { rule: &RULE, check: Check::Calls(check) };

pub(super) static RULE: Rule = rule!("call-cycle", Level::Error, "calls of drivers form a cycle");

/// The maximum number of calls of a cycle that a message names.
const MOST_SHOWN: usize = 8;

fn check(view: &CallsView<'_>, findings: &mut RuleFindings) {
    let mut found: Vec<_> = view.cycles.iter().filter_map(|nodes| cycle(view, nodes)).collect();
    found.sort_by(|left, right| left.0.cmp(right.0));
    for (_, finding) in found {
        findings.push(finding);
    }
}

/// Returns true if the rule is on and its finding about a set of drivers is new.
pub(super) fn is_new(view: &CallsView<'_>, nodes: &[u32], is_new: &IsNew<'_>) -> bool {
    let is_on = view.configuration.holds_somewhere(&RULE);
    is_on && cycle(view, nodes).is_some_and(|(_, finding)| is_new(&finding))
}

/// Returns the finding about a set of drivers that call each other, and the first driver name of the
/// set. The finding shows a shortest cycle through that driver.
fn cycle<'v>(view: &'v CallsView<'_>, nodes: &[u32]) -> Option<(&'v str, Finding)> {
    let first = nodes.iter().copied().min_by_key(|node| view.name(*node))?;
    let by_name = |calls: &mut [u32]| {
        // Of two calls of one driver, the sequential call comes first.
        calls.sort_by_key(|call| {
            let call = &view.calls[*call as usize];
            (view.name(call.nodes[1]), call.call.is_parallel())
        });
    };
    let calls = view.graph.cycle_through(first, nodes, by_name);
    let calls: Vec<_> = calls.iter().filter_map(|call| view.calls.get(*call as usize)).collect();
    let nodes: BTreeSet<_> = nodes.iter().collect();
    let between = view.calls.iter().filter(|call| call.nodes.iter().all(|it| nodes.contains(it)));
    let between = between.map(JoinedCall::id);
    Some((view.name(first), finding(&calls)?.identified_by(between)))
}

fn finding(calls: &[&JoinedCall<'_>]) -> Option<Finding> {
    let (first, rest) = calls.split_first()?;
    let name = &first.call.from;
    if rest.is_empty() {
        let finding = RULE
            .finding(first.at(Field::To), format!("`{name}` calls itself"))
            .help("remove the call");
        return Some(finding);
    }
    let message = format!("calls form a cycle: `{name}` → {}", path(calls));
    let mut finding = RULE
        .finding(first.at(Field::To), message)
        .label(format!("`{name}` calls `{}`", first.call.to))
        .help("remove one of these calls");
    for call in rest.iter().take(MOST_SHOWN) {
        let label = format!("`{}` calls `{}`", call.call.from, call.call.to);
        finding = finding.also(call.at(Field::To), label);
    }
    Some(finding)
}

/// Returns the names of the drivers that are called. If the cycle is long, returns only the first
/// names and the last name.
fn path(calls: &[&JoinedCall<'_>]) -> String {
    let name = |call: &&JoinedCall<'_>| format!("`{}`", call.call.to);
    if calls.len() <= MOST_SHOWN {
        return calls.iter().map(name).collect::<Vec<_>>().join(" → ");
    }
    let shown = calls[..MOST_SHOWN - 1].iter().map(name).collect::<Vec<_>>().join(" → ");
    let left_out = calls.len() - MOST_SHOWN;
    let last = calls.last().map_or_else(String::new, name);
    format!("{shown} → … ({left_out} more) → {last}")
}
