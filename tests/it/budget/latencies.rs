//! Verdicts on p99, and on latencies in microseconds.

use driverc::{
    Benchmark, Budget, Verdict,
    budget::{Basis, Confidence, Figure, FigureVerdict, MissingFigure, judge, judge_runs},
    model::{BenchmarkLatency, LatencyLimit, LatencyUnit, Name},
};
use serde_json::json;

use super::{benchmark, budget, confidence, runs};

/// A limit of 300 ms for p99.
fn limited() -> Budget {
    Budget { max_p99_latency: LatencyLimit::from_ms(300).ok(), ..budget() }
}

fn of(benchmark: &Benchmark, budget: &Budget) -> (Verdict, String) {
    let judgement = judge(benchmark, budget, None, Confidence::USUAL);
    (judgement.verdict(), judgement.reason())
}

/// Enough attempts and requests for a pass of all other figures.
fn enough() -> Benchmark {
    benchmark(json!({ "attempts": 100_000, "requests": 30_000, "p95_upper_latency_ms": 76 }))
}

fn with_p99(ms: u64, upper: Option<u64>) -> Benchmark {
    Benchmark {
        p99_latency: BenchmarkLatency::from_ms(ms).ok(),
        p99_upper_latency: upper.and_then(|upper| BenchmarkLatency::from_ms(upper).ok()),
        ..enough()
    }
}

fn p99(benchmark: &Benchmark, percent: u64) -> FigureVerdict {
    let judgement = judge(benchmark, &limited(), None, confidence(percent));
    let mut figures = judgement.figures.into_iter();
    figures.find(|judged| judged.comparison.figure == Figure::P99Latency).unwrap()
}

#[test]
fn p99_passes_if_its_upper_bound_is_within_limit() {
    assert_eq!(of(&with_p99(290, Some(300)), &limited()).0, Verdict::Pass);
    let (verdict, reason) = of(&with_p99(290, Some(301)), &limited());
    assert_eq!(verdict, Verdict::Inconclusive);
    assert_eq!(
        reason,
        "p99 latency of 290 ms is within 300 ms, but its upper bound of 301 ms is not"
    );
    let (verdict, reason) = of(&with_p99(301, Some(310)), &limited());
    assert_eq!((verdict, &*reason), (Verdict::Fail, "p99 latency of 301 ms exceeds 300 ms"));
    // The bound has a confidence of 95%.
    assert_eq!(p99(&with_p99(290, Some(300)), 96).verdict, Verdict::Inconclusive);
}

#[test]
fn p99_without_limit_is_not_judged() {
    let judgement = judge(&with_p99(9_000, None), &budget(), None, Confidence::USUAL);
    assert_eq!(judgement.verdict(), Verdict::Pass);
    assert!(judgement.figures.iter().all(|it| it.comparison.figure != Figure::P99Latency));
}

/// 0.99^298 > 0.05 > 0.99^299.
#[test]
fn p99_needs_299_requests_for_upper_bound() {
    let of = |requests: u64| Benchmark {
        requests: Some(requests.try_into().unwrap()),
        ..with_p99(290, Some(300))
    };
    assert_eq!(p99(&of(299), 95).verdict, Verdict::Pass);
    let few = p99(&of(298), 95);
    assert_eq!(few.verdict, Verdict::Inconclusive);
    assert_eq!(few.basis, Basis::Requests { requests: 298, needed: 299 });
}

#[test]
fn benchmark_without_limited_p99_is_inconclusive_and_reason_suggests_solution() {
    let missing = judge(&enough(), &limited(), None, Confidence::USUAL).missing;
    let latency_unit = LatencyUnit::Milliseconds;
    assert_eq!(
        missing,
        Some(MissingFigure {
            figure: Figure::P99Latency,
            limit: 300,
            latency_unit,
            stated_in: latency_unit,
        })
    );
    let (verdict, reason) = of(&enough(), &limited());
    assert_eq!(verdict, Verdict::Inconclusive);
    assert_eq!(
        reason,
        "the p99 latency is limited to 300 ms, but the benchmark has no `p99_latency_ms`; add it \
         and `p99_upper_latency_ms` from the same run"
    );
    let failing = Benchmark { throughput_ops_per_sec: 1.try_into().unwrap(), ..enough() };
    assert_eq!(of(&failing, &limited()).0, Verdict::Fail);
}

