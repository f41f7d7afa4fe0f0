//! What changed budgets mean for the recorded samples.
//!
//! The samples are those of the new side, judged by the budget that held and by the one that
//! holds, so that only the edit shows.

use super::{
    Change, Contract, Direction,
    pairs::{Pair, Pairs},
};
use crate::{
    budget::evaluate,
    finding::{Place, Subject},
    model::{BasisPoints, Benchmark, BenchmarkProfile, Budget, DriverName, Field, Limit},
    workspace::Workspace,
};

/// What a change of the budget of one driver means for its samples.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Impact {
    /// The driver, by its name in the base.
    pub driver: DriverName,
    /// The kind of load.
    pub profile: BenchmarkProfile,
    /// How many samples there are.
    pub samples: usize,
    /// How many of them the old budget fails.
    pub failed_before: usize,
    /// How many of them the new budget fails.
    pub failed_after: usize,
    /// The limits that changed.
    pub limits: Vec<Headroom>,
    /// The samples that failed and pass now, in the new side.
    pub rescued: Vec<Place>,
    /// The samples that passed and fail now, in the new side.
    pub broken: Vec<Place>,
}

/// How far the worst sample stays inside of a limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Headroom {
    /// The limit.
    pub limit: Limit,
    /// The value of the limit in the base; none where there was no budget.
    pub old: Option<u64>,
    /// The value of the limit now; none where there is no budget.
    pub new: Option<u64>,
    /// What was left of the limit, in percent of it, rounded down; negative where it is broken.
    pub before: Option<i128>,
    /// What is left now, likewise.
    pub after: Option<i128>,
}

/// The samples of one driver under one profile, and the budgets that judge them.
struct Judged<'w> {
    pair: Pair<'w>,
    profile: BenchmarkProfile,
    samples: Vec<(usize, &'w Benchmark)>,
    old: Option<Budget>,
    new: Option<Budget>,
}

/// What the changed budgets mean, driver by driver; and the changes learn what they do to samples.
pub(super) fn impacts(pairs: &Pairs<'_>, changes: &mut [Change]) -> Vec<Impact> {
    note_lost_failures(pairs, changes);
    let mut impacts = Vec::new();
    for pair in &pairs.both {
        for profile in Workspace::profiles() {
            let judged = Judged::new(pairs, *pair, *profile);
            if judged.old != judged.new && !judged.samples.is_empty() {
                judged.note_rescued(changes);
                impacts.push(judged.impact());
            }
        }
    }
    impacts
}

impl<'w> Judged<'w> {
    fn new(pairs: &Pairs<'w>, pair: Pair<'w>, profile: BenchmarkProfile) -> Self {
        let samples = pairs.new.numbered_benchmarks();
        let own = samples
            .filter(|(_, sample)| sample.driver == pair.new.name && sample.profile == profile);
        let old = pairs.old.effective_budget(pair.old, profile);
        let new = pairs.new.effective_budget(pair.new, profile);
        Self {
            pair,
            profile,
            samples: own.collect(),
            old: old.and_then(|budget| budget.complete()),
            new: new.and_then(|budget| budget.complete()),
        }
    }

    fn impact(&self) -> Impact {
        let passes = |sample: &Benchmark, budget: &Option<Budget>| {
            evaluate(sample, budget.as_ref()).passed()
        };
        let judged: Vec<(usize, bool, bool)> = self
            .samples
            .iter()
            .map(|(number, sample)| (*number, passes(sample, &self.old), passes(sample, &self.new)))
            .collect();
        let places = |before: bool| {
            let turned = judged.iter().filter(move |(_, was, is)| *was == before && *is != before);
            turned.map(|(number, ..)| Subject::Benchmark(*number).whole()).collect()
        };
        Impact {
            driver: self.pair.old.name.clone(),
            profile: self.profile,
            samples: self.samples.len(),
            failed_before: judged.iter().filter(|(_, was, _)| !was).count(),
            failed_after: judged.iter().filter(|(.., is)| !is).count(),
            limits: Limit::ALL.into_iter().filter_map(|limit| self.headroom(limit)).collect(),
            rescued: places(false),
            broken: places(true),
        }
    }

