//! Reports a budget that allows a high retry rate.

use super::{
    BudgetView, Check, Field, Level, Lint, Parameter, Rule, RuleFindings, policy::with_percent,
    rule,
};

pub(super) const LINT: Lint = Lint { rule: &RULE, check: Check::Budget(check) };

static RULE: Rule = rule!("budget-retry-loose", Level::Warn, "a budget allows a high retry rate")
    .parameters(&[&LIMIT])
    .supersedes(&["budget-retry-dead"]);

static LIMIT: Parameter = Parameter {
    name: "limit",
    default: 1_000,
    min: 0,
    max: 10_000,
    summary: "the maximum `max_retry_rate_bps`",
};

fn check(view: &BudgetView<'_>, findings: &mut RuleFindings) {
    let limit = view.configuration.parameter(&RULE, &LIMIT);
    let Some(retries) = view.budget.max_retry_rate_bps else { return };
    if retries.get() > limit {
        let place = view.at(Field::MaxRetryRateBps);
        let (retries, most) = (with_percent(retries.get()), with_percent(limit));
        let finding = RULE
            .finding(place, format!("`max_retry_rate_bps` is {retries}, above {most}"))
            .help(format!("set `max_retry_rate_bps` to at most {limit}"));
        findings.push(finding);
    }
}
