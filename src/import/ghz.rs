//! `ghz --format json`; times in nanoseconds.
//!
//! Failed calls are not in the percentiles unless `--count-errors` was given. `details` has the
//! latency of each call, up to a million of them.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use serde::Deserialize;

use super::{
    Given,
    error::Refusal,
    given::TimeUnit,
    http::failed_among,
    json::{self, Figure},
    number::{bounded, latency, part, throughput},
    run::{Percentiles, Run, ranked},
};
use crate::model::LatencyMs;

const SUCCESS: &str = "OK";
const TIMEOUT: &str = "DeadlineExceeded";

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Report {
    count: u64,
    total: u64,
    rps: Figure,
    status_code_distribution: BTreeMap<String, u64>,
    // Without a successful call there is none.
    latency_distribution: Option<Vec<Point>>,
    details: Option<Vec<Call>>,
    options: Option<Options>,
}

#[derive(Deserialize)]
struct Point {
    percentage: u64,
    latency: Figure,
}

#[derive(Deserialize)]
struct Call {
    latency: u64,
    status: String,
}

#[derive(Deserialize)]
struct Options {
    #[serde(default, rename = "count-errors")]
    count_errors: bool,
}

pub(super) fn run(bytes: &[u8], given: &mut Given) -> Result<Run, Refusal> {
    let report: Report = json::read(bytes)?;
    let number = |status: &str| report.status_code_distribution.get(status).copied().unwrap_or(0);
    let succeeded = number(SUCCESS);
    if succeeded == 0 || succeeded > report.count {
        let message = format!("{succeeded} of {} calls succeeded", report.count);
        return Err(Refusal::new(message).path("statusCodeDistribution"));
    }
    let (p50, p95) = (percentile(&report, 50)?, percentile(&report, 95)?);
    let mut run = Run::new(Percentiles::of(p50, p95, TimeUnit::Nanoseconds)?);
    let p95 = run.percentiles.p95;
    run.percentiles.p95_upper = upper(&report, succeeded)?.map(|upper| upper.max(p95));
    let failed = report.count - succeeded;
    run.requests = Some(succeeded);
    run.operations = Some(report.count);
    run.failures = Some(failed);
    run.timeouts = Some(number(TIMEOUT));
    run.throughput = Some(throughput(part(report.rps.0, succeeded, report.count))?);
    let ms = Some(report.total.div_ceil(1_000_000));
    run.duration_ms = Some(bounded(ms, "the time of the run in milliseconds")?);
    run.load_loop = given.load_loop.take();
    if report.options.is_some_and(|options| options.count_errors) {
        run.notes.extend(failed_among("calls", failed));
    }
    Ok(run)
}

fn percentile(report: &Report, percent: u64) -> Result<Decimal, Refusal> {
    let points = report.latency_distribution.iter().flatten();
    let mut of_percent = points.filter(|point| point.percentage == percent);
    of_percent.next().map(|point| point.latency.0).ok_or_else(|| {
        let message = format!("there is no `percentage` of {percent}");
        Refusal::shape(message).path("latencyDistribution")
    })
}

/// The bound of the 95th percentile, where the latency of every successful call is there.
fn upper(report: &Report, succeeded: u64) -> Result<Option<LatencyMs>, Refusal> {
    let calls = report.details.iter().flatten().filter(|call| call.status == SUCCESS);
    let mut latencies: Vec<u64> = calls.map(|call| call.latency).collect();
    if latencies.len() as u64 != succeeded {
        return Ok(None);
    }
    latencies.sort_unstable();
    let upper = ranked(&latencies).and_then(|(_, _, upper)| upper);
    upper.map(|ns| latency(ns.into(), TimeUnit::Nanoseconds)).transpose()
}
