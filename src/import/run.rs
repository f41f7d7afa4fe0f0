//! One run in the output of a tool.

use rust_decimal::Decimal;

use super::{error::ImportRefusal, given::TimeUnit, json::Time, number::latency};
use crate::{
    model::{Arrival, DurationMs, LatencyMs, LoadLoop, OpsPerSec, ServiceUs},
    simulate::confidence::{nearest_rank, upper_rank},
};

/// One run in the output of a tool.
#[derive(Debug)]
pub(super) struct ToolRun {
    pub(super) percentiles: Percentiles,
    /// The successful operations behind the percentiles, if the number is known.
    pub(super) requests: Option<u64>,
    /// All operations, including failed operations, each counted once. `None` if only the
    /// successful operations are known.
    pub(super) operations: Option<u64>,
    /// The operations that failed after all retries.
    pub(super) failures: Option<u64>,
    /// The attempts that timed out, if the file reports them.
    pub(super) timeouts: Option<u64>,
    /// Whether more attempts than `timeouts` can have timed out, because the file has errors with
    /// an unknown cause. `--timeouts` can then give a higher number.
    pub(super) more_timeouts: bool,
    pub(super) retries: Option<u64>,
    /// The number of timeouts that are certain, and the reason.
    pub(super) certain_timeouts: Option<(u64, String)>,
    pub(super) throughput: Option<OpsPerSec>,
    pub(super) duration_ms: Option<DurationMs>,
    pub(super) load_loop: Option<LoadLoop>,
    /// The factor by which a run must be longer to bound p95, if latencies are correlated.
    pub(super) times_needed: Option<u64>,
    /// The program that wrote the file, if several write this format.
    pub(super) author: Option<&'static str>,
    pub(super) version: Option<String>,
    pub(super) notes: Vec<String>,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Percentiles {
    pub(super) p50: LatencyMs,
    pub(super) p95: LatencyMs,
    /// The upper confidence bound of the 95th percentile.
    pub(super) p95_upper: Option<LatencyMs>,
}

impl Percentiles {
    /// Returns the two percentiles as written, without a bound. Fails if the median is above p95.
    pub(super) fn of(p50: Decimal, p95: Decimal, unit: TimeUnit) -> Result<Self, ImportRefusal> {
        if p50 > p95 {
            let message = format!("the median of {p50} is above the 95th percentile of {p95}");
            return Err(ImportRefusal::new(message).file(0));
        }
        Ok(Self { p50: latency(p50, unit)?, p95: latency(p95, unit)?, p95_upper: None })
    }

    /// Returns the percentiles of two times. `unit` applies to times without a unit.
    pub(super) fn of_times(p50: Time, p95: Time, unit: TimeUnit) -> Result<Self, ImportRefusal> {
        if let (Time::Figure(p50), Time::Figure(p95)) = (p50, p95) {
            return Self::of(p50, p95, unit);
        }
        match (p50.ns(unit), p95.ns(unit)) {
            (Some(p50), Some(p95)) => Self::of(p50, p95, TimeUnit::Nanoseconds),
            _ => Err(ImportRefusal::new("the percentiles have too many digits").file(0)),
        }
    }
}

impl ToolRun {
    /// Creates a run of which only the percentiles are known.
    pub(super) const fn new(percentiles: Percentiles) -> Self {
        Self {
            percentiles,
            requests: None,
            operations: None,
            failures: None,
            timeouts: None,
            more_timeouts: false,
            retries: None,
            certain_timeouts: None,
            throughput: None,
            duration_ms: None,
            load_loop: None,
            times_needed: None,
            author: None,
            version: None,
            notes: Vec::new(),
        }
    }
}

/// Returns p50, p95 and the upper bound of p95 of sorted values, or `None` without values.
pub(super) fn ranked(sorted: &[u64]) -> Option<(u64, u64, Option<u64>)> {
    let number = sorted.len() as u64;
    let value = |rank: u64| sorted.get(usize::try_from(rank - 1).ok()?).copied();
    let upper = upper_rank(number).and_then(value);
    Some((value(nearest_rank(50, 100, number))?, value(nearest_rank(95, 100, number))?, upper))
}

/// The latency distribution, for a workload.
#[derive(Debug)]
pub(super) struct Distribution {
    /// Points from 0 to 100%: a share in parts per million, and the time that this share of
    /// latencies does not exceed.
    pub(super) points: Vec<(u64, ServiceUs)>,
    /// The arrivals per 1000 seconds, rounded up.
    pub(super) rate_ops_per_ksec: Option<u64>,
    /// The duration in milliseconds, rounded up.
    pub(super) duration_ms: Option<u64>,
    pub(super) arrival: Option<Arrival>,
    pub(super) notes: Vec<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_use_nearest_rank() {
        let of = |number| (nearest_rank(50, 100, number), nearest_rank(95, 100, number));
        assert_eq!(of(1), (1, 1));
        assert_eq!(of(2), (1, 2));
        assert_eq!(of(19), (10, 19));
        assert_eq!(of(20), (10, 19));
        assert_eq!(of(21), (11, 20));
        assert_eq!(of(100), (50, 95));
        assert_eq!(ranked(&[]), None);
        assert_eq!(ranked(&[1, 2, 3]), Some((2, 3, None)));
        // 59 is the smallest number of values that has an upper bound: the largest one.
        let values: Vec<u64> = (1..=59).collect();
        assert_eq!(ranked(&values), Some((30, 57, Some(59))));
    }
}
