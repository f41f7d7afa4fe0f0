//! Reads the logs of `pgbench -l`: one line per transaction, one file per thread.
//!
//! `client transaction time_µs script epoch_s epoch_µs [lag_µs] [retries]`: the seventh column
//! exists with `-R` or `--max-tries`, and both columns exist with both options. The time starts at
//! the scheduled start and includes the lag and the retries. An unfinished transaction has a word
//! instead of its time.

mod log;

use self::log::{End, TransactionLog};
use super::{
    Distribution, ImportOptions, Output,
    error::ImportRefusal,
    given::TimeUnit,
    number::{bounded, latency},
    run::{Percentiles, Ranked, ToolRun},
};
use crate::{
    model::{Arrival, LoadLoop, ServiceUs},
    simulate::{
        batches::dependence,
        confidence::{Tail, UpperBound, nearest_rank, upper_bound},
    },
};

/// The shares of a workload's quantiles, in parts per million.
const SHARES: [u64; 15] = [
    0, 100_000, 200_000, 300_000, 400_000, 500_000, 600_000, 700_000, 800_000, 900_000, 950_000,
    990_000, 999_000, 999_900, 1_000_000,
];

pub(super) fn run(
    outputs: &[Output<'_>],
    given: &mut ImportOptions,
) -> Result<ToolRun, ImportRefusal> {
    let log = log::read(outputs, given.load_loop.take())?;
    let mut times: Vec<u64> = log.succeeded().map(|(time, _)| time).collect();
    times.sort_unstable();
    let number = times.len() as u64;
    let Ranked { p50, p95, p99, .. } = Ranked::of(&times).ok_or_else(none_succeeded)?;
    let bound = |tail, value| bound(tail, &times, log.succeeded_in_order(), [p50, value]);
    let (p95_upper, times_needed) = bound(Tail::P95, p95);
    let (p99_upper, p99_times_needed) = bound(Tail::P99, p99);
    let ms = |us: u64| latency(us.into(), TimeUnit::Microseconds);
    let percentiles = Percentiles {
        p95_upper: p95_upper.map(ms).transpose()?,
        p99: ms(p99).ok(),
        p99_upper: p99_upper.and_then(|us| ms(us).ok()),
        ..Percentiles::exact(ms(p50)?, ms(p95)?)
    };
    let rows = log.rows.len() as u64;
    let span_us = log.span_us()?;
    let rate = u128::from(number) * 1_000_000 / u128::from(span_us);
    let skipped = log.count(End::Skipped);
    let failed = log.count(End::Failed) + skipped;
    let mut run = ToolRun::new(percentiles);
    run.requests = Some(number);
    run.operations = Some(rows);
    // The log can omit failures: an error of a statement ends its client.
    run.failures = (failed > 0).then_some(failed);
    run.retries = Some(log.retries()?);
    run.throughput = Some(bounded(u64::try_from(rate).ok(), "the throughput")?);
    run.duration_ms = Some(bounded(Some(span_us.div_ceil(1000)), "the duration of the log")?);
    run.load_loop = Some(log.load_loop);
    run.times_needed = times_needed;
    run.p99_times_needed = p99_times_needed;
    if skipped > 0 {
        let reason = format!("{skipped} transactions waited beyond the limit of `-L`");
        run.certain_timeouts = Some((skipped, reason));
    }
    Ok(run)
}

/// Returns the upper bound of a percentile of sorted times, or the factor by which a run must be
/// longer to have a bound. Consecutive transactions of a server are not independent.
fn bound(
    tail: Tail,
    sorted: &[u64],
    ordered: impl Iterator<Item = u64>,
    quantiles: [u64; 2],
) -> (Option<u64>, Option<u64>) {
    let number = sorted.len() as u64;
    let dependence = dependence(ordered, number, quantiles, 1);
    match upper_bound(tail, number, dependence) {
        UpperBound::Rank(rank) => {
            (usize::try_from(rank - 1).ok().and_then(|index| sorted.get(index)).copied(), None)
        }
        UpperBound::Longer { times } => (None, Some(times)),
        UpperBound::TooFew => (None, None),
    }
}

pub(super) fn distribution(
    outputs: &[Output<'_>],
    given: &mut ImportOptions,
) -> Result<Distribution, ImportRefusal> {
    let log = log::read(outputs, given.load_loop.take())?;
    let mut times: Vec<u64> = log.succeeded().map(|(time, lag)| time.saturating_sub(lag)).collect();
    times.sort_unstable();
    let open = log.load_loop == LoadLoop::Open;
    let span_us = log.span_us()?;
    let rate = (log.rows.len() as u128 * 1_000_000_000).div_ceil(u128::from(span_us));
    let mut notes = vec![
        "A service time here is the latency that the client measured. It includes the network,"
            .to_owned(),
        "retries and waits inside the server, so the server itself needs at most this long."
            .to_owned(),
    ];
    notes.push(if open {
        "It does not include the lag behind the schedule. `-R` sends at random, as `poisson` does."
            .to_owned()
    } else {
        "The load waited for responses, so its rate is the throughput that the server sustained."
            .to_owned()
    });
    Ok(Distribution {
        points: points(&times)?,
        rate_ops_per_ksec: u64::try_from(rate).ok(),
        duration_ms: Some(span_us.div_ceil(1000)),
        arrival: open.then_some(Arrival::Poisson),
        notes,
    })
}

/// Returns the quantiles of sorted times by nearest rank. The first quantile is the shortest time.
fn points(times: &[u64]) -> Result<Vec<(u64, ServiceUs)>, ImportRefusal> {
    let number = times.len() as u64;
    let point = |share: u64| {
        let rank = nearest_rank(share, 1_000_000, number);
        let time = usize::try_from(rank - 1).ok().and_then(|rank| times.get(rank));
        let time = time.ok_or_else(none_succeeded)?;
        Ok((share, bounded(Some((*time).max(1)), "a service time in microseconds")?))
    };
    SHARES.into_iter().map(point).collect()
}

fn none_succeeded() -> ImportRefusal {
    ImportRefusal::new("no transaction succeeded, so there are no percentiles").file(0)
}

impl TransactionLog {
    /// Returns the time and the lag of each successful transaction, in microseconds.
    fn succeeded(&self) -> impl Iterator<Item = (u64, u64)> {
        self.rows.iter().filter_map(|row| match row.end {
            End::Success { time_us } => Some((time_us, row.lag_us)),
            End::Failed | End::Skipped => None,
        })
    }

    /// Returns the times of successful transactions, in the order in which they ended.
    fn succeeded_in_order(&self) -> impl Iterator<Item = u64> {
        let mut rows: Vec<_> = self.rows.iter().collect();
        rows.sort_by_key(|row| row.completed_us);
        rows.into_iter().filter_map(|row| match row.end {
            End::Success { time_us } => Some(time_us),
            End::Failed | End::Skipped => None,
        })
    }
}
