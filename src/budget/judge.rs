//! Judges a benchmark against a budget, considering chance: pass, fail or inconclusive.
//!
//! A figure beyond its limit fails. A figure within its limit passes if the benchmark shows that
//! the true value is within it too. If benchmarks can show this for the figure, but this benchmark
//! does not, the figure is inconclusive.

mod reason;

use super::{Comparison, Confidence, Figure, MissingFigure, compare, confidence::events_among};
use crate::model::{
    Benchmark, BenchmarkProfile, Budget, BudgetResult, DriverContract, DriverName, DurationMs,
    Field, SampleCount, Seed, Verdict,
};
use crate::simulate::confidence::Tail;

/// The verdict on one benchmark, figure by figure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BenchmarkVerdict {
    /// The verdict on each figure, in the order in which tables show the figures. Empty if no
    /// request succeeded.
    pub figures: Vec<FigureVerdict>,
    /// The figure that the budget limits and the benchmark lacks, if there is one. The verdict is
    /// then inconclusive at best.
    pub missing: Option<MissingFigure>,
    /// The seed of a simulated run in which no request succeeded. Such a run has no percentiles and
    /// fails every budget.
    pub unserved: Option<Seed>,
    /// The required confidence.
    pub confidence: Confidence,
    /// The seeds of a simulation, run now or recorded. `None` for a measured benchmark.
    pub seeds: Option<SeedCount>,
}

/// The number of seeds of a simulation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SeedCount {
    /// The number of seeds that were run.
    pub run: u64,
    /// The minimum number of seeds for a pass.
    pub needed: u64,
}

/// The verdict on one figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FigureVerdict {
    /// The figure and its limit.
    pub comparison: Comparison,
    /// The verdict.
    pub verdict: Verdict,
    /// The basis of the verdict.
    pub basis: Basis,
    /// The seed that the figure comes from, if it was simulated.
    pub seed: Option<Seed>,
}

/// The basis of a verdict on one figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Basis {
    /// Only the figure, because benchmarks record no bound for this figure.
    Figure,
    /// Only the figure, because the benchmark lacks the key that states its bound.
    Unbounded {
        /// The missing key.
        lacks: Field,
    },
    /// The contract: a driver with one attempt never retries.
    Contract,
    /// A number of events.
    Events {
        /// The number of events. For a recorded benchmark it is a maximum, because rates are
        /// rounded up.
        events: u64,
        /// The number of attempts, or of requests for the reject rate.
        attempts: u64,
        /// The number of attempts that would show that the rate is within its limit. Only for an
        /// inconclusive figure, and `None` if no number would.
        needed: Option<u64>,
    },
    /// The upper bound of the percentile, at [`Confidence::USUAL`].
    Bound {
        /// The recorded bound, in the unit of the comparison. A valid bound is not below the
        /// percentile.
        upper: u64,
    },
    /// Latencies that are too correlated to bound the percentile.
    Correlated {
        /// The factor by which a run would have to be longer to bound the percentile.
        times: u64,
        /// The length of a run that can bound the percentile, in ms. `None` if the length of the
        /// current run is unknown.
        needed_ms: Option<u64>,
    },
    /// The number of seeds whose figure is beyond the limit.
    Seeds {
        /// The number of seeds whose figure is beyond the limit.
        beyond: u64,
        /// The number of all seeds.
        seeds: u64,
    },
    /// Too few requests to bound the percentile.
    Requests {
        /// The number of requests.
        requests: u64,
        /// The minimum number of requests that can bound the percentile.
        needed: u64,
    },
}

