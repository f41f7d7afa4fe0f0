//! Every benchmark of a driver under a profile, and which of them decides.

use std::{cmp::Reverse, collections::BTreeMap};

use super::{
    Confidence, Judgement,
    judge::{gravity, judge},
    runs::judge_runs,
};
use crate::{
    finding::Subject,
    model::{
        Benchmark, BenchmarkProfile, Budget, BudgetResult, Date, DriverContract, DriverName,
        EffectiveBudget, Scope, Seed, Verdict, Vocabulary,
    },
    simulate::Run,
    workspace::Workspace,
};

/// A benchmark, and what it comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sample {
    /// The figures; none of a simulation that served nothing.
    pub benchmark: Result<Benchmark, Unserved>,
    /// The `[[benchmark]]`, or the workload that was simulated.
    pub subject: Subject,
    /// The run of each seed, where it was simulated here; none of what was recorded.
    pub runs: Vec<Run>,
}

/// A simulation in which no request succeeded, so that it has no figures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unserved {
    /// The driver that was simulated.
    pub driver: DriverName,
    /// The kind of load.
    pub profile: BenchmarkProfile,
    /// Where the chance of the run started from.
    pub seed: Seed,
}

impl Sample {
    /// The driver, under its kind of load.
    pub fn pair(&self) -> (&DriverName, BenchmarkProfile) {
        match &self.benchmark {
            Ok(benchmark) => (&benchmark.driver, benchmark.profile),
            Err(unserved) => (&unserved.driver, unserved.profile),
        }
    }

    /// The day of the measurement, where it is said.
    pub fn measured_on(&self) -> Option<Date> {
        self.benchmark.as_ref().ok()?.measured_on
    }

    fn judge(
        &self,
        limits: &Budget,
        contract: &DriverContract,
        confidence: Confidence,
    ) -> Judgement {
        match &self.benchmark {
            Ok(_) if !self.runs.is_empty() => judge_runs(&self.runs, limits, contract, confidence),
            Ok(benchmark) => judge(benchmark, limits, Some(contract), confidence),
            Err(unserved) => Judgement::of_nothing_served(unserved.seed, confidence),
        }
    }
}

/// A benchmark with what the budget says of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assessed {
    /// The benchmark.
    pub sample: Sample,
    /// What the budget says.
    pub judgement: Judgement,
}

/// All benchmarks of a driver under a profile, against the budget that applies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pair {
    /// The driver.
    pub driver: DriverName,
    /// The kind of load.
    pub profile: BenchmarkProfile,
    /// The narrowest scope that declares a part of the budget.
    pub scope: Scope,
    /// The benchmarks, at least one, in their order.
    pub assessed: Vec<Assessed>,
    /// Which of them decides.
    pub decisive: usize,
}

/// Which of several benchmarks decides.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Fold {
    /// The one with the gravest verdict: a failure, then an inconclusive one; of equal ones that
    /// with the least headroom, then the first.
    #[default]
    Worst,
    /// The middle one in the order of `Worst`; of an even number the worse of the two in the
    /// middle.
    Median,
    /// The one that was measured last; one without a day, or of a day that has not come yet, is
    /// older than all others, and of those of one day the worst one decides.
    Latest,
}

impl Vocabulary for Fold {
    const NOUN: &'static str = "fold";
    const ALL: &'static [Self] = &[Self::Worst, Self::Median, Self::Latest];

    fn word(self) -> &'static str {
        match self {
            Self::Worst => "worst",
            Self::Median => "median",
            Self::Latest => "latest",
        }
    }
}

impl Fold {
    /// The index of the benchmark that decides on this day, in UTC; 0 where there is none.
    pub fn decisive(self, assessed: &[Assessed], today: Date) -> usize {
        let mut order: Vec<usize> = (0..assessed.len()).collect();
        order.sort_by_key(|index| badness(&assessed[*index]));
        let chosen = match self {
            Self::Worst => order.first(),
            Self::Median => order.get(order.len().saturating_sub(1) / 2),
            Self::Latest => {
                let day = |index: &&usize| {
                    let day = assessed[**index].sample.measured_on();
                    day.filter(|day| *day <= today)
                };
                // The first of equal ones, which are in the order of the worst.
                order.iter().min_by_key(|index| Reverse(day(index)))
            }
        };
        chosen.copied().unwrap_or_default()
    }
}

/// Orders the worst first. No number for the headroom is the most there can be, but where nothing
/// was served it is the least.
fn badness(assessed: &Assessed) -> (Reverse<u8>, u64) {
    let judgement = &assessed.judgement;
    let headroom = if judgement.unserved.is_some() {
        0
    } else {
        judgement.headroom_percent().unwrap_or(u64::MAX)
    };
    (Reverse(gravity(judgement.verdict())), headroom)
}

impl Pair {
    /// The benchmark that decides.
    pub fn deciding(&self) -> &Assessed {
        &self.assessed[self.decisive]
    }

    /// What the deciding benchmark comes to.
    pub fn verdict(&self) -> Verdict {
        self.deciding().judgement.verdict()
    }

    /// The result of each benchmark, in their order.
    pub fn results(&self) -> impl Iterator<Item = BudgetResult> {
        let assessed = self.assessed.iter();
        assessed.map(|assessed| assessed.judgement.result(&self.driver, self.profile))
    }
}

impl Workspace {
    /// The benchmarks that were recorded and read without an error, in the order of the files and
    /// their text.
    pub fn recorded_samples(&self) -> Vec<Sample> {
        let samples = self.numbered_benchmarks().map(|(number, benchmark)| Sample {
            benchmark: Ok(benchmark.clone()),
            subject: Subject::Benchmark(number),
            runs: Vec::new(),
        });
        samples.collect()
    }

    /// What the budget of its driver, over all scopes, says of each benchmark; by name of the
    /// driver, then by profile. The day, in UTC, is that on which the latest is looked for.
    ///
    /// Left out are benchmarks of drivers without a readable contract, and of pairs without a
    /// budget or with one that lacks a limit.
    pub fn judge(
        &self,
        samples: Vec<Sample>,
        confidence: Confidence,
        fold: Fold,
        today: Date,
    ) -> Vec<Pair> {
        let mut by_pair: BTreeMap<_, Vec<Sample>> = BTreeMap::new();
        for sample in samples {
            let (driver, profile) = sample.pair();
            by_pair.entry((driver.clone(), profile)).or_default().push(sample);
        }
        let pairs = by_pair.into_iter().filter_map(|((driver, profile), samples)| {
            let contract = self.driver(&driver)?;
            let effective = self.effective_budget(contract, profile)?;
            let limits = effective.complete()?;
            let assess = |sample: Sample| {
                let judgement = sample.judge(&limits, contract, confidence);
                Assessed { sample, judgement }
            };
            let assessed: Vec<_> = samples.into_iter().map(assess).collect();
            let decisive = fold.decisive(&assessed, today);
            let EffectiveBudget { narrowest, .. } = effective;
            let scope = narrowest.scope.clone();
            Some(Pair { driver, profile, scope, assessed, decisive })
        });
        pairs.collect()
    }
}
