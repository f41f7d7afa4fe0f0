//! Reports a `base_backoff_ms` that is above `max_backoff_ms`.

use super::{Check, DriverView, Field, Level, Lint, Rule, RuleFindings, rule};
use crate::{finding::Finding, model::RetryPolicy};

pub(super) const LINT: Lint = Lint { rule: &RULE, check: Check::Driver(check) };

static RULE: Rule =
    rule!("retry-backoff-inverted", Level::Error, "`base_backoff_ms` is above `max_backoff_ms`")
        .supersedes(&["retry-backoff-shorter-than-latency"]);

fn check(view: &DriverView<'_>, findings: &mut RuleFindings) {
    let policy = &view.contract.retry_policy;
    if policy.base_backoff_ms > policy.max_backoff_ms {
        findings.push(backoff_inverted(view, policy));
    }
}

fn backoff_inverted(view: &DriverView<'_>, policy: &RetryPolicy) -> Finding {
    let (base, max) = (policy.base_backoff_ms.get(), policy.max_backoff_ms.get());
    let message = format!("`base_backoff_ms` ({base}) must be at most `max_backoff_ms` ({max})");
    let finding = RULE
        .finding(view.at(Field::BaseBackoffMs), message)
        .label("above the maximum")
        .also(view.at(Field::MaxBackoffMs), "no backoff is longer than this");
    let raise = format!("set `max_backoff_ms` to at least {base}");
    if max == 0 {
        return finding.help(raise);
    }
    finding.help(format!("{raise}, or `base_backoff_ms` to at most {max}, or swap the two"))
}
