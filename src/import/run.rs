//! One run in the output of a tool.

use rust_decimal::Decimal;

use super::{error::ImportRefusal, given::TimeUnit, json::Time, number::latency};
use crate::{
    model::{Arrival, BenchmarkLatency, DurationMs, LoadLoop, OpsPerSec, ServiceUs},
    simulate::confidence::{Tail, nearest_rank, upper_rank},
};

/// One run in the output of a tool.
#[derive(Debug)]
pub(super) struct ToolRun {
    pub(super) percentiles: Percentiles,
    /// The number of successful operations that the percentiles cover, if it is known.
    pub(super) requests: Option<u64>,
    /// The number of all operations, including failed operations. An operation with retries counts
    /// once. `None` if only the successful operations are known.
    pub(super) operations: Option<u64>,
    /// The number of operations that failed after all retries.
    pub(super) failures: Option<u64>,
    /// The number of attempts that timed out, if the file reports it.
    pub(super) timeouts: Option<u64>,
    /// Whether more attempts than `timeouts` might have timed out, because the file has errors with
    /// an unknown cause. `--timeouts` can then give a higher number.
    pub(super) more_timeouts: bool,
    pub(super) retries: Option<u64>,
    /// The number of timeouts that are certain, with the reason.
    pub(super) certain_timeouts: Option<(u64, String)>,
    pub(super) throughput: Option<OpsPerSec>,
    pub(super) duration_ms: Option<DurationMs>,
    pub(super) load_loop: Option<LoadLoop>,
    /// The factor by which a run must be longer to bound p95, if latencies are correlated.
    pub(super) times_needed: Option<u64>,
    /// The factor by which a run must be longer to bound p99, if latencies are correlated.
    pub(super) p99_times_needed: Option<u64>,
    /// The program that wrote the file, if several programs write this format.
    pub(super) author: Option<&'static str>,
    pub(super) version: Option<String>,
    pub(super) notes: Vec<String>,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Percentiles {
    pub(super) p50: BenchmarkLatency,
    pub(super) p95: BenchmarkLatency,
    /// The upper confidence bound of the 95th percentile.
    pub(super) p95_upper: Option<BenchmarkLatency>,
    /// The 99th percentile, if the file has it.
    pub(super) p99: Option<BenchmarkLatency>,
    /// The upper confidence bound of the 99th percentile.
    pub(super) p99_upper: Option<BenchmarkLatency>,
}

impl Percentiles {
    /// Returns the two percentiles, without p99 and bounds.
    pub(super) const fn exact(p50: BenchmarkLatency, p95: BenchmarkLatency) -> Self {
        Self { p50, p95, p95_upper: None, p99: None, p99_upper: None }
    }

    /// Adds the 99th percentile, unless it is out of range.
    pub(super) fn with_p99(mut self, p99: Option<Time>, unit: TimeUnit) -> Self {
        let ns = p99.and_then(|p99| p99.ns(unit));
        self.p99 = ns.and_then(|ns| latency(ns, TimeUnit::Nanoseconds).ok());
        self
    }

    /// Returns the two percentiles as written, without p99 and bounds. Fails if the median is above
    /// p95.
    pub(super) fn of(p50: Decimal, p95: Decimal, unit: TimeUnit) -> Result<Self, ImportRefusal> {
        if p50 > p95 {
            let message = format!("the median of {p50} is above the 95th percentile of {p95}");
            return Err(ImportRefusal::new(message).file(0));
        }
        Ok(Self::exact(latency(p50, unit)?, latency(p95, unit)?))
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
    /// Creates a run for which only the percentiles are known.
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
            p99_times_needed: None,
            author: None,
            version: None,
            notes: Vec::new(),
        }
    }
}

/// Percentiles of sorted values, by nearest rank, with their upper bounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Ranked {
    pub(super) p50: u64,
    pub(super) p95: u64,
    pub(super) p95_upper: Option<u64>,
    pub(super) p99: u64,
    pub(super) p99_upper: Option<u64>,
}

impl Ranked {
    /// Returns the percentiles, or `None` if there are no values.
    pub(super) fn of(sorted: &[u64]) -> Option<Self> {
        let number = sorted.len() as u64;
        let value = |rank: u64| sorted.get(usize::try_from(rank - 1).ok()?).copied();
        let nearest = |percent| value(nearest_rank(percent, 100, number));
        Some(Self {
            p50: nearest(50)?,
            p95: nearest(95)?,
            p95_upper: upper_rank(Tail::P95, number).and_then(value),
            p99: nearest(99)?,
            p99_upper: upper_rank(Tail::P99, number).and_then(value),
        })
    }
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
        assert_eq!(Ranked::of(&[]), None);
        let three = Ranked { p50: 2, p95: 3, p95_upper: None, p99: 3, p99_upper: None };
        assert_eq!(Ranked::of(&[1, 2, 3]), Some(three));
        // The largest of 59 values is a bound of p95, and the largest of 299 is a bound of p99.
        // Fewer values have no bound.
        let values: Vec<u64> = (1..=299).collect();
        let few = Ranked { p50: 30, p95: 57, p95_upper: Some(59), p99: 59, p99_upper: None };
        assert_eq!(Ranked::of(&values[..59]), Some(few));
        let many = Ranked::of(&values).unwrap();
        assert_eq!((many.p99, many.p99_upper), (297, Some(299)));
    }
}
