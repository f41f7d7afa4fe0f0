//! Writes simulation results as JSON.
//!
//! The types mirror the documented schema. Change them only together with [`SCHEMA_VERSION`].

use std::io::{self, Write};

use serde::{Serialize, Serializer};

use super::{BenchEntry, BenchResults};
use crate::{
    budget::{Comparison, Figure},
    model::{
        BasisPoints, Benchmark, BenchmarkProfile, Budget, DriverName, LatencyLimit, OpsPerSec,
    },
    report::{json_text::pretty, record::Object},
    signature::driver_digest,
    simulate,
};

const SCHEMA_VERSION: u32 = 2;

#[derive(Serialize)]
struct Report<'a> {
    schema_version: u32,
    simulated: bool,
    changes: Vec<Change<'a>>,
    results: Vec<Pair<'a>>,
}

#[derive(Serialize)]
struct Change<'a> {
    path: &'a str,
    before: &'a str,
    after: &'a str,
}

#[derive(Serialize)]
struct Pair<'a> {
    driver: &'a DriverName,
    profile: BenchmarkProfile,
    contract: String,
    budget: Option<BudgetJson>,
    #[serde(skip_serializing_if = "Option::is_none")]
    before: Option<Side<'a>>,
    result: Side<'a>,
}

#[derive(Serialize)]
struct BudgetJson {
    profile: BenchmarkProfile,
    max_p95_latency_ms: u64,
    max_p95_latency_us: u64,
    max_timeout_rate_bps: BasisPoints,
    max_retry_rate_bps: BasisPoints,
    min_throughput_ops_per_sec: OpsPerSec,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_p99_latency_ms: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_p99_latency_us: Option<u64>,
}

impl From<Budget> for BudgetJson {
    fn from(budget: Budget) -> Self {
        Self {
            profile: budget.profile,
            max_p95_latency_ms: budget.max_p95_latency.ms(),
            max_p95_latency_us: budget.max_p95_latency.us(),
            max_timeout_rate_bps: budget.max_timeout_rate_bps,
            max_retry_rate_bps: budget.max_retry_rate_bps,
            min_throughput_ops_per_sec: budget.min_throughput_ops_per_sec,
            max_p99_latency_ms: budget.max_p99_latency.map(LatencyLimit::ms),
            max_p99_latency_us: budget.max_p99_latency.map(LatencyLimit::us),
        }
    }
}

/// A benchmark with the keys of documents, and with its latencies in both units.
struct BenchmarkJson(Benchmark);

impl Serialize for BenchmarkJson {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Object(&self.0).serialize(serializer)
    }
}

#[derive(Serialize)]
struct Side<'a> {
    error: Option<String>,
    benchmark: Option<BenchmarkJson>,
    figures: Vec<FigureJson>,
    runs: Vec<Run<'a>>,
}

#[derive(Serialize)]
struct FigureJson {
    figure: &'static str,
    unit: &'static str,
    value: u64,
    at_most: Option<u64>,
    at_least: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    value_us: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    at_most_us: Option<u64>,
    holds: bool,
    headroom_percent: Option<u64>,
}

#[derive(Serialize)]
struct Run<'a> {
    seed: u64,
    offered: u64,
    attempts: u64,
    retries: u64,
    timeouts: u64,
    /// The number of timeouts in the queue of the driver, included in `timeouts`.
    timeouts_queue: u64,
    /// The number of timeouts in the queue of the server, included in `timeouts`.
    timeouts_server: u64,
    errors: u64,
    rejected: u64,
    /// The number of requests that were rejected after `queue_ms`, included in `rejected`.
    rejected_wait: u64,
    failed: u64,
    /// The number of operations that failed because no retry could start before `deadline_ms`,
    /// included in `failed`.
    deadline_failed: u64,
    /// The number of operations that failed because the retry budget was used up, included in
    /// `failed`.
    budget_failed: u64,
    succeeded: u64,
    succeeded_in_window: u64,
    p50_us: Option<u64>,
    p95_us: Option<u64>,
    p95_upper_us: Option<u64>,
    #[serde(rename = "run_times_needed")]
    times_needed: Option<u64>,
    p99_us: Option<u64>,
    p99_upper_us: Option<u64>,
    mean_us: Option<u64>,
    percentiles_us: &'a [u64],
    timeout_rate_bps: u64,
    retry_rate_bps: u64,
    reject_rate_bps: u64,
    failure_rate_bps: u64,
    throughput_ops_per_ksec: u64,
    utilisation_ppm: u64,
    mean_queue_milli: u64,
    max_queue: u64,
    goodput_bps: u64,
    /// The number of attempts on which the server finished its work in the window.
    server_done: u64,
    /// The number of those attempts that had timed out.
    server_wasted: u64,
    server_utilisation_ppm: Option<u64>,
    server_running_milli: u64,
    server_mean_queue_milli: u64,
    server_max_queue: u64,
    server_abandoned_ppm: u64,
    before_offered: Option<u64>,
    before_good: Option<u64>,
    quarter_offered: u64,
    quarter_good: u64,
    healthy_before: Option<bool>,
    recovers: Option<bool>,
}

