//! Compares verdicts with a known truth: if p95 or p99 is above its limit, few of them pass.
//!
//! The truth comes from Erlang's formulas. For c slots, exponential service times with mean 1 and a
//! load ρ, a request waits with the Erlang C probability C. Its total time exceeds t with the
//! probability (1 − C)·e^−t + C·(θ·e^−t − e^−θt)/(θ − 1), where θ = c·(1 − ρ).

#![expect(clippy::print_stdout, reason = "the table is for people")]

use std::{fmt::Write, sync::Mutex};

use driverc::{
    Benchmark, BenchmarkProfile, Verdict,
    budget::{Confidence, judge, judge_runs},
    import::{self, ImportOptions, Tool},
    model::{Budget, Seed, Seeds, Workload},
    simulate::{self, Latency},
};
use serde_json::json;

use crate::simulation::load::{Client, PATIENT, workload};

/// The mean service time in microseconds.
const MEAN_US: u32 = 100_000;
/// The slots of the drivers.
const SLOTS: [u64; 3] = [1, 4, 16];
/// Loads in percent.
const LOADS: [u64; 5] = [50, 70, 80, 90, 95];
/// How far the limit is below the true p95, in percent.
const BELOW: [u64; 3] = [1, 5, 10];
/// The number of seeds per verdict.
const SEEDS: u64 = 5;

/// A percentile that a budget limits.
#[derive(Clone, Copy)]
struct Percentile {
    /// The share of latencies above it.
    above: f64,
    /// A budget with a limit of this percentile in milliseconds.
    budget: fn(u64) -> Budget,
    upper_us: fn(&Latency) -> Option<u64>,
}

const P95: Percentile =
    Percentile { above: 0.05, budget: |ms| budget(ms, None), upper_us: |it| it.p95_upper_us };
const P99: Percentile = Percentile {
    above: 0.01,
    budget: |ms| budget(604_800_000, Some(ms)),
    upper_us: |it| it.p99_upper_us,
};

/// Returns the latency in microseconds that a share of the operations exceeds, for a load in percent.
fn true_latency_us(slots: u64, load: u64, share: f64) -> f64 {
    let (slots, load) = (number(slots), number(load) / 100.0);
    let offered = slots * load;
    let blocking =
        |blocking: f64, slot: u32| offered * blocking / (f64::from(slot) + offered * blocking);
    let mut blocked = 1.0;
    let mut slot = 1;
    while f64::from(slot) <= slots {
        blocked = blocking(blocked, slot);
        slot += 1;
    }
    let waits = blocked / (1.0 - load * (1.0 - blocked));
    let theta = slots * (1.0 - load);
    let above = |time: f64| {
        let served = (-time).exp();
        let waited = (-theta * time).exp();
        let both = if (theta - 1.0).abs() < 1e-9 {
            served * (1.0 + time)
        } else {
            (theta * served - waited) / (theta - 1.0)
        };
        (1.0 - waits) * served + waits * both
    };
    let (mut low, mut high) = (0.0, 1_000.0);
    for _ in 0..100 {
        let middle = f64::midpoint(low, high);
        if above(middle) > share { low = middle } else { high = middle }
    }
    high * f64::from(MEAN_US)
}

fn number(number: u64) -> f64 {
    f64::from(u32::try_from(number).unwrap())
}

#[test]
fn true_percentiles_match_published_tables() {
    // The 95th percentile of the total time, in mean service times.
    for (slots, load, expected) in
        [(1, 50, 5.9915), (1, 95, 59.9146), (4, 90, 8.1655), (16, 50, 2.9970), (16, 95, 5.0515)]
    {
        let found = true_latency_us(slots, load, P95.above) / f64::from(MEAN_US);
        assert!((found - expected).abs() < 0.0002, "{slots} slots at {load} %: {found}");
    }
    // One slot has exponential times: ln(100) / (1 - load).
    for (load, expected) in [(50, 9.2103), (90, 46.0517)] {
        let found = true_latency_us(1, load, P99.above) / f64::from(MEAN_US);
        assert!((found - expected).abs() < 0.0002, "one slot at {load} %: {found}");
    }
}

