//! k6: the file of `--summary-export`, the data of `handleSummary`, and the machine-readable
//! summary.
//!
//! `http_req_failed` is a rate of failures: in the first two forms its `passes` counts failed
//! requests, so only its rate is read. Latencies of successful requests have a metric of their own.

use std::collections::BTreeMap;

use rust_decimal::{Decimal, prelude::ToPrimitive};
use serde::{Deserialize, de::IgnoredAny};

use super::{
    Given,
    error::Refusal,
    given::TimeUnit,
    http::failed_among,
    json::{self, Figure},
    number::{duration, part, throughput},
    run::{Percentiles, Run},
};

const LATENCY: &str = "http_req_duration";
const SUCCESSES: &str = "http_req_duration{expected_response:true}";
const REQUESTS: &str = "http_reqs";
const FAILED: &str = "http_req_failed";

/// Only what tells the three forms apart.
#[derive(Deserialize)]
struct Probe {
    results: Option<IgnoredAny>,
    #[serde(default)]
    metrics: BTreeMap<String, NestedProbe>,
}

#[derive(Deserialize)]
struct NestedProbe {
    values: Option<IgnoredAny>,
}

/// `--summary-export`.
#[derive(Deserialize)]
struct Flat {
    metrics: BTreeMap<String, Values>,
}

/// `handleSummary(data)`.
#[derive(Deserialize)]
struct Nested {
    state: State,
    metrics: BTreeMap<String, Metric>,
}

#[derive(Deserialize)]
struct State {
    #[serde(rename = "testRunDurationMs")]
    test_run_duration_ms: Figure,
}

#[derive(Deserialize)]
struct Metric {
    name: Option<String>,
    values: Values,
}

/// `--new-machine-readable-summary`.
#[derive(Deserialize)]
struct MachineReadable {
    metadata: Metadata,
    config: Config,
    results: Results,
}

#[derive(Deserialize)]
struct Metadata {
    #[serde(rename = "k6Version")]
    k6_version: String,
}

#[derive(Deserialize)]
struct Config {
    duration: Figure,
}

#[derive(Deserialize)]
struct Results {
    metrics: Vec<Metric>,
}

/// What is read of any metric; the others of its values are not.
#[derive(Deserialize)]
struct Values {
    med: Option<Figure>,
    #[serde(rename = "p(95)")]
    p95: Option<Figure>,
    count: Option<Figure>,
    rate: Option<Figure>,
    value: Option<Figure>,
}

/// The same figures out of any form.
struct Summary {
    /// Where the metrics are, for messages.
    path: &'static str,
    metrics: BTreeMap<String, Values>,
    seconds: Option<Decimal>,
    version: Option<String>,
}

pub(super) fn run(bytes: &[u8], given: &mut Given) -> Result<Run, Refusal> {
    let summary = read(bytes)?;
    let count = summary.figure(REQUESTS, "count", |values| values.count)?;
    let total = count.to_u64().filter(|total| *total > 0 && Decimal::from(*total) == count);
    let total = total.ok_or_else(|| {
        Refusal::new(format!("{count} is no number of requests"))
            .path(summary.path_of(REQUESTS, "count"))
    })?;
    let failed = failures(&summary, total)?;
    let rate = match summary.seconds {
        Some(seconds) => count.checked_div(seconds),
        None => Some(summary.figure(REQUESTS, "rate", |values| values.rate)?),
    };
    let (metric, note) = latencies(&summary, failed);
    let p50 = summary.figure(metric, "med", |values| values.med)?;
    let p95 = summary.figure(metric, "p(95)", |values| values.p95)?;
    let mut run = Run::new(Percentiles::of(p50, p95, TimeUnit::Milliseconds)?);
    run.requests = Some(total - failed);
    run.operations = Some(total);
    run.failures = Some(failed);
    run.throughput = Some(throughput(rate.and_then(|rate| part(rate, total - failed, total)))?);
    run.duration_ms = summary.seconds.map(duration).transpose()?;
    run.load_loop = given.load_loop.take();
    run.version = summary.version;
    run.notes.extend(note);
    Ok(run)
}

/// The metric of latencies, and what has to be said of it.
fn latencies(summary: &Summary, failed: u64) -> (&'static str, Option<String>) {
    if summary.metrics.contains_key(SUCCESSES) {
        return (SUCCESSES, None);
    }
    (LATENCY, failed_among("requests", failed))
}

/// The requests that failed: their share of all, as a whole number.
fn failures(summary: &Summary, total: u64) -> Result<u64, Refusal> {
    let (key, get): (_, fn(&Values) -> Option<Figure>) = match summary.metrics.get(FAILED) {
        Some(Values { value: Some(_), .. }) => ("value", |values| values.value),
        _ => ("rate", |values| values.rate),
    };
    let share = summary.figure(FAILED, key, get)?;
    if share > Decimal::ONE {
        let message = format!("{share} is no share of requests");
        return Err(Refusal::new(message).path(summary.path_of(FAILED, key)));
    }
    let failed = share.checked_mul(Decimal::from(total)).and_then(|failed| failed.round().to_u64());
    Ok(failed.unwrap_or(total).min(total))
}

fn read(bytes: &[u8]) -> Result<Summary, Refusal> {
    let probe: Probe = json::read(bytes)?;
    if probe.results.is_some() {
        return machine_readable(json::read(bytes)?);
    }
    if probe.metrics.values().any(|metric| metric.values.is_some()) {
        return nested(json::read(bytes)?);
    }
    let Flat { metrics } = json::read(bytes)?;
    Ok(Summary { path: "metrics", metrics, seconds: None, version: None })
}

fn nested(summary: Nested) -> Result<Summary, Refusal> {
    let seconds = summary.state.test_run_duration_ms.0.checked_div(Decimal::from(1000));
    let metrics = summary.metrics.into_iter().map(|(name, metric)| (name, metric.values)).collect();
    let seconds = positive(seconds, "state.testRunDurationMs")?;
    Ok(Summary { path: "metrics", metrics, seconds, version: None })
}

fn machine_readable(summary: MachineReadable) -> Result<Summary, Refusal> {
    let named = summary.results.metrics.into_iter();
    let metrics = named.filter_map(|metric| Some((metric.name?, metric.values))).collect();
    let seconds = positive(Some(summary.config.duration.0), "config.duration")?;
    let version = Some(summary.metadata.k6_version);
    Ok(Summary { path: "results.metrics", metrics, seconds, version })
}

fn positive(seconds: Option<Decimal>, path: &str) -> Result<Option<Decimal>, Refusal> {
    match seconds.filter(|seconds| !seconds.is_zero()) {
        None => Err(Refusal::new("the run took no time").path(path)),
        some => Ok(some),
    }
}

impl Summary {
    fn figure(
        &self,
        metric: &str,
        key: &str,
        get: impl Fn(&Values) -> Option<Figure>,
    ) -> Result<Decimal, Refusal> {
        let Some(values) = self.metrics.get(metric) else {
            return Err(Refusal::shape(format!("there is no metric `{metric}`")).path(self.path));
        };
        get(values).map(|figure| figure.0).ok_or_else(|| {
            let message = format!("there is no `{key}`");
            Refusal::shape(message).path(format!("{}.{metric}", self.path))
        })
    }

    fn path_of(&self, metric: &str, key: &str) -> String {
        format!("{}.{metric}.{key}", self.path)
    }
}
