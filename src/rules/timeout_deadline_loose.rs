//! Reports a `request_ms` that is far above every p95 limit.

use super::{
    Check, DriverView, Field, Level, Lint, Parameter, Rule, RuleFindings, limit_at, policy, rule,
};
use crate::{finding::Finding, model::LatencyLimit};

pub(super) const LINT: Lint = Lint { rule: &RULE, check: Check::Driver(check) };

static RULE: Rule =
    rule!("timeout-deadline-loose", Level::Warn, "`request_ms` is far above every p95 limit")
        .parameters(&[&FACTOR]);

static FACTOR: Parameter = Parameter {
    name: "factor",
    default: 1_000,
    min: 2,
    max: 1_000_000,
    summary: "the maximum `request_ms`, as a multiple of the loosest p95 limit",
};

/// The `request_ms` that the help proposes, as a multiple of the loosest p95 limit.
const GOOD_FACTOR: u64 = 10;

fn check(view: &DriverView<'_>, findings: &mut RuleFindings) {
    let factor = view.configuration.parameter(&RULE, &FACTOR);
    let Some(loosest) = view.p95_limits().map(|limit| limit.value).max() else { return };
    let longest = times(factor, loosest).max(least(view));
    if view.contract.timeout_policy.request_ms.get() > longest {
        findings.push(deadline_loose(view, loosest, longest));
    }
}

/// Returns the minimum `request_ms` that other rules require.
fn least(view: &DriverView<'_>) -> u64 {
    policy::replica_lag_limit(view).unwrap_or(0)
}

/// Returns a multiple of a limit in milliseconds, rounded down. At least 1 ms, because no request
/// time is shorter.
fn times(factor: u64, limit: LatencyLimit) -> u64 {
    (factor * limit.us() / 1_000).max(1)
}

fn deadline_loose(view: &DriverView<'_>, loosest: LatencyLimit, longest: u64) -> Finding {
    let policy = &view.contract.timeout_policy;
    let factor = view.configuration.parameter(&RULE, &FACTOR);
    let message = format!(
        "`request_ms` ({}) must be at most {longest}, {factor} times the p95 limit of {loosest}",
        policy.request_ms.get()
    );
    let mut finding = RULE.finding(view.at(Field::RequestMs), message);
    for limit in view.p95_limits() {
        let label = format!("{factor} times this is {} ms", times(factor, limit.value));
        finding = finding.also(limit_at(&limit, Field::MaxP95LatencyMs), label);
    }
    let fitting = times(GOOD_FACTOR, loosest).max(2 * policy.connect_ms.get()).max(least(view));
    if fitting > longest {
        return finding.help(format!("set `request_ms` to at most {longest}"));
    }
    finding.help(format!(
        "set `request_ms` to about {fitting}, or check the unit of `{}`",
        Field::MaxP95LatencyMs.key_in(loosest.unit())
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn multiple_of_short_limit_is_at_least_one_millisecond() {
        let limit = |us| LatencyLimit::from_us(us).unwrap();
        assert_eq!(
            [(2, 499), (2, 500), (2, 1_499), (10, 700)]
                .map(|(factor, us)| times(factor, limit(us))),
            [1, 1, 2, 7]
        );
    }
}
