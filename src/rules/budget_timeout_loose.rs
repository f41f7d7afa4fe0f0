//! Reports a budget that allows a high timeout rate.

use super::{BudgetView, Check, Field, Findings, Level, Lint, Parameter, Rule, rule};

pub(super) const LINT: Lint = Lint { rule: &RULE, check: Check::Budget(check) };

static RULE: Rule =
    rule!("budget-timeout-loose", Level::Warn, "a budget allows many attempts to time out")
        .parameters(&[&LIMIT]);

static LIMIT: Parameter = Parameter {
    name: "limit",
    default: 100,
    min: 0,
    max: 10_000,
    summary: "the highest limit of timeouts, in bps, that raises nothing",
};

fn check(view: &BudgetView<'_>, findings: &mut Findings) {
    let limit = view.configuration.parameter(&RULE, &LIMIT);
    let Some(timeouts) = view.budget.max_timeout_rate_bps else { return };
    if timeouts.get() > limit {
        let finding = RULE
            .finding(
                view.at(Field::MaxTimeoutRateBps),
                format!("{timeouts} of all attempts may time out"),
            )
            .help(format!("set `max_timeout_rate_bps` to {limit} or less"));
        findings.push(finding);
    }
}