/// Judges a benchmark against a budget at this confidence.
///
/// - Timeout and retry rates: if the benchmark has `attempts`, the exact binomial bound must be
///   within the limit. If the contract allows only one attempt, a retry rate of 0 passes.
/// - p95: `p95_upper_latency_ms` must be within the limit. It is a 95% bound, so it shows nothing
///   at a higher confidence. The same applies to p99 and `p99_upper_latency_ms`. If the budget
///   limits p99, a benchmark without p99 is inconclusive.
/// - Throughput and reject rate: compared at face value. The reject rate is a share of the offered
///   requests, and a benchmark does not record their number.
///
/// A recorded simulation needs as many seeds for a pass as a simulation that is run now.
pub fn judge(
    benchmark: &Benchmark,
    budget: &Budget,
    contract: Option<&DriverContract>,
    confidence: Confidence,
) -> BenchmarkVerdict {
    let tries_once = contract.is_some_and(|contract| contract.retry_policy.max_attempts.get() == 1);
    let figures = compare(benchmark, budget).into_iter().map(|comparison| {
        let (verdict, basis) = match comparison.figure {
            Figure::P95Latency => latency(comparison, Tail::P95, benchmark, confidence),
            Figure::P99Latency => latency(comparison, Tail::P99, benchmark, confidence),
            Figure::RetryRate if tries_once && comparison.value == 0 => {
                (Verdict::Pass, Basis::Contract)
            }
            Figure::TimeoutRate | Figure::RetryRate => {
                rate(comparison, benchmark.attempts, confidence)
            }
            Figure::RejectRate | Figure::Throughput => (plain(comparison), Basis::Figure),
        };
        FigureVerdict { comparison, verdict, basis, seed: None }
    });
    let seeds = benchmark.simulated_seeds();
    let seeds = seeds.map(|run| SeedCount { run, needed: confidence.seeds_needed() });
    BenchmarkVerdict {
        figures: figures.collect(),
        missing: MissingFigure::of(benchmark, budget),
        unserved: None,
        confidence,
        seeds,
    }
}

/// Returns the verdict on a figure at face value.
const fn plain(comparison: Comparison) -> Verdict {
    if comparison.holds() { Verdict::Pass } else { Verdict::Fail }
}

/// Judges a share of attempts.
fn rate(
    comparison: Comparison,
    attempts: Option<SampleCount>,
    confidence: Confidence,
) -> (Verdict, Basis) {
    let Comparison { value, limit, .. } = comparison;
    let Some(attempts) = attempts.map(SampleCount::get) else {
        return (plain(comparison), Basis::Unbounded { lacks: Field::Attempts });
    };
    let events = events_among(attempts, value);
    let basis = |needed| Basis::Events { events, attempts, needed };
    if !comparison.holds() {
        return (Verdict::Fail, basis(None));
    }
    if confidence.shows(events, attempts, limit) {
        return (Verdict::Pass, basis(None));
    }
    (Verdict::Inconclusive, basis(confidence.attempts_needed(value, limit, attempts)))
}

/// Judges a percentile. Ignores a recorded bound if there are too few requests for a bound. A bound
/// below the percentile proves nothing.
fn latency(
    comparison: Comparison,
    tail: Tail,
    benchmark: &Benchmark,
    confidence: Confidence,
) -> (Verdict, Basis) {
    let (upper, longer_run, lacks) = match tail {
        Tail::P95 => {
            (benchmark.p95_upper_latency, benchmark.longer_run(), Field::P95UpperLatencyMs)
        }
        Tail::P99 => {
            (benchmark.p99_upper_latency, benchmark.p99_longer_run(), Field::P99UpperLatencyMs)
        }
    };
    let upper = upper.map(|upper| comparison.latency_unit.of_us(upper.us()));
    let bound_at = if upper.is_some() { Confidence::USUAL } else { confidence };
    let needed = needed_requests(tail, bound_at);
    let requests = benchmark.requests.map(SampleCount::get);
    let too_few = requests.filter(|requests| *requests < needed);
    let basis = match (upper, too_few, longer_run) {
        (_, Some(requests), _) => Basis::Requests { requests, needed },
        (Some(upper), None, _) => Basis::Bound { upper },
        (None, None, Some(times)) => {
            let length = benchmark.duration_ms.map(DurationMs::get);
            let needed_ms = length.and_then(|length| length.checked_mul(times));
            Basis::Correlated { times, needed_ms }
        }
        (None, None, None) => Basis::Unbounded { lacks },
    };
    let verdict = match (plain(comparison), basis) {
        (Verdict::Pass, Basis::Requests { .. } | Basis::Correlated { .. }) => Verdict::Inconclusive,
        (Verdict::Pass, Basis::Bound { upper })
            if upper > comparison.limit
                || upper < comparison.value
                || confidence > Confidence::USUAL =>
        {
            Verdict::Inconclusive
        }
        (verdict, _) => verdict,
    };
    (verdict, basis)
}

