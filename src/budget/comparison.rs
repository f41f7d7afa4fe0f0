//! One figure of a benchmark beside the limit that its budget sets.

use crate::{
    model::{Benchmark, Budget, Limit},
    simulate::Run,
};

/// A figure of a benchmark that a budget limits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Figure {
    /// The 95th percentile of latency.
    P95Latency,
    /// The share of attempts that timed out.
    TimeoutRate,
    /// The share of requests that the full queue turned away: no more served than one that timed
    /// out, so held to the same limit.
    RejectRate,
    /// The share of attempts that were retries.
    RetryRate,
    /// Successful operations a second.
    Throughput,
}

impl Figure {
    /// All of them, in the order of their limits.
    pub const ALL: [Self; 5] =
        [Self::P95Latency, Self::TimeoutRate, Self::RejectRate, Self::RetryRate, Self::Throughput];

    /// The word as it is written in machine formats.
    pub const fn label(self) -> &'static str {
        match self {
            Self::P95Latency => "p95_latency",
            Self::TimeoutRate => "timeout_rate",
            Self::RejectRate => "reject_rate",
            Self::RetryRate => "retry_rate",
            Self::Throughput => "throughput",
        }
    }

    /// What people call it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::P95Latency => "p95 latency",
            Self::TimeoutRate => "timeout rate",
            Self::RejectRate => "reject rate",
            Self::RetryRate => "retry rate",
            Self::Throughput => "throughput",
        }
    }

    /// What a rate is a share of, in the plural.
    pub(super) const fn of_what(self) -> &'static str {
        match self {
            Self::RejectRate | Self::P95Latency | Self::Throughput => "requests",
            Self::TimeoutRate | Self::RetryRate => "attempts",
        }
    }

    /// The unit of the figure and of its limit.
    pub const fn unit(self) -> &'static str {
        match self {
            Self::P95Latency => "ms",
            Self::TimeoutRate | Self::RejectRate | Self::RetryRate => "bps",
            Self::Throughput => "ops/s",
        }
    }

    /// The limit that the figure is held to.
    pub const fn limit(self) -> Limit {
        match self {
            Self::P95Latency => Limit::P95Latency,
            Self::TimeoutRate | Self::RejectRate => Limit::TimeoutRate,
            Self::RetryRate => Limit::RetryRate,
            Self::Throughput => Limit::Throughput,
        }
    }

    /// What a benchmark says, in the unit of the figure; none where it does not say.
    pub fn of(self, benchmark: &Benchmark) -> Option<u64> {
        Some(match self {
            Self::P95Latency => benchmark.p95_latency_ms.get(),
            Self::TimeoutRate => benchmark.timeout_rate_bps.get(),
            Self::RejectRate => benchmark.reject_rate_bps?.get(),
            Self::RetryRate => benchmark.retry_rate_bps.get(),
            Self::Throughput => benchmark.throughput_ops_per_sec.get(),
        })
    }

    /// What a budget says, in the unit of the figure.
    pub fn allowed_by(self, budget: &Budget) -> u64 {
        match self.limit() {
            Limit::P95Latency => budget.max_p95_latency_ms.get(),
            Limit::TimeoutRate => budget.max_timeout_rate_bps.get(),
            Limit::RetryRate => budget.max_retry_rate_bps.get(),
            Limit::Throughput => budget.min_throughput_ops_per_sec.get(),
        }
    }

    /// What one run of a simulation comes to; none where no request succeeded.
    pub fn of_run(self, run: &Run) -> Option<u64> {
        Some(match self {
            Self::P95Latency => run.latency.as_ref()?.p95_us.div_ceil(1000),
            Self::TimeoutRate => run.timeout_rate_bps(),
            Self::RejectRate => run.reject_rate_bps(),
            Self::RetryRate => run.retry_rate_bps(),
            Self::Throughput => run.throughput_ops_per_sec(),
        })
    }

    /// The worst that a run of a simulation comes to, which need not be the same run for each
    /// figure; none where there is no run in which a request succeeded.
    pub fn worst_of(self, runs: &[Run]) -> Option<u64> {
        let values = runs.iter().filter_map(|run| self.of_run(run));
        if self.is_floor() { values.min() } else { values.max() }
    }

    /// A limit with its sign and its unit: `<= 120 ms`, or `>= 400 ops/s`.
    pub(crate) fn limited(self, limit: u64) -> String {
        let sign = if self.is_floor() { ">=" } else { "<=" };
        format!("{sign} {limit} {}", self.unit())
    }

    /// The same where the unit stands elsewhere: `≤ 120`, or `≥ 400`.
    pub(crate) fn limited_short(self, limit: u64) -> String {
        let sign = if self.is_floor() { "≥" } else { "≤" };
        format!("{sign} {limit}")
    }

    /// Whether the limit is the lowest figure that passes; else it is the highest.
    pub const fn is_floor(self) -> bool {
        matches!(self, Self::Throughput)
    }
}

