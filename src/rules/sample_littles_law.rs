//! Reports a benchmark that needs more concurrent requests than its contract allows.

use super::{
    BenchmarkView, Check, DeclarationId, Field, Level, Lint, Rule, RuleFindings, policy, rule,
};
use crate::{
    finding::Finding,
    model::{Benchmark, DriverContract, DurationMs},
};

pub(super) const LINT: Lint = Lint { rule: &RULE, check: Check::Benchmark(check) };

static RULE: Rule = rule!(
    "sample-littles-law",
    Level::Warn,
    "a benchmark needs more concurrent requests than its contract allows"
);

fn check(view: &BenchmarkView<'_>, findings: &mut RuleFindings) {
    let benchmark = view.benchmark;
    let Some((contract, duration)) = view.contract.zip(benchmark.duration_ms) else { return };
    // If the retry rate is impossible, the other figures say nothing about the slots.
    if policy::has_too_many_retries(benchmark, contract) {
        return;
    }
    let Some(needed) = needed_places(benchmark, contract, duration) else { return };
    if needed > places(contract).into() {
        findings.push(littles_law(view, contract, needed));
    }
}

fn places(contract: &DriverContract) -> u64 {
    contract.max_in_flight.get() + contract.max_queue_depth.get()
}

/// Returns the smallest number of concurrent requests that is consistent with the figures. Returns
/// `None` if the run was too short or every attempt is a retry.
///
/// At least half of the latencies are at or above the median, and at least a twentieth are at or
/// above p95. Rounding can have added up to 1 ms to each of these latencies. Backoffs take no slot.
/// The largest product has 111 bits, if all figures are at their maximum.
fn needed_places(
    benchmark: &Benchmark,
    contract: &DriverContract,
    duration: DurationMs,
) -> Option<u128> {
    let p50 = u128::from(benchmark.p50_latency.ms());
    let p95 = u128::from(benchmark.p95_latency.ms());
    let duration = u128::from(duration.get());
    let firsts = 10_000 - u128::from(benchmark.retry_rate_bps.get());
    if duration < 20 * p95 || firsts == 0 {
        return None;
    }
    let busy = (9 * p50.saturating_sub(1) + p95.saturating_sub(1)) * firsts;
    let held = busy.saturating_sub(20 * sleep(benchmark, contract, firsts));
    let throughput = u128::from(benchmark.throughput_ops_per_sec.get());
    Some((throughput * held * duration).div_ceil(20_000 * (duration + p95) * firsts))
}

/// Returns the longest mean backoff per operation, multiplied by the number of first attempts per
/// 10,000 attempts.
fn sleep(benchmark: &Benchmark, contract: &DriverContract, firsts: u128) -> u128 {
    let policy = &contract.retry_policy;
    let by_rate = policy.max_backoff_ms.get() * benchmark.retry_rate_bps.get();
    u128::from(by_rate).min(u128::from(policy.total_backoff_ms()) * firsts)
}

fn littles_law(view: &BenchmarkView<'_>, contract: &DriverContract, needed: u128) -> Finding {
    let driver = |field| DeclarationId::Driver(contract.name.clone()).at(field);
    let (flight, queue) = (contract.max_in_flight, contract.max_queue_depth);
    let (throughput, p50) = (view.benchmark.throughput_ops_per_sec, view.benchmark.p50_latency);
    RULE.finding(
        view.at(Field::ThroughputOpsPerSec),
        format!(
            "{throughput} at a median of {p50} requires {needed} concurrent requests, but the \
             contract allows {}",
            places(contract)
        ),
    )
    .also(view.at(Field::P50LatencyMs), "half of the requests take this long or longer")
    .also(driver(Field::MaxInFlight), format!("at most {flight} in flight"))
    .also(driver(Field::MaxQueueDepth), format!("at most {queue} in the queue"))
    .help("check the units of the figures, or measure again with this contract")
}
