//! Judges the runs of a simulation against a budget, each seed by its own counts.
//!
//! A simulation passes if every seed passes and there are at least [`Confidence::seeds_needed`]
//! seeds. It fails if one seed shows that a limit is broken, or if too many seeds are beyond a
//! limit for this to be chance. Otherwise it is inconclusive.

use std::cmp::Reverse;

use super::{
    Basis, BenchmarkVerdict, Comparison, Confidence, Figure, FigureVerdict, SeedCount,
    judge::{gravity, needed_requests},
};
use crate::{
    model::{Budget, DriverContract, Verdict},
    simulate::{Latency, Run, confidence::Tail},
};

/// Judges the runs of a simulation against a budget at this confidence. Each figure comes from the
/// seed with the most severe verdict. If several seeds have that verdict, the lowest headroom
/// decides, then the lowest seed.
///
/// For the timeout, retry and reject rates, the exact binomial bound must be within the limit. For
/// p95 and p99, the upper bound must be within the limit. This is a 95% bound that considers the
/// order of the latencies. A run in which no request succeeds fails every budget.
pub fn judge_runs(
    runs: &[Run],
    budget: &Budget,
    contract: &DriverContract,
    confidence: Confidence,
) -> BenchmarkVerdict {
    if let Some(run) = runs.iter().find(|run| run.latency.is_none()) {
        return BenchmarkVerdict::of_nothing_served(run.seed, confidence);
    }
    let judge = Judge { runs, budget, contract, confidence };
    BenchmarkVerdict {
        figures: Figure::ALL.into_iter().filter_map(|figure| judge.figure(figure)).collect(),
        missing: None,
        unserved: None,
        confidence,
        seeds: Some(SeedCount { run: runs.len() as u64, needed: confidence.seeds_needed() }),
    }
}

/// Returns the index of the worst run, or 0 if there are no runs. The worst run has the most severe
/// verdict, then the lowest headroom, then the lowest seed. The headroom ignores a throughput
/// within its limit, because no more requests can succeed than arrive.
pub fn worst_run(
    runs: &[Run],
    budget: &Budget,
    contract: &DriverContract,
    confidence: Confidence,
) -> usize {
    let judge = Judge { runs, budget, contract, confidence };
    let worst = (0..runs.len()).max_by_key(|index| {
        let figures = Figure::ALL.into_iter();
        let judged: Vec<_> =
            figures.filter_map(|figure| judge.of_run(figure, &runs[*index])).collect();
        let verdict = judged.iter().map(|judged| gravity(judged.verdict)).max();
        let near = judged.iter().map(|judged| judged.comparison);
        let near = near.filter(|near| !near.figure.is_floor() || !near.holds());
        let headroom = near.filter_map(Comparison::headroom_percent);
        let worst = judged.iter().map(severity).max();
        (verdict, Reverse(headroom.min()), worst, Reverse(runs[*index].seed))
    });
    worst.unwrap_or_default()
}

/// Returns a sort key that puts the worst figure last: by verdict, headroom in percent, value, and
/// then the share of events, which is not rounded.
fn severity(judged: &FigureVerdict) -> (u8, Reverse<u64>, u64, u128) {
    let Comparison { figure, value, .. } = judged.comparison;
    let headroom = judged.comparison.headroom_percent().unwrap_or(u64::MAX);
    let worse = if figure.is_floor() { u64::MAX - value } else { value };
    let share = match judged.basis {
        Basis::Events { events, attempts, .. } => {
            (u128::from(events) << 64).checked_div(attempts.into()).unwrap_or_default()
        }
        Basis::Figure
        | Basis::Unbounded { .. }
        | Basis::Contract
        | Basis::Bound { .. }
        | Basis::Correlated { .. }
        | Basis::Seeds { .. }
        | Basis::Requests { .. } => 0,
    };
    (gravity(judged.verdict), Reverse(headroom), worse, share)
}

struct Judge<'r> {
    runs: &'r [Run],
    budget: &'r Budget,
    contract: &'r DriverContract,
    confidence: Confidence,
}

