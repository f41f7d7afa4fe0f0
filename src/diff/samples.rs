//! Recorded samples: taken again, added, lost.
//!
//! Samples have no names. Those of one driver and profile that are not the same on both sides are
//! compared in their order; what is left over was added or removed.

use std::collections::BTreeMap;

use super::{
    Change, Contract, Direction, Side,
    pairs::Pairs,
    token::token,
    value::{Value, direction},
};
use crate::{
    finding::Subject,
    model::{Benchmark, BenchmarkProfile, DriverName, Field},
    signature::benchmark_signature,
};

/// A sample with its number in its workspace.
struct Sample<'w> {
    number: usize,
    benchmark: &'w Benchmark,
    signature: String,
}

/// The samples of one driver under one profile, of each side.
type Sides<'w> = [Vec<Sample<'w>>; 2];

pub(super) fn changes(pairs: &Pairs<'_>) -> Vec<Change> {
    let mut all: BTreeMap<(DriverName, BenchmarkProfile), Sides<'_>> = BTreeMap::new();
    for (number, benchmark) in pairs.old.numbered_benchmarks() {
        let key = (benchmark.driver.clone(), benchmark.profile);
        let signature = benchmark_signature(benchmark);
        all.entry(key).or_default()[0].push(Sample { number, benchmark, signature });
    }
    for (number, benchmark) in pairs.new.numbered_benchmarks() {
        let name = pairs.base_name(&benchmark.driver);
        let known = Benchmark { driver: name.clone(), ..benchmark.clone() };
        let signature = benchmark_signature(&known);
        let sample = Sample { number, benchmark, signature };
        all.entry((known.driver, known.profile)).or_default()[1].push(sample);
    }
    all.into_iter().flat_map(|((driver, profile), sides)| of_one(&driver, profile, sides)).collect()
}

fn of_one(driver: &DriverName, profile: BenchmarkProfile, sides: Sides<'_>) -> Vec<Change> {
    let [mut old, mut new] = sides;
    remove_equal(&mut old, &mut new);
    let contract = || Contract::Benchmark(driver.clone(), profile);
    let whole = |sample: &Sample<'_>| {
        let place = Subject::Benchmark(sample.number).whole();
        Some(Side { place, value: None, token: None })
    };
    let both = old.len().min(new.len());
    let mut changes = Vec::new();
    for (old, new) in old.iter().zip(&new) {
        changes.extend(fields(&contract(), old, new));
    }
    changes.extend(old[both..].iter().map(|gone| {
        Change::new(contract(), Field::Benchmark, Direction::Remove, [whole(gone), None])
    }));
    changes.extend(new[both..].iter().map(|come| {
        Change::new(contract(), Field::Benchmark, Direction::Add, [None, whole(come)])
    }));
    changes
}

/// Leaves out the samples that both sides have, each as often as both have it.
fn remove_equal(old: &mut Vec<Sample<'_>>, new: &mut Vec<Sample<'_>>) {
    old.retain(|sample| {
        let equal = new.iter().position(|other| other.signature == sample.signature);
        equal.map(|index| new.remove(index)).is_none()
    });
}

fn fields(contract: &Contract, old: &Sample<'_>, new: &Sample<'_>) -> Vec<Change> {
    let (before, after) = (values(old.benchmark), values(new.benchmark));
    let differing = before.into_iter().zip(after).filter_map(|((field, before), (_, after))| {
        let went = direction(before.as_ref(), after.as_ref())?;
        let sides = [side(old, field, before), side(new, field, after)];
        Some(Change::new(contract.clone(), field, went, sides))
    });
    differing.collect()
}

fn side(sample: &Sample<'_>, field: Field, value: Option<Value>) -> Option<Side> {
    let place = Subject::Benchmark(sample.number).at(field);
    Some(Side { place, value: Some(value?), token: token(&sample.signature, field) })
}

fn values(sample: &Benchmark) -> [(Field, Option<Value>); 15] {
    [
        (Field::P50LatencyMs, Some(sample.p50_latency_ms.into())),
        (Field::P95LatencyMs, Some(sample.p95_latency_ms.into())),
        (Field::TimeoutRateBps, Some(sample.timeout_rate_bps.into())),
        (Field::RetryRateBps, Some(sample.retry_rate_bps.into())),
        (Field::ThroughputOpsPerSec, Some(sample.throughput_ops_per_sec.into())),
        (Field::Attempts, sample.attempts.map(Value::from)),
        (Field::Requests, sample.requests.map(Value::from)),
        (Field::P95UpperLatencyMs, sample.p95_upper_latency_ms.map(Value::from)),
        (Field::RejectRateBps, sample.reject_rate_bps.map(Value::from)),
        (Field::FailureRateBps, sample.failure_rate_bps.map(Value::from)),
        (Field::DurationMs, sample.duration_ms.map(Value::from)),
        (Field::Loop, sample.load_loop.map(|load| Value::text(load.label()))),
        (Field::Source, sample.source.as_ref().map(Value::text)),
        (Field::MeasuredOn, sample.measured_on.map(Value::text)),
        (Field::Contract, sample.contract.map(Value::text)),
    ]
}
