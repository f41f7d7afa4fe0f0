//! Judges benchmarks against budgets.
//!
//! [`evaluate`] and [`evaluate_budgets`] only compare figures with limits. [`judge`] also considers
//! chance, so its verdict can be inconclusive. [`Workspace::judge`] judges every driver and
//! profile, and chooses the benchmark that decides. [`judge_runs`] judges the runs of a simulation,
//! each seed by its own counts.

mod comparison;
mod confidence;
mod judge;
mod pairs;
mod runs;

pub(crate) use self::judge::gravity;
pub use self::{
    comparison::{Comparison, Figure, MissingFigure, compare},
    confidence::{Confidence, InvalidConfidence},
    judge::{Basis, BenchmarkVerdict, FigureVerdict, SeedCount, judge},
    pairs::{DriverProfile, Fold, JudgedBenchmark, JudgementTerms, SourcedBenchmark, Unserved},
    runs::{judge_runs, worst_run},
};
use crate::{
    model::{Benchmark, Budget, BudgetResult, EffectiveBudget, Verdict},
    workspace::Workspace,
};

/// Returns one result per benchmark, in the same order.
///
/// The first budget for the benchmark's profile applies. Without such a budget, the benchmark
/// fails. Figures are compared at face value: only [`judge`] considers chance.
pub fn evaluate_budgets(benchmarks: &[Benchmark], budgets: &[Budget]) -> Vec<BudgetResult> {
    benchmarks
        .iter()
        .map(|benchmark| {
            let budget = budgets.iter().find(|budget| budget.profile == benchmark.profile);
            evaluate(benchmark, budget)
        })
        .collect()
}

/// Compares the figures of a benchmark with a budget. Without a budget for the benchmark's profile,
/// the benchmark fails. Only [`judge`] considers chance, so the verdict is inconclusive only if the
/// budget limits p99 and the benchmark has no p99.
pub fn evaluate(benchmark: &Benchmark, budget: Option<&Budget>) -> BudgetResult {
    let Some(budget) = budget.filter(|budget| budget.profile == benchmark.profile) else {
        return failed(benchmark, format!("no budget for profile `{}`", benchmark.profile.label()));
    };
    let broken: Vec<_> =
        compare(benchmark, budget).into_iter().filter_map(Comparison::fault).collect();
    if !broken.is_empty() {
        return failed(benchmark, broken.join("; "));
    }
    let (verdict, reason) = match MissingFigure::of(benchmark, budget) {
        Some(missing) => (Verdict::Inconclusive, missing.reason()),
        None => (Verdict::Pass, "within all limits".to_owned()),
    };
    BudgetResult { driver: benchmark.driver.clone(), profile: benchmark.profile, verdict, reason }
}

impl Workspace {
    /// Compares each readable benchmark with the effective budget of its driver. The results have
    /// the order of the benchmarks.
    ///
    /// A benchmark fails if its driver has no readable contract, or if its budget lacks a limit.
    /// The reason of the result says which of the two causes applies.
    pub fn evaluate(&self) -> Vec<BudgetResult> {
        self.benchmarks().map(|benchmark| self.evaluate_one(benchmark)).collect()
    }

    fn evaluate_one(&self, benchmark: &Benchmark) -> BudgetResult {
        let Some(contract) = self.driver(&benchmark.driver) else {
            let reason = format!("no readable contract for `{}`", benchmark.driver);
            return failed(benchmark, reason);
        };
        let effective = self.effective_budget(contract, benchmark.profile);
        let missing: Vec<_> = effective.iter().flat_map(EffectiveBudget::missing).collect();
        if !missing.is_empty() {
            let keys: Vec<_> = missing.iter().map(|limit| limit.field().key()).collect();
            return failed(benchmark, format!("the budget lacks `{}`", keys.join("`, `")));
        }
        evaluate(benchmark, effective.and_then(|effective| effective.complete()).as_ref())
    }
}

fn failed(benchmark: &Benchmark, reason: String) -> BudgetResult {
    let Benchmark { driver, profile, .. } = benchmark;
    BudgetResult { driver: driver.clone(), profile: *profile, verdict: Verdict::Fail, reason }
}

