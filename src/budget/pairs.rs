//! Judges all benchmarks of each driver and profile, and selects the benchmark that decides.

use std::{cmp::Reverse, collections::BTreeMap};

use super::{
    BenchmarkVerdict, Confidence,
    judge::{gravity, judge},
    runs::judge_runs,
};
use crate::{
    finding::DeclarationId,
    model::{
        Benchmark, BenchmarkProfile, Budget, BudgetResult, Date, DriverContract, DriverName,
        EffectiveBudget, LatencyUnit, Scope, Seed, Verdict, Vocabulary,
    },
    simulate::Run,
    workspace::Workspace,
};

/// A benchmark with its origin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourcedBenchmark {
    /// The figures, or an error if no request of the simulation succeeded.
    pub benchmark: Result<Benchmark, Unserved>,
    /// The declaration of the benchmark, or of the workload that was simulated.
    pub subject: DeclarationId,
    /// The run of each seed, if this command simulated the benchmark. Empty for a recorded
    /// benchmark.
    pub runs: Vec<Run>,
}

/// A simulation without figures, because no request succeeded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unserved {
    /// The simulated driver.
    pub driver: DriverName,
    /// The profile.
    pub profile: BenchmarkProfile,
    /// The seed of the run.
    pub seed: Seed,
}

impl SourcedBenchmark {
    /// Returns the driver and the profile.
    pub fn pair(&self) -> (&DriverName, BenchmarkProfile) {
        match &self.benchmark {
            Ok(benchmark) => (&benchmark.driver, benchmark.profile),
            Err(unserved) => (&unserved.driver, unserved.profile),
        }
    }

    /// Returns the date of the measurement, if recorded.
    pub fn measured_on(&self) -> Option<Date> {
        self.benchmark.as_ref().ok()?.measured_on
    }

    fn judge(
        &self,
        limits: &Budget,
        contract: &DriverContract,
        confidence: Confidence,
    ) -> BenchmarkVerdict {
        match &self.benchmark {
            Ok(_) if !self.runs.is_empty() => judge_runs(&self.runs, limits, contract, confidence),
            Ok(benchmark) => judge(benchmark, limits, Some(contract), confidence),
            Err(unserved) => BenchmarkVerdict::of_nothing_served(unserved.seed, confidence),
        }
    }
}

/// A benchmark with its verdict.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JudgedBenchmark {
    /// The benchmark.
    pub sample: SourcedBenchmark,
    /// The verdict.
    pub judgement: BenchmarkVerdict,
}

/// All benchmarks of one driver and profile, judged against the effective budget.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DriverProfile {
    /// The driver.
    pub driver: DriverName,
    /// The profile.
    pub profile: BenchmarkProfile,
    /// The narrowest scope that sets a limit of the budget.
    pub scope: Scope,
    /// The benchmarks, in order; at least one.
    pub benchmarks: Vec<JudgedBenchmark>,
    /// The index of the benchmark that decides.
    pub decisive: usize,
}

/// The terms under which benchmarks are judged.
#[derive(Clone, Copy, Debug)]
pub struct JudgementTerms {
    /// The required confidence.
    pub confidence: Confidence,
    /// Selects the benchmark that decides.
    pub fold: Fold,
    /// The UTC date that [`Fold::Latest`] compares with.
    pub today: Date,
    /// The coarsest unit in which latencies are judged. A budget that states a limit in
    /// microseconds is always judged in microseconds.
    pub latency_unit: LatencyUnit,
}

/// Selects the benchmark that decides if there are several.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Fold {
    /// The benchmark with the most severe verdict: fail, then inconclusive, then pass. If several
    /// benchmarks have that verdict, the benchmark with the lowest headroom decides. If several of
    /// these benchmarks have the same headroom, the first of them decides.
    #[default]
    Worst,
    /// The middle benchmark in the order of `Worst`. If the number of benchmarks is even, the worse
    /// of the two middle benchmarks.
    Median,
    /// The most recent benchmark. A benchmark without a date or with a future date is treated as
    /// the oldest. If several benchmarks have the same date, the worst of these benchmarks decides.
    Latest,
}

impl Vocabulary for Fold {
    const NOUN: &'static str = "fold";
    const ALL: &'static [Self] = &[Self::Worst, Self::Median, Self::Latest];

    fn word(&self) -> &str {
        self.label()
    }
}

