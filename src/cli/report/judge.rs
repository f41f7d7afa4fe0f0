//! Judges the benchmarks in the report.

use crate::{
    budget::{Confidence, judge, judge_runs},
    model::{Benchmark, EffectiveBudget},
    report::html::BudgetReview,
    simulate::Run,
    workspace::Workspace,
};

/// Judges a benchmark against its driver's effective budget, at the usual confidence. If this
/// command simulated the benchmark, judges the `runs` of the simulation. Returns no verdict if
/// there is no budget, or if the budget is incomplete.
pub(super) fn judgement(
    workspace: &Workspace,
    benchmark: &Benchmark,
    runs: &[Run],
) -> BudgetReview {
    let Some(contract) = workspace.driver(&benchmark.driver) else {
        return without_verdict(format!("no readable contract for `{}`", benchmark.driver));
    };
    let Some(effective) = workspace.effective_budget(contract, benchmark.profile) else {
        return without_verdict("no budget".to_owned());
    };
    let Some(budget) = effective.complete() else {
        return without_verdict(incomplete(&effective));
    };
    let judged = if runs.is_empty() {
        judge(benchmark, &budget, Some(contract), Confidence::USUAL)
    } else {
        judge_runs(runs, &budget, contract, Confidence::USUAL)
    };
    BudgetReview {
        verdict: Some(judged.verdict()),
        reason: judged.reason(),
        figures: judged.figures,
    }
}

fn incomplete(budget: &EffectiveBudget<'_>) -> String {
    let missing: Vec<_> = budget.missing().map(|limit| limit.field().key()).collect();
    format!("the budget lacks {}", missing.join(", "))
}

const fn without_verdict(reason: String) -> BudgetReview {
    BudgetReview { verdict: None, reason, figures: Vec::new() }
}
