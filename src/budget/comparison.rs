//! Compares a figure of a benchmark with the limit that its budget sets.

use crate::{
    model::{Benchmark, Budget, Field, LatencyUnit, Limit},
    simulate::Run,
};

/// A figure of a benchmark that a budget limits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Figure {
    /// The 95th percentile of latency.
    P95Latency,
    /// The 99th percentile of latency.
    P99Latency,
    /// The share of attempts that timed out.
    TimeoutRate,
    /// The share of requests that the driver rejected because its queue was full. The limit for
    /// timeouts applies.
    RejectRate,
    /// The share of attempts that were retries.
    RetryRate,
    /// Successful operations per second.
    Throughput,
}

impl Figure {
    /// All figures, in the order in which tables show them.
    pub const ALL: [Self; 6] = [
        Self::P95Latency,
        Self::P99Latency,
        Self::TimeoutRate,
        Self::RejectRate,
        Self::RetryRate,
        Self::Throughput,
    ];

    /// Returns the name in machine-readable formats.
    pub const fn label(self) -> &'static str {
        match self {
            Self::P95Latency => "p95_latency",
            Self::P99Latency => "p99_latency",
            Self::TimeoutRate => "timeout_rate",
            Self::RejectRate => "reject_rate",
            Self::RetryRate => "retry_rate",
            Self::Throughput => "throughput",
        }
    }

    /// Returns the name in messages.
    pub const fn name(self) -> &'static str {
        match self {
            Self::P95Latency => "p95 latency",
            Self::P99Latency => "p99 latency",
            Self::TimeoutRate => "timeout rate",
            Self::RejectRate => "reject rate",
            Self::RetryRate => "retry rate",
            Self::Throughput => "throughput",
        }
    }

    /// Returns the plural noun for the total of which a rate is a share, such as `attempts`.
    pub(super) const fn of_what(self) -> &'static str {
        match self {
            Self::RejectRate | Self::P95Latency | Self::P99Latency | Self::Throughput => "requests",
            Self::TimeoutRate | Self::RetryRate => "attempts",
        }
    }

    /// Returns the unit of the figure and of its limit.
    pub const fn unit(self) -> &'static str {
        match self {
            Self::P95Latency | Self::P99Latency => "ms",
            Self::TimeoutRate | Self::RejectRate | Self::RetryRate => "bps",
            Self::Throughput => "ops/s",
        }
    }

    /// Returns the limit that applies to the figure.
    pub const fn limit(self) -> Limit {
        match self {
            Self::P95Latency => Limit::P95Latency,
            Self::P99Latency => Limit::P99Latency,
            Self::TimeoutRate | Self::RejectRate => Limit::TimeoutRate,
            Self::RetryRate => Limit::RetryRate,
            Self::Throughput => Limit::Throughput,
        }
    }

    /// Returns the figure of a benchmark, in its own unit, if the benchmark has it. A latency is in
    /// `unit`, rounded up.
    pub fn of(self, benchmark: &Benchmark, unit: LatencyUnit) -> Option<u64> {
        Some(match self {
            Self::P95Latency => unit.of_us(benchmark.p95_latency.us()),
            Self::P99Latency => unit.of_us(benchmark.p99_latency?.us()),
            Self::TimeoutRate => benchmark.timeout_rate_bps.get(),
            Self::RejectRate => benchmark.reject_rate_bps?.get(),
            Self::RetryRate => benchmark.retry_rate_bps.get(),
            Self::Throughput => benchmark.throughput_ops_per_sec.get(),
        })
    }

    /// Returns the limit that a budget sets, in the unit of the figure, if it sets one. A latency
    /// is in [`Budget::latency_unit`].
    pub fn allowed_by(self, budget: &Budget) -> Option<u64> {
        let unit = budget.latency_unit();
        Some(match self.limit() {
            Limit::P95Latency => unit.of_us(budget.max_p95_latency.us()),
            Limit::TimeoutRate => budget.max_timeout_rate_bps.get(),
            Limit::RetryRate => budget.max_retry_rate_bps.get(),
            Limit::Throughput => budget.min_throughput_ops_per_sec.get(),
            Limit::P99Latency => unit.of_us(budget.max_p99_latency?.us()),
        })
    }

    /// Returns true if tables show the figure even without a limit.
    pub(crate) const fn is_always_shown(self) -> bool {
        self.limit().is_required()
    }

    /// Returns the figure of one simulated run, or `None` if no request succeeded. A latency is in
    /// `unit`, rounded up.
    pub fn of_run(self, run: &Run, unit: LatencyUnit) -> Option<u64> {
        Some(match self {
            Self::P95Latency => unit.of_us(run.latency.as_ref()?.p95_us),
            Self::P99Latency => unit.of_us(run.latency.as_ref()?.p99_us),
            Self::TimeoutRate => run.timeout_rate_bps(),
            Self::RejectRate => run.reject_rate_bps(),
            Self::RetryRate => run.retry_rate_bps(),
            Self::Throughput => run.throughput_ops_per_sec(),
        })
    }

    /// Returns the worst figure of all simulated runs, or `None` if no request succeeded in any
    /// run. Two figures can come from different runs.
    pub fn worst_of(self, runs: &[Run], unit: LatencyUnit) -> Option<u64> {
        let values = runs.iter().filter_map(|run| self.of_run(run, unit));
        if self.is_floor() { values.min() } else { values.max() }
    }

    /// Returns true if the figure is a latency.
    pub const fn is_latency(self) -> bool {
        matches!(self, Self::P95Latency | Self::P99Latency)
    }

    /// Returns a value of the figure without its unit. A latency is in milliseconds, with three
    /// decimals if it is stated in microseconds.
    pub(crate) fn shown(self, number: u64, unit: LatencyUnit) -> String {
        if self.is_latency() { unit.in_ms(number) } else { number.to_string() }
    }

    /// Returns a limit with its sign and unit: `<= 120 ms` or `>= 400 ops/s`.
    pub(crate) fn limited(self, limit: u64, unit: LatencyUnit) -> String {
        let sign = if self.is_floor() { ">=" } else { "<=" };
        format!("{sign} {} {}", self.shown(limit, unit), self.unit())
    }

    /// Returns a limit with its sign, without its unit: `≤ 120` or `≥ 400`.
    pub(crate) fn limited_short(self, limit: u64, unit: LatencyUnit) -> String {
        let sign = if self.is_floor() { "≥" } else { "≤" };
        format!("{sign} {}", self.shown(limit, unit))
    }

    /// Returns true if the limit is a minimum. All other limits are maximums.
    pub const fn is_floor(self) -> bool {
        matches!(self, Self::Throughput)
    }
}

