//! Simulates the built-in drivers under their synthetic workloads.

use driverc::{
    BenchmarkProfile,
    budget::{Comparison, Figure, compare},
    builtin,
    model::{Vocabulary, Workload},
};

/// The minimum headroom of p95, in percent.
const P95_HEADROOM: u64 = 125;
/// The minimum headroom of each rate, in percent.
const RATE_HEADROOM: u64 = 200;

#[test]
fn every_driver_meets_budgets_of_all_profiles_with_headroom() {
    let benchmarks = driverc::run_enterprise_benchmarks();
    let workspace = builtin::workspace();
    let pairs = driverc::supported_drivers().into_iter().flat_map(|driver| {
        BenchmarkProfile::ALL.iter().map(move |profile| (driver.name.clone(), *profile))
    });
    let simulated =
        benchmarks.iter().map(|benchmark| (benchmark.driver.clone(), benchmark.profile));
    assert!(simulated.eq(pairs), "{benchmarks:#?}");
    for benchmark in &benchmarks {
        let contract = workspace.driver(&benchmark.driver).unwrap();
        let budget = workspace.effective_budget(contract, benchmark.profile).unwrap();
        let comparisons = compare(benchmark, &budget.complete().unwrap());
        assert_eq!(comparisons.len(), 5, "rejections are compared too");
        for comparison in comparisons {
            assert!(has_headroom(comparison), "{} {comparison:?}", benchmark.driver);
        }
    }
    let lines: Vec<_> = benchmarks.iter().map(driverc::benchmark_signature).collect();
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../../snapshots");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!("benchmarks.txt", lines.join("\n")));
}

fn has_headroom(comparison: Comparison) -> bool {
    let least = match comparison.figure {
        Figure::P95Latency | Figure::P99Latency => P95_HEADROOM,
        Figure::TimeoutRate | Figure::RejectRate | Figure::RetryRate => RATE_HEADROOM,
        Figure::Throughput => 100,
    };
    comparison.holds() && comparison.headroom_percent().is_none_or(|percent| percent >= least)
}

#[test]
fn workload_windows_have_enough_arrivals() {
    let workspace = builtin::workspace();
    for simulation in workspace.simulations() {
        let (name, workload) = (&simulation.contract.name, simulation.workload);
        assert_eq!(workload.warmup_ms.get(), 5000, "{name}");
        assert!(workload.seeds.iter().map(u64::from).eq(1..=5), "{name}");
        let window = Workload { warmup_ms: 0.try_into().unwrap(), ..workload };
        let bulk = (&**name, window.profile) == ("clickhouse_async", BenchmarkProfile::HeavyData);
        let least = if bulk { 5000 } else { 30_000 };
        assert!(window.expected_arrivals().unwrap() >= least, "{name}");
    }
}