/// A workload that is in equilibrium when its window starts. The first seed is `5 · number`.
fn verdict_load(slots: u64, load: u64, arrivals: u64, number: u64) -> Workload {
    let rate = slots * load * 10_000_000 / u64::from(MEAN_US);
    let ms = |arrivals: u64| arrivals * 1_000_000 / rate;
    let seeds = (0..SEEDS).map(|seed| Seed::new(SEEDS * number + seed).unwrap()).collect();
    Workload {
        seeds: Seeds::new(seeds).unwrap(),
        ..workload(json!({
            "warmup_ms": ms(5_000),
            "duration_ms": ms(arrivals),
            "rate_ops_per_ksec": rate,
            "operation": [{ "weight": 1, "service": { "exponential_us": MEAN_US } }],
        }))
    }
}

fn budget(p95_ms: u64, p99_ms: Option<u64>) -> Budget {
    serde_json::from_value(json!({
        "profile": "heavy_data",
        "max_p95_latency_ms": p95_ms,
        "max_timeout_rate_bps": 100,
        "max_retry_rate_bps": 0,
        "min_throughput_ops_per_sec": 1,
        "max_p99_latency_ms": p99_ms,
    }))
    .unwrap()
}

/// Counts the verdicts at each limit: pass, inconclusive, fail, and the runs whose upper bound of
/// the percentile is within the limit.
fn verdicts(
    of: Percentile,
    (slots, load): (u64, u64),
    arrivals: u64,
    verdicts: u64,
) -> [[u64; 4]; 3] {
    let contract = Client { slots, ..PATIENT }.contract();
    let counts = Mutex::new([[0; 4]; 3]);
    let judged = |number: u64| {
        let runs = simulate::runs(&contract, &verdict_load(slots, load, arrivals, number)).unwrap();
        let truth = true_latency_us(slots, load, of.above);
        for (index, below) in BELOW.iter().enumerate() {
            let limit_us = truth * number_of_percent(100 - below);
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a time")]
            let limit = (limit_us / 1_000.0).floor() as u64;
            let budget = (of.budget)(limit);
            let verdict = judge_runs(&runs, &budget, &contract, Confidence::USUAL).verdict();
            let bounds = runs.iter().filter_map(|run| (of.upper_us)(run.latency.as_ref()?));
            let within = bounds.filter(|us| us.div_ceil(1_000) <= limit).count();
            let mut counts = counts.lock().unwrap();
            counts[index][match verdict {
                Verdict::Pass => 0,
                Verdict::Inconclusive => 1,
                Verdict::Fail => 2,
            }] += 1;
            counts[index][3] += within as u64;
        }
    };
    std::thread::scope(|scope| {
        let judged = &judged;
        for half in 0..2 {
            scope.spawn(move || (half..verdicts).step_by(2).for_each(judged));
        }
    });
    counts.into_inner().unwrap()
}

fn number_of_percent(percent: u64) -> f64 {
    number(percent) / 100.0
}

/// Returns the probability of at least this many passes if each has a probability of 5%.
fn probability_of(passes: u64, verdicts: u64) -> f64 {
    let (mut term, mut below) = (0.95_f64.powi(i32::try_from(verdicts).unwrap()), 0.0);
    for pass in 0..passes {
        below += term;
        term *= number(verdicts - pass) / number(pass + 1) * 0.05 / 0.95;
    }
    1.0 - below
}

fn assert_promise(of: Percentile, slots: u64, load: u64, arrivals: u64, number: u64) {
    let found = verdicts(of, (slots, load), arrivals, number);
    for (below, [pass, inconclusive, fail, within]) in BELOW.iter().zip(found) {
        println!(
            "| {slots} | {load} | {arrivals} | {below} | {pass} | {inconclusive} | {fail} | {:.4} | \
             {within} |",
            probability_of(pass, number)
        );
        // More wrong passes than a rate of 5% explains would refute the promise. The bounds of
        // single runs must keep it too.
        for (wrong, number) in [(pass, number), (within, SEEDS * number)] {
            let chance = probability_of(wrong, number);
            assert!(chance > 0.001, "{slots} slots at {load} %: {wrong} of {number}");
        }
    }
}