    /// What became of a limit; none where it stayed.
    fn headroom(&self, limit: Limit) -> Option<Headroom> {
        let value = |budget: &Option<Budget>| budget.as_ref().map(|budget| value_of(budget, limit));
        let (old, new) = (value(&self.old), value(&self.new));
        let left = |bound: Option<u64>| {
            let bound = bound?;
            self.samples.iter().filter_map(|(_, sample)| room(limit, bound, sample)).min()
        };
        let (before, after) = (left(old), left(new));
        (old != new).then_some(Headroom { limit, old, new, before, after })
    }

    /// Says of each loosened limit how many failing samples pass because of it.
    fn note_rescued(&self, changes: &mut [Change]) {
        let (Some(old), Some(new)) = (&self.old, &self.new) else { return };
        for limit in Limit::ALL {
            let probe = with_limit(*new, limit, old);
            let rescued = self.samples.iter().filter(|(_, sample)| {
                evaluate(sample, Some(new)).passed() && !evaluate(sample, Some(&probe)).passed()
            });
            let rescued = rescued.count();
            if rescued == 0 {
                continue;
            }
            let name = &self.pair.old.name;
            let verb = if rescued == 1 { "sample passes" } else { "samples pass" };
            let note = format!("loosened so that {rescued} failing {verb}: `{name}`");
            let of_limit = changes.iter_mut().filter(|change| self.is_of(change, limit.field()));
            of_limit.for_each(|change| change.notes.push(note.clone()));
        }
    }

    fn is_of(&self, change: &Change, field: Field) -> bool {
        let profile = match &change.contract {
            Contract::Budget(profile, _) => Some(*profile),
            Contract::Driver(_)
            | Contract::Workload(..)
            | Contract::Benchmark(..)
            | Contract::Waiver(..) => None,
        };
        change.field == field
            && profile == Some(self.profile)
            && change.drivers.contains(&self.pair.old.name)
    }
}

/// A sample that fails and is gone is no evidence lost by chance.
fn note_lost_failures(pairs: &Pairs<'_>, changes: &mut [Change]) {
    for change in changes {
        let is_lost = change.field == Field::Benchmark && change.direction == Direction::Remove;
        let Some(side) = change.old.as_ref().filter(|_| is_lost) else { continue };
        let mut samples = pairs.old.numbered_benchmarks();
        let lost = samples.find(|(number, _)| side.place.subject == Subject::Benchmark(*number));
        let Some((_, sample)) = lost else { continue };
        let budget = pairs
            .old
            .driver(&sample.driver)
            .and_then(|driver| pairs.old.effective_budget(driver, sample.profile)?.complete());
        if budget.is_some_and(|budget| !evaluate(sample, Some(&budget)).passed()) {
            change.notes.push("the sample fails its budget".to_owned());
        }
    }
}

const fn value_of(budget: &Budget, limit: Limit) -> u64 {
    match limit {
        Limit::P95Latency => budget.max_p95_latency_ms.get(),
        Limit::TimeoutRate => budget.max_timeout_rate_bps.get(),
        Limit::RetryRate => budget.max_retry_rate_bps.get(),
        Limit::Throughput => budget.min_throughput_ops_per_sec.get(),
    }
}

/// The budget with one limit of another.
const fn with_limit(budget: Budget, limit: Limit, of: &Budget) -> Budget {
    match limit {
        Limit::P95Latency => Budget { max_p95_latency_ms: of.max_p95_latency_ms, ..budget },
        Limit::TimeoutRate => Budget { max_timeout_rate_bps: of.max_timeout_rate_bps, ..budget },
        Limit::RetryRate => Budget { max_retry_rate_bps: of.max_retry_rate_bps, ..budget },
        Limit::Throughput => {
            Budget { min_throughput_ops_per_sec: of.min_throughput_ops_per_sec, ..budget }
        }
    }
}

/// What a sample leaves of a limit, in percent of it; none of a limit of zero.
fn room(limit: Limit, bound: u64, sample: &Benchmark) -> Option<i128> {
    let figure = match limit {
        Limit::P95Latency => sample.p95_latency_ms.get(),
        Limit::TimeoutRate => {
            let rejected = sample.reject_rate_bps.map_or(0, BasisPoints::get);
            sample.timeout_rate_bps.get().max(rejected)
        }
        Limit::RetryRate => sample.retry_rate_bps.get(),
        Limit::Throughput => sample.throughput_ops_per_sec.get(),
    };
    let (bound, figure) = (i128::from(bound), i128::from(figure));
    let left = if limit == Limit::Throughput { figure - bound } else { bound - figure };
    (bound > 0).then(|| (left * 100).div_euclid(bound))
}
