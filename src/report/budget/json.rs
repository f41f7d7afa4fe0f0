//! Writes verdicts as JSON.
//!
//! The types mirror the documented schema. Change them only together with [`SCHEMA_VERSION`].

use std::{
    collections::BTreeMap,
    io::{self, Write},
};

use serde::Serialize;

use super::BudgetResults;
use crate::{
    budget::{self, Basis, JudgedBenchmark},
    model::{BenchmarkProfile, ContractDigest, Date, DriverName, LatencyUnit, Verdict},
    report::{Summary, index::IndexedSource, json, json_text::pretty},
    source::{Location, Position},
};

const SCHEMA_VERSION: u32 = 2;

#[derive(Serialize)]
struct Report<'r> {
    schema_version: u32,
    confidence_percent: u8,
    fold: &'static str,
    pairs: Vec<Pair<'r>>,
    findings: Vec<json::Finding<'r>>,
    summary: Counts,
}

#[derive(Serialize)]
struct Pair<'r> {
    driver: &'r DriverName,
    profile: BenchmarkProfile,
    scope: String,
    verdict: Verdict,
    decisive: usize,
    samples: Vec<Sample<'r>>,
}

#[derive(Serialize)]
struct Sample<'r> {
    verdict: Verdict,
    reason: String,
    simulated: bool,
    source: Option<String>,
    measured_on: Option<Date>,
    contract: Option<ContractDigest>,
    headroom_percent: Option<u64>,
    independence: Option<&'static str>,
    seeds: Option<u64>,
    seeds_needed: Option<u64>,
    place: Place<'r>,
    figures: Vec<LimitJson>,
    #[serde(skip_serializing_if = "Option::is_none")]
    missing: Option<MissingJson>,
}

/// A figure that has a limit but is missing from the benchmark.
#[derive(Serialize)]
struct MissingJson {
    figure: &'static str,
    unit: &'static str,
    at_most: u64,
    at_most_us: u64,
}

#[derive(Serialize)]
struct Place<'r> {
    path: &'r str,
    line: usize,
    column: usize,
}

#[derive(Serialize)]
struct LimitJson {
    figure: &'static str,
    unit: &'static str,
    value: u64,
    at_most: Option<u64>,
    at_least: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    value_us: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    at_most_us: Option<u64>,
    verdict: Verdict,
    headroom_percent: Option<u64>,
    seed: Option<u64>,
    basis: &'static str,
    lacks: Option<&'static str>,
    events: Option<u64>,
    attempts: Option<u64>,
    attempts_needed: Option<u64>,
    p95_upper_latency_ms: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    p95_upper_latency_us: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    p99_upper_latency_ms: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    p99_upper_latency_us: Option<u64>,
    requests: Option<u64>,
    requests_needed: Option<u64>,
    run_times_needed: Option<u64>,
    duration_ms_needed: Option<u64>,
    seeds_beyond: Option<u64>,
}

#[derive(Serialize)]
struct Counts {
    pass: usize,
    fail: usize,
    inconclusive: usize,
    errors: usize,
    warnings: usize,
    infos: usize,
}

pub(super) fn write(results: &BudgetResults<'_>, out: &mut dyn Write) -> io::Result<()> {
    let indexed = results.run.indexed();
    let findings = results.run.findings.iter();
    let pairs = results.pairs.iter().zip(places(results));
    let report = Report {
        schema_version: SCHEMA_VERSION,
        confidence_percent: results.confidence.percent(),
        fold: results.fold.label(),
        pairs: pairs.map(|(pair, places)| of_pair(pair, places)).collect(),
        findings: findings.map(|finding| json::Finding::of(finding, &indexed)).collect(),
        summary: counts(results),
    };
    writeln!(out, "{}", pretty(&report)?)
}

fn counts(results: &BudgetResults<'_>) -> Counts {
    let [pass, fail, inconclusive] = super::counts(results.pairs);
    let Summary { errors, warnings, infos, files: _ } = Summary::of(results.run.findings);
    Counts { pass, fail, inconclusive, errors, warnings, infos }
}

/// Returns the locations of the benchmarks or their workloads, grouped in the same way as the
/// results.
fn places<'r>(results: &BudgetResults<'r>) -> Vec<Vec<Place<'r>>> {
    let assessed = results.pairs.iter().flat_map(|pair| &pair.benchmarks);
    let subjects = assessed.map(|assessed| assessed.sample.subject.clone().whole());
    let located = results.workspace.locate_places(subjects);
    let mut sources = BTreeMap::new();
    let mut places = located.into_iter().map(|Location { source, span }| {
        let text = || IndexedSource::new(results.workspace.sources().source(source));
        let source = sources.entry(source).or_insert_with(text);
        let Position { line, column } = source.position(span.start);
        Place { path: source.source.name(), line, column }
    });
    let of_pair =
        |pair: &budget::DriverProfile| places.by_ref().take(pair.benchmarks.len()).collect();
    results.pairs.iter().map(of_pair).collect()
}

