//! Reports a budget that requires no throughput.

use super::{BudgetView, Check, Field, Level, Lint, Rule, RuleFindings, rule};

pub(super) const LINT: Lint = Lint { rule: &RULE, check: Check::Budget(check) };

static RULE: Rule = rule!("budget-throughput-zero", Level::Warn, "a budget requires no throughput");

fn check(view: &BudgetView<'_>, findings: &mut RuleFindings) {
    if view.budget.min_throughput_ops_per_sec.is_some_and(|floor| floor.get() == 0) {
        let finding = RULE
            .finding(view.at(Field::MinThroughputOpsPerSec), "a minimum of 0 ops/s has no effect")
            .help("set `min_throughput_ops_per_sec` to the lowest acceptable throughput");
        findings.push(finding);
    }
}
