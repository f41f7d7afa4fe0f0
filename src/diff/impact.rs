//! Judges the benchmarks of the new side under the budgets and contracts of both sides.

use std::collections::BTreeMap;

use super::{
    Change, ChangedItem, Direction,
    changes::When,
    names,
    pairs::{DriverChange, Pairs},
    verdicts::{Judge, is_worse},
};
use crate::{
    budget::{Comparison, Figure, MissingFigure},
    finding::{ContractPath, DeclarationId},
    model::{
        Benchmark, BenchmarkProfile, Budget, DriverCapability, DriverName, Field, Limit, Verdict,
        Vocabulary,
    },
    workspace::Workspace,
};

/// The effect of changed budgets and contracts on the benchmarks of one driver and profile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Impact {
    /// The driver, by its name in the base.
    pub driver: DriverName,
    /// The profile.
    pub profile: BenchmarkProfile,
    /// The verdict of each benchmark in the base and on the new side. `None` if there is no budget.
    pub verdicts: Vec<[Option<Verdict>; 2]>,
    /// The limits that changed.
    pub limits: Vec<Headroom>,
    /// The benchmarks whose verdict is now better.
    pub rescued: Vec<VerdictChange>,
    /// The benchmarks whose verdict is now worse.
    pub broken: Vec<VerdictChange>,
}

/// A benchmark whose verdict changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerdictChange {
    /// The benchmark on the new side.
    pub place: ContractPath,
    /// The verdict of the benchmark under the budget and contract of the base.
    pub before: Verdict,
    /// The verdict of the benchmark under the budget and contract of the new side.
    pub after: Verdict,
}

/// The lowest headroom of a driver's benchmarks under a limit, in the base and on the new side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Headroom {
    /// The limit.
    pub limit: Limit,
    /// The value of the limit in the base; a latency is in microseconds. `None` if there was no
    /// budget, or if the budget did not set the limit.
    pub old: Option<u64>,
    /// The value of the limit on the new side; a latency is in microseconds. `None` if there is no
    /// budget, or if the budget does not set the limit.
    pub new: Option<u64>,
    /// The headroom in the base, in percent. 100 is at the limit. See
    /// [`Comparison::headroom_percent`].
    pub before: Option<u64>,
    /// The headroom on the new side, in percent.
    pub after: Option<u64>,
}

impl Impact {
    /// Returns the number of benchmarks with this verdict in the base, and the number on the new
    /// side.
    pub fn count(&self, verdict: Option<Verdict>) -> [usize; 2] {
        [0, 1].map(|side| self.verdicts.iter().filter(|both| both[side] == verdict).count())
    }
}

/// The benchmarks of one driver and profile, with the judges of both sides.
struct Judged<'w> {
    pair: DriverChange<'w>,
    profile: BenchmarkProfile,
    samples: &'w [(usize, &'w Benchmark)],
    old: Judge<'w>,
    new: Judge<'w>,
    /// The verdict of each benchmark in the base and on the new side. Cached because judging is
    /// slow.
    verdicts: Vec<[Option<Verdict>; 2]>,
}

/// The effect of one change on the benchmarks.
#[derive(Debug, Default)]
struct Effect {
    rescued: usize,
    rescued_of: Vec<DriverName>,
    broken: usize,
    broken_of: Vec<DriverName>,
}

/// Returns the impacts, driver by driver, and adds notes to the changes that cause the impacts. A
/// change that makes a verdict worse becomes risky.
pub(super) fn impacts(pairs: &Pairs<'_>, changes: &mut [Change]) -> Vec<Impact> {
    let samples = by_load(pairs.new);
    let (limits, claims) = (limits(changes), claims(pairs, changes));
    let mut effects: BTreeMap<usize, Effect> = BTreeMap::new();
    let mut impacts = Vec::new();
    for (pair, profile) in pairs.loads() {
        let Some(samples) = samples.get(&(&pair.new.name, profile)) else { continue };
        let [old, new] = Judge::pair(pairs, pair, profile);
        if old.budget == new.budget && pair.old.retry_policy == pair.new.retry_policy {
            continue;
        }
        let verdicts = samples.iter().map(|(_, it)| [old.verdict(it), new.verdict(it)]).collect();
        let judged = Judged { pair, profile, samples, old, new, verdicts };
        for limit in Limit::ALL {
            let key = (&pair.old.name, profile, limit.field());
            if let Some(change) = limits.get(&key) {
                judged.note(limit, effects.entry(*change).or_default());
            }
        }
        if let Some(change) = claims.get(&(&pair.old.name, profile)) {
            judged.note_claim(effects.entry(*change).or_default());
        }
        impacts.extend(judged.impact());
    }
    for (index, effect) in effects {
        effect.apply(&mut changes[index]);
    }
    impacts
}

