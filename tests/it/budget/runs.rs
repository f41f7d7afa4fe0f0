//! Judges the runs of simulations.

use driverc::{
    Budget, Verdict,
    budget::{Basis, BenchmarkVerdict, Confidence, Figure, judge, judge_runs, worst_run},
    model::{Benchmark, DriverContract, MaxInFlight, Seed, WindowMs},
    simulate::{Counts, Latency, Run},
};
use serde_json::json;

use super::budget;

fn contract() -> DriverContract {
    driverc::postgres_async_driver()
}

/// A run that clearly meets the budget.
fn good(seed: u64) -> Run {
    Run {
        seed: Seed::new(seed).unwrap(),
        window_ms: WindowMs::new(60_000).unwrap(),
        slots: MaxInFlight::LEAST,
        counts: Counts {
            offered: 30_000,
            attempts: 30_000,
            succeeded: 30_000,
            succeeded_in_window: 30_000,
            ..Counts::default()
        },
        latency: Some(Latency {
            p50_us: 19_000,
            p95_us: 73_000,
            p99_us: 90_000,
            mean_us: 20_000,
            p95_upper_us: Some(76_000),
            longer_run: None,
            p99_upper_us: Some(95_000),
            p99_longer_run: None,
            percentiles_us: Vec::new(),
        }),
        busy_area_us: 0,
        queue_area_us: 0,
        server_slots: None,
        has_trigger: false,
        server_area_us: 0,
        server_queue_area_us: 0,
        abandoned_area_us: 0,
    }
}

pub(super) fn runs(number: u64) -> Vec<Run> {
    (1..=number).map(good).collect()
}

fn judged(runs: &[Run]) -> BenchmarkVerdict {
    judge_runs(runs, &budget(), &contract(), Confidence::USUAL)
}

fn verdict_and_reason(runs: &[Run]) -> (Verdict, String) {
    let judgement = judged(runs);
    (judgement.verdict(), judgement.reason())
}

/// A recorded simulation needs as many seeds as one that is run now.
#[test]
fn recorded_simulation_of_few_seeds_is_inconclusive() {
    for (seeds, number) in [
        ("seed 11", Some(1)),
        ("seed 2, the worst of seeds 1-4", Some(4)),
        ("seed 2, the worst of seeds 1-5", Some(5)),
        ("seed 9, the worst of seeds 1-3, 9", Some(4)),
        ("seed 9, the worst of 100 seeds", Some(100)),
        ("seeds 1-5", Some(5)),
        ("by hand", None),
    ] {
        for more in ["", ", correlated latencies: a run of 4 times the length would bound p95"] {
            let source = format!("driverc 0.1.0, simulated, {seeds}{more}");
            let benchmark = super::benchmark(json!({ "source": source, "attempts": 30_000 }));
            assert_eq!(benchmark.simulated_seeds(), number, "{source}");
            let judgement = judge(&benchmark, &budget(), None, Confidence::USUAL);
            let needed = judgement.reasons().any(|reason| reason.ends_with("needs at least 5"));
            assert_eq!(needed, number.is_some_and(|number| number < 5), "{source}");
            assert!(!needed || judgement.verdict() != Verdict::Pass, "{source}");
        }
    }
}

/// For each of these values, the headroom of a limit of 120 ms rounds down to 0.35x.
#[test]
fn worse_figure_is_shown_if_rounded_headrooms_are_equal() {
    let with = |seed: u64, p95_ms: u64| {
        let mut run = good(seed);
        run.latency.as_mut().unwrap().p95_us = p95_ms * 1_000;
        run
    };
    let runs: Vec<_> = [(1, 336), (2, 339), (3, 337)].map(|(seed, p95)| with(seed, p95)).into();
    let judgement = judged(&runs);
    assert_eq!(judgement.figures[0].comparison.value, 339);
    assert_eq!(worst_run(&runs, &budget(), &contract(), Confidence::USUAL), 1);
}

#[test]
fn five_passing_seeds_pass_and_fewer_are_inconclusive() {
    assert_eq!(verdict_and_reason(&runs(5)), (Verdict::Pass, "within all limits".to_owned()));
    assert_eq!(verdict_and_reason(&runs(100)).0, Verdict::Pass);
    let few = "only 4 seeds were simulated; a pass at 95% confidence needs at least 5";
    assert_eq!(verdict_and_reason(&runs(4)), (Verdict::Inconclusive, few.to_owned()));
    let one = "only 1 seed was simulated; a pass at 95% confidence needs at least 5";
    assert_eq!(verdict_and_reason(&runs(1)), (Verdict::Inconclusive, one.to_owned()));
}

/// 2^−5 exceeds 3%, and 2^−6 exceeds 1%.
#[test]
fn higher_confidence_needs_more_seeds() {
    let needed = |percent| Confidence::new(percent).unwrap().seeds_needed();
    assert_eq!([50, 95, 96, 97, 98, 99].map(needed), [5, 5, 5, 6, 6, 7]);
}

