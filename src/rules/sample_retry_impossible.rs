//! Reports a benchmark that has more retries than `max_attempts` allows.

use super::{BenchmarkView, Check, Field, Findings, Level, Lint, Rule, Subject, policy, rule};
use crate::{finding::Finding, model::DriverContract};

pub(super) const LINT: Lint = Lint { rule: &RULE, check: Check::Benchmark(check) };

static RULE: Rule = rule!(
    "sample-retry-impossible",
    Level::Error,
    "a benchmark has more retries than its contract allows"
);

fn check(view: &BenchmarkView<'_>, findings: &mut Findings) {
    let Some(contract) = view.contract else { return };
    if is_impossible(view, contract) {
        findings.push(retry_impossible(view, contract));
    }
}

/// Returns true if no run of the driver gives this share of retries.
///
/// Retries in a window can be of operations that began before it, so a high share shows something
/// only of a driver that never retries, or if all attempts of the same operations are counted, as
/// the simulator does.
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
            "{rate} of all attempts are retries, but a `max_attempts` of {attempts} allows no more \
             than {highest} bps"
        ),
    )
    .also(Subject::Driver(contract.name.clone()).at(Field::MaxAttempts), "the first one included")
    .help("count retries as a share of all attempts, and measure with this contract")
}
