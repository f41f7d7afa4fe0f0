//! `vegeta report -type=json`; times in nanoseconds, an open load.
//!
//! `success` is the share of answers with a status from 200 to 399. `errors` is a set of texts: it
//! shows that requests timed out, not how many.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{
    error::Refusal,
    given::TimeUnit,
    http::{self, certain_timeout, failed_among},
    json::{self, Figure},
    number::{bounded, throughput},
    run::{Percentiles, Run},
};
use crate::model::LoadLoop;

#[derive(Deserialize)]
struct Report {
    latencies: Latencies,
    duration: u64,
    wait: u64,
    requests: u64,
    throughput: Figure,
    status_codes: BTreeMap<String, u64>,
    // Go writes an empty set as nothing.
    errors: Option<Vec<String>>,
}

#[derive(Deserialize)]
struct Latencies {
    #[serde(rename = "50th")]
    p50: Figure,
    #[serde(rename = "95th")]
    p95: Figure,
}

pub(super) fn run(bytes: &[u8]) -> Result<Run, Refusal> {
    let report: Report = json::read(bytes)?;
    if report.requests == 0 {
        return Err(Refusal::new("there was no request").path("requests"));
    }
    let succeeded = successes(&report)?;
    let Latencies { p50: Figure(p50), p95: Figure(p95) } = report.latencies;
    let mut run = Run::new(Percentiles::of(p50, p95, TimeUnit::Nanoseconds)?);
    let failed = report.requests - succeeded;
    run.requests = Some(succeeded);
    run.operations = Some(report.requests);
    run.failures = Some(failed);
    run.throughput = Some(throughput(Some(report.throughput.0))?);
    let whole_ns = u128::from(report.duration) + u128::from(report.wait);
    let ms = u64::try_from(whole_ns.div_ceil(1_000_000)).ok();
    run.duration_ms = Some(bounded(ms, "the time of the run in milliseconds")?);
    run.load_loop = Some(LoadLoop::Open);
    run.certain_timeouts = certain_timeout(report.errors.iter().flatten(), "errors");
    run.notes.extend(failed_among("requests", failed));
    Ok(run)
}

fn successes(report: &Report) -> Result<u64, Refusal> {
    let succeeded = http::successes(&report.status_codes);
    if succeeded > report.requests {
        let message =
            format!("{succeeded} successes are more than all {} requests", report.requests);
        return Err(Refusal::new(message).path("status_codes"));
    }
    if succeeded == 0 {
        return Err(Refusal::new("no request succeeded").path("status_codes"));
    }
    Ok(succeeded)
}
