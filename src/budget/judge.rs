//! A benchmark against a budget, with what chance leaves open: pass, fail or inconclusive.
//!
//! A figure beyond its limit fails. One within it passes where the evidence shows that the truth
//! is within it, too; where the evidence could show that and does not, it is inconclusive.

use super::{Comparison, Confidence, Figure, compare, confidence::events_among};
use crate::model::{
    Benchmark, BenchmarkProfile, Budget, BudgetResult, DriverContract, DriverName, DurationMs,
    Field, LatencyMs, SampleCount, Seed, Verdict,
};

/// The share of requests that may be slower than p95, in bps.
const ABOVE_P95_BPS: u64 = 500;

/// What a budget says of one benchmark, figure by figure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judgement {
    /// Each figure with its limit, in the order of the limits; none where nothing was served.
    pub figures: Vec<Judged>,
    /// The seed of a simulation in which no request succeeded: without a percentile it fails
    /// every budget.
    pub unserved: Option<Seed>,
    /// How sure a verdict had to be.
    pub confidence: Confidence,
    /// The seeds of a simulation, run now or recorded; none of a measured benchmark.
    pub seeds: Option<SeedCount>,
}

/// How many seeds a simulation has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SeedCount {
    /// The seeds that were run.
    pub run: u64,
    /// The fewest seeds that a pass needs.
    pub needed: u64,
}

/// What a limit says of one figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Judged {
    /// The figure and its limit.
    pub comparison: Comparison,
    /// Whether the limit is kept.
    pub verdict: Verdict,
    /// What the verdict rests on.
    pub basis: Basis,
    /// The seed whose figure it is, of a simulation.
    pub seed: Option<Seed>,
}

/// What a verdict about one figure rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Basis {
    /// The figure alone: of its kind a benchmark knows no more.
    Figure,
    /// The figure alone, since the benchmark lacks what bounds it.
    Unbounded {
        /// The key that would bound it.
        lacks: Field,
    },
    /// The contract: a driver that tries once never retries.
    Contract,
    /// A count of events.
    Events {
        /// The events; of a recorded benchmark at most so many, since the rate is rounded up.
        events: u64,
        /// The attempts that they are among; of the reject rate the requests.
        attempts: u64,
        /// From how many attempts on the rate would be shown to be within its limit; only of an
        /// inconclusive figure, and none where no number does.
        needed: Option<u64>,
    },
    /// The upper bound of p95, at [`Confidence::USUAL`].
    Bound {
        /// The bound, in ms, as it was recorded: not below p95 if it is one.
        upper_ms: u64,
    },
    /// Latencies that depend on each other so much that p95 has no bound.
    Correlated {
        /// How many times as long a run would bound p95.
        times: u64,
        /// How long that is, in ms, where the length of this run is known.
        needed_ms: Option<u64>,
    },
    /// How many seeds of a simulation are beyond the limit.
    Seeds {
        /// Those that are.
        beyond: u64,
        /// All seeds.
        seeds: u64,
    },
    /// Fewer requests than any bound of p95 needs.
    Requests {
        /// The requests.
        requests: u64,
        /// The fewest that bound p95 at all.
        needed: u64,
    },
}

/// What a budget says of a benchmark at this confidence.
///
/// The contract, where it is known, rules out what its driver never does. Rates of attempts are
/// held to the exact binomial bound where the benchmark has `attempts`; p95 to
/// `p95_upper_latency_ms`, which is a bound of 95 % and so shows nothing at a higher confidence.
/// A recorded simulation needs as many seeds for a pass as one that is run now. Throughput is
/// compared as it is, and so is the share of rejected requests: it is of the
/// requests that were offered, and a benchmark does not say how many those are.
pub fn judge(
    benchmark: &Benchmark,
    budget: &Budget,
    contract: Option<&DriverContract>,
    confidence: Confidence,
) -> Judgement {
    let tries_once = contract.is_some_and(|contract| contract.retry_policy.max_attempts.get() == 1);
    let figures = compare(benchmark, budget).into_iter().map(|comparison| {
        let (verdict, basis) = match comparison.figure {
            Figure::P95Latency => latency(comparison, benchmark, confidence),
            Figure::RetryRate if tries_once && comparison.value == 0 => {
                (Verdict::Pass, Basis::Contract)
            }
            Figure::TimeoutRate | Figure::RetryRate => {
                rate(comparison, benchmark.attempts, confidence)
            }
            Figure::RejectRate | Figure::Throughput => (plain(comparison), Basis::Figure),
        };
        Judged { comparison, verdict, basis, seed: None }
    });
    let seeds = benchmark.simulated_seeds();
    let seeds = seeds.map(|run| SeedCount { run, needed: confidence.seeds_needed() });
    Judgement { figures: figures.collect(), unserved: None, confidence, seeds }
}