type ByLoad<'w> = BTreeMap<(&'w DriverName, BenchmarkProfile), Vec<(usize, &'w Benchmark)>>;

fn by_load(workspace: &Workspace) -> ByLoad<'_> {
    let mut samples = ByLoad::new();
    for (number, benchmark) in workspace.numbered_benchmarks() {
        let load = (&benchmark.driver, benchmark.profile);
        samples.entry(load).or_default().push((number, benchmark));
    }
    samples
}

type ByLimit<'c> = BTreeMap<(&'c DriverName, BenchmarkProfile, Field), usize>;

/// Returns the index of each budget change, by driver, profile and field.
fn limits(changes: &[Change]) -> ByLimit<'_> {
    let mut limits = ByLimit::new();
    for (index, change) in changes.iter().enumerate() {
        let ChangedItem::Budget(profile, _) = change.contract else { continue };
        for driver in &change.drivers {
            limits.insert((driver, profile, change.field), index);
        }
    }
    limits
}

/// Returns the index of each added capability, by driver and claimed profile.
fn claims<'c>(
    pairs: &Pairs<'_>,
    changes: &'c [Change],
) -> BTreeMap<(&'c DriverName, BenchmarkProfile), usize> {
    let mut claims = BTreeMap::new();
    for (index, change) in changes.iter().enumerate() {
        let ChangedItem::Driver(driver) = &change.contract else { continue };
        if (change.field, change.direction) != (Field::Capabilities, Direction::Add) {
            continue;
        }
        let word = change.part.detail.as_deref().and_then(DriverCapability::from_any);
        let claimed = |profile: &BenchmarkProfile| {
            word.is_some_and(|word| pairs.is_claimed_by(*profile, word))
        };
        let profiles = pairs.profiles().into_iter().filter(claimed);
        claims.extend(profiles.map(|profile| ((driver, profile), index)));
    }
    claims
}

impl Judged<'_> {
    fn benchmarks(&self) -> impl Iterator<Item = &Benchmark> {
        self.samples.iter().map(|(_, benchmark)| *benchmark)
    }

    /// Returns the impact, or `None` if neither a limit nor a verdict changed.
    fn impact(self) -> Option<Impact> {
        let turned = self.samples.iter().zip(&self.verdicts).filter_map(|((number, _), both)| {
            let [Some(before), Some(after)] = *both else { return None };
            let place = DeclarationId::Benchmark(*number).whole();
            (before != after).then_some(VerdictChange { place, before, after })
        });
        let (broken, rescued): (Vec<_>, Vec<_>) =
            turned.partition(|turned| is_worse(turned.after, turned.before));
        let limits = Limit::ALL.into_iter().filter_map(|limit| self.headroom(limit));
        let limits: Vec<_> = limits.collect();
        if limits.is_empty() && broken.is_empty() && rescued.is_empty() {
            return None;
        }
        let (driver, profile) = (self.pair.old.name.clone(), self.profile);
        Some(Impact { driver, profile, verdicts: self.verdicts, limits, rescued, broken })
    }

    /// Returns the headroom under a limit, or `None` if the limit is unchanged.
    fn headroom(&self, limit: Limit) -> Option<Headroom> {
        let [old, new] = [self.old, self.new].map(|judge| judge.budget);
        let value = |budget: &Option<Budget>| value_of(budget.as_ref()?, limit);
        let least = |budget: &Option<Budget>| {
            let figures = Figure::ALL.into_iter().filter(|figure| figure.limit() == limit);
            let compared = figures.flat_map(|figure| {
                self.benchmarks().filter_map(move |it| Comparison::of(figure, it, budget.as_ref()?))
            });
            compared.filter_map(Comparison::headroom_percent).min()
        };
        let (before, after) = (least(&old), least(&new));
        let (old, new) = (value(&old), value(&new));
        (old != new).then_some(Headroom { limit, old, new, before, after })
    }

    /// Adds to the effect the number of benchmarks that start or stop passing because of a changed
    /// limit.
    fn note(&self, limit: Limit, effect: &mut Effect) {
        let Some(new) = self.new.budget else { return };
        let broken = match self.old.budget {
            // The limit is part of the first complete budget.
            None => self.benchmarks().filter(|it| !holds(limit, it, &new)).count(),
            Some(old) => {
                let (alone, others) = (with_limit(old, limit, &new), with_limit(new, limit, &old));
                let is_only_change = alone == new && self.retries_alike();
                let [alone, others] = [self.old.with_budget(alone), self.new.with_budget(others)];
                let (mut rescued, mut broken) = (0, 0);
                for (benchmark, [before, now]) in self.benchmarks().zip(&self.verdicts) {
                    let [alone, others] = if is_only_change {
                        [*now, *before]
                    } else {
                        [alone.verdict(benchmark), others.verdict(benchmark)]
                    };
                    let pass = Some(Verdict::Pass);
                    rescued += usize::from(*now == pass && others != pass);
                    broken += usize::from(worse(alone, *before) || worse(*now, others));
                }
                effect.add_rescued(&self.pair.old.name, rescued);
                broken
            }
        };
        effect.add_broken(&self.pair.old.name, broken);
    }

    /// Adds to the effect the number of benchmarks that fail a budget that did not apply before.
    fn note_claim(&self, effect: &mut Effect) {
        if self.old.budget.is_none() {
            let fails = self.verdicts.iter().filter(|[_, now]| *now == Some(Verdict::Fail));
            effect.add_broken(&self.pair.old.name, fails.count());
        }
    }

    /// Returns true if both contracts have the same retry policy.
    fn retries_alike(&self) -> bool {
        self.pair.old.retry_policy == self.pair.new.retry_policy
    }
}

