//! Reports a driver that has a budget but no benchmark.

use super::{
    Check, DeclarationId, EvidenceView, Level, Lint, RequestedBy, Rule, RuleFindings, rule,
};
use crate::finding::Finding;

pub(super) const LINT: Lint = Lint { rule: &RULE, check: Check::Evidence(check) };

static RULE: Rule = rule!("sample-missing", Level::Error, "a driver has a budget but no benchmark");

fn check(view: &EvidenceView<'_>, findings: &mut RuleFindings) {
    if matches!(view.evidence.asked, RequestedBy::ToJudgeSimulated(_)) && has_workload(view) {
        return;
    }
    if view.is_limited() && view.counted_samples().next().is_none() && !view.unread {
        findings.push(without_sample(view));
    }
}

/// Returns true if the driver has a complete workload for the profile.
fn has_workload(view: &EvidenceView<'_>) -> bool {
    let workload = view.workspace.effective_workload(view.contract, view.profile);
    workload.is_some_and(|workload| workload.complete().is_some())
}

fn without_sample(view: &EvidenceView<'_>) -> Finding {
    let (name, profile) = (&view.contract.name, view.profile.label());
    let fault = match view.evidence.asked {
        RequestedBy::ToJudgeSimulated(_) => "no workload to simulate",
        RequestedBy::ToJudge | RequestedBy::ByProject if view.samples.is_empty() => "no benchmark",
        RequestedBy::ToJudge | RequestedBy::ByProject => "only simulated benchmarks",
    };
    let help = match view.evidence.asked {
        RequestedBy::ToJudgeSimulated(_) => {
            format!("declare `[workload.{profile}]` or a narrower scope")
        }
        RequestedBy::ToJudge | RequestedBy::ByProject => {
            format!("measure `{name}` and add a `[[benchmark]]` for `{profile}`")
        }
    };
    let finding = RULE
        .finding(view.driver(), format!("`{name}` has a budget for `{profile}` but {fault}"))
        .help(help);
    match view.budget {
        Some(budget) => {
            let budget = DeclarationId::budget(budget.narrowest);
            finding.about(budget.clone()).also(budget.whole(), "the budget")
        }
        None => finding,
    }
}
