//! Reports a benchmark that has more retries than `max_attempts` allows.

use super::{
    BenchmarkView, Check, DeclarationId, Field, Level, Lint, Rule, RuleFindings, policy, rule,
};
use crate::{finding::Finding, model::DriverContract};

pub(super) const LINT: Lint = Lint { rule: &RULE, check: Check::Benchmark(check) };

static RULE: Rule = rule!(
    "sample-retry-impossible",
    Level::Error,
    "a benchmark has more retries than `max_attempts` allows"
);

fn check(view: &BenchmarkView<'_>, findings: &mut RuleFindings) {
    let Some(contract) = view.contract else { return };
    if is_impossible(view, contract) {
        findings.push(retry_impossible(view, contract));
    }
}

/// Returns true if the driver cannot have this retry rate.
///
/// A measured window can include retries of operations that began before the window, so a measured
/// rate can be high. A high rate is impossible if the driver never retries. It is also impossible
/// if the benchmark counts all attempts of the same operations, as the simulator does.
fn is_impossible(view: &BenchmarkView<'_>, contract: &DriverContract) -> bool {
    let never = contract.retry_policy.max_attempts.get() == 1;
    (never || view.benchmark.is_simulated())
        && policy::has_too_many_retries(view.benchmark, contract)
}

fn retry_impossible(view: &BenchmarkView<'_>, contract: &DriverContract) -> Finding {
    let attempts = contract.retry_policy.max_attempts;
    let (rate, highest) = (view.benchmark.retry_rate_bps, policy::highest_retry_rate(attempts));
    RULE.finding(
        view.at(Field::RetryRateBps),
        format!(
            "the retry rate is {rate}, but a `max_attempts` of {attempts} allows at most \
             {highest} bps"
        ),
    )
    .also(
        DeclarationId::Driver(contract.name.clone()).at(Field::MaxAttempts),
        "includes the first attempt",
    )
    .help("record retries as a share of all attempts, measured with this contract")
}
