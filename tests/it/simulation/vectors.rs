//! Whole runs, equal to the last digit.

use driverc::{model::Seed, simulate::Run};
use serde_json::{Value, json};

use crate::simulation::load::{Client, workload};

fn number(value: &Value, key: &str) -> u64 {
    value[key].as_u64().unwrap()
}

fn client(contract: &Value) -> Client {
    Client {
        places: number(contract, "max_in_flight"),
        queue: number(contract, "max_queue_depth"),
        request_ms: number(contract, "request_ms"),
        attempts: number(contract, "max_attempts"),
        backoff_ms: [number(contract, "base_backoff_ms"), number(contract, "max_backoff_ms")],
        jitter_percent: number(contract, "jitter_percent"),
    }
}

/// The values of a workload as contracts name them.
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

fn figures(run: &Run) -> Value {
    let (counts, latency) = (&run.counts, run.latency.as_ref().unwrap());
    json!({
        "seed": run.seed,
        "n": counts.succeeded,
        "p50_us": latency.p50_us,
        "p95_us": latency.p95_us,
        "p99_us": latency.p99_us,
        "mean_us": latency.mean_us,
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
        "success": counts.succeeded,
        "failed": counts.failed(),
        "done_in_win": counts.succeeded_in_window,
        "busy_area": run.busy_area_us,
        "queue_area": run.queue_area_us,
        "max_q": counts.max_queue,
    })
}

#[test]
fn whole_runs_are_equal_to_the_last_digit() {
    let vectors: Vec<Value> =
        serde_json::from_str(include_str!("../../data/simulation_vectors.json")).unwrap();
    for vector in &vectors {
        let contract = client(&vector["contract"]).contract();
        let workload = workload(renamed(&vector["workload"]));
        for expected in vector["results"].as_array().unwrap() {
            let seed = Seed::new(number(expected, "seed")).unwrap();
            let run = driverc::simulate(&contract, &workload, seed).unwrap();
            assert_eq!(&figures(&run), expected, "{}", vector["name"]);
        }
    }
}
