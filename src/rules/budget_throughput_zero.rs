//! Reports a budget that requires no throughput.

use super::{BudgetView, Check, Field, Findings, Level, Lint, Rule, rule};

pub(super) const LINT: Lint = Lint { rule: &RULE, check: Check::Budget(check) };

static RULE: Rule =
    rule!("budget-throughput-zero", Level::Warn, "a budget asks for no throughput at all");

fn check(view: &BudgetView<'_>, findings: &mut Findings) {
    if view.budget.min_throughput_ops_per_sec.is_some_and(|floor| floor.get() == 0) {
        let finding = RULE
            .finding(view.at(Field::MinThroughputOpsPerSec), "no throughput is below 0 ops/s")
            .help("set `min_throughput_ops_per_sec` to the rate that is needed");
        findings.push(finding);
    }
}