/// Returns the number of failures among the results.
pub fn budget_failures(results: &[BudgetResult]) -> usize {
    results.iter().filter(|result| result.verdict == Verdict::Fail).count()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::model::{BenchmarkLatency, LatencyLimit};

    fn benchmark(p95: u64, timeouts: u64, retries: u64, throughput: u64) -> Benchmark {
        serde_json::from_value(json!({
            "driver": "postgres_async",
            "profile": "heavy_data",
            "p50_latency_ms": 19,
            "p95_latency_ms": p95,
            "timeout_rate_bps": timeouts,
            "retry_rate_bps": retries,
            "throughput_ops_per_sec": throughput,
        }))
        .unwrap()
    }

    fn budget(profile: &str, max_p95_latency: u64) -> Budget {
        serde_json::from_value(json!({
            "profile": profile,
            "max_p95_latency_ms": max_p95_latency,
            "max_timeout_rate_bps": 20,
            "max_retry_rate_bps": 100,
            "min_throughput_ops_per_sec": 400,
        }))
        .unwrap()
    }

    fn judged(benchmark: &Benchmark) -> (Verdict, String) {
        let result = evaluate(benchmark, Some(&budget("heavy_data", 120)));
        (result.verdict, result.reason)
    }

    #[test]
    fn figure_at_limit_passes() {
        assert_eq!(
            judged(&benchmark(120, 20, 100, 400)),
            (Verdict::Pass, "within all limits".into())
        );
    }

    #[test]
    fn figure_beyond_one_limit_fails() {
        for (figures, reason) in [
            (benchmark(121, 20, 100, 400), "p95 latency of 121 ms exceeds 120 ms"),
            (benchmark(120, 21, 100, 400), "timeout rate of 21 bps exceeds 20 bps"),
            (benchmark(120, 20, 101, 400), "retry rate of 101 bps exceeds 100 bps"),
            (benchmark(120, 20, 100, 399), "throughput of 399 ops/s is below 400 ops/s"),
        ] {
            assert_eq!(judged(&figures), (Verdict::Fail, reason.into()));
        }
    }

    #[test]
    fn reason_names_every_broken_limit() {
        let mut figures = benchmark(150, 30, 200, 380);
        figures.reject_rate_bps = Some(40.try_into().unwrap());
        assert_eq!(
            judged(&figures).1,
            "p95 latency of 150 ms exceeds 120 ms; timeout rate of 30 bps exceeds 20 bps; \
             reject rate of 40 bps exceeds the timeout limit of 20 bps; \
             retry rate of 200 bps exceeds 100 bps; throughput of 380 ops/s is below 400 ops/s"
        );
    }

    #[test]
    fn reject_rate_above_timeout_limit_fails() {
        let mut figures = benchmark(73, 1, 10, 448);
        figures.reject_rate_bps = Some(20.try_into().unwrap());
        assert_eq!(judged(&figures).0, Verdict::Pass);
        figures.reject_rate_bps = Some(21.try_into().unwrap());
        assert_eq!(judged(&figures).0, Verdict::Fail);
    }

    #[test]
    fn benchmark_without_limited_p99_is_inconclusive_unless_another_figure_fails() {
        let limits = Budget {
            max_p99_latency: Some(LatencyLimit::from_ms(300).unwrap()),
            ..budget("heavy_data", 120)
        };
        let judged = |benchmark: &Benchmark| evaluate(benchmark, Some(&limits)).verdict;
        let mut figures = benchmark(120, 20, 100, 400);
        assert_eq!(judged(&figures), Verdict::Inconclusive);
        assert_eq!(judged(&benchmark(121, 20, 100, 400)), Verdict::Fail);
        figures.p99_latency = Some(BenchmarkLatency::from_ms(300).unwrap());
        assert_eq!(judged(&figures), Verdict::Pass);
        figures.p99_latency = Some(BenchmarkLatency::from_ms(301).unwrap());
        let failed = evaluate(&figures, Some(&limits));
        assert_eq!(failed.reason, "p99 latency of 301 ms exceeds 300 ms");
    }

    #[test]
    fn results_are_in_order_of_benchmarks() {
        let good = benchmark(73, 1, 10, 448);
        let slow = benchmark(150, 1, 10, 448);
        let budgets =
            [budget("mixed_latency", 1), budget("heavy_data", 120), budget("heavy_data", 1)];
        let results = evaluate_budgets(&[slow, good.clone()], &budgets);
        let verdicts: Vec<_> = results.iter().map(|result| result.verdict).collect();
        assert_eq!(verdicts, [Verdict::Fail, Verdict::Pass]);
        assert_eq!(budget_failures(&results), 1);

        let [unjudged] = &*evaluate_budgets(&[good], &budgets[..1]) else { unreachable!() };
        assert_eq!(unjudged.verdict, Verdict::Fail);
        assert_eq!(unjudged.reason, "no budget for profile `heavy_data`");
        assert_eq!(unjudged.driver.as_str(), "postgres_async");
    }

    #[test]
    fn narrowest_scope_sets_limit() {
        let sample = |driver: &str, profile: &str| {
            format!(
                "[[benchmark]]\ndriver = \"{driver}\"\nprofile = \"{profile}\"\n\
                 p50_latency_ms = 19\np95_latency_ms = 130\ntimeout_rate_bps = 1\n\
                 retry_rate_bps = 10\nthroughput_ops_per_sec = 900\n"
            )
        };
        let text = [
            include_str!("../contracts/postgres.toml"),
            "[budget.heavy_data]\nmax_p95_latency_ms = 3000\nmax_timeout_rate_bps = 20\n\
             max_retry_rate_bps = 100\nmin_throughput_ops_per_sec = 8\n\
             [budget.heavy_data.driver.postgres_async]\nmax_p95_latency_ms = 120\n\
             [budget.mixed_latency]\nmax_p95_latency_ms = 130\n",
            &sample("postgres_async", "heavy_data"),
            &sample("postgres_async", "mixed_latency"),
            &sample("undeclared", "heavy_data"),
        ]
        .join("\n");
        let document = crate::document::read(&text);
        let source = crate::source::Source::new("a.toml", text);
        let results = Workspace::new(vec![(source, document)]).evaluate();
        let reasons: Vec<_> = results.iter().map(|result| result.reason.as_str()).collect();
        let expected = [
            "p95 latency of 130 ms exceeds 120 ms",
            "the budget lacks `max_timeout_rate_bps`, `max_retry_rate_bps`, \
             `min_throughput_ops_per_sec`",
            "no readable contract for `undeclared`",
        ];
        assert_eq!(reasons, expected);
        assert_eq!(budget_failures(&results), 3);
    }
}
