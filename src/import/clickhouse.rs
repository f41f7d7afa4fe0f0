//! `clickhouse-benchmark --json`; times in seconds, a closed load.
//!
//! `QPS` is the number of queries over the sum of their times, so with several queries at once the
//! true rate is as many times that. A version that divides by elapsed time is told by a mean time
//! of a query that is too short for the median.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use serde::Deserialize;
use serde_json::Value;

use super::{
    Given,
    error::Refusal,
    given::TimeUnit,
    json::{self, Count, Figure},
    number::throughput,
    run::{Percentiles, Run},
};
use crate::model::LoadLoop;

#[derive(Deserialize)]
struct Endpoint {
    statistics: Statistics,
    query_time_percentiles: Points,
}

#[derive(Deserialize)]
struct Statistics {
    #[serde(rename = "QPS")]
    queries_per_second: Figure,
    num_queries: Count,
    // Some versions do not count errors.
    num_errors: Option<Count>,
}

#[derive(Deserialize)]
struct Points {
    #[serde(rename = "50")]
    p50: Figure,
    #[serde(rename = "95")]
    p95: Figure,
}

pub(super) fn run(bytes: &[u8], given: &mut Given) -> Result<Run, Refusal> {
    let endpoint = only_endpoint(bytes)?;
    let Statistics { queries_per_second: Figure(rate), num_queries, num_errors } =
        endpoint.statistics;
    let Count(queries) = num_queries;
    if queries == 0 {
        return Err(Refusal::new("no query succeeded").path("statistics.num_queries"));
    }
    let Some(concurrency) = given.concurrency.take().filter(|concurrency| *concurrency > 0) else {
        let message = "the file does not say how many queries ran at once, and `QPS` counts as if \
                       it was one";
        let help = "give `--concurrency N`, the `-c` of clickhouse-benchmark";
        return Err(Refusal::new(message).help(help).file(0));
    };
    let median = endpoint.query_time_percentiles.p50;
    if concurrency > 1 && is_of_elapsed_time(rate, median.0) {
        let message = "`QPS` is of elapsed time here, with all queries that ran at once";
        return Err(Refusal::new(message).help("give `--concurrency 1`").file(0));
    }
    let p95 = endpoint.query_time_percentiles.p95;
    let mut run = Run::new(Percentiles::of(median.0, p95.0, TimeUnit::Seconds)?);
    run.requests = Some(queries);
    run.failures = num_errors.map(|errors| errors.0);
    run.operations = run.failures.map(|errors| queries.saturating_add(errors));
    run.throughput = Some(throughput(rate.checked_mul(Decimal::from(concurrency)))?);
    run.load_loop = Some(LoadLoop::Closed);
    Ok(run)
}

/// Half of the queries take the median or longer, so their mean is at least half of it.
fn is_of_elapsed_time(rate: Decimal, median: Decimal) -> bool {
    rate.checked_mul(median).is_none_or(|product| product > Decimal::TWO)
}

fn only_endpoint(bytes: &[u8]) -> Result<Endpoint, Refusal> {
    let servers: BTreeMap<String, Value> = json::read(bytes)?;
    if servers.contains_key("statistics") {
        let message = "an old version wrote this, which names no server and counts otherwise";
        return Err(Refusal::new(message).help("run a newer clickhouse-benchmark").file(0));
    }
    let is_measured = |server: &Value| server.get("query_time_percentiles").is_some();
    let measured: Vec<_> = servers.iter().filter(|(_, server)| is_measured(server)).collect();
    match measured[..] {
        [(name, server)] => json::part(server, name),
        [] => Err(Refusal::shape("there is no `query_time_percentiles` of a server")),
        [..] => {
            let number = measured.len();
            let message = format!("{number} servers were measured, and one benchmark is of one");
            Err(Refusal::new(message).help("run clickhouse-benchmark against one").file(0))
        }
    }
}