fn worse(now: Option<Verdict>, before: Option<Verdict>) -> bool {
    now.zip(before).is_some_and(|(now, before)| is_worse(now, before))
}

fn holds(limit: Limit, benchmark: &Benchmark, budget: &Budget) -> bool {
    let mut figures = Figure::ALL.into_iter().filter(|figure| figure.limit() == limit);
    let is_missing = || MissingFigure::of(benchmark, budget).map(|it| it.figure.limit());
    is_missing() != Some(limit)
        && figures
            .all(|figure| Comparison::of(figure, benchmark, budget).is_none_or(Comparison::holds))
}

impl Effect {
    fn add_rescued(&mut self, driver: &DriverName, count: usize) {
        self.rescued += count;
        self.rescued_of.extend((count > 0).then(|| driver.clone()));
    }

    fn add_broken(&mut self, driver: &DriverName, count: usize) {
        self.broken += count;
        self.broken_of.extend((count > 0).then(|| driver.clone()));
    }

    fn apply(&self, change: &mut Change) {
        let benchmarks = |count| match count {
            1 => "1 benchmark passes".to_owned(),
            count => format!("{count} benchmarks pass"),
        };
        if self.broken > 0 {
            change.judge(|when| when == When::BenchmarkBreaks);
            let broken = benchmarks(self.broken).replace(" pass", " no longer pass");
            change.notes.push(format!("{broken}: {}", names(&self.broken_of)));
        }
        if self.rescued > 0 {
            let rescued = benchmarks(self.rescued);
            change
                .notes
                .push(format!("{rescued} only under the new limit: {}", names(&self.rescued_of)));
        }
    }
}

/// Returns the value of a limit in the unit of its figure. A latency is in microseconds.
fn value_of(budget: &Budget, limit: Limit) -> Option<u64> {
    Some(match limit {
        Limit::P95Latency => budget.max_p95_latency.us(),
        Limit::TimeoutRate => budget.max_timeout_rate_bps.get(),
        Limit::RetryRate => budget.max_retry_rate_bps.get(),
        Limit::Throughput => budget.min_throughput_ops_per_sec.get(),
        Limit::P99Latency => budget.max_p99_latency?.us(),
    })
}

/// Returns the budget, with one limit replaced by the limit of another budget.
const fn with_limit(budget: Budget, limit: Limit, of: &Budget) -> Budget {
    match limit {
        Limit::P95Latency => Budget { max_p95_latency: of.max_p95_latency, ..budget },
        Limit::TimeoutRate => Budget { max_timeout_rate_bps: of.max_timeout_rate_bps, ..budget },
        Limit::RetryRate => Budget { max_retry_rate_bps: of.max_retry_rate_bps, ..budget },
        Limit::Throughput => {
            Budget { min_throughput_ops_per_sec: of.min_throughput_ops_per_sec, ..budget }
        }
        Limit::P99Latency => Budget { max_p99_latency: of.max_p99_latency, ..budget },
    }
}