impl Judge<'_> {
    /// Judges a figure over all runs.
    fn figure(&self, figure: Figure) -> Option<FigureVerdict> {
        let judged = self.runs.iter().filter_map(|run| self.of_run(figure, run));
        let mut worst = judged.max_by_key(|judged| (severity(judged), Reverse(judged.seed)))?;
        let beyond = self.beyond(figure);
        let broken = self.confidence.shows_broken_by(beyond, self.runs.len() as u64);
        if broken && !worst.comparison.holds() {
            worst.verdict = Verdict::Fail;
        }
        Some(worst)
    }

    /// Judges a figure in one run.
    fn of_run(&self, figure: Figure, run: &Run) -> Option<FigureVerdict> {
        let latency_unit = self.budget.latency_unit();
        let value = figure.of_run(run, latency_unit)?;
        let limit = figure.allowed_by(self.budget)?;
        let comparison = Comparison { figure, value, limit, latency_unit };
        let counts = &run.counts;
        let (verdict, basis) = match figure {
            Figure::P95Latency => self.latency(comparison, Tail::P95, run, run.latency.as_ref()?),
            Figure::P99Latency => self.latency(comparison, Tail::P99, run, run.latency.as_ref()?),
            Figure::TimeoutRate => self.rate(comparison, counts.timeouts, counts.attempts),
            Figure::RejectRate => self.rate(comparison, counts.rejected, counts.offered),
            Figure::RetryRate if self.contract.retry_policy.max_attempts.get() == 1 => {
                (Verdict::Pass, Basis::Contract)
            }
            Figure::RetryRate => self.rate(comparison, counts.retries, counts.attempts),
            Figure::Throughput if comparison.holds() => (Verdict::Pass, Basis::Figure),
            Figure::Throughput => (Verdict::Inconclusive, self.seeds(figure)),
        };
        Some(FigureVerdict { comparison, verdict, basis, seed: Some(run.seed) })
    }

    fn latency(
        &self,
        comparison: Comparison,
        tail: Tail,
        run: &Run,
        latency: &Latency,
    ) -> (Verdict, Basis) {
        let (upper_us, longer_run) = match tail {
            Tail::P95 => (latency.p95_upper_us, latency.longer_run),
            Tail::P99 => (latency.p99_upper_us, latency.p99_longer_run),
        };
        if !comparison.holds() {
            return (Verdict::Inconclusive, self.seeds(comparison.figure));
        }
        if let Some(times) = longer_run {
            let needed_ms = run.window_ms.get().checked_mul(times);
            return (Verdict::Inconclusive, Basis::Correlated { times, needed_ms });
        }
        let Some(bound_us) = upper_us else {
            let requests = run.counts.succeeded;
            let needed = needed_requests(tail, Confidence::USUAL);
            return (Verdict::Inconclusive, Basis::Requests { requests, needed });
        };
        let upper = comparison.latency_unit.of_us(bound_us);
        let shown = upper <= comparison.limit && self.confidence <= Confidence::USUAL;
        let verdict = if shown { Verdict::Pass } else { Verdict::Inconclusive };
        (verdict, Basis::Bound { upper })
    }

    fn rate(&self, comparison: Comparison, events: u64, attempts: u64) -> (Verdict, Basis) {
        let Comparison { value, limit, .. } = comparison;
        let runs = self.runs.len() as u64;
        let basis = |needed| Basis::Events { events, attempts, needed };
        if attempts > 0 && self.confidence.shows_broken(events, attempts, limit, runs) {
            return (Verdict::Fail, basis(None));
        }
        if !comparison.holds() {
            return (Verdict::Inconclusive, basis(None));
        }
        if attempts > 0 && self.confidence.shows(events, attempts, limit) {
            return (Verdict::Pass, basis(None));
        }
        let needed = self.confidence.attempts_needed(value, limit, attempts);
        (Verdict::Inconclusive, basis(needed))
    }

    fn seeds(&self, figure: Figure) -> Basis {
        Basis::Seeds { beyond: self.beyond(figure), seeds: self.runs.len() as u64 }
    }

    /// Returns the number of runs beyond the limit of a figure.
    fn beyond(&self, figure: Figure) -> u64 {
        let Some(limit) = figure.allowed_by(self.budget) else { return 0 };
        let latency_unit = self.budget.latency_unit();
        let values = self.runs.iter().filter_map(|run| figure.of_run(run, latency_unit));
        let compared = values.map(|value| Comparison { figure, value, limit, latency_unit });
        compared.filter(|comparison| !comparison.holds()).count() as u64
    }
}