#[test]
fn p99_without_bound_is_compared_at_face_value_unless_source_marks_correlation() {
    assert_eq!(of(&with_p99(290, None), &limited()).0, Verdict::Pass);
    let marked = |percent: u64| {
        let source = format!(
            "pgbench, correlated latencies: a run of 4 times the length would bound p{percent}"
        );
        Benchmark { source: Name::new(&source).ok(), ..with_p99(290, None) }
    };
    assert_eq!(of(&marked(99), &limited()).0, Verdict::Inconclusive);
    assert_eq!((marked(99).p99_longer_run(), marked(99).longer_run()), (Some(4), None));
    assert_eq!((marked(95).p99_longer_run(), marked(95).longer_run()), (None, Some(4)));
}

#[test]
fn each_seed_is_judged_by_its_own_p99() {
    let judged = |p99_us: u64, upper_us: Option<u64>| {
        let mut runs = runs::runs(5);
        let latency = runs[3].latency.as_mut().unwrap();
        (latency.p99_us, latency.p99_upper_us) = (p99_us, upper_us);
        let judgement =
            judge_runs(&runs, &limited(), &driverc::postgres_async_driver(), Confidence::USUAL);
        let mut figures = judgement.figures.into_iter();
        figures.find(|judged| judged.comparison.figure == Figure::P99Latency).unwrap()
    };
    assert_eq!(judged(299_001, Some(300_000)).verdict, Verdict::Pass);
    let above = judged(299_001, Some(300_001));
    assert_eq!((above.verdict, above.basis), (Verdict::Inconclusive, Basis::Bound { upper: 301 }));
    assert_eq!(above.seed.map(u64::from), Some(4));
    assert_eq!(judged(300_001, Some(310_000)).comparison.value, 301);
    let few = judged(299_000, None);
    assert_eq!(few.basis, Basis::Requests { requests: 30_000, needed: 299 });
}

/// A limit of 500 µs for p95.
fn fine() -> Budget {
    Budget { max_p95_latency: LatencyLimit::from_us(500).unwrap(), ..budget() }
}

fn in_micros(p95: u64, upper: u64) -> Benchmark {
    Benchmark {
        p50_latency: BenchmarkLatency::from_us(1).unwrap(),
        p95_latency: BenchmarkLatency::from_us(p95).unwrap(),
        p95_upper_latency: BenchmarkLatency::from_us(upper).ok(),
        ..enough()
    }
}

#[test]
fn limit_in_microseconds_is_judged_in_microseconds() {
    assert_eq!(of(&in_micros(499, 500), &fine()).0, Verdict::Pass);
    let (verdict, reason) = of(&in_micros(499, 501), &fine());
    assert_eq!(verdict, Verdict::Inconclusive);
    assert_eq!(
        reason,
        "p95 latency of 0.499 ms is within 0.500 ms, but its upper bound of 0.501 ms is not"
    );
    let (verdict, reason) = of(&in_micros(501, 510), &fine());
    assert_eq!((verdict, &*reason), (Verdict::Fail, "p95 latency of 0.501 ms exceeds 0.500 ms"));
    let both = Budget { max_p99_latency: limited().max_p99_latency, ..fine() };
    let (verdict, reason) = of(&in_micros(499, 500), &both);
    assert_eq!(verdict, Verdict::Inconclusive);
    assert_eq!(
        reason,
        "the p99 latency is limited to 300.000 ms, but the benchmark has no `p99_latency_us`; add \
         it and `p99_upper_latency_us` from the same run"
    );
}

#[test]
fn limit_in_milliseconds_is_judged_in_milliseconds_for_any_unit_of_benchmark() {
    let coarse = Budget { max_p95_latency: LatencyLimit::from_ms(1).unwrap(), ..budget() };
    assert_eq!(of(&in_micros(999, 1_000), &coarse).0, Verdict::Pass);
    let (verdict, reason) = of(&in_micros(1_001, 1_002), &coarse);
    assert_eq!((verdict, &*reason), (Verdict::Fail, "p95 latency of 2 ms exceeds 1 ms"));
    let finer = coarse.at_least_in(LatencyUnit::Microseconds);
    let (_, reason) = of(&in_micros(1_001, 1_002), &finer);
    assert_eq!(reason, "p95 latency of 1.001 ms exceeds 1.000 ms");
}

#[test]
fn unit_of_limit_never_changes_verdict() {
    for (p95, upper) in [(119_000, 120_000), (119_999, 120_001), (120_001, 121_000), (1, 1)] {
        let benchmark = in_micros(p95, upper);
        let coarse = of(&benchmark, &budget()).0;
        assert_eq!(of(&benchmark, &budget().at_least_in(LatencyUnit::Microseconds)).0, coarse);
    }
}