impl Fold {
    /// Returns the label, as the command line writes it.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Worst => "worst",
            Self::Median => "median",
            Self::Latest => "latest",
        }
    }

    /// Returns the index of the benchmark that decides on this UTC date, or 0 if there are no
    /// benchmarks.
    pub fn decisive(self, assessed: &[JudgedBenchmark], today: Date) -> usize {
        let mut order: Vec<usize> = (0..assessed.len()).collect();
        order.sort_by_key(|index| worst_first_key(&assessed[*index]));
        let chosen = match self {
            Self::Worst => order.first(),
            Self::Median => order.get(order.len().saturating_sub(1) / 2),
            Self::Latest => {
                let day = |index: &&usize| {
                    let day = assessed[**index].sample.measured_on();
                    day.filter(|day| *day <= today)
                };
                // Returns the first of equal dates, which is the worst.
                order.iter().min_by_key(|index| Reverse(day(index)))
            }
        };
        chosen.copied().unwrap_or_default()
    }
}

/// Returns a sort key that puts the worst benchmark first. A missing headroom is treated as the
/// highest, or as the lowest if no request succeeded.
fn worst_first_key(assessed: &JudgedBenchmark) -> (Reverse<u8>, u64) {
    let judgement = &assessed.judgement;
    let headroom = if judgement.unserved.is_some() {
        0
    } else {
        judgement.headroom_percent().unwrap_or(u64::MAX)
    };
    (Reverse(gravity(judgement.verdict())), headroom)
}

impl DriverProfile {
    /// Returns the benchmark that decides.
    pub fn deciding(&self) -> &JudgedBenchmark {
        &self.benchmarks[self.decisive]
    }

    /// Returns the verdict on the benchmark that decides.
    pub fn verdict(&self) -> Verdict {
        self.deciding().judgement.verdict()
    }

    /// Returns the result of each benchmark, in order.
    pub fn results(&self) -> impl Iterator<Item = BudgetResult> {
        let assessed = self.benchmarks.iter();
        assessed.map(|assessed| assessed.judgement.result(&self.driver, self.profile))
    }
}

impl Workspace {
    /// Returns the recorded benchmarks that were read without errors, by file, then by position.
    pub fn recorded_samples(&self) -> Vec<SourcedBenchmark> {
        let samples = self.numbered_benchmarks().map(|(number, benchmark)| SourcedBenchmark {
            benchmark: Ok(benchmark.clone()),
            subject: DeclarationId::Benchmark(number),
            runs: Vec::new(),
        });
        samples.collect()
    }

    /// Judges benchmarks as [`judge_by`](Self::judge_by) does, in the unit of each budget.
    pub fn judge(
        &self,
        samples: Vec<SourcedBenchmark>,
        confidence: Confidence,
        fold: Fold,
        today: Date,
    ) -> Vec<DriverProfile> {
        let latency_unit = LatencyUnit::default();
        self.judge_by(samples, &JudgementTerms { confidence, fold, today, latency_unit })
    }

    /// Judges each benchmark against the effective budget of its driver. The results are sorted by
    /// driver name, then by profile.
    ///
    /// Skips benchmarks without a readable contract, and benchmarks whose effective budget is
    /// missing or lacks a limit.
    pub fn judge_by(
        &self,
        samples: Vec<SourcedBenchmark>,
        terms: &JudgementTerms,
    ) -> Vec<DriverProfile> {
        let JudgementTerms { confidence, fold, today, latency_unit } = *terms;
        let mut by_pair: BTreeMap<_, Vec<SourcedBenchmark>> = BTreeMap::new();
        for sample in samples {
            let (driver, profile) = sample.pair();
            by_pair.entry((driver.clone(), profile)).or_default().push(sample);
        }
        let pairs = by_pair.into_iter().filter_map(|((driver, profile), samples)| {
            let contract = self.driver(&driver)?;
            let effective = self.effective_budget(contract, profile)?;
            let limits = effective.complete()?.at_least_in(latency_unit);
            let assess = |sample: SourcedBenchmark| {
                let judgement = sample.judge(&limits, contract, confidence);
                JudgedBenchmark { sample, judgement }
            };
            let assessed: Vec<_> = samples.into_iter().map(assess).collect();
            let decisive = fold.decisive(&assessed, today);
            let EffectiveBudget { narrowest, .. } = effective;
            let scope = narrowest.scope.clone();
            Some(DriverProfile { driver, profile, scope, benchmarks: assessed, decisive })
        });
        pairs.collect()
    }
}