/// Timeouts per attempts: 1 in 10 269, 1 in 10 093, and 0 in 9970. No seed has 0 in 10 093.
#[test]
fn each_seed_is_judged_by_its_own_counts() {
    let mut runs = runs(5);
    for (run, (timeouts, attempts)) in
        runs.iter_mut().zip([(1, 10_269), (1, 10_093), (0, 9_970), (0, 30_000), (0, 30_000)])
    {
        run.counts.timeouts = timeouts;
        run.counts.attempts = attempts;
    }
    let limits = Budget { max_timeout_rate_bps: 4.try_into().unwrap(), ..budget() };
    let judgement = judge_runs(&runs, &limits, &contract(), Confidence::USUAL);
    assert_eq!(judgement.verdict(), Verdict::Inconclusive);
    let timeouts = judgement.figures[1];
    assert_eq!(timeouts.seed, Some(Seed::new(2).unwrap()));
    let basis = Basis::Events { events: 1, attempts: 10_093, needed: Some(11_858) };
    assert_eq!(timeouts.basis, basis);
    assert_eq!(worst_run(&runs, &limits, &contract(), Confidence::USUAL), 1);
}

#[test]
fn one_inconclusive_seed_prevents_pass() {
    let mut runs = runs(5);
    runs[3].latency.as_mut().unwrap().p95_upper_us = Some(120_001);
    assert_eq!(
        verdict_and_reason(&runs),
        (
            Verdict::Inconclusive,
            "p95 latency of 73 ms is within 120 ms, but its upper bound of 121 ms is not"
                .to_owned()
        )
    );
}

#[test]
fn correlated_latencies_are_inconclusive_and_suggest_longer_run() {
    let mut runs = runs(5);
    let latency = runs[4].latency.as_mut().unwrap();
    (latency.p95_upper_us, latency.longer_run) = (None, Some(3));
    assert_eq!(
        verdict_and_reason(&runs),
        (
            Verdict::Inconclusive,
            "p95 latency of 73 ms has no upper bound, because neighbouring batches of latencies \
             are correlated; a run 3 times as long (180000 ms) would provide one"
                .to_owned()
        )
    );
}

#[test]
fn recorded_benchmark_with_correlated_latencies_is_inconclusive() {
    let source = "pgbench, correlated latencies: a run of 3 times the length would bound p95";
    let of = |p95: u64| -> Benchmark {
        serde_json::from_value(json!({
            "driver": "postgres_async", "profile": "heavy_data", "p50_latency_ms": 19,
            "p95_latency_ms": p95, "timeout_rate_bps": 0, "retry_rate_bps": 0, "attempts": 30_000,
            "throughput_ops_per_sec": 448, "duration_ms": 60_000, "source": source,
        }))
        .unwrap()
    };
    let judge = |p95| driverc::budget::judge(&of(p95), &budget(), None, Confidence::USUAL);
    assert_eq!(judge(73).verdict(), Verdict::Inconclusive);
    assert!(judge(73).reason().contains("3 times as long (180000 ms)"), "{:?}", judge(73));
    assert_eq!(judge(121).verdict(), Verdict::Fail);
}

/// If half of all runs exceeded the limit, five of five would do so with a probability of 3.1%, and
/// four of five with 19%.
#[test]
fn latency_fails_only_if_all_seeds_exceed_limit() {
    let mut runs = runs(5);
    for (number, run) in runs.iter_mut().enumerate() {
        if number < 4 {
            run.latency.as_mut().unwrap().p95_us = 121_000;
        }
    }
    let open = "p95 latency of 121 ms exceeds 120 ms with seed 1 (limit broken by 4 of 5 seeds); \
                this can be due to chance";
    assert_eq!(verdict_and_reason(&runs), (Verdict::Inconclusive, open.to_owned()));
    runs[4].latency.as_mut().unwrap().p95_us = 125_000;
    let fails = "p95 latency of 125 ms exceeds 120 ms with seed 5 (limit broken by 5 of 5 seeds)";
    assert_eq!(verdict_and_reason(&runs), (Verdict::Fail, fails.to_owned()));
}

/// With 30 expected events at the limit, P(X ≥ 45) is 0.6% and P(X ≥ 44) is 1.0%. Five seeds share
/// 5%.
#[test]
fn rate_clearly_above_limit_in_one_seed_fails() {
    let of = |timeouts: u64| {
        let mut runs = runs(5);
        runs[2].counts.timeouts = timeouts;
        verdict_and_reason(&runs)
    };
    assert_eq!(
        of(45),
        (
            Verdict::Fail,
            "timeout rate of 15 bps exceeds 10 bps with seed 3 (45 events in 30000 attempts)"
                .to_owned()
        )
    );
    assert_eq!(
        of(31),
        (
            Verdict::Inconclusive,
            "timeout rate of 11 bps exceeds 10 bps with seed 3 (31 events in 30000 attempts); this \
             can be due to chance"
                .to_owned()
        )
    );
    // A single seed can use all of the 5%.
    let mut one = vec![good(1)];
    one[0].counts.timeouts = 41;
    assert_eq!(verdict_and_reason(&one).0, Verdict::Fail);
}

#[test]
fn rejections_are_judged_by_counts() {
    let mut runs = runs(5);
    runs[1].counts.rejected = 25;
    let judgement = judged(&runs);
    assert_eq!(judgement.verdict(), Verdict::Inconclusive);
    let rejected = judgement.figures.iter().find(|it| it.comparison.figure == Figure::RejectRate);
    let Basis::Events { events: 25, attempts: 30_000, needed: Some(needed) } =
        rejected.unwrap().basis
    else {
        panic!("{judgement:?}")
    };
    let needs = format!("{needed} requests are needed");
    assert!(judgement.reason().ends_with(&needs), "{judgement:?}");
}

#[test]
fn run_without_successful_request_fails() {
    let mut runs = runs(5);
    runs[4].latency = None;
    let (verdict, reason) = verdict_and_reason(&runs);
    assert_eq!(verdict, Verdict::Fail);
    assert!(reason.starts_with("no request succeeds with seed 5"), "{reason}");
}