/// Returns the minimum number of requests that can bound a percentile at a confidence.
pub(super) fn needed_requests(tail: Tail, confidence: Confidence) -> u64 {
    let above_bps = 100 * (100 - tail.percent());
    confidence.attempts_needed(0, above_bps, 1).unwrap_or_default()
}

impl BenchmarkVerdict {
    /// Returns the verdict on a simulation in which no request succeeded with this seed.
    pub const fn of_nothing_served(seed: Seed, confidence: Confidence) -> Self {
        Self { figures: Vec::new(), missing: None, unserved: Some(seed), confidence, seeds: None }
    }

    /// Returns the most severe verdict of all figures: fail, then inconclusive, then pass.
    pub fn verdict(&self) -> Verdict {
        if self.unserved.is_some() {
            return Verdict::Fail;
        }
        let verdicts = self.figures.iter().map(|judged| judged.verdict);
        let few = self.too_few_seeds().map(|_| Verdict::Inconclusive);
        let missing = self.missing.map(|_| Verdict::Inconclusive);
        verdicts
            .chain(few)
            .chain(missing)
            .max_by_key(|verdict| gravity(*verdict))
            .unwrap_or(Verdict::Pass)
    }

    /// Returns the numbers of seeds, if too few seeds were run for a pass.
    fn too_few_seeds(&self) -> Option<SeedCount> {
        self.seeds.filter(|seeds| seeds.run < seeds.needed)
    }

    /// Returns the lowest headroom of all figures in percent, if any figure has one. See
    /// [`Comparison::headroom_percent`].
    pub fn headroom_percent(&self) -> Option<u64> {
        self.figures.iter().filter_map(|judged| judged.comparison.headroom_percent()).min()
    }

    /// Returns the reason for the verdict. It names every figure that has this verdict.
    pub fn reason(&self) -> String {
        let verdict = self.verdict();
        let deciding = self.figures.iter().filter(|judged| judged.verdict == verdict);
        let reasons = deciding.filter_map(|judged| judged.reason(self.confidence));
        let others = self.lacking().chain(self.few_seeds());
        let others = others.filter(|_| verdict == Verdict::Inconclusive);
        let reasons: Vec<_> =
            self.nothing_served().into_iter().chain(reasons).chain(others).collect();
        if reasons.is_empty() { "within all limits".to_owned() } else { reasons.join("; ") }
    }

    /// Returns one sentence for each reason that prevents a pass.
    pub fn reasons(&self) -> impl Iterator<Item = String> {
        let figures = self.figures.iter().filter_map(|judged| judged.reason(self.confidence));
        let others = self.lacking().chain(self.few_seeds());
        self.nothing_served().into_iter().chain(figures).chain(others)
    }

    fn lacking(&self) -> impl Iterator<Item = String> + use<> {
        self.missing.map(MissingFigure::reason).into_iter()
    }

    fn few_seeds(&self) -> Option<String> {
        self.too_few_seeds().map(|SeedCount { run, needed }| {
            let were = if run == 1 { "seed was" } else { "seeds were" };
            format!(
                "only {run} {were} simulated; a pass at {} confidence needs at least {needed}",
                self.confidence
            )
        })
    }

    fn nothing_served(&self) -> Option<String> {
        self.unserved.map(|seed| {
            format!(
                "no request succeeds with seed {seed}; a run without a success has no percentiles \
                 and fails every budget"
            )
        })
    }

    /// Returns the verdict as a result for a driver and profile.
    pub fn result(&self, driver: &DriverName, profile: BenchmarkProfile) -> BudgetResult {
        BudgetResult {
            driver: driver.clone(),
            profile,
            verdict: self.verdict(),
            reason: self.reason(),
        }
    }
}

/// Returns the severity of a verdict: fail, then inconclusive, then pass.
pub(crate) const fn gravity(verdict: Verdict) -> u8 {
    match verdict {
        Verdict::Pass => 0,
        Verdict::Inconclusive => 1,
        Verdict::Fail => 2,
    }
}
