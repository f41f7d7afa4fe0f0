//! Reads percentiles of `HdrHistogram`: its own text and CSV output, the `hdrplot` of vegeta, and
//! the output of wrk2.
//!
//! Values can have any unit. vegeta and wrk2 write milliseconds. A row has a value, the share of
//! values that are at most this value, and the number of these values. The counts of vegeta are
//! computed from the shares. All other counts are exact, so they give order statistics.

mod table;
mod wrk;

use rust_decimal::{Decimal, prelude::ToPrimitive};

use self::table::{HistogramRow, HistogramTable, Layout};
use super::{
    Distribution, ImportOptions, contradiction,
    error::ImportRefusal,
    given::{TimeUnit, at_most_one, exactly_one},
    number::{bounded, latency},
    run::{Percentiles, ToolRun},
    text::utf8,
};
use crate::{
    model::{BenchmarkLatency, DurationMs, LoadLoop, ServiceUs},
    simulate::confidence::{Tail, nearest_rank, upper_rank},
};

pub(super) fn run(bytes: &[u8], given: &mut ImportOptions) -> Result<ToolRun, ImportRefusal> {
    let text = utf8(bytes)?;
    let table = table::read(text)?;
    let unit = unit(&table, given)?;
    let ms =
        |row: &HistogramRow| latency(row.value, unit).map_err(|refusal| refusal.at(row.line, 1));
    let at_share = |percent: u32| ms(at_percent(&table, percent));
    let upper = |tail| upper(&table, tail).map(ms).transpose();
    let mut percentiles = Percentiles::exact(at_share(50)?, at_share(95)?);
    let longer =
        |percentile: BenchmarkLatency| move |upper: BenchmarkLatency| upper.max(percentile);
    percentiles.p95_upper = upper(Tail::P95)?.map(longer(percentiles.p95));
    percentiles.p99 = at_share(99).ok();
    let p99_upper = upper(Tail::P99).ok().flatten();
    percentiles.p99_upper = percentiles.p99.zip(p99_upper).map(|(p99, upper)| upper.max(p99));
    let mut run = ToolRun::new(percentiles);
    match table.layout {
        Layout::Own => {
            run.requests = Some(table.total);
            run.load_loop = given.load_loop.take();
        }
        Layout::Vegeta => {
            run.author = Some("vegeta hdrplot");
            // The histogram covers all requests. vegeta does not record how many of them succeeded.
            run.operations = Some(table.total);
            run.load_loop = Some(LoadLoop::Open);
            run.notes.push("The percentiles cover all requests, including failed requests.".into());
        }
        Layout::Wrk => {
            run.author = Some("wrk2");
            run.requests = Some(table.total);
            run.load_loop = Some(LoadLoop::Open);
            wrk::add(text, table.total, &mut run)?;
        }
    }
    Ok(run)
}

pub(super) fn distribution(
    bytes: &[u8],
    given: &mut ImportOptions,
) -> Result<Distribution, ImportRefusal> {
    let text = utf8(bytes)?;
    let table = table::read(text)?;
    let unit = unit(&table, given)?;
    let mut notes = vec![
        "A service time here is the latency that the client measured. It includes all waits,"
            .to_owned(),
        "so the server itself needs at most this long.".to_owned(),
    ];
    let (rate_ops_per_ksec, duration_ms) = load(text, &table, given)?;
    if table.layout == Layout::Wrk {
        let note = "wrk2 measures from the planned start, so the latency includes late starts.";
        notes.push(note.to_owned());
    }
    let points = points(&table, unit)?;
    Ok(Distribution { points, rate_ops_per_ksec, duration_ms, arrival: None, notes })
}

/// Returns the unit that the header or the layout specifies, or the unit from the options.
fn unit(table: &HistogramTable, given: &mut ImportOptions) -> Result<TimeUnit, ImportRefusal> {
    let by_layout = (table.layout != Layout::Own).then_some(TimeUnit::Milliseconds);
    exactly_one(table.unit.or(by_layout), given.unit.take(), "the unit of its values", "--unit")
}

