//! Reads `warp analyze --json`, with times in milliseconds and a closed load.
//!
//! There are percentiles for each client and time segment, and they cannot be merged. `import` uses
//! the highest percentile, because the percentile of all requests is never above it.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use serde::{Deserialize, de::IgnoredAny};
use serde_json::Value;

use super::{
    ImportOptions,
    error::ImportRefusal,
    given::TimeUnit,
    json::{self, JsonCount, JsonNumber, Time},
    number::{bounded, throughput},
    run::{Percentiles, ToolRun},
    timeout::first_timeout,
};
use crate::model::LoadLoop;

/// The supported version. Version 1 and the output of `--full` have other formats.
const VERSION: u64 = 2;

#[derive(Deserialize)]
struct Report {
    v: u64,
    #[serde(rename = "final")]
    is_final: bool,
    warp_version: Option<String>,
    by_op_type: BTreeMap<String, Value>,
}

#[derive(Deserialize)]
struct Operation {
    total_requests: JsonCount,
    total_errors: JsonCount,
    throughput: Throughput,
    requests_by_client: BTreeMap<String, Vec<Segment>>,
    first_errors: Option<Vec<String>>,
}

#[derive(Deserialize)]
struct Throughput {
    measure_duration_millis: JsonCount,
    /// Finished operations. In some versions, they include failed operations.
    ops: JsonCount,
    errors: Option<JsonCount>,
}

#[derive(Deserialize)]
struct Segment {
    single_sized_requests: Option<Requests>,
    multi_sized_requests: Option<IgnoredAny>,
}

#[derive(Deserialize)]
struct Requests {
    #[serde(default)]
    skipped: bool,
    dur_median_millis: JsonNumber,
    dur_percentiles_millis: Option<Vec<JsonNumber>>,
}

pub(super) fn run(bytes: &[u8], given: &mut ImportOptions) -> Result<ToolRun, ImportRefusal> {
    let report: Report = json::read(bytes)?;
    if report.v != VERSION {
        let message = format!("expected version {VERSION} of the format, found {}", report.v);
        return Err(ImportRefusal::new(message).path("v"));
    }
    if !report.is_final {
        return Err(
            ImportRefusal::new("the run was not complete when warp wrote this file").path("final")
        );
    }
    let (name, operation) = chosen(&report.by_op_type, given)?;
    let path = format!("by_op_type.{name}");
    let operation: Operation = json::part(operation, &path)?;
    let JsonCount(total) = operation.total_requests;
    let failed = operation.failed();
    if total == failed {
        return Err(ImportRefusal::new("no request succeeded").path(path));
    }
    let Throughput { measure_duration_millis: JsonCount(ms), .. } = operation.throughput;
    if failed > total || ms == 0 {
        return Err(ImportRefusal::new("the counts contradict each other").path(path));
    }
    let (percentiles, parts) = percentiles(&operation, &path)?;
    let mut run = ToolRun::new(percentiles);
    run.requests = Some(total - failed);
    run.operations = Some(total);
    run.failures = Some(failed);
    run.throughput = Some(throughput(operation.throughput.rate(total - failed))?);
    run.duration_ms = Some(bounded(Some(ms), "the duration of the run in milliseconds")?);
    run.load_loop = Some(LoadLoop::Closed);
    run.version = report.warp_version.filter(|version| !version.is_empty());
    let errors = operation.first_errors.iter().flatten();
    run.certain_timeouts = first_timeout(errors, "first_errors").map(|reason| (1, reason));
    if parts > 1 {
        run.notes.push(format!(
            "Each percentile is the highest of {parts} clients and segments. The percentile of \
             all requests is at most this high."
        ));
    }
    Ok(run)
}

impl Operation {
    /// Returns the number of failed operations: the higher of two counts, because either of them
    /// might be incomplete.
    fn failed(&self) -> u64 {
        let measured = self.throughput.errors.map_or(0, |errors| errors.0);
        self.total_errors.0.max(measured)
    }
}

