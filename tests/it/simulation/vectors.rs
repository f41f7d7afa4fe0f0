//! Compares whole runs with reference results, digit by digit.

use driverc::{
    model::{DriverContract, Seed},
    simulate::Run,
};
use serde_json::{Value, json};

use crate::simulation::load::{Client, workload};

fn number(value: &Value, key: &str) -> u64 {
    value[key].as_u64().unwrap()
}

fn client(contract: &Value) -> Client {
    Client {
        slots: number(contract, "max_in_flight"),
        queue: number(contract, "max_queue_depth"),
        request_ms: number(contract, "request_ms"),
        attempts: number(contract, "max_attempts"),
        backoff_ms: [number(contract, "base_backoff_ms"), number(contract, "max_backoff_ms")],
        jitter_percent: number(contract, "jitter_percent"),
    }
}

/// The contract of a vector, with its optional keys.
fn contract(vector: &Value) -> DriverContract {
    let mut contract = client(vector).contract();
    let optional = |key: &str| vector.get(key).map(|value| value.as_u64().unwrap());
    let timeouts = &mut contract.timeout_policy;
    timeouts.queue_ms = optional("queue_ms").map(|ms| ms.try_into().unwrap());
    timeouts.deadline_ms = optional("deadline_ms").map(|ms| ms.try_into().unwrap());
    let retries = &mut contract.retry_policy;
    retries.multiplier_percent =
        optional("multiplier_percent").map(|percent| percent.try_into().unwrap());
    retries.retry_budget_percent =
        optional("retry_budget_percent").map(|percent| percent.try_into().unwrap());
    retries.retry_budget_min = optional("retry_budget_min").map(|min| min.try_into().unwrap());
    contract
}

/// Renames the keys of a workload to those of contracts.
fn renamed(vector: &Value) -> Value {
    let mut values = vector.clone();
    let table = values.as_object_mut().unwrap();
    let rate = table.remove("rate_milliops").unwrap();
    table.insert("rate_ops_per_ksec".to_owned(), rate);
    let operations = table.remove("operations").unwrap();
    let operation = |operation: &Value| {
        let [(form, time)] = &*operation["service"].as_object().unwrap().iter().collect::<Vec<_>>()
        else {
            panic!("{operation} has one service time")
        };
        let form = match form.as_str() {
            "const" => "constant_us",
            "exp" => "exponential_us",
            _ => "quantiles_us",
        };
        json!({ "weight": operation["weight"], "service": { form: time } })
    };
    let operations = operations.as_array().unwrap().iter().map(operation).collect();
    table.insert("operation".to_owned(), operations);
    values
}

/// The figures of the client.
fn client_figures(run: &Run) -> Value {
    let (counts, latency) = (&run.counts, run.latency.as_ref());
    json!({
        "seed": run.seed,
        "n": counts.succeeded,
        "p50_us": latency.map(|it| it.p50_us),
        "p95_us": latency.map(|it| it.p95_us),
        "p99_us": latency.map(|it| it.p99_us),
        "mean_us": latency.map_or(0, |it| it.mean_us),
        "timeout_rate_bps": run.timeout_rate_bps(),
        "retry_rate_bps": run.retry_rate_bps(),
        "reject_rate_bps": run.reject_rate_bps(),
        "failure_rate_bps": run.failure_rate_bps(),
        "throughput_ops_per_sec": run.throughput_ops_per_sec(),
        "throughput_milliops": run.throughput_ops_per_ksec(),
        "util_ppm": run.utilisation_ppm(),
        "mean_queue_milli": run.mean_queue_milli(),
        "offered": counts.offered,
        "attempts": counts.attempts,
        "retries": counts.retries,
        "timeouts": counts.timeouts,
        "timeouts_queue": counts.queue_timeouts,
        "errors": counts.errors,
        "rejected": counts.rejected,
        "rejected_wait": counts.rejected_waits,
        "deadline_failed": counts.deadline_failures,
        "budget_failed": counts.budget_failures,
        "success": counts.succeeded,
        "failed": counts.failed(),
        "done_in_win": counts.succeeded_in_window,
        "busy_area": run.busy_area_us,
        "queue_area": run.queue_area_us,
        "max_q": counts.max_queue,
    })
}

/// The figures of the server and of the trigger.
fn server_figures(run: &Run) -> Value {
    let counts = &run.counts;
    json!({
        "goodput_bps": run.goodput_bps(),
        "timeouts_server": counts.server_timeouts,
        "server_util_ppm": run.server_utilisation_ppm(),
        "server_running_milli": run.server_running_milli(),
        "server_mean_queue_milli": run.server_mean_queue_milli(),
        "server_abandoned_ppm": run.server_abandoned_ppm(),
        "healthy_before": run.is_healthy_before(),
        "recovers": run.recovers(),
        "before_offered": counts.before_offered,
        "before_good": counts.before_succeeded,
        "quarter_offered": counts.quarter_offered,
        "quarter_good": counts.quarter_succeeded,
        "server_done": counts.server_done,
        "server_wasted": counts.server_wasted,
        "max_server_q": counts.max_server_queue,
        "server_area": run.server_area_us,
        "server_queue_area": run.server_queue_area_us,
        "abandoned_area": run.abandoned_area_us,
    })
}

fn figures(run: &Run) -> Value {
    let mut figures = client_figures(run);
    let Value::Object(server) = server_figures(run) else { panic!("figures are a table") };
    figures.as_object_mut().unwrap().extend(server);
    figures
}

/// Runs each vector, and returns the number of results that were compared.
fn compare(vectors: &str) -> usize {
    let vectors: Vec<Value> = serde_json::from_str(vectors).unwrap();
    let mut compared = 0;
    for vector in &vectors {
        let (contract, workload) =
            (contract(&vector["contract"]), workload(renamed(&vector["workload"])));
        for expected in vector["results"].as_array().unwrap() {
            let seed = Seed::new(number(expected, "seed")).unwrap();
            let run = driverc::simulate(&contract, &workload, seed).unwrap();
            let figures = figures(&run);
            for (name, value) in expected.as_object().unwrap() {
                assert_eq!(&figures[name], value, "{} {name}", vector["name"]);
            }
            compared += 1;
        }
    }
    compared
}

#[test]
fn runs_equal_reference_vectors() {
    assert_eq!(compare(include_str!("../../data/simulation_vectors.json")), 6);
}

#[test]
fn runs_with_client_limits_and_server_equal_reference_vectors() {
    assert_eq!(compare(include_str!("../../data/simulation_server_vectors.json")), 57);
}