/// A figure and its limit, both in the unit of the figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Comparison {
    /// Which figure.
    pub figure: Figure,
    /// What the benchmark says.
    pub value: u64,
    /// What the budget says.
    pub limit: u64,
}

impl Comparison {
    /// What a benchmark says beside what a budget says; none where the benchmark does not say.
    pub fn of(figure: Figure, benchmark: &Benchmark, budget: &Budget) -> Option<Self> {
        let value = figure.of(benchmark)?;
        Some(Self { figure, value, limit: figure.allowed_by(budget) })
    }

    /// Whether the figure keeps its limit. At the limit it does.
    pub const fn holds(self) -> bool {
        if self.figure.is_floor() { self.value >= self.limit } else { self.value <= self.limit }
    }

    /// How many times the figure could grow, or the throughput shrink, before it breaks its limit,
    /// in percent, rounded down: 100 is at the limit. None where there is no such number, since
    /// the divisor is 0.
    pub fn headroom_percent(self) -> Option<u64> {
        let (whole, part) = if self.figure.is_floor() {
            (self.value, self.limit)
        } else {
            (self.limit, self.value)
        };
        (whole * 100).checked_div(part)
    }

    /// How much of its limit the figure uses, or of the throughput the limit, in so many parts,
    /// rounded down: all of them at the limit and beyond, none of a limit of nothing that is kept.
    pub fn used_of(self, parts: u64) -> u64 {
        let Self { figure, value, limit } = self;
        let (part, whole) = if figure.is_floor() { (limit, value) } else { (value, limit) };
        if !self.holds() {
            return parts;
        }
        let used = u128::from(part) * u128::from(parts);
        used.checked_div(whole.into()).and_then(|used| used.try_into().ok()).unwrap_or_default()
    }

    /// What is wrong with the figure, if something is.
    pub(super) fn fault(self) -> Option<String> {
        let Self { figure, value, limit } = self;
        let (name, unit) = (figure.name(), figure.unit());
        let limit = match figure {
            Figure::RejectRate => format!("exceeds the timeout limit of {limit} {unit}"),
            Figure::Throughput => format!("is below {limit} {unit}"),
            Figure::P95Latency | Figure::TimeoutRate | Figure::RetryRate => {
                format!("exceeds {limit} {unit}")
            }
        };
        (!self.holds()).then(|| format!("{name} {value} {unit} {limit}"))
    }
}

/// Each figure that a benchmark has beside what a budget says of it, in the order of the limits.
pub fn compare(benchmark: &Benchmark, budget: &Budget) -> Vec<Comparison> {
    let comparison = |figure| Comparison::of(figure, benchmark, budget);
    Figure::ALL.into_iter().filter_map(comparison).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn of(figure: Figure, value: u64, limit: u64) -> Comparison {
        Comparison { figure, value, limit }
    }

    #[test]
    fn headroom_is_rounded_down() {
        assert_eq!(of(Figure::P95Latency, 74, 120).headroom_percent(), Some(162));
        assert_eq!(of(Figure::P95Latency, 120, 120).headroom_percent(), Some(100));
        assert_eq!(of(Figure::P95Latency, 121, 120).headroom_percent(), Some(99));
        assert_eq!(of(Figure::Throughput, 449, 400).headroom_percent(), Some(112));
        assert_eq!(of(Figure::Throughput, 399, 400).headroom_percent(), Some(99));
    }

    #[test]
    fn all_of_a_limit_is_used_at_it_and_beyond() {
        assert_eq!(of(Figure::P95Latency, 30, 120).used_of(1000), 250);
        assert_eq!(of(Figure::P95Latency, 119, 120).used_of(24), 23);
        assert_eq!(of(Figure::P95Latency, 120, 120).used_of(1000), 1000);
        assert_eq!(of(Figure::P95Latency, 500, 120).used_of(1000), 1000);
        assert_eq!(of(Figure::Throughput, 800, 400).used_of(1000), 500);
        assert_eq!(of(Figure::Throughput, 100, 400).used_of(1000), 1000);
    }

    #[test]
    fn a_limit_of_nothing_is_kept_by_nothing() {
        assert_eq!(of(Figure::RetryRate, 0, 0).used_of(1000), 0);
        assert_eq!(of(Figure::RetryRate, 1, 0).used_of(1000), 1000);
        assert_eq!(of(Figure::Throughput, 0, 0).used_of(1000), 0);
        assert_eq!(of(Figure::Throughput, 0, 1).used_of(1000), 1000);
    }

    #[test]
    fn nothing_has_no_headroom() {
        assert_eq!(of(Figure::TimeoutRate, 0, 10).headroom_percent(), None);
        assert_eq!(of(Figure::Throughput, 10, 0).headroom_percent(), None);
        assert_eq!(of(Figure::RetryRate, 5, 0).headroom_percent(), Some(0));
    }
}
