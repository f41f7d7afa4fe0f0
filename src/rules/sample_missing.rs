//! Reports a driver that has a budget but no benchmark.

use super::{Asked, Check, EvidenceView, Findings, Level, Lint, Rule, Subject, rule};
use crate::finding::Finding;

pub(super) const LINT: Lint = Lint { rule: &RULE, check: Check::Evidence(check) };

static RULE: Rule = rule!(
    "sample-missing",
    Level::Error,
    "a driver has a budget and no sample that it can be held to"
);

fn check(view: &EvidenceView<'_>, findings: &mut Findings) {
    if matches!(view.evidence.asked, Asked::ToJudgeSimulated(_)) && has_workload(view) {
        return;
    }
    if view.is_limited() && view.counted_samples().next().is_none() && !view.unread {
        findings.push(without_sample(view));
    }
}

/// Whether there is something to simulate, whatever it comes to.
fn has_workload(view: &EvidenceView<'_>) -> bool {
    let workload = view.workspace.effective_workload(view.contract, view.profile);
    workload.is_some_and(|workload| workload.complete().is_some())
}

fn without_sample(view: &EvidenceView<'_>) -> Finding {
    let (name, profile) = (&view.contract.name, view.profile.label());
    let fault = match view.evidence.asked {
        Asked::ToJudgeSimulated(_) => "no workload to simulate",
        Asked::ToJudge | Asked::ByProject if view.samples.is_empty() => "no sample",
        Asked::ToJudge | Asked::ByProject => "only simulated samples",
    };
    let help = match view.evidence.asked {
        Asked::ToJudgeSimulated(_) => {
            format!("declare `[workload.{profile}]`, or a narrower scope of it")
        }
        Asked::ToJudge | Asked::ByProject => {
            format!("measure `{name}`, and record the sample as `[[benchmark]]`")
        }
    };
    let finding = RULE
        .finding(view.driver(), format!("`{name}` has a budget for `{profile}` and {fault}"))
        .help(help);
    match view.budget {
        Some(budget) => finding.also(Subject::budget(budget.narrowest).whole(), "the budget"),
        None => finding,
    }
}
