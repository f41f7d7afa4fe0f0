//! Reads `ghz --format json`, with times in nanoseconds.
//!
//! The percentiles include failed calls only with `--count-errors`. `details` has the latency of
//! each call, up to a million calls. A call that timed out has the status `DeadlineExceeded`, or
//! another status with an error text about a timeout, for example if it could not connect.

use serde::Deserialize;

use super::{
    ImportOptions,
    error::ImportRefusal,
    given::TimeUnit,
    http::{failed_among, sum},
    json::{self, JsonCount, JsonCounts, JsonNumber, Time},
    number::{capped, duration, latency, part, throughput},
    run::{Percentiles, Ranked, ToolRun},
    timeout::{counted, is_timeout, reason},
};

const SUCCESS: &str = "OK";
const TIMEOUT: &str = "DeadlineExceeded";
/// The end reason of an interrupted run.
const INTERRUPTED: &str = "cancel";

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Report {
    count: JsonCount,
    total: Time,
    rps: JsonNumber,
    end_reason: Option<String>,
    status_code_distribution: JsonCounts,
    error_distribution: Option<JsonCounts>,
    // Missing if no call succeeded.
    latency_distribution: Option<Vec<Point>>,
    details: Option<Vec<Call>>,
    options: Option<Options>,
}

#[derive(Deserialize)]
struct Point {
    percentage: JsonNumber,
    latency: Time,
}

#[derive(Deserialize)]
struct Call {
    latency: i64,
    status: String,
}

#[derive(Deserialize)]
struct Options {
    #[serde(default, rename = "count-errors")]
    count_errors: bool,
}

pub(super) fn run(bytes: &[u8], given: &mut ImportOptions) -> Result<ToolRun, ImportRefusal> {
    let report: Report = json::read(bytes)?;
    if report.end_reason.as_deref() == Some(INTERRUPTED) {
        let message = "the run was interrupted, so its slowest calls can be missing";
        return Err(ImportRefusal::new(message).help("import a complete run").path("endReason"));
    }
    let JsonCount(count) = report.count;
    let succeeded = sum(&report.status_code_distribution, |status| status == SUCCESS);
    if succeeded == 0 || succeeded > count {
        let message = format!("the file reports {succeeded} successes of {count} calls");
        return Err(ImportRefusal::new(message).path("statusCodeDistribution"));
    }
    let (p50, p95) = (percentile(&report, 50)?, percentile(&report, 95)?);
    let mut run = ToolRun::new(Percentiles::of_times(p50, p95, TimeUnit::Nanoseconds)?);
    run.percentiles = with_bounds(run.percentiles, &report, succeeded)?;
    let failed = count - succeeded;
    run.requests = Some(succeeded);
    run.operations = Some(count);
    run.failures = Some(failed);
    add_timeouts(&report, failed, &mut run);
    let ns = report.total.ns(TimeUnit::Nanoseconds);
    run.throughput = Some(throughput(capped(part(report.rps.0, succeeded, count), succeeded, ns))?);
    run.duration_ms = Some(duration(ns)?);
    run.load_loop = given.load_loop.take();
    if report.options.is_some_and(|options| options.count_errors) {
        run.notes.extend(failed_among("calls", failed));
    }
    Ok(run)
}

/// Adds the calls that timed out, which have a timeout status or an error text about a timeout.
/// Without error texts, the cause of other failures is unknown.
fn add_timeouts(report: &Report, failed: u64, run: &mut ToolRun) {
    let statuses = &report.status_code_distribution;
    let by_status = sum(statuses, is_timeout);
    let no_texts = JsonCounts::new();
    let texts = report.error_distribution.as_ref().unwrap_or(&no_texts);
    let has_status = |text: &str| text.contains(TIMEOUT) || text.contains("code = 4 ");
    let by_both = sum(texts, |text| is_timeout(text) && has_status(text));
    let by_text = sum(texts, |text| is_timeout(text) && !has_status(text));
    let timeouts = by_status.max(by_both).saturating_add(by_text).min(failed);
    let is_explained = failed == by_status || failed <= sum(texts, |_| true);
    run.timeouts = is_explained.then_some(timeouts);
    run.more_timeouts = failed > by_status;
    let by_status = || format!("`statusCodeDistribution` has `{TIMEOUT}` {by_status} times");
    let reason = reason((texts, "errorDistribution"), (&no_texts, "")).unwrap_or_else(by_status);
    run.certain_timeouts = (timeouts > 0).then(|| (timeouts, counted(timeouts, &reason)));
}

fn percentile(report: &Report, percent: u64) -> Result<Time, ImportRefusal> {
    let points = report.latency_distribution.iter().flatten();
    let mut of_percent = points.filter(|point| point.percentage.0 == percent.into());
    of_percent.next().map(|point| point.latency).ok_or_else(|| {
        let message = format!("there is no `percentage` of {percent}");
        ImportRefusal::shape(message).path("latencyDistribution")
    })
}

/// Adds p99, and the upper bounds if the report has the latency of every successful call.
fn with_bounds(
    percentiles: Percentiles,
    report: &Report,
    succeeded: u64,
) -> Result<Percentiles, ImportRefusal> {
    let p99 = percentile(report, 99).ok();
    let mut percentiles = percentiles.with_p99(p99, TimeUnit::Nanoseconds);
    let calls = report.details.iter().flatten().filter(|call| call.status == SUCCESS);
    let mut latencies: Vec<u64> =
        calls.filter_map(|call| u64::try_from(call.latency).ok()).collect();
    if latencies.len() as u64 != succeeded {
        return Ok(percentiles);
    }
    latencies.sort_unstable();
    let Some(ranked) = Ranked::of(&latencies) else { return Ok(percentiles) };
    let upper = |ns: u64| latency(ns.into(), TimeUnit::Nanoseconds);
    let p95_upper = ranked.p95_upper.map(upper).transpose()?;
    percentiles.p95_upper = p95_upper.map(|upper| upper.max(percentiles.p95));
    // A report can have every call and no 99th percentile.
    percentiles.p99 = percentiles.p99.or(upper(ranked.p99).ok());
    if let Some((p99, upper)) = percentiles.p99.zip(ranked.p99_upper.map(upper).transpose()?) {
        percentiles.p99_upper = Some(upper.max(p99));
    }
    Ok(percentiles)
}