/// A figure and its limit, both in the unit of the figure. Latencies are in `latency_unit`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Comparison {
    /// The figure.
    pub figure: Figure,
    /// The value in the benchmark.
    pub value: u64,
    /// The limit in the budget.
    pub limit: u64,
    /// The unit of latencies.
    pub latency_unit: LatencyUnit,
}

impl Comparison {
    /// Returns the figure of a benchmark with its limit, if the benchmark has the figure and the
    /// budget limits it.
    pub fn of(figure: Figure, benchmark: &Benchmark, budget: &Budget) -> Option<Self> {
        let latency_unit = budget.latency_unit();
        let value = figure.of(benchmark, latency_unit)?;
        Some(Self { figure, value, limit: figure.allowed_by(budget)?, latency_unit })
    }

    /// Returns a value of the figure without its unit.
    pub(crate) fn shown(self, number: u64) -> String {
        self.figure.shown(number, self.latency_unit)
    }

    /// Returns a value of the figure in the unit of machine-readable formats: for a latency,
    /// milliseconds, rounded up.
    pub(crate) fn plain(self, number: u64) -> u64 {
        match self.micros(number) {
            Some(us) => LatencyUnit::Milliseconds.of_us(us),
            None => number,
        }
    }

    /// Converts a number to microseconds, if the figure is a latency.
    pub(crate) fn micros(self, number: u64) -> Option<u64> {
        self.figure.is_latency().then(|| number * self.latency_unit.micros())
    }

    /// Returns true if the figure is within its limit or equal to it.
    pub const fn holds(self) -> bool {
        if self.figure.is_floor() { self.value >= self.limit } else { self.value <= self.limit }
    }

    /// Returns the headroom in percent, rounded down: the limit divided by the figure, or the
    /// throughput divided by its limit. 100 is at the limit. Returns `None` if the divisor is 0.
    pub fn headroom_percent(self) -> Option<u64> {
        let (whole, part) = if self.figure.is_floor() {
            (self.value, self.limit)
        } else {
            (self.limit, self.value)
        };
        (whole * 100).checked_div(part)
    }

    /// Returns the share of its limit that a figure uses, scaled to `parts` and rounded down. The
    /// result is `parts` if the figure is at or beyond its limit. For a throughput, the share is
    /// the limit divided by the figure.
    pub fn used_of(self, parts: u64) -> u64 {
        let Self { figure, value, limit, .. } = self;
        let (part, whole) = if figure.is_floor() { (limit, value) } else { (value, limit) };
        if !self.holds() {
            return parts;
        }
        let used = u128::from(part) * u128::from(parts);
        used.checked_div(whole.into()).and_then(|used| used.try_into().ok()).unwrap_or_default()
    }

