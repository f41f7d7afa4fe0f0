//! Compares recorded benchmarks.
//!
//! Benchmarks have no names. For one driver and profile, equal benchmarks match, and the other
//! benchmarks are paired in order. Benchmarks without a partner were added or removed.

use std::collections::BTreeMap;

use super::{
    Change, ChangedItem, Direction, SideValue,
    changes::When,
    matching::unmatched,
    pairs::Pairs,
    token::token,
    value::{ChangedValue, FieldValue, changed_values, values},
    verdicts::{Judge, is_worse},
};
use crate::{
    finding::DeclarationId,
    model::{Benchmark, BenchmarkProfile, DriverName, Field, Verdict},
    signature::benchmark_signature,
};

/// The driver's name in the base, and the profile.
type Load<'w> = (&'w DriverName, BenchmarkProfile);
/// The benchmarks of one driver and profile on each side, with their indices in the workspace.
type Sides<'w> = [Vec<(usize, &'w Benchmark)>; 2];

/// A benchmark with its index in the workspace, and its number among the benchmarks of its driver
/// and profile, from 1.
struct Sample<'w> {
    number: usize,
    item: usize,
    benchmark: &'w Benchmark,
    signature: String,
}

pub(super) fn changes(pairs: &Pairs<'_>) -> Vec<Change> {
    let mut all: BTreeMap<Load<'_>, Sides<'_>> = BTreeMap::new();
    for (number, benchmark) in pairs.old.numbered_benchmarks() {
        let sides = all.entry((&benchmark.driver, benchmark.profile)).or_default();
        sides[0].push((number, benchmark));
    }
    for (number, benchmark) in pairs.new.numbered_benchmarks() {
        let name = pairs.base_name(&benchmark.driver);
        all.entry((name, benchmark.profile)).or_default()[1].push((number, benchmark));
    }
    let changed = all.into_iter().filter(|(_, sides)| is_changed(sides));
    changed.flat_map(|(load, sides)| Comparison::new(pairs, load, &sides).changes()).collect()
}

fn is_changed([old, new]: &Sides<'_>) -> bool {
    let equal = |old: &Benchmark, new: &Benchmark| {
        old == new || (old.driver != new.driver && *old == named(new, &old.driver))
    };
    old.len() != new.len() || !old.iter().zip(new).all(|((_, old), (_, new))| equal(old, new))
}

fn named(benchmark: &Benchmark, driver: &DriverName) -> Benchmark {
    Benchmark { driver: driver.clone(), ..benchmark.clone() }
}

/// The benchmarks of one driver and profile that are in only one of the two sides.
struct Comparison<'w> {
    contract: ChangedItem,
    old: Vec<Sample<'w>>,
    new: Vec<Sample<'w>>,
    /// Whether a side has more than one benchmark, so that the paths of changes need numbers.
    several: bool,
    /// The contract and budget of each side. The new side has neither if the driver was removed.
    judges: [Option<Judge<'w>>; 2],
    /// The most severe verdict of all old benchmarks under the new budget.
    worst: Option<Verdict>,
}

