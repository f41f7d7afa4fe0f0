//! Compares the server with the universal scalability law and with queueing theory.
//!
//! A saturated server works on N attempts at a time, so the law gives its throughput (N. J.
//! Gunther, *Guerrilla Capacity Planning*, Springer, 2007). A service of 10 ms with σ = 20,000 ppm
//! and κ = 500 ppm has its peak at √((1 − σ)/κ) = 44.27 attempts. With constant service times, the
//! tolerance is 0.1%; with exponential service times it is 1%.

use driverc::{
    model::{Seed, ServerSlots, Workload},
    simulate::Run,
};
use serde_json::{Value, json};

use crate::simulation::load::{Client, PATIENT, workload};

/// N, and the throughput N / (s (1 + σ(N − 1) + κN(N − 1))) in operations per 100 s.
const LAW: [(u64, u64); 8] = [
    (8, 68_493),
    (32, 151_229),
    (43, 156_763),
    (44, 156_807),
    (45, 156_794),
    (64, 149_673),
    (128, 109_702),
    (200, 80_386),
];

/// 3,200 operations per second, more than the peak of the law.
fn saturating(service: &Value, keys: &Value) -> Workload {
    let mut values = json!({
        "warmup_ms": 5000,
        "duration_ms": 30_000,
        "rate_ops_per_ksec": 3_200_000,
        "contention_ppm": 20_000,
        "coherence_ppm": 500,
        "operation": [{ "weight": 1, "service": service }],
    });
    values.as_object_mut().unwrap().extend(keys.as_object().unwrap().clone());
    workload(values)
}

/// A client with a full queue that never waits long.
fn client(slots: u64) -> Client {
    Client { slots, queue: 100, ..PATIENT }
}

fn run(client: &Client, load: &Workload, seed: u64) -> Run {
    driverc::simulate(&client.contract(), load, Seed::new(seed).unwrap()).unwrap()
}

/// Returns the successes per 100 s.
fn throughput(run: &Run) -> u64 {
    run.throughput_ops_per_ksec() / 10
}

fn within(found: u64, expected: u64, per_mille: u64, name: &str) {
    let off = found.abs_diff(expected);
    assert!(1000 * off <= per_mille * expected, "{name}: {found}, not {expected}");
}

#[test]
fn saturated_throughput_matches_universal_scalability_law() {
    let load = saturating(&json!({ "constant_us": 10_000 }), &json!({}));
    for (slots, expected) in LAW {
        let run = run(&client(slots), &load, 1);
        within(throughput(&run), expected, 1, &format!("{slots} slots"));
        assert_eq!(run.server_running_milli(), 1000 * slots);
    }
}

#[test]
fn server_slots_limit_number_of_attempts_in_universal_scalability_law() {
    for (slots, expected) in LAW {
        let keys = json!({ "server_slots": slots });
        let load = saturating(&json!({ "constant_us": 10_000 }), &keys);
        let run = run(&client(300), &load, 1);
        within(throughput(&run), expected, 1, &format!("{slots} server slots"));
        assert_eq!(run.server_utilisation_ppm(), Some(1_000_000));
        assert_eq!(run.server_mean_queue_milli(), 1000 * (300 - slots));
    }
}

#[test]
fn saturated_throughput_with_random_service_matches_universal_scalability_law() {
    let load = saturating(&json!({ "exponential_us": 10_000 }), &json!({}));
    for (slots, expected) in [LAW[0], LAW[3], LAW[7]] {
        let runs = [1, 2, 3].map(|seed| throughput(&run(&client(slots), &load, seed)));
        within(runs.iter().sum::<u64>() / 3, expected, 10, &format!("{slots} slots"));
    }
}

/// Server slots, client slots and load in thousandths, then mean, median and p95 of an M/M/c queue
/// in µs (Erlang C). A queue at the server has the same figures as a queue at the client.
#[test]
fn queue_at_server_matches_erlang_c() {
    for (server_slots, slots, load_milli, expected) in [
        (1, 16, 500, [20_000, 13_860, 59_910]),
        (4, 64, 700, [13_570, 10_290, 37_520]),
        (8, 64, 800, [12_860, 9860, 35_080]),
    ] {
        let rate = server_slots * load_milli * 100;
        let plain = workload(json!({
            "warmup_ms": 10_000,
            "duration_ms": 150_000 * 1_000_000 / rate,
            "rate_ops_per_ksec": rate,
            "operation": [{ "weight": 1, "service": { "exponential_us": 10_000 } }],
        }));
        let served =
            Workload { server_slots: ServerSlots::new(server_slots).ok(), ..plain.clone() };
        let served = run(&Client { slots, ..PATIENT }, &served, 42);
        let plain = run(&Client { slots: server_slots, ..PATIENT }, &plain, 42);
        assert_eq!(served.latency, plain.latency);
        let latency = served.latency.unwrap();
        let found = [latency.mean_us, latency.p50_us, latency.p95_us];
        for (found, expected) in found.into_iter().zip(expected) {
            within(found, expected, 20, &format!("{server_slots} server slots"));
        }
    }
}
