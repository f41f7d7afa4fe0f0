//! Reads the output of k6: the file of `--summary-export`, the data of `handleSummary`, and the
//! machine-readable summary.
//!
//! `http_req_failed` is a rate of failures. In the first two forms, its `passes` is the number of
//! failed requests, so only its rate is read. Latencies of successful requests have their own
//! metric.

use std::collections::BTreeMap;

use rust_decimal::{Decimal, prelude::ToPrimitive};
use serde::{Deserialize, de::IgnoredAny};
use serde_json::Value;

use super::{
    ImportOptions,
    error::ImportRefusal,
    given::TimeUnit,
    http::failed_among,
    json::{self, JsonNumber, Time},
    number::{duration, part, throughput},
    run::{Percentiles, ToolRun},
    timeout::is_timeout,
};

const LATENCY: &str = "http_req_duration";
const SUCCESSES: &str = "http_req_duration{expected_response:true}";
const REQUESTS: &str = "http_reqs";
const FAILED: &str = "http_req_failed";
/// The number of nanoseconds in a second.
const NS: u64 = 1_000_000_000;
const CHECKS: &str = "checks";
const DROPPED: &str = "dropped_iterations";
/// Tags of request metrics that mark timeouts: error codes of k6, and statuses.
const TIMEOUT_TAGS: [&str; 4] = ["error_code:1050", "error_code:1211", "status:408", "status:504"];

/// The keys that distinguish the three forms of k6 output.
#[derive(Deserialize)]
struct Probe {
    results: Option<IgnoredAny>,
    #[serde(default)]
    metrics: BTreeMap<String, Value>,
}

/// The output of `--summary-export`.
#[derive(Deserialize)]
struct Flat {
    metrics: BTreeMap<String, Value>,
}

/// The data of `handleSummary(data)`.
#[derive(Deserialize)]
struct Nested {
    state: State,
    metrics: BTreeMap<String, Value>,
}

#[derive(Deserialize)]
struct State {
    #[serde(rename = "testRunDurationMs")]
    test_run_duration_ms: Time,
}

/// The output of `--new-machine-readable-summary`.
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
    duration: Time,
}

#[derive(Deserialize)]
struct Results {
    // Metrics that are not needed can have any content.
    metrics: Vec<Value>,
}

/// The figures of k6, in a structure that is the same for all forms of output.
struct Summary {
    /// The path of the metrics, for messages.
    path: &'static str,
    metrics: BTreeMap<String, Value>,
    ns: Option<Decimal>,
    version: Option<String>,
}

pub(super) fn run(bytes: &[u8], given: &mut ImportOptions) -> Result<ToolRun, ImportRefusal> {
    let summary = read(bytes)?;
    let JsonNumber(count) = summary.value(REQUESTS, "count")?;
    let total = count.to_u64().filter(|total| *total > 0 && Decimal::from(*total) == count);
    let total = total.ok_or_else(|| {
        ImportRefusal::new(format!("{count} is not a valid number of requests"))
            .path(summary.path_of(REQUESTS, "count"))
    })?;
    let failed = failures(&summary, total)?;
    let rate = match summary.ns {
        Some(ns) => count.checked_mul(Decimal::from(NS)).and_then(|count| count.checked_div(ns)),
        None => Some(summary.value::<JsonNumber>(REQUESTS, "rate")?.0),
    };
    let (metric, note) = latencies(&summary, failed);
    let (p50, p95) = (summary.value(metric, "med")?, summary.value(metric, "p(95)")?);
    // k6 writes `p(99)` only if the test asks for it.
    let p99 = summary.value(metric, "p(99)").ok();
    let percentiles = Percentiles::of_times(p50, p95, TimeUnit::Milliseconds)?;
    let mut run = ToolRun::new(percentiles.with_p99(p99, TimeUnit::Milliseconds));
    run.requests = Some(total - failed);
    run.operations = Some(total);
    run.failures = Some(failed);
    run.throughput = Some(throughput(rate.and_then(|rate| part(rate, total - failed, total)))?);
    run.duration_ms = summary.ns.map(|ns| duration(Some(ns))).transpose()?;
    run.load_loop = given.load_loop.take();
    run.certain_timeouts = summary.certain_timeouts();
    run.notes.extend(note);
    run.notes.extend(summary.failed_checks());
    run.notes.extend(summary.dropped_iterations());
    run.version = summary.version;
    Ok(run)
}

/// Returns the name of the latency metric, and a note if the metric includes failed requests.
fn latencies(summary: &Summary, failed: u64) -> (&'static str, Option<String>) {
    if summary.metrics.contains_key(SUCCESSES) {
        return (SUCCESSES, None);
    }
    (LATENCY, failed_among("requests", failed))
}

/// Returns the number of failed requests, from their share of all requests.
fn failures(summary: &Summary, total: u64) -> Result<u64, ImportRefusal> {
    if !summary.metrics.contains_key(FAILED) {
        let message =
            format!("there is no metric `{FAILED}`, so the number of failures is unknown");
        let help = "run k6 0.31 or newer, without `http.setResponseCallback(null)`";
        return Err(ImportRefusal::shape(message).help(help).path(summary.path));
    }
    let has_value = summary.number(FAILED, "value").is_some();
    let key = if has_value { "value" } else { "rate" };
    let JsonNumber(share) = summary.value(FAILED, key)?;
    if share > Decimal::ONE {
        let message = format!("{share} is not a valid share of requests");
        return Err(ImportRefusal::new(message).path(summary.path_of(FAILED, key)));
    }
    let failed = share.checked_mul(Decimal::from(total)).and_then(|failed| failed.round().to_u64());
    let failed = failed.unwrap_or(total).min(total);
    if failed == total {
        return Err(ImportRefusal::new("no request succeeded").path(summary.path_of(FAILED, key)));
    }
    Ok(failed)
}