/// What the figure alone says.
const fn plain(comparison: Comparison) -> Verdict {
    if comparison.holds() { Verdict::Pass } else { Verdict::Fail }
}

/// What a share of attempts says.
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

/// What p95 says. A bound of so few requests that there is none is not looked at; one below what
/// it bounds shows nothing.
fn latency(
    comparison: Comparison,
    benchmark: &Benchmark,
    confidence: Confidence,
) -> (Verdict, Basis) {
    let upper = benchmark.p95_upper_latency_ms.map(LatencyMs::get);
    let needed = needed_requests(if upper.is_some() { Confidence::USUAL } else { confidence });
    let requests = benchmark.requests.map(SampleCount::get);
    let too_few = requests.filter(|requests| *requests < needed);
    let basis = match (upper, too_few, benchmark.longer_run()) {
        (_, Some(requests), _) => Basis::Requests { requests, needed },
        (Some(upper_ms), None, _) => Basis::Bound { upper_ms },
        (None, None, Some(times)) => {
            let length = benchmark.duration_ms.map(DurationMs::get);
            let needed_ms = length.and_then(|length| length.checked_mul(times));
            Basis::Correlated { times, needed_ms }
        }
        (None, None, None) => Basis::Unbounded { lacks: Field::P95UpperLatencyMs },
    };
    let verdict = match (plain(comparison), basis) {
        (Verdict::Pass, Basis::Requests { .. } | Basis::Correlated { .. }) => Verdict::Inconclusive,
        (Verdict::Pass, Basis::Bound { upper_ms })
            if upper_ms > comparison.limit
                || upper_ms < comparison.value
                || confidence > Confidence::USUAL =>
        {
            Verdict::Inconclusive
        }
        (verdict, _) => verdict,
    };
    (verdict, basis)
}

/// The fewest requests that bound p95 at a confidence.
pub(super) fn needed_requests(confidence: Confidence) -> u64 {
    confidence.attempts_needed(0, ABOVE_P95_BPS, 1).unwrap_or_default()
}

impl Judgement {
    /// What any budget says of a simulation in which no request succeeded with this seed.
    pub const fn of_nothing_served(seed: Seed, confidence: Confidence) -> Self {
        Self { figures: Vec::new(), unserved: Some(seed), confidence, seeds: None }
    }

    /// The gravest verdict of all figures: a failure, then an inconclusive one.
    pub fn verdict(&self) -> Verdict {
        if self.unserved.is_some() {
            return Verdict::Fail;
        }
        let verdicts = self.figures.iter().map(|judged| judged.verdict);
        let few = self.too_few_seeds().map(|_| Verdict::Inconclusive);
        verdicts.chain(few).max_by_key(|verdict| gravity(*verdict)).unwrap_or(Verdict::Pass)
    }

    /// The seeds, where they are too few for a pass.
    fn too_few_seeds(&self) -> Option<SeedCount> {
        self.seeds.filter(|seeds| seeds.run < seeds.needed)
    }

    /// The least headroom of all figures, in percent as in [`Comparison::headroom_percent`]; none
    /// where none of them has such a number.
    pub fn headroom_percent(&self) -> Option<u64> {
        self.figures.iter().filter_map(|judged| judged.comparison.headroom_percent()).min()
    }

    /// Why the verdict is what it is: every figure that has it, or that all limits are kept.
    pub fn reason(&self) -> String {
        let verdict = self.verdict();
        let deciding = self.figures.iter().filter(|judged| judged.verdict == verdict);
        let reasons = deciding.filter_map(|judged| judged.reason(self.confidence));
        let few = self.few_seeds().filter(|_| verdict == Verdict::Inconclusive);
        let reasons: Vec<_> = self.nothing_served().into_iter().chain(reasons).chain(few).collect();
        if reasons.is_empty() { "all limits kept".to_owned() } else { reasons.join("; ") }
    }

    /// Whatever keeps the benchmark from passing, a sentence each.
    pub fn reasons(&self) -> impl Iterator<Item = String> {
        let figures = self.figures.iter().filter_map(|judged| judged.reason(self.confidence));
        self.nothing_served().into_iter().chain(figures).chain(self.few_seeds())
    }

    fn few_seeds(&self) -> Option<String> {
        self.too_few_seeds().map(|SeedCount { run, needed }| {
            let were = if run == 1 { "seed was" } else { "seeds were" };
            format!(
                "{run} {were} simulated; a pass at {} confidence takes {needed} seeds",
                self.confidence
            )
        })
    }