/// Returns the first row with at least this percentage of the values. The printed share is rounded,
/// so the count must reach the percentage too, unless it is computed from the share.
fn at_percent(table: &HistogramTable, percent: u32) -> &HistogramRow {
    let share = Decimal::new(i64::from(percent), 2);
    let rank = match table.layout {
        Layout::Vegeta => 0,
        Layout::Own | Layout::Wrk => nearest_rank(u64::from(percent), 100, table.total),
    };
    table.first(|row| row.share >= share && row.count >= rank)
}

/// Returns the upper bound of a percentile, if the counts are exact.
fn upper(table: &HistogramTable, tail: Tail) -> Option<&HistogramRow> {
    let rank = upper_rank(tail, table.total).filter(|_| table.layout != Layout::Vegeta)?;
    Some(table.first(|row| row.count >= rank))
}

/// Returns the operations per 1000 seconds, rounded up, and the duration in milliseconds.
fn load(
    text: &str,
    table: &HistogramTable,
    given: &mut ImportOptions,
) -> Result<(Option<u64>, Option<u64>), ImportRefusal> {
    if let (Some(duration), Some(throughput)) = (given.duration_ms, given.throughput) {
        contradiction::of_rate((table.total, table.total), duration, throughput, "--throughput")?;
    }
    let told = if table.layout == Layout::Wrk { wrk::load(text, table.total)? } else { None };
    let flag = given.duration_ms.take().map(DurationMs::get);
    let (told_rate, told_ms) = told.unzip();
    let ms = at_most_one(told_ms, flag, "the duration", "--duration")?;
    let flag = given.throughput.take().map(|rate| rate.get() * 1000);
    let rate = at_most_one(told_rate, flag, "the number of requests per second", "--throughput")?;
    let total = u128::from(table.total);
    Ok(match (rate, ms) {
        (Some(rate), None) => {
            let ms = (total * 1_000_000).div_ceil(u128::from(rate.max(1)));
            (Some(rate), u64::try_from(ms).ok())
        }
        (None, Some(ms)) => {
            (u64::try_from((total * 1_000_000).div_ceil(u128::from(ms.max(1)))).ok(), Some(ms))
        }
        both => both,
    })
}

/// Returns each row as a point. Shares are rounded down and times are rounded up, so that no share
/// becomes faster. A share is at most the share that its count gives.
fn points(table: &HistogramTable, unit: TimeUnit) -> Result<Vec<(u64, ServiceUs)>, ImportRefusal> {
    let mut points: Vec<(u64, ServiceUs)> = Vec::new();
    for row in &table.rows {
        let share = row.share.checked_mul(Decimal::from(1_000_000));
        let share = share.and_then(|share| share.floor().to_u64()).unwrap_or(u64::MAX);
        let share = share.min(counted(row, table));
        let us = micros(row, unit)?;
        match points.last_mut() {
            Some(last) if last.0 == share => *last = (share, us),
            _ => points.push((share, us)),
        }
    }
    Ok(points)
}

/// Returns the share of values at or below this row's value, in parts per million, computed from
/// the counts. Returns `u64::MAX` if the counts were computed from the shares.
fn counted(row: &HistogramRow, table: &HistogramTable) -> u64 {
    let millionths = u128::from(row.count) * 1_000_000 / u128::from(table.total.max(1));
    match table.layout {
        Layout::Vegeta => u64::MAX,
        Layout::Own | Layout::Wrk => u64::try_from(millionths).unwrap_or(u64::MAX),
    }
}

fn micros(row: &HistogramRow, unit: TimeUnit) -> Result<ServiceUs, ImportRefusal> {
    let us = row.value.checked_mul(Decimal::from(1_000_000));
    let us = us.and_then(|us| us.checked_div(Decimal::from(unit.per_second())));
    let us = us.and_then(|us| us.ceil().to_u64()).map(|us| us.max(1));
    bounded(us, "a time in microseconds").map_err(|refusal| refusal.at(row.line, 1))
}
