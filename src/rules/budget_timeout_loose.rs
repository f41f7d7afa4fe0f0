//! Reports a budget that allows a high timeout rate.

use super::{
    BudgetView, Check, Field, Level, Lint, Parameter, Rule, RuleFindings, policy::with_percent,
    rule,
};

pub(super) const LINT: Lint = Lint { rule: &RULE, check: Check::Budget(check) };

static RULE: Rule =
    rule!("budget-timeout-loose", Level::Warn, "a budget allows a high timeout rate")
        .parameters(&[&LIMIT]);

static LIMIT: Parameter = Parameter {
    name: "limit",
    default: 100,
    min: 0,
    max: 10_000,
    summary: "the maximum `max_timeout_rate_bps`",
};

fn check(view: &BudgetView<'_>, findings: &mut RuleFindings) {
    let limit = view.configuration.parameter(&RULE, &LIMIT);
    let Some(timeouts) = view.budget.max_timeout_rate_bps else { return };
    if timeouts.get() > limit {
        let place = view.at(Field::MaxTimeoutRateBps);
        let (timeouts, most) = (with_percent(timeouts.get()), with_percent(limit));
        let finding = RULE
            .finding(place, format!("`max_timeout_rate_bps` is {timeouts}, above {most}"))
            .help(format!("set `max_timeout_rate_bps` to at most {limit}"));
        findings.push(finding);
    }
}
