//! Workloads: parsing, merging, and their JSON form.
use driverc::{
    document,
    model::{BenchmarkProfile, EffectiveWorkload, Workload},
    source::Source,
    workspace::Workspace,
};
use serde_json::{Value, json};

const BASE: &str = r#"
[workload.mixed_latency]
seeds = [7]
warmup_ms = 5000
duration_ms = 60000
rate_ops_per_ksec = 900000
arrival = "constant"
error_bps = 10

[[workload.mixed_latency.operation]]
weight = 1
service = { constant_us = 60000 }
"#;

const NARROW: &str = r"
[workload.mixed_latency.class.relational_adapter]
error_bps = 20
error_us = 2000

[workload.mixed_latency.driver.postgres_async]
burst = { period_ms = 10000, on_ms = 1000, percent = 160 }
error_bps = 30
stall_bps = 1
stall_us = 6000000
slot_recovery_us = 20000

[[workload.mixed_latency.driver.postgres_async.operation]]
weight = 90
service = { quantiles_us = [[0, 500], [950000, 9000], [1000000, 300000]] }

[[workload.mixed_latency.driver.postgres_async.operation]]
weight = 10
service = { exponential_us = 60000 }
";

fn workspace(documents: &[&str]) -> Workspace {
    let read = |(number, text): (usize, &&str)| {
        let document = document::read(text);
        (Source::new(format!("{number}.toml"), (*text).to_owned()), document)
    };
    Workspace::new(documents.iter().enumerate().map(read).collect())
}

fn merged(documents: &[&str]) -> Workload {
    let workspace = workspace(documents);
    assert_eq!(workspace.findings(), []);
    let driver = driverc::postgres_async_driver();
    let effective = workspace.effective_workload(&driver, BenchmarkProfile::MixedLatency);
    effective.as_ref().and_then(EffectiveWorkload::complete).unwrap()
}

/// The built-in driver as a document, because a driver scope needs a declared driver.
fn driver() -> &'static str {
    include_str!("../../contracts/postgres.toml")
}

fn expected() -> Value {
    json!({
        "profile": "mixed_latency",
        "seeds": [7],
        "warmup_ms": 5000,
        "duration_ms": 60000,
        "rate_ops_per_ksec": 900_000,
        "arrival": "constant",
        "burst": { "period_ms": 10000, "on_ms": 1000, "percent": 160 },
        "error_bps": 30,
        "error_us": 2000,
        "stall_bps": 1,
        "stall_us": 6_000_000,
        "slot_recovery_us": 20000,
        "contention_ppm": 0,
        "coherence_ppm": 0,
        "operation": [
            {
                "weight": 90,
                "service": { "quantiles_us": [[0, 500], [950_000, 9000], [1_000_000, 300_000]] }
            },
            { "weight": 10, "service": { "exponential_us": 60000 } }
        ]
    })
}

#[test]
fn narrower_scope_wins_in_any_file() {
    let workload = merged(&[driver(), BASE, NARROW]);
    assert_eq!(serde_json::to_value(&workload).unwrap(), expected());
    assert_eq!(merged(&[NARROW, BASE, driver()]), workload);
    let joined = format!("{}\n{BASE}\n{NARROW}", driver());
    assert_eq!(merged(&[&joined]), workload);
}

#[test]
fn workload_survives_json_round_trip() {
    let workload: Workload = serde_json::from_value(expected()).unwrap();
    assert_eq!(workload, merged(&[driver(), BASE, NARROW]));
    let mut falling = expected();
    falling["operation"][0]["service"] = json!({ "quantiles_us": [[0, 5], [1_000_000, 4]] });
    assert!(serde_json::from_value::<Workload>(falling).is_err());
    let mut twice = expected();
    twice["seeds"] = json!([1, 1]);
    assert!(serde_json::from_value::<Workload>(twice).is_err());
}

#[test]
fn workload_with_invalid_scope_is_not_effective() {
    let narrow = NARROW.replace("weight = 90", "weight = 0");
    let workspace = workspace(&[driver(), BASE, &narrow]);
    assert_eq!(workspace.findings().len(), 1);
    let driver = driverc::postgres_async_driver();
    assert_eq!(workspace.effective_workload(&driver, BenchmarkProfile::MixedLatency), None);
}

#[test]
fn mean_and_p95_match_mixture_of_operations() {
    let workload = merged(&[driver(), BASE, NARROW]);
    // 90% with 500 … 9000 µs up to a share of 95%, then up to 300 ms, and 10% with a mean of 60 ms.
    // Stalls are extra.
    let p95 = workload.service_percentile_us(95);
    assert!(workload.share_above(p95) * 20 <= driverc::model::WHOLE);
    assert!(workload.share_above(p95 - 1) * 20 > driverc::model::WHOLE);
    let mean_us = workload.attempt_mean(u64::MAX) / 1_000_000_000;
    assert!((17_500..18_500).contains(&mean_us), "{mean_us}");
}

#[test]
fn narrower_scope_replaces_whole_trigger_and_single_server_keys() {
    let wide = BASE.replace(
        "error_bps = 10\n",
        "server_slots = 30\ncontention_ppm = 20000\n\
         trigger = { start_ms = 9000, duration_ms = 500, service_percent = 300 }\n",
    );
    let narrow = r#"
[workload.mixed_latency.class.relational_adapter]
contention_ppm = 0
abandoned_work = "cancelled"

[workload.mixed_latency.class.relational_adapter.trigger]
start_ms = 8000
duration_ms = 700
rate_percent = 200
"#;
    let workload = serde_json::to_value(merged(&[driver(), &wide, narrow])).unwrap();
    assert_eq!(workload["server_slots"], 30);
    assert_eq!(workload["contention_ppm"], 0);
    assert_eq!(workload["abandoned_work"], "cancelled");
    let trigger = json!({ "start_ms": 8000, "duration_ms": 700, "rate_percent": 200 });
    assert_eq!(workload["trigger"], trigger);
    let continued = merged(&[driver(), &wide]);
    assert!(continued.continues_abandoned_work() && continued.has_server());
    assert!(!merged(&[driver(), BASE]).continues_abandoned_work());
}
