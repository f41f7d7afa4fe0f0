//! Reads `clickhouse-benchmark --json`, with times in seconds and a closed load.
//!
//! `QPS` is the number of queries divided by the sum of their times, so with several concurrent
//! queries the true rate is `QPS` times the concurrency. Some versions divide by the elapsed time
//! instead. In the output of such a version, the mean time per query that follows from `QPS` is too
//! short for the percentiles.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use serde::Deserialize;
use serde_json::Value;

use super::{
    ImportOptions,
    error::ImportRefusal,
    given::TimeUnit,
    json::{self, JsonCount, JsonNumber, Time},
    number::{decimal, throughput},
    run::{Percentiles, ToolRun},
};
use crate::model::LoadLoop;

/// The highest percentile that is used to compute the minimum mean time.
const LARGEST_PERCENT: Decimal = Decimal::from_parts(90, 0, 0, false, 0);

#[derive(Deserialize)]
struct Endpoint {
    statistics: Statistics,
    query_time_percentiles: Points,
}

#[derive(Deserialize)]
struct Statistics {
    #[serde(rename = "QPS")]
    queries_per_second: JsonNumber,
    num_queries: JsonCount,
    // Some versions do not count errors.
    num_errors: Option<JsonCount>,
}

#[derive(Deserialize)]
struct Points {
    #[serde(rename = "50")]
    p50: JsonNumber,
    #[serde(rename = "95")]
    p95: JsonNumber,
    // Other versions can write other keys.
    #[serde(flatten)]
    others: BTreeMap<String, Value>,
}

pub(super) fn run(bytes: &[u8], given: &mut ImportOptions) -> Result<ToolRun, ImportRefusal> {
    let endpoint = only_endpoint(bytes)?;
    let Statistics { queries_per_second: JsonNumber(rate), num_queries, num_errors } =
        endpoint.statistics;
    let JsonCount(queries) = num_queries;
    if queries == 0 {
        return Err(ImportRefusal::new("no query succeeded").path("statistics.num_queries"));
    }
    let Some(concurrency) = given.concurrency.take().filter(|concurrency| *concurrency > 0) else {
        let message =
            "the file does not contain the concurrency, and its `QPS` is for one connection";
        let help = "add `--concurrency N`, with the `-c` that clickhouse-benchmark ran with";
        return Err(ImportRefusal::new(message).help(help).file(0));
    };
    let points = endpoint.query_time_percentiles;
    if concurrency > 1 && is_of_elapsed_time(rate, &points, queries) {
        let message = "this version computes `QPS` from elapsed time, for all connections";
        return Err(ImportRefusal::new(message).help("add `--concurrency 1`").file(0));
    }
    let percentiles = Percentiles::of(points.p50.0, points.p95.0, TimeUnit::Seconds)?;
    let mut run = ToolRun::new(percentiles.with_p99(points.p99(), TimeUnit::Seconds));
    run.requests = Some(queries);
    run.failures = num_errors.map(|errors| errors.0);
    run.operations = run.failures.map(|errors| queries.saturating_add(errors));
    run.throughput = Some(throughput(rate.checked_mul(Decimal::from(concurrency)))?);
    run.load_loop = Some(LoadLoop::Closed);
    Ok(run)
}

/// Returns true if one connection cannot have answered this many queries per second, because the
/// inverse of the rate is below the minimum mean time of a query.
fn is_of_elapsed_time(rate: Decimal, points: &Points, queries: u64) -> bool {
    let least = points.least_mean(queries);
    least.and_then(|least| rate.checked_mul(least)).is_none_or(|product| product > Decimal::ONE)
}

impl Points {
    /// Returns the 99th percentile, if the file has it.
    fn p99(&self) -> Option<Time> {
        let JsonNumber(seconds) = JsonNumber::deserialize(self.others.get("99")?).ok()?;
        Some(Time::Figure(seconds))
    }

    /// Returns a lower bound of the mean time of these queries. Each query takes at least as long
    /// as the next lower percentile. The highest percentiles are not used, because they come from
    /// too few values of the tool's sample.
    fn least_mean(&self, queries: u64) -> Option<Decimal> {
        let others = self.others.iter().filter_map(|(percent, seconds)| {
            Some((decimal(percent)?, JsonNumber::deserialize(seconds).ok()?.0))
        });
        let mut points: BTreeMap<Decimal, Decimal> =
            others.filter(|(percent, _)| *percent <= LARGEST_PERCENT).collect();
        points.insert(Decimal::from(50), self.p50.0);
        let queries = Decimal::from(queries);
        let mut sum = Decimal::ZERO;
        let mut end = queries;
        for (percent, seconds) in points.iter().rev() {
            // The number of queries before the percentile, however the tool rounds its rank.
            let before = percent.checked_mul(queries)?.checked_div(Decimal::ONE_HUNDRED)?.ceil();
            let number = end.checked_sub(before)?.max(Decimal::ZERO);
            sum = sum.checked_add(number.checked_mul(*seconds)?)?;
            end = end.min(before);
        }
        sum.checked_div(queries)
    }
}

fn only_endpoint(bytes: &[u8]) -> Result<Endpoint, ImportRefusal> {
    let servers: BTreeMap<String, Value> = json::read(bytes)?;
    if servers.contains_key("statistics") {
        let message = "an old version without server names wrote this file";
        return Err(ImportRefusal::new(message).help("run a newer clickhouse-benchmark").file(0));
    }
    let is_measured = |server: &Value| server.get("query_time_percentiles").is_some();
    let measured: Vec<_> = servers.iter().filter(|(_, server)| is_measured(server)).collect();
    match measured[..] {
        [(name, server)] => json::part(server, name),
        [] => Err(ImportRefusal::shape("no server has `query_time_percentiles`")),
        [..] => {
            let number = measured.len();
            let message = format!("the file has {number} servers, but a benchmark has one");
            Err(ImportRefusal::new(message)
                .help("run clickhouse-benchmark against one server")
                .file(0))
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn rate_too_high_for_mean_latency_uses_elapsed_time() {
        // Of 1000 queries, 100 take at least 0.31 s, 400 take 0.38 s, 400 take 0.48 s and 100 take
        // 0.72 s. The mean is at least 0.447 s, so the rate is at most 2.237 queries per second.
        let points = json!({"0": 0.31, "10": 0.38, "50": 0.48, "90": 0.72, "95": 0.8, "x": null});
        let points: Points = serde_json::from_value(points).unwrap();
        assert_eq!(points.least_mean(1000).unwrap().normalize(), Decimal::new(447, 3));
        for (rate, expected) in [(223, false), (224, true), (377, true)] {
            let rate = Decimal::new(rate, 2);
            assert_eq!(is_of_elapsed_time(rate, &points, 1000), expected, "{rate}");
        }
    }

    #[test]
    fn few_percentiles_give_smaller_lower_bound_of_mean() {
        let points: Points = serde_json::from_value(json!({"50": 0.5, "95": 0.8})).unwrap();
        assert_eq!(points.least_mean(100).unwrap().normalize(), Decimal::new(25, 2));
        assert_eq!(points.least_mean(1).unwrap(), Decimal::ZERO);
    }
}