fn of_pair<'r>(pair: &'r budget::DriverProfile, places: Vec<Place<'r>>) -> Pair<'r> {
    let samples = pair.benchmarks.iter().zip(places);
    Pair {
        driver: &pair.driver,
        profile: pair.profile,
        scope: pair.scope.to_string(),
        verdict: pair.verdict(),
        decisive: pair.decisive,
        samples: samples.map(|(assessed, place)| of_sample(assessed, place)).collect(),
    }
}

fn of_sample<'r>(assessed: &'r JudgedBenchmark, place: Place<'r>) -> Sample<'r> {
    let JudgedBenchmark { sample, judgement } = assessed;
    let benchmark = sample.benchmark.as_ref().ok();
    Sample {
        verdict: judgement.verdict(),
        reason: judgement.reason(),
        simulated: super::is_simulated(sample),
        source: super::source(sample),
        measured_on: sample.measured_on(),
        contract: benchmark.and_then(|benchmark| benchmark.contract),
        headroom_percent: judgement.headroom_percent(),
        independence: super::independence(sample),
        seeds: judgement.seeds.map(|seeds| seeds.run),
        seeds_needed: judgement.seeds.map(|seeds| seeds.needed),
        place,
        figures: judgement.figures.iter().map(of_figure).collect(),
        missing: judgement.missing.map(|missing| MissingJson {
            figure: missing.figure.label(),
            unit: missing.figure.unit(),
            at_most: LatencyUnit::Milliseconds.of_us(missing.limit_us()),
            at_most_us: missing.limit_us(),
        }),
    }
}

/// Returns a figure and its limit, without the basis of its verdict.
fn bare(judged: &budget::FigureVerdict) -> LimitJson {
    let comparison = judged.comparison;
    let budget::Comparison { figure, value, limit, latency_unit: _ } = comparison;
    let plain = comparison.plain(limit);
    LimitJson {
        figure: figure.label(),
        unit: figure.unit(),
        value: comparison.plain(value),
        at_most: (!figure.is_floor()).then_some(plain),
        at_least: figure.is_floor().then_some(plain),
        value_us: comparison.micros(value),
        at_most_us: comparison.micros(limit),
        verdict: judged.verdict,
        headroom_percent: judged.comparison.headroom_percent(),
        seed: judged.seed.map(u64::from),
        basis: "figure",
        lacks: None,
        events: None,
        attempts: None,
        attempts_needed: None,
        p95_upper_latency_ms: None,
        p95_upper_latency_us: None,
        p99_upper_latency_ms: None,
        p99_upper_latency_us: None,
        requests: None,
        requests_needed: None,
        run_times_needed: None,
        duration_ms_needed: None,
        seeds_beyond: None,
    }
}

fn of_figure(judged: &budget::FigureVerdict) -> LimitJson {
    let (bare, comparison) = (bare(judged), judged.comparison);
    match judged.basis {
        Basis::Figure => bare,
        Basis::Unbounded { lacks } => {
            LimitJson { basis: "unbounded", lacks: Some(lacks.key()), ..bare }
        }
        Basis::Contract => LimitJson { basis: "contract", ..bare },
        Basis::Events { events, attempts, needed } => LimitJson {
            basis: "events",
            events: Some(events),
            attempts: Some(attempts),
            attempts_needed: needed,
            ..bare
        },
        Basis::Bound { upper } => {
            let (ms, us) = (comparison.plain(upper), comparison.micros(upper));
            let bound = LimitJson { basis: "bound", ..bare };
            if comparison.figure == budget::Figure::P99Latency {
                LimitJson { p99_upper_latency_ms: Some(ms), p99_upper_latency_us: us, ..bound }
            } else {
                LimitJson { p95_upper_latency_ms: Some(ms), p95_upper_latency_us: us, ..bound }
            }
        }
        Basis::Correlated { times, needed_ms } => LimitJson {
            basis: "correlated",
            run_times_needed: Some(times),
            duration_ms_needed: needed_ms,
            ..bare
        },
        Basis::Seeds { beyond, seeds: _ } => {
            LimitJson { basis: "seeds", seeds_beyond: Some(beyond), ..bare }
        }
        Basis::Requests { requests, needed } => LimitJson {
            basis: "requests",
            requests: Some(requests),
            requests_needed: Some(needed),
            ..bare
        },
    }
}