pub(super) fn write(results: &BenchResults<'_>, out: &mut dyn Write) -> io::Result<()> {
    let changes = results.changes.iter();
    let report = Report {
        schema_version: SCHEMA_VERSION,
        simulated: true,
        changes: changes
            .map(|change| Change {
                path: &change.path,
                before: &change.before,
                after: &change.after,
            })
            .collect(),
        results: results.entries.iter().map(pair).collect(),
    };
    writeln!(out, "{}", pretty(&report)?)
}

fn pair<'a>(entry: &BenchEntry<'a>) -> Pair<'a> {
    let contract = &entry.simulation.contract;
    Pair {
        driver: &contract.name,
        profile: entry.simulation.workload.profile,
        contract: driver_digest(contract).to_string(),
        budget: entry.budget.map(BudgetJson::from),
        before: entry.before.map(|before| side(entry, before)),
        result: side(entry, entry.result),
    }
}

fn side<'a>(entry: &BenchEntry<'_>, side: super::BenchSide<'a>) -> Side<'a> {
    let compared = |figure| entry.comparison(side.simulated()?, figure).map(limited);
    Side {
        error: side.error(),
        benchmark: entry.benchmark(side).map(BenchmarkJson),
        figures: Figure::ALL.into_iter().filter_map(compared).collect(),
        runs: side.runs().iter().map(run).collect(),
    }
}

fn limited(comparison: Comparison) -> FigureJson {
    let Comparison { figure, value, limit, latency_unit: _ } = comparison;
    let plain = comparison.plain(limit);
    FigureJson {
        figure: figure.label(),
        unit: figure.unit(),
        value: comparison.plain(value),
        at_most: (!figure.is_floor()).then_some(plain),
        at_least: figure.is_floor().then_some(plain),
        value_us: comparison.micros(value),
        at_most_us: comparison.micros(limit),
        holds: comparison.holds(),
        headroom_percent: comparison.headroom_percent(),
    }
}

fn run(run: &simulate::Run) -> Run<'_> {
    let (counts, latency) = (&run.counts, run.latency.as_ref());
    Run {
        seed: run.seed.get(),
        offered: counts.offered,
        attempts: counts.attempts,
        retries: counts.retries,
        timeouts: counts.timeouts,
        timeouts_queue: counts.queue_timeouts,
        timeouts_server: counts.server_timeouts,
        errors: counts.errors,
        rejected: counts.rejected,
        rejected_wait: counts.rejected_waits,
        failed: counts.failed(),
        deadline_failed: counts.deadline_failures,
        budget_failed: counts.budget_failures,
        succeeded: counts.succeeded,
        succeeded_in_window: counts.succeeded_in_window,
        p50_us: latency.map(|latency| latency.p50_us),
        p95_us: latency.map(|latency| latency.p95_us),
        p95_upper_us: latency.and_then(|latency| latency.p95_upper_us),
        times_needed: latency.and_then(|latency| latency.longer_run),
        p99_us: latency.map(|latency| latency.p99_us),
        p99_upper_us: latency.and_then(|latency| latency.p99_upper_us),
        mean_us: latency.map(|latency| latency.mean_us),
        percentiles_us: latency.map_or(&[], |latency| &latency.percentiles_us),
        timeout_rate_bps: run.timeout_rate_bps(),
        retry_rate_bps: run.retry_rate_bps(),
        reject_rate_bps: run.reject_rate_bps(),
        failure_rate_bps: run.failure_rate_bps(),
        throughput_ops_per_ksec: run.throughput_ops_per_ksec(),
        utilisation_ppm: run.utilisation_ppm(),
        mean_queue_milli: run.mean_queue_milli(),
        max_queue: counts.max_queue,
        goodput_bps: run.goodput_bps(),
        server_done: counts.server_done,
        server_wasted: counts.server_wasted,
        server_utilisation_ppm: run.server_utilisation_ppm(),
        server_running_milli: run.server_running_milli(),
        server_mean_queue_milli: run.server_mean_queue_milli(),
        server_max_queue: counts.max_server_queue,
        server_abandoned_ppm: run.server_abandoned_ppm(),
        before_offered: run.has_trigger.then_some(counts.before_offered),
        before_good: run.has_trigger.then_some(counts.before_succeeded),
        quarter_offered: counts.quarter_offered,
        quarter_good: counts.quarter_succeeded,
        healthy_before: run.is_healthy_before(),
        recovers: run.recovers(),
    }
}