impl<'w> Comparison<'w> {
    fn new(pairs: &Pairs<'w>, (driver, profile): Load<'_>, sides: &Sides<'w>) -> Self {
        let [all_old, all_new] = sides;
        let samples = |side: &[(usize, &'w Benchmark)]| -> Vec<Sample<'w>> {
            let of = |(index, (number, benchmark)): (usize, &(usize, &'w Benchmark))| Sample {
                number: *number,
                item: index + 1,
                benchmark,
                signature: benchmark_signature(&named(benchmark, driver)),
            };
            side.iter().enumerate().map(of).collect()
        };
        let [old, new] =
            unmatched(samples(all_old), samples(all_new), |sample| sample.signature.clone());
        let judges = [
            pairs.old.driver(driver).map(|driver| Judge::new(pairs.old, driver, profile)),
            pairs.of_base(driver).map(|pair| Judge::new(pairs.new, pair.new, profile)),
        ];
        let worst = judges[1]
            .and_then(|judge| judge.worst(all_old.iter().map(|(_, benchmark)| *benchmark)));
        let contract = ChangedItem::Benchmark(driver.clone(), profile);
        let several = all_old.len().max(all_new.len()) > 1;
        Self { contract, old, new, several, judges, worst }
    }

    fn changes(&self) -> Vec<Change> {
        let both = self.old.len().min(self.new.len());
        let changed = self.old.iter().zip(&self.new).flat_map(|(old, new)| self.fields(old, new));
        let removed = self.old[both..].iter().map(|sample| self.removed(sample));
        let added = self.new[both..].iter().map(|sample| self.added(sample));
        changed.chain(removed).chain(added).collect()
    }

    fn change(
        &self,
        sample: &Sample<'_>,
        field: Field,
        direction: Direction,
        sides: [Option<SideValue>; 2],
    ) -> Change {
        let mut change = Change::new(self.contract.clone(), field, direction, sides);
        change.part.item = self.several.then_some(sample.item);
        change
    }

    fn removed(&self, sample: &Sample<'_>) -> Change {
        let sides = [Some(whole(sample)), None];
        let mut change = self.change(sample, Field::Benchmark, Direction::Remove, sides);
        let verdict = self.judges[0].and_then(|judge| judge.verdict(sample.benchmark));
        if verdict == Some(Verdict::Fail) {
            change.notes.push("the removed benchmark fails its budget".to_owned());
        }
        change
    }

    /// Returns the change that adds a benchmark. Without earlier benchmarks, only a benchmark that
    /// fails makes the verdict worse.
    fn added(&self, sample: &Sample<'_>) -> Change {
        let sides = [None, Some(whole(sample))];
        let mut change = self.change(sample, Field::Benchmark, Direction::Add, sides);
        let verdict = self.judges[1].and_then(|judge| judge.verdict(sample.benchmark));
        let before = self.worst.unwrap_or(Verdict::Inconclusive);
        if let Some(verdict) = verdict.filter(|verdict| is_worse(*verdict, before)) {
            change.judge(|when| when == When::BenchmarkBreaks);
            change.notes.push(format!("its verdict is {}", verdict.label()));
        }
        change
    }

    fn fields(&self, old: &Sample<'_>, new: &Sample<'_>) -> Vec<Change> {
        let changed = |ChangedValue { field, direction, sides: [before, after] }| {
            let sides = [side(old, field, before), side(new, field, after)];
            let mut change = self.change(old, field, direction, sides);
            if self.breaks(old.benchmark, new.benchmark, field) {
                change.judge(|when| when == When::BenchmarkBreaks);
            }
            change
        };
        changed_values(figures(old.benchmark), figures(new.benchmark)).map(changed).collect()
    }

    /// Returns true if the changed field makes the verdict worse, either alone or together with all
    /// other changed fields.
    fn breaks(&self, old: &Benchmark, new: &Benchmark, field: Field) -> bool {
        let Some(judge) = self.judges[1] else { return false };
        let verdict = |benchmark: &Benchmark| judge.verdict(benchmark).unwrap_or(Verdict::Pass);
        is_worse(verdict(&with_field(old, field, new)), verdict(old))
            || is_worse(verdict(new), verdict(&with_field(new, field, old)))
    }
}

fn whole(sample: &Sample<'_>) -> SideValue {
    SideValue { place: DeclarationId::Benchmark(sample.number).whole(), value: None, token: None }
}

fn side(sample: &Sample<'_>, field: Field, value: Option<FieldValue>) -> Option<SideValue> {
    let place = DeclarationId::Benchmark(sample.number).at(field);
    Some(SideValue { place, value: Some(value?), token: token(&sample.signature, field) })
}

/// Returns the benchmark with one judged field replaced by the field of another benchmark.
fn with_field(benchmark: &Benchmark, field: Field, from: &Benchmark) -> Benchmark {
    let of = |own: Field| if field == own { from } else { benchmark };
    Benchmark {
        p95_latency: of(Field::P95LatencyMs).p95_latency,
        timeout_rate_bps: of(Field::TimeoutRateBps).timeout_rate_bps,
        retry_rate_bps: of(Field::RetryRateBps).retry_rate_bps,
        throughput_ops_per_sec: of(Field::ThroughputOpsPerSec).throughput_ops_per_sec,
        attempts: of(Field::Attempts).attempts,
        requests: of(Field::Requests).requests,
        p95_upper_latency: of(Field::P95UpperLatencyMs).p95_upper_latency,
        p99_latency: of(Field::P99LatencyMs).p99_latency,
        p99_upper_latency: of(Field::P99UpperLatencyMs).p99_upper_latency,
        reject_rate_bps: of(Field::RejectRateBps).reject_rate_bps,
        ..benchmark.clone()
    }
}

/// Returns the fields of a benchmark. The date is a text, so that a new date is neither an increase
/// nor a decrease.
fn figures(benchmark: &Benchmark) -> Vec<(Field, Option<FieldValue>)> {
    let mut figures = values(benchmark);
    for (_, value) in &mut figures {
        if let Some(FieldValue::Day(day)) = value {
            *value = Some(FieldValue::Text(std::mem::take(day)));
        }
    }
    figures
}
