//! Reports a budget that allows a high retry rate.

use super::{BudgetView, Check, Field, Findings, Level, Lint, Parameter, Rule, rule};

pub(super) const LINT: Lint = Lint { rule: &RULE, check: Check::Budget(check) };

static RULE: Rule =
    rule!("budget-retry-loose", Level::Warn, "a budget allows many attempts to be retries")
        .parameters(&[&LIMIT])
        .supersedes(&["budget-retry-dead"]);

static LIMIT: Parameter = Parameter {
    name: "limit",
    default: 1_000,
    min: 0,
    max: 10_000,
    summary: "the highest limit of retries, in bps, that raises nothing",
};

fn check(view: &BudgetView<'_>, findings: &mut Findings) {
    let limit = view.configuration.parameter(&RULE, &LIMIT);
    let Some(retries) = view.budget.max_retry_rate_bps else { return };
    if retries.get() > limit {
        let place = view.at(Field::MaxRetryRateBps);
        let finding = RULE
            .finding(place, format!("{retries} of all attempts may be retries"))
            .help(format!("set `max_retry_rate_bps` to {limit} or less"));
        findings.push(finding);
    }
}