    /// Returns the message about a figure that breaks its limit, or `None` if the figure does not
    /// break it.
    pub(super) fn fault(self) -> Option<String> {
        let Self { figure, value, limit, latency_unit: _ } = self;
        let [value, limit] = [value, limit].map(|number| self.shown(number));
        let (name, unit) = (figure.name(), figure.unit());
        let limit = match figure {
            Figure::RejectRate => format!("exceeds the timeout limit of {limit} {unit}"),
            Figure::Throughput => format!("is below {limit} {unit}"),
            Figure::P95Latency | Figure::P99Latency | Figure::TimeoutRate | Figure::RetryRate => {
                format!("exceeds {limit} {unit}")
            }
        };
        (!self.holds()).then(|| format!("{name} of {value} {unit} {limit}"))
    }
}

/// Compares each limited figure of a benchmark with its limit, in the order in which tables show
/// the figures.
pub fn compare(benchmark: &Benchmark, budget: &Budget) -> Vec<Comparison> {
    let comparison = |figure| Comparison::of(figure, benchmark, budget);
    Figure::ALL.into_iter().filter_map(comparison).collect()
}

/// A figure that a budget limits and a benchmark lacks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MissingFigure {
    /// The figure.
    pub figure: Figure,
    /// The limit in the budget, in the unit of the figure.
    pub limit: u64,
    /// The unit of latencies.
    pub latency_unit: LatencyUnit,
    /// The unit in which the benchmark states its p95.
    pub stated_in: LatencyUnit,
}

impl MissingFigure {
    /// Returns p99 if the budget limits it and the benchmark does not have it. Every benchmark has
    /// the other figures, except the reject rate, which has no limit of its own.
    pub fn of(benchmark: &Benchmark, budget: &Budget) -> Option<Self> {
        let figure = Figure::P99Latency;
        let (limit, latency_unit) = (figure.allowed_by(budget)?, budget.latency_unit());
        let is_missing = figure.of(benchmark, latency_unit).is_none();
        let stated_in = benchmark.p95_latency.unit();
        is_missing.then_some(Self { figure, limit, latency_unit, stated_in })
    }

    /// Returns the limit in microseconds.
    pub(crate) const fn limit_us(self) -> u64 {
        self.limit * self.latency_unit.micros()
    }

    /// Returns the reason why the verdict is inconclusive, and what to do.
    pub(super) fn reason(self) -> String {
        let Self { figure, limit, latency_unit, stated_in } = self;
        let (name, unit) = (figure.name(), figure.unit());
        let limit = figure.shown(limit, latency_unit);
        format!(
            "the {name} is limited to {limit} {unit}, but the benchmark has no `{}`; add it and \
             `{}` from the same run",
            Field::P99LatencyMs.key_in(stated_in),
            Field::P99UpperLatencyMs.key_in(stated_in)
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn of(figure: Figure, value: u64, limit: u64) -> Comparison {
        Comparison { figure, value, limit, latency_unit: LatencyUnit::Milliseconds }
    }

    #[test]
    fn headroom_rounds_down() {
        assert_eq!(of(Figure::P95Latency, 74, 120).headroom_percent(), Some(162));
        assert_eq!(of(Figure::P95Latency, 120, 120).headroom_percent(), Some(100));
        assert_eq!(of(Figure::P95Latency, 121, 120).headroom_percent(), Some(99));
        assert_eq!(of(Figure::Throughput, 449, 400).headroom_percent(), Some(112));
        assert_eq!(of(Figure::Throughput, 399, 400).headroom_percent(), Some(99));
    }

    #[test]
    fn figure_at_or_beyond_limit_uses_whole_limit() {
        assert_eq!(of(Figure::P95Latency, 30, 120).used_of(1000), 250);
        assert_eq!(of(Figure::P95Latency, 119, 120).used_of(24), 23);
        assert_eq!(of(Figure::P95Latency, 120, 120).used_of(1000), 1000);
        assert_eq!(of(Figure::P95Latency, 500, 120).used_of(1000), 1000);
        assert_eq!(of(Figure::Throughput, 800, 400).used_of(1000), 500);
        assert_eq!(of(Figure::Throughput, 100, 400).used_of(1000), 1000);
    }

    #[test]
    fn only_zero_is_within_zero_limit() {
        assert_eq!(of(Figure::RetryRate, 0, 0).used_of(1000), 0);
        assert_eq!(of(Figure::RetryRate, 1, 0).used_of(1000), 1000);
        assert_eq!(of(Figure::Throughput, 0, 0).used_of(1000), 0);
        assert_eq!(of(Figure::Throughput, 0, 1).used_of(1000), 1000);
    }

    #[test]
    fn headroom_with_zero_divisor_is_none() {
        assert_eq!(of(Figure::TimeoutRate, 0, 10).headroom_percent(), None);
        assert_eq!(of(Figure::Throughput, 10, 0).headroom_percent(), None);
        assert_eq!(of(Figure::RetryRate, 5, 0).headroom_percent(), Some(0));
    }
}
