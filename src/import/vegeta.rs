//! Reads `vegeta report -type=json`, with times in nanoseconds and an open load.
//!
//! `success` is the share of responses with a status from 200 to 399. `throughput` counts these
//! responses or, in old versions, all responses. `errors` is a set of texts: it shows that requests
//! timed out, but not how many.

use serde::Deserialize;

use super::{
    error::ImportRefusal,
    given::TimeUnit,
    http::{self, failed_among},
    json::{self, JsonCount, JsonCounts, JsonNumber, Time},
    number::{capped, duration, throughput},
    run::{Percentiles, ToolRun},
    timeout::{first_timeout, reason, timed_out_answers},
};
use crate::model::LoadLoop;

#[derive(Deserialize)]
struct Report {
    latencies: Latencies,
    duration: Time,
    wait: Time,
    requests: JsonCount,
    throughput: JsonNumber,
    status_codes: JsonCounts,
    // Go omits an empty set.
    errors: Option<Vec<String>>,
}

#[derive(Deserialize)]
struct Latencies {
    #[serde(rename = "50th")]
    p50: Time,
    #[serde(rename = "95th")]
    p95: Time,
    #[serde(rename = "99th")]
    p99: Option<Time>,
}

pub(super) fn run(bytes: &[u8]) -> Result<ToolRun, ImportRefusal> {
    let report: Report = json::read(bytes)?;
    let JsonCount(requests) = report.requests;
    if requests == 0 {
        return Err(ImportRefusal::new("there was no request").path("requests"));
    }
    let succeeded = successes(&report, requests)?;
    let Latencies { p50, p95, p99 } = report.latencies;
    let percentiles = Percentiles::of_times(p50, p95, TimeUnit::Nanoseconds)?;
    let mut run = ToolRun::new(percentiles.with_p99(p99, TimeUnit::Nanoseconds));
    let failed = requests - succeeded;
    run.requests = Some(succeeded);
    run.operations = Some(requests);
    run.failures = Some(failed);
    let ns = |time: Time| time.ns(TimeUnit::Nanoseconds);
    let whole = ns(report.duration).zip(ns(report.wait));
    let whole = whole.and_then(|(attack, wait)| attack.checked_add(wait));
    run.throughput = Some(throughput(capped(Some(report.throughput.0), succeeded, whole))?);
    run.duration_ms = Some(duration(whole)?);
    run.load_loop = Some(LoadLoop::Open);
    run.certain_timeouts = certain_timeouts(&report);
    run.notes.extend(failed_among("requests", failed));
    Ok(run)
}

/// Returns the number of timeouts that are certain: the responses that report a timeout, or at
/// least one request if an error text reports a timeout.
fn certain_timeouts(report: &Report) -> Option<(u64, String)> {
    let answers = timed_out_answers(&report.status_codes);
    let none_answered = |text: &&String| !text.starts_with(|first: char| first.is_ascii_digit());
    let text = first_timeout(report.errors.iter().flatten().filter(none_answered), "errors");
    let number = answers.saturating_add(text.is_some().into());
    let text = text.or_else(|| first_timeout(report.errors.iter().flatten(), "errors"));
    let statuses = (&report.status_codes, "status_codes");
    let reason = text.or_else(|| reason((&JsonCounts::new(), ""), statuses))?;
    Some((number.max(1), reason))
}

fn successes(report: &Report, requests: u64) -> Result<u64, ImportRefusal> {
    let succeeded = http::successes(&report.status_codes);
    if succeeded > requests {
        let message = format!("{succeeded} successes are more than all {requests} requests");
        return Err(ImportRefusal::new(message).path("status_codes"));
    }
    if succeeded == 0 {
        return Err(ImportRefusal::new("no request succeeded").path("status_codes"));
    }
    Ok(succeeded)
}