impl Throughput {
    /// Returns the successful operations per second, but at most the rate of `successes`. Subtracts
    /// failed operations, although some versions have already subtracted them.
    fn rate(&self, successes: u64) -> Option<Decimal> {
        let errors = self.errors.map_or(0, |errors| errors.0);
        let successes = self.ops.0.saturating_sub(errors).min(successes);
        let rate = Decimal::from(successes).checked_mul(Decimal::from(1000))?;
        rate.checked_div(Decimal::from(self.measure_duration_millis.0))
    }
}

/// Returns the only kind of operation, or the kind that was requested.
fn chosen<'r>(
    operations: &'r BTreeMap<String, Value>,
    given: &mut ImportOptions,
) -> Result<(&'r str, &'r Value), ImportRefusal> {
    let names: Vec<_> = operations.keys().map(|name| format!("`{name}`")).collect();
    let refuse = |message: String| {
        let help = format!("give `--operation` with one of {}", names.join(", "));
        Err(ImportRefusal::new(message).help(help).path("by_op_type"))
    };
    let Some(asked) = given.operation.take() else {
        let mut all = operations.iter();
        return match (all.next(), all.next()) {
            (Some((name, operation)), None) => Ok((name, operation)),
            (None, _) => Err(ImportRefusal::shape("there is no operation").path("by_op_type")),
            (Some(_), Some(_)) => refuse("several kinds of operations were measured".to_owned()),
        };
    };
    match operations.get_key_value(&asked) {
        Some((name, operation)) if operations.len() > 1 => Ok((name, operation)),
        Some(_) => Err(ImportRefusal::new("the file has only this kind of operation")
            .help("leave out `--operation`")
            .path("by_op_type")),
        None => refuse(format!("there is no operation `{asked}`")),
    }
}

/// Returns the highest percentiles of all clients and segments, and the number of clients and
/// segments.
fn percentiles(operation: &Operation, path: &str) -> Result<(Percentiles, usize), ImportRefusal> {
    let mut parts = 0;
    let mut largest: Option<Percentiles> = None;
    for (client, segments) in &operation.requests_by_client {
        for (number, segment) in segments.iter().enumerate() {
            let path = format!("{path}.requests_by_client.{client}[{number}]");
            if segment.multi_sized_requests.is_some() {
                let message = "warp writes no latency percentiles for objects of several sizes";
                return Err(ImportRefusal::new(message)
                    .help("measure objects of one size")
                    .path(path));
            }
            let single = segment.single_sized_requests.as_ref();
            let Some(single) = single.filter(|single| !single.skipped) else { continue };
            let segment = of_segment(single, &path)?;
            let most = largest.unwrap_or(segment);
            let p99 = most.p99.zip(segment.p99).map(|(most, p99)| most.max(p99));
            let exact = Percentiles::exact(most.p50.max(segment.p50), most.p95.max(segment.p95));
            largest = Some(Percentiles { p99, ..exact });
            parts += 1;
        }
    }
    let largest = largest.ok_or_else(|| {
        ImportRefusal::shape("there are no requests").path(format!("{path}.requests_by_client"))
    })?;
    Ok((largest, parts))
}

fn of_segment(single: &Requests, path: &str) -> Result<Percentiles, ImportRefusal> {
    let path = format!("{path}.single_sized_requests");
    let Some(p95) = single.dur_percentiles_millis.as_ref().and_then(|all| all.get(95)) else {
        let message = "there is no `dur_percentiles_millis[95]`, and so no 95th percentile";
        return Err(ImportRefusal::shape(message).help("analyze with a newer warp").path(path));
    };
    let median = single.dur_median_millis.0;
    let percentiles = Percentiles::of(median, p95.0, TimeUnit::Milliseconds)
        .map_err(|refusal| refusal.path(path))?;
    let p99 = single.dur_percentiles_millis.as_ref().and_then(|all| all.get(99));
    let p99 = p99.map(|p99| Time::Figure(p99.0));
    Ok(percentiles.with_p99(p99, TimeUnit::Milliseconds))
}