    fn nothing_served(&self) -> Option<String> {
        self.unserved.map(|seed| {
            format!(
                "with seed {seed} no request succeeds; a run that serves nothing has no \
                 percentiles and fails every budget"
            )
        })
    }

    /// The judgement as the result of a driver under a profile.
    pub fn result(&self, driver: &DriverName, profile: BenchmarkProfile) -> BudgetResult {
        BudgetResult {
            driver: driver.clone(),
            profile,
            verdict: self.verdict(),
            reason: self.reason(),
        }
    }
}

impl Judged {
    /// What keeps the figure from passing, if something does.
    pub fn reason(&self, confidence: Confidence) -> Option<String> {
        match self.verdict {
            Verdict::Pass => None,
            Verdict::Fail => self.comparison.fault().map(|fault| fault + &self.shown_by()),
            Verdict::Inconclusive => match (self.comparison.fault(), self.basis) {
                (Some(fault), Basis::Seeds { .. } | Basis::Events { .. }) => {
                    Some(format!("{fault}{}; chance can explain it", self.shown_by()))
                }
                _ => Some(self.doubt(confidence)),
            },
        }
    }

    /// What of a simulation shows that a limit is broken, if it was one.
    fn shown_by(&self) -> String {
        let Some(seed) = self.seed else { return String::new() };
        match self.basis {
            Basis::Seeds { beyond, seeds } => {
                format!(" with seed {seed}, and the limit is broken with {beyond} of {seeds} seeds")
            }
            Basis::Events { events, attempts, .. } => {
                let events = counted(events, self.comparison.value);
                format!(
                    " with seed {seed}: {events} in {attempts} {}",
                    self.comparison.figure.of_what()
                )
            }
            Basis::Figure
            | Basis::Unbounded { .. }
            | Basis::Contract
            | Basis::Bound { .. }
            | Basis::Correlated { .. }
            | Basis::Requests { .. } => format!(" with seed {seed}"),
        }
    }

    fn doubt(&self, confidence: Confidence) -> String {
        let Comparison { figure, value, limit } = self.comparison;
        let (name, unit) = (figure.name(), figure.unit());
        match self.basis {
            Basis::Events { events, attempts, needed } => {
                let (events, of) = (counted(events, value), figure.of_what());
                let unshown = format!(
                    "{name} {value} {unit}, {events} in {attempts} {of}, is not shown to be within \
                     {limit} {unit} at {confidence} confidence"
                );
                match needed {
                    Some(needed) => format!("{unshown}; at this rate it takes {needed} {of}"),
                    None => format!("{unshown}, and at this rate no number of {of} shows it"),
                }
            }
            Basis::Correlated { times, needed_ms } => {
                let length = needed_ms.map(|ms| format!(", {ms} ms,")).unwrap_or_default();
                format!(
                    "{name} {value} {unit} has no upper bound, since neighbouring batches of \
                     latencies are correlated; a run of {times} times the length{length} would \
                     bound it"
                )
            }
            Basis::Bound { upper_ms } if upper_ms < value => format!(
                "{name} {value} {unit} is above its own upper bound of {upper_ms} {unit}, which so \
                 shows nothing"
            ),
            Basis::Bound { upper_ms } if upper_ms > limit => format!(
                "{name} {value} {unit} is within {limit} {unit}, its upper bound of {upper_ms} \
                 {unit} is not"
            ),
            Basis::Bound { .. } => format!(
                "{name} is shown to be within {limit} {unit} at {} confidence, not at \
                 {confidence}",
                Confidence::USUAL
            ),
            Basis::Requests { requests, needed } => format!(
                "{name} {value} {unit} of {requests} requests has no upper bound; it takes \
                 {needed} requests"
            ),
            Basis::Figure | Basis::Unbounded { .. } | Basis::Contract | Basis::Seeds { .. } => {
                format!("{name} {value} {unit} does not show {limit} {unit}")
            }
        }
    }
}

fn counted(events: u64, rate_bps: u64) -> String {
    match (events, rate_bps) {
        (0, 0) => "no event".to_owned(),
        (0, _) => "less than 1 event".to_owned(),
        (1, _) => "1 event".to_owned(),
        _ => format!("{events} events"),
    }
}

/// How grave a verdict is: a failure before what is inconclusive, before what passes.
pub(crate) const fn gravity(verdict: Verdict) -> u8 {
    match verdict {
        Verdict::Pass => 0,
        Verdict::Inconclusive => 1,
        Verdict::Fail => 2,
    }
}
