//! Compares signatures with handwritten signatures, and checks the errors for invalid lines.
//!
//! The digests were computed with `sha256sum`.

mod latencies;
mod refused;

use std::fmt::Debug;

use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::{
    model::{Benchmark, BudgetResult, DeclaredBudget, DriverContract},
    signature::{
        SignatureError, benchmark_digest, benchmark_signature, budget_digest, budget_result_digest,
        budget_result_signature, budget_signature, capability_matrix_digest,
        capability_matrix_signature, driver_digest, driver_signature, parse_benchmark_signature,
        parse_budget_result_signature, parse_budget_signature, parse_capability_matrix_signature,
        parse_driver_signature, sealed_signature_document, signature_document,
    },
};

const DRIVER: &str = "\
    driver|v1|name=postgres_async|class=relational_adapter\
    |provider_module=sqlx::postgres|max_in_flight=20|max_queue_depth=200\
    |timeout_policy.connect_ms=3100|timeout_policy.request_ms=5000\
    |timeout_policy.idle_ms=600000|retry_policy.max_attempts=3\
    |retry_policy.base_backoff_ms=50|retry_policy.max_backoff_ms=1000\
    |retry_policy.jitter_percent=100\
    |telemetry.timeout_metric=postgres_client_timeouts_total\
    |telemetry.retry_metric=postgres_client_retries_total\
    |telemetry.latency_metric=postgres_client_operation_duration_seconds\
    |telemetry.in_flight_metric=postgres_client_in_flight_requests\
    |capabilities=non_blocking_execute,bounded_concurrency,\
    timeout_telemetry,retry_telemetry,batch_read|support_tier=tier1\
    |tuning_guide=docs/tuning/postgres.md";
const BASE_BUDGET: &str = "\
    budget|v1|profile=heavy_data|scope=all|max_p95_latency_ms=3000\
    |max_timeout_rate_bps=20|max_retry_rate_bps=100|min_throughput_ops_per_sec=8";
const DRIVER_BUDGET: &str = "\
    budget|v1|profile=heavy_data|scope=driver:postgres_async|max_p95_latency_ms=120\
    |min_throughput_ops_per_sec=400";
const MATRIX: &str = "\
    capability_matrix|v1\
    |postgres_async=non_blocking_execute,bounded_concurrency,\
    timeout_telemetry,retry_telemetry,batch_read";
const BENCHMARK: &str = "\
    benchmark|v1|driver=postgres_async|profile=heavy_data|p50_latency_ms=19\
    |p95_latency_ms=73|timeout_rate_bps=1|retry_rate_bps=10|throughput_ops_per_sec=448\
    |attempts=30030|requests=30000|p95_upper_latency_ms=76|reject_rate_bps=0\
    |failure_rate_bps=0|duration_ms=67000|loop=open|source=pgbench%2016.2%2C%20-R%20450\
    |measured_on=2026-10-31\
    |contract=sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
const RESULT: &str = "\
    budget_result|v1|driver=postgres_async|profile=heavy_data|verdict=pass\
    |reason=all%20limits%20kept";

fn built<T: DeserializeOwned>(value: Value) -> T {
    serde_json::from_value(value).unwrap()
}

fn driver() -> DriverContract {
    built(json!({
        "name": "postgres_async",
        "class": "relational_adapter",
        "provider_module": "sqlx::postgres",
        "max_in_flight": 20,
        "max_queue_depth": 200,
        "timeout_policy": { "connect_ms": 3100, "request_ms": 5000, "idle_ms": 600_000 },
        "retry_policy": {
            "max_attempts": 3,
            "base_backoff_ms": 50,
            "max_backoff_ms": 1000,
            "jitter_percent": 100,
        },
        "telemetry": {
            "timeout_metric": "postgres_client_timeouts_total",
            "retry_metric": "postgres_client_retries_total",
            "latency_metric": "postgres_client_operation_duration_seconds",
            "in_flight_metric": "postgres_client_in_flight_requests",
        },
        "capabilities": [
            "batch_read",
            "non_blocking_execute",
            "bounded_concurrency",
            "timeout_telemetry",
            "retry_telemetry",
        ],
        "support_tier": "tier1",
        "tuning_guide": "docs/tuning/postgres.md",
    }))
}

fn base_budget() -> DeclaredBudget {
    built(json!({
        "profile": "heavy_data",
        "scope": "all",
        "max_p95_latency_ms": 3000,
        "max_timeout_rate_bps": 20,
        "max_retry_rate_bps": 100,
        "min_throughput_ops_per_sec": 8,
    }))
}

fn driver_budget() -> DeclaredBudget {
    built(json!({
        "profile": "heavy_data",
        "scope": { "driver": "postgres_async" },
        "max_p95_latency_ms": 120,
        "min_throughput_ops_per_sec": 400,
    }))
}