fn read(bytes: &[u8]) -> Result<Summary, ImportRefusal> {
    let probe: Probe = json::read(bytes)?;
    if probe.results.is_some() {
        return machine_readable(json::read(bytes)?);
    }
    if probe.metrics.values().any(|metric| metric.get("values").is_some()) {
        return nested(json::read(bytes)?);
    }
    let Flat { metrics } = json::read(bytes)?;
    Ok(Summary { path: "metrics", metrics, ns: None, version: None })
}

fn nested(summary: Nested) -> Result<Summary, ImportRefusal> {
    let ns = summary.state.test_run_duration_ms.ns(TimeUnit::Milliseconds);
    let metrics = summary.metrics.into_iter().map(|(name, metric)| (name, values(metric)));
    let metrics = metrics.collect();
    let ns = positive(ns, "state.testRunDurationMs")?;
    Ok(Summary { path: "metrics", metrics, ns, version: None })
}

fn machine_readable(summary: MachineReadable) -> Result<Summary, ImportRefusal> {
    let named = summary.results.metrics.into_iter();
    let name = |metric: &Value| metric.get("name")?.as_str().map(str::to_owned);
    let metrics = named.filter_map(|metric| Some((name(&metric)?, values(metric)))).collect();
    let ns = positive(summary.config.duration.ns(TimeUnit::Seconds), "config.duration")?;
    let version = Some(summary.metadata.k6_version);
    Ok(Summary { path: "results.metrics", metrics, ns, version })
}

fn values(mut metric: Value) -> Value {
    metric.get_mut("values").map_or(Value::Null, Value::take)
}

fn positive(ns: Option<Decimal>, path: &str) -> Result<Option<Decimal>, ImportRefusal> {
    match ns.filter(|ns| !ns.is_zero()) {
        None => Err(ImportRefusal::new("the run has no duration").path(path)),
        some => Ok(some),
    }
}

impl Summary {
    /// Reads a value of a metric.
    fn value<T: for<'de> Deserialize<'de>>(
        &self,
        metric: &str,
        key: &str,
    ) -> Result<T, ImportRefusal> {
        let Some(values) = self.metrics.get(metric) else {
            return Err(
                ImportRefusal::shape(format!("there is no metric `{metric}`")).path(self.path)
            );
        };
        let Some(value) = values.get(key).filter(|value| !value.is_null()) else {
            let message = format!("there is no `{key}`");
            return Err(ImportRefusal::shape(message).path(format!("{}.{metric}", self.path)));
        };
        json::part(value, &self.path_of(metric, key))
    }

    /// Returns a value of a metric, if it is a number that is not negative.
    fn number(&self, metric: &str, key: &str) -> Option<Decimal> {
        self.value::<JsonNumber>(metric, key).ok().map(|figure| figure.0)
    }

    /// Returns the timeouts that are certain. k6 does not count timeouts, but a metric of the
    /// script can count them, as can a request metric with a timeout tag.
    fn certain_timeouts(&self) -> Option<(u64, String)> {
        let is_of_timeouts = |metric: &&String| match metric.split_once('{') {
            None => is_timeout(metric),
            Some((name, tags)) => {
                let has_tag = |tag: &&str| tags.split([',', '}']).any(|found| found.trim() == *tag);
                [REQUESTS, FAILED].contains(&name) && TIMEOUT_TAGS.iter().any(has_tag)
            }
        };
        let counted = |metric: &String| {
            let (count, is_share) = self.occurrences(metric)?;
            let reason = if is_share {
                format!("the metric `{metric}` has a rate of {count}")
            } else {
                format!("the metric `{metric}` counts {count}")
            };
            Some((count.floor().to_u64()?.max(1), reason))
        };
        self.metrics.keys().filter(is_of_timeouts).filter_map(counted).max()
    }

    /// Returns how often a counter was increased or a rate was true, or `None` if this never
    /// happened. For a rate without counts, returns its share and `true`. A gauge or a trend has no
    /// such number.
    fn occurrences(&self, metric: &str) -> Option<(Decimal, bool)> {
        let count = ["count", "passes", "matches"].iter().find_map(|key| self.number(metric, key));
        let is_gauge = self.number(metric, "min").is_some() || self.number(metric, "max").is_some();
        let share = || {
            let share = self.number(metric, "rate").or_else(|| self.number(metric, "value"));
            share.filter(|_| !is_gauge).map(|share| (share, true))
        };
        let found = count.map(|count| (count, false)).or_else(share);
        found.filter(|(number, _)| !number.is_zero())
    }

    /// Returns the note about failed checks. A check can fail even if `http_req_failed` counts the
    /// request as successful.
    fn failed_checks(&self) -> Option<String> {
        let failed = self.number(CHECKS, "fails").or_else(|| {
            let total = self.number(CHECKS, "total")?;
            total.checked_sub(self.number(CHECKS, "matches")?)
        });
        let failed = failed.filter(|failed| !failed.is_zero())?;
        Some(format!(
            "{failed} checks failed. `http_req_failed` does not count them, so the successful \
             requests can include requests with a failed check."
        ))
    }

    /// Returns the note about dropped iterations. With too few virtual users, k6 omits part of the
    /// load.
    fn dropped_iterations(&self) -> Option<String> {
        let dropped = self.number(DROPPED, "count").filter(|dropped| !dropped.is_zero())?;
        Some(format!(
            "k6 dropped {dropped} iterations because it had too few virtual users, so the load \
             was lower than planned."
        ))
    }

    fn path_of(&self, metric: &str, key: &str) -> String {
        format!("{}.{metric}.{key}", self.path)
    }
}
