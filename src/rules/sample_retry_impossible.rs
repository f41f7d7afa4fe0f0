//! A benchmark has no more retries than the contract's attempts allow.

use super::{BenchmarkView, Check, Field, Findings, Level, Lint, Rule, Subject, rule};
use crate::{
    finding::Finding,
    model::{Attempts, DriverContract},
};

pub(super) const LINT: Lint = Lint { rule: &RULE, check: Check::Benchmark(check) };

static RULE: Rule = rule!(
    "sample-retry-impossible",
    Level::Error,
    "a benchmark has more retries than its contract allows"
);

fn check(view: &BenchmarkView<'_>, findings: &mut Findings) {
    let Some(contract) = view.contract else { return };
    if reports(view, contract) {
        findings.push(retry_impossible(view, contract));
    }
}

/// Whether no run of the driver gives this share of retries, and this rule says so.
///
/// Retries in a window can be of operations that began before it, so a high share shows something
/// only of a driver that never retries, or if all attempts of the same operations are counted, as
/// the simulator does.
fn reports(view: &BenchmarkView<'_>, contract: &DriverContract) -> bool {
    let never = contract.retry_policy.max_attempts.get() == 1;
    (never || view.benchmark.is_simulated())
        && exceeds(view, contract)
        && view.configuration.level(&RULE).is_some()
}

/// Whether there are more retries than the operations of the benchmark can have made themselves.
pub(super) fn exceeds(view: &BenchmarkView<'_>, contract: &DriverContract) -> bool {
    view.benchmark.retry_rate_bps.get() > highest_rate(contract.retry_policy.max_attempts)
}

/// The share of retries when every operation uses all its attempts, in bps, rounded up as the
/// rate of a benchmark is.
const fn highest_rate(attempts: Attempts) -> u64 {
    (10_000 * (attempts.get() - 1)).div_ceil(attempts.get())
}

fn retry_impossible(view: &BenchmarkView<'_>, contract: &DriverContract) -> Finding {
    let attempts = contract.retry_policy.max_attempts;
    let (rate, highest) = (view.benchmark.retry_rate_bps, highest_rate(attempts));
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