fn benchmark() -> Benchmark {
    built(json!({
        "driver": "postgres_async",
        "profile": "heavy_data",
        "p50_latency_ms": 19,
        "p95_latency_ms": 73,
        "timeout_rate_bps": 1,
        "retry_rate_bps": 10,
        "throughput_ops_per_sec": 448,
        "attempts": 30030,
        "requests": 30000,
        "p95_upper_latency_ms": 76,
        "reject_rate_bps": 0,
        "failure_rate_bps": 0,
        "duration_ms": 67000,
        "loop": "open",
        "source": "pgbench 16.2, -R 450",
        "measured_on": "2026-10-31",
        "contract": "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
    }))
}

fn result() -> BudgetResult {
    built(json!({
        "driver": "postgres_async",
        "profile": "heavy_data",
        "verdict": "pass",
        "reason": "all limits kept",
    }))
}

#[test]
fn driver_signature_matches_expected_line() {
    assert_eq!(driver_signature(&driver()), DRIVER);
    assert_eq!(parse_driver_signature(DRIVER), Ok(driver()));
    assert_eq!(
        driver_digest(&driver()).to_string(),
        "sha256:68e9c68cca65e09c325c0dc284c3ddcef2a3acb815a075f15fa368132ca89b2a"
    );
}

#[test]
fn budget_signatures_match_expected_lines() {
    assert_eq!(budget_signature(&base_budget()), BASE_BUDGET);
    assert_eq!(budget_signature(&driver_budget()), DRIVER_BUDGET);
    assert_eq!(parse_budget_signature(BASE_BUDGET), Ok(base_budget()));
    assert_eq!(parse_budget_signature(DRIVER_BUDGET), Ok(driver_budget()));
    assert_eq!(
        budget_digest(&base_budget()).to_string(),
        "sha256:30d95bffb680d0c95701f22c17ab3bd619e5afe8341288d06fc51e940a93fe55"
    );
    let class = "budget|v1|profile=mixed_latency|scope=class:stream_adapter";
    assert_eq!(budget_signature(&parse_budget_signature(class).unwrap()), class);
}

#[test]
fn benchmark_signature_matches_expected_line() {
    assert_eq!(benchmark_signature(&benchmark()), BENCHMARK);
    assert_eq!(parse_benchmark_signature(BENCHMARK), Ok(benchmark()));
    assert_eq!(
        benchmark_digest(&benchmark()).to_string(),
        "sha256:69bebf86f4d45f8dcabb054d86b829ede4680bf791dc7826feee58dfe71009d0"
    );
}

#[test]
fn budget_result_signature_matches_expected_line() {
    assert_eq!(budget_result_signature(&result()), RESULT);
    assert_eq!(parse_budget_result_signature(RESULT), Ok(result()));
    assert_eq!(
        budget_result_digest(&result()).to_string(),
        "sha256:1465dce66b969d83d6ace685438f3275aebd23974cc569c82befb79b430bd98a"
    );
}

#[test]
fn capability_matrix_matches_expected_line() {
    assert_eq!(capability_matrix_signature(&[driver()]), MATRIX);
    assert_eq!(
        parse_capability_matrix_signature(MATRIX),
        Ok(vec![(driver().name, driver().capabilities)])
    );
    assert_eq!(
        capability_matrix_digest(&[driver()]).to_string(),
        "sha256:1c8ec60b3516c0a7bb8a05ec33f419319cb04d4679196fd612f8fa91e4aebf29"
    );
    assert_eq!(capability_matrix_signature([]), "capability_matrix|v1");
    assert_eq!(parse_capability_matrix_signature("capability_matrix|v1"), Ok(Vec::new()));
}

#[test]
fn first_contract_of_several_with_same_name_is_used() {
    let bare = DriverContract { capabilities: [].into_iter().collect(), ..driver() };
    assert_eq!(capability_matrix_signature([&driver(), &bare]), MATRIX);
    assert_eq!(
        capability_matrix_signature([&bare, &driver()]),
        "capability_matrix|v1|postgres_async="
    );
}

#[test]
fn empty_values_are_written_with_their_keys() {
    let mut driver = driver();
    driver.capabilities = [].into_iter().collect();
    driver.tuning_guide = String::new().try_into().unwrap();
    let signature = driver_signature(&driver);
    assert!(signature.ends_with("|capabilities=|support_tier=tier1|tuning_guide="), "{signature}");
    assert_eq!(parse_driver_signature(&signature), Ok(driver));
}

#[test]
fn signature_document_matches_expected_text() {
    let lines = format!("{DRIVER}\n{BASE_BUDGET}\n{DRIVER_BUDGET}\n");
    let budgets = [driver_budget(), base_budget()];
    assert_eq!(signature_document(&[driver()], &budgets), lines);
    assert_eq!(
        sealed_signature_document(&[driver()], &budgets),
        format!(
            "{lines}{MATRIX}\n\
             digest|v1|sha256=3f4f1e58126a9b383c86a388577747a41681466caddfc423791490d8bf94ae11\n"
        )
    );
    assert_eq!(signature_document([], []), "");
    assert_eq!(
        sealed_signature_document([], []),
        "capability_matrix|v1\n\
         digest|v1|sha256=166efe2e7daf3881eb4334a2a844e109048395d1fe888a2ce4738ce73eed5fc6\n"
    );
}
