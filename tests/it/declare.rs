//! Tables that driverc writes as TOML are read back as the same value.
use driverc::{
    document::{BenchmarkDeclaration, read_with},
    model::{Benchmark, DeclaredWorkload, Operation, PartsPerMillion, Quantiles, ServiceTime},
    report::declare::{benchmark_table, workload_table},
};
use proptest::{prelude::ProptestConfig, prop_assert_eq, proptest, strategy::Strategy};

use crate::common::{
    strategies::{benchmark, vocabulary},
    workloads::workload,
};

fn read_benchmark(text: &str) -> Benchmark {
    let document = read_with(text, &vocabulary());
    assert_eq!(document.findings, [], "{text}");
    match &document.declarations.others().benchmarks[..] {
        [BenchmarkDeclaration::Complete(benchmark)] => benchmark.clone(),
        others => panic!("{others:?} of\n{text}"),
    }
}

fn read_workload(text: &str) -> DeclaredWorkload {
    let document = read_with(text, &vocabulary());
    assert_eq!(document.findings, [], "{text}");
    let mut workloads = document.declarations.into_others().unwrap().workloads;
    let declared = workloads.remove(0);
    assert!(declared.whole && workloads.is_empty(), "{text}");
    declared.workload
}

fn sets_something(workload: &DeclaredWorkload) -> bool {
    *workload != DeclaredWorkload::new(workload.profile, workload.scope.clone())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn benchmark_survives_toml_round_trip(benchmark in benchmark()) {
        let text = benchmark_table(&benchmark);
        prop_assert_eq!(read_benchmark(&text), benchmark);
        prop_assert_eq!(text.lines().count(), text.parse::<toml::Table>().unwrap()["benchmark"][0]
            .as_table().unwrap().len() + 1, "one key per line");
    }

    #[test]
    fn workload_survives_toml_round_trip(
        workload in workload().prop_filter("nothing", sets_something),
    ) {
        let text = workload_table(&workload);
        prop_assert_eq!(read_workload(&text), workload);
        // An independent reader accepts the TOML too.
        prop_assert_eq!(text.parse::<toml::Table>().unwrap().len(), 1);
    }
}

const BENCHMARK: &str = r#"[[benchmark]]
driver = "postgres_async"
profile = "heavy_data"
p50_latency_ms = 19
p95_latency_ms = 73
timeout_rate_bps = 1
retry_rate_bps = 10
throughput_ops_per_sec = 448
attempts = 30030
requests = 30000
p95_upper_latency_ms = 76
reject_rate_bps = 0
failure_rate_bps = 0
duration_ms = 67000
loop = "open"
source = "pgbench \"16.2\" \\ \u202E, -R 450"
measured_on = 2026-10-31
contract = "sha256:0000000000000000000000000000000000000000000000000000000000000000"
"#;

const WORKLOAD: &str = r#"[workload.mixed_latency.driver.postgres_async]
seeds = [1, 2]
warmup_ms = 5000
duration_ms = 60000
rate_ops_per_ksec = 900000
arrival = "poisson"
burst = { period_ms = 10000, on_ms = 1000, percent = 160 }
error_bps = 10
error_us = 2000
stall_bps = 1
stall_us = 6000000
slot_recovery_us = 20000

[[workload.mixed_latency.driver.postgres_async.operation]]
weight = 90
service = { quantiles_us = [[0, 500], [950000, 9000], [1000000, 300000]] }

[[workload.mixed_latency.driver.postgres_async.operation]]
weight = 9
service = { exponential_us = 60000 }

[[workload.mixed_latency.driver.postgres_async.operation]]
weight = 1
service = { constant_us = 7 }
"#;

#[test]
fn keys_are_written_in_canonical_order() {
    assert_eq!(benchmark_table(&read_benchmark(BENCHMARK)), BENCHMARK);
    assert_eq!(workload_table(&read_workload(WORKLOAD)), WORKLOAD);
}

#[test]
fn long_quantile_table_is_wrapped() {
    let point = |number: u64| {
        let share = PartsPerMillion::new(number * 20_000).unwrap();
        (share, (number + 1).try_into().unwrap())
    };
    let points = (0..=50).map(point);
    let mut workload = read_workload(WORKLOAD);
    let quantiles = ServiceTime::Quantiles(Quantiles::new(points.collect()).unwrap());
    workload.operations =
        Some(Operation { weight: 1.try_into().unwrap(), service: quantiles }.into());
    let text = workload_table(&workload);
    assert!(text.lines().count() > 15 && text.lines().all(|line| line.len() <= 100), "{text}");
    assert_eq!(read_workload(&text), workload);
}