#[test]
fn at_most_one_in_twenty_verdicts_wrongly_passes() {
    for slots in SLOTS {
        assert_promise(P95, slots, 50, 1_000, 60);
        assert_promise(P95, slots, 90, 1_000, 60);
        assert_promise(P99, slots, 50, 1_000, 60);
        assert_promise(P99, slots, 90, 1_000, 60);
    }
}

/// Reproduces the table in `docs/budget.md`.
#[test]
#[ignore = "takes minutes; run with `cargo test --release --test it promise:: -- --ignored --nocapture`"]
fn at_most_one_in_twenty_verdicts_wrongly_passes_in_1000_cases() {
    println!(
        "| slots | load % | arrivals | limit below p95 % | pass | inconclusive | fail | p | bounds |"
    );
    for arrivals in [3_000, 30_000] {
        for slots in SLOTS {
            for load in LOADS {
                assert_promise(P95, slots, load, arrivals, 1_000);
            }
        }
    }
}

/// A log of `pgbench -l` for a queue with one client. Gaps and service times are exponential with
/// these means in microseconds, computed with Lindley's recursion.
fn log(transactions: u32, gap_us: f64, service_us: f64) -> String {
    let mut state = 1_u64;
    let mut exponential = |mean: f64| {
        state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (state ^ (state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        let high = u32::try_from((mixed ^ (mixed >> 31)) >> 32).unwrap();
        -mean * ((f64::from(high) + 0.5) / 4_294_967_296.0).ln()
    };
    let (mut arrived, mut free) = (0.0, 0.0_f64);
    let mut text = String::new();
    for number in 1..=transactions {
        arrived += exponential(gap_us);
        free = free.max(arrived) + exponential(service_us);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "times")]
        let (time, end) = ((free - arrived) as u64, free as u64);
        let (seconds, micros) = (1_700_000_000 + end / 1_000_000, end % 1_000_000);
        writeln!(text, "0 {number} {time} 0 {seconds} {micros}").unwrap();
    }
    text
}

fn imported(text: &str) -> Benchmark {
    let tool = Tool::from_label("pgbench").unwrap();
    let driver = driverc::postgres_async_driver().name;
    let subject = import::MeasuredDriver { driver, profile: BenchmarkProfile::HeavyData };
    let outputs = [import::Output { name: "log", bytes: text.as_bytes() }];
    let given = ImportOptions { timeouts: Some(0), ..ImportOptions::default() };
    import::benchmark(tool, &outputs, &subject, given).unwrap().value
}

/// At half load, the latencies are worth fewer independent ones. Near full load, neighbouring
/// batches are correlated, and a run of the suggested length has a bound.
#[test]
fn correlated_latencies_raise_or_remove_p95_bound() {
    let idle = imported(&log(10_000, 10_000.0, 100.0));
    let half = imported(&log(10_000, 10_000.0, 5_000.0));
    let full = imported(&log(4_000, 10_000.0, 9_500.0));
    let bound_percent = |benchmark: &Benchmark| {
        let upper = benchmark.p95_upper_latency.unwrap().us();
        upper * 100 / benchmark.p95_latency.us()
    };
    assert_eq!((idle.longer_run(), half.longer_run()), (None, None));
    assert!(bound_percent(&half) >= 108, "{half:?}");
    let times = full.longer_run().unwrap();
    assert_eq!(full.p95_upper_latency, None);
    let source = full.source.as_ref().unwrap();
    let suffix = format!("correlated latencies: a run of {times} times the length would bound p95");
    assert!(source.ends_with(&suffix), "{source}");
    let limits = budget(86_400_000, None);
    let judged = judge(&full, &limits, None, Confidence::USUAL);
    assert_eq!(judged.figures[0].verdict, Verdict::Inconclusive);
    assert!(judged.reason().contains("neighbouring batches of latencies are correlated"));
    let longer = u32::try_from(10 * times).unwrap() * 4_000;
    assert_eq!(imported(&log(longer, 10_000.0, 9_500.0)).longer_run(), None);
}
