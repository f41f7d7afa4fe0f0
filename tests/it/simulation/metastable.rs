//! Compares overload that feeds itself with the theory of metastable failures.
//!
//! A trigger pushes a system into a bad state, which then lasts although the trigger has ended. The
//! terms *vulnerable state* and *hidden capacity* are from Bronson, Aghayev, Charapko and Zhu,
//! "Metastable Failures in Distributed Systems" (HotOS 2021, doi 10.1145/3458336.3465286).
//! Triggers that lower the capacity or raise the load, and cases in production, are in Huang et al.,
//! "Metastable Failures in the Wild" (OSDI 2022, pages 73-90).

use driverc::{
    model::{Seed, Workload},
    simulate::Run,
};
use serde_json::{Value, json};

use crate::simulation::load::{Client, PATIENT, workload};

fn run(client: &Client, load: &Workload, seed: u64) -> Run {
    driverc::simulate(&client.contract(), load, Seed::new(seed).unwrap()).unwrap()
}

fn load(values: &Value, keys: &Value) -> Workload {
    let mut values = values.clone();
    values.as_object_mut().unwrap().extend(keys.as_object().unwrap().clone());
    workload(values)
}

/// Returns the successes in the last quarter, in thousandths of the arrivals.
fn good_milli(run: &Run) -> u64 {
    1000 * run.counts.quarter_succeeded / run.counts.quarter_offered
}

/// 20 server slots with a mean service of 20 ms, so a capacity of 1,000 per second, and a trigger
/// from 25 to 30 s.
fn retried(rate: u64, keys: &Value) -> Workload {
    let values = json!({
        "warmup_ms": 5000, "duration_ms": 100_000, "rate_ops_per_ksec": rate * 1000,
        "server_slots": 20,
        "trigger": { "start_ms": 25_000, "duration_ms": 5000, "service_percent": 500 },
        "operation": [{ "weight": 1, "service": { "exponential_us": 20_000 } }],
    });
    load(&values, keys)
}

fn retrying(attempts: u64, slots: u64) -> Client {
    Client { slots, queue: 0, request_ms: 100, attempts, backoff_ms: [20, 20], jitter_percent: 100 }
}

/// Once the wait at the server exceeds the timeout, each request costs all its attempts, and none
/// succeeds. With three attempts, the hidden capacity is a third of 1,000 per second. Below it, the
/// queue at the server is gone at 30 + 5 (3λ − 200)/(1000 − 3λ) s: 50 s at 280/s, 65 s at 300/s and
/// 125 s at 320/s, after the end of the window.
#[test]
fn retries_keep_system_overloaded_above_hidden_capacity() {
    for (rate, recovers, seeds) in
        [(280, true, 5), (300, true, 3), (320, false, 3), (360, false, 2)]
    {
        for seed in 1..=seeds {
            let run = run(&retrying(3, 1000), &retried(rate, &json!({})), seed);
            assert_eq!(run.is_healthy_before(), Some(true), "{rate}/s, seed {seed}");
            assert_eq!(run.recovers(), Some(recovers), "{rate}/s, seed {seed}");
            assert!(recovers || run.counts.quarter_succeeded == 0, "{rate}/s, seed {seed}");
        }
    }
}

#[test]
fn one_attempt_and_cancelled_work_recover_at_high_load() {
    let cancelled = json!({ "abandoned_work": "cancelled" });
    for (attempts, keys) in [(1, json!({})), (3, cancelled)] {
        let run = run(&retrying(attempts, 1000), &retried(800, &keys), 1);
        assert_eq!((run.is_healthy_before(), run.recovers()), (Some(true), Some(true)), "{keys}");
    }
}

/// A full server keeps an attempt for slots · 20 ms / 20. If that is below the timeout of 100 ms, no
/// attempt is abandoned outside the trigger: fewer than 100 slots protect the server.
#[test]
fn slots_of_driver_protect_server_below_its_timeout() {
    let constant = json!({ "operation": [{ "weight": 1, "service": { "constant_us": 20_000 } }] });
    for (slots, recovers) in [(60, true), (90, true), (100, false), (200, false)] {
        let run = run(&retrying(3, slots), &retried(800, &constant), 1);
        assert_eq!(run.recovers(), Some(recovers), "{slots} slots");
    }
}

/// 10 server slots with a mean service of 10 ms, and 1,200 arrivals per second. The expected
/// successes per second are means over five seeds.
#[test]
fn abandoned_work_lowers_throughput_past_saturation() {
    let values = json!({
        "duration_ms": 60_000, "rate_ops_per_ksec": 1_200_000, "server_slots": 10,
        "operation": [{ "weight": 1, "service": { "exponential_us": 10_000 } }],
    });
    let client = |attempts| Client { backoff_ms: [50, 50], ..retrying(attempts, 95) };
    let successes = |attempts, keys: &Value, seeds: u64| {
        let load = load(&values, keys);
        let runs = (1..=seeds).map(|seed| run(&client(attempts), &load, seed));
        runs.map(|run| run.throughput_ops_per_sec()).sum::<u64>() / seeds
    };
    for (attempts, expected) in [(1, 678), (2, 603), (3, 586)] {
        let found = successes(attempts, &json!({}), 5);
        assert!(found.abs_diff(expected) <= 25, "{attempts} attempts: {found}");
    }
    for attempts in [1, 3] {
        let found = successes(attempts, &json!({ "abandoned_work": "cancelled" }), 1);
        assert!((990..1015).contains(&found), "{attempts} attempts: {found}");
    }
}

/// Bursts of 1,500 per second for 1 s in 10 s on the same server. If abandoned work continues, a
/// second attempt makes everything fail; if it is cancelled, a second attempt helps.
#[test]
fn second_attempt_prevents_all_successes_after_bursts() {
    let values = json!({
        "warmup_ms": 10_000, "duration_ms": 60_000, "rate_ops_per_ksec": 600_000,
        "burst": { "period_ms": 10_000, "on_ms": 1000, "percent": 250 }, "server_slots": 10,
        "operation": [{ "weight": 1, "service": { "exponential_us": 10_000 } }],
    });
    let successes = |attempts, keys: &Value| {
        let client = Client { backoff_ms: [50, 50], ..retrying(attempts, 400) };
        run(&client, &load(&values, keys), 1).throughput_ops_per_sec()
    };
    let continued = [1, 2].map(|attempts| successes(attempts, &json!({})));
    assert!((450..560).contains(&continued[0]) && continued[1] < 10, "{continued:?}");
    let cancelled = json!({ "abandoned_work": "cancelled" });
    let [one, two] = [1, 2].map(|attempts| successes(attempts, &cancelled));
    assert!((630..670).contains(&one) && one < two && two < 680, "{one} {two}");
}

/// Without retries, contention alone keeps a system overloaded. A load above the throughput of c
/// busy slots, but below the peak of the universal scalability law, stays bad after the trigger, and
/// the system then has the throughput of c busy slots: 1,568, 1,261 and 804 per second for 44, 100
/// and 200 slots.
#[test]
fn contention_keeps_system_overloaded_above_throughput_of_its_slots() {
    for (slots, saturated) in [(44, 1568), (100, 1261), (200, 804)] {
        for rate in [780, 1000, 1200, 1400] {
            let load = workload(json!({
                "warmup_ms": 5000, "duration_ms": 60_000, "rate_ops_per_ksec": rate * 1000,
                "contention_ppm": 20_000, "coherence_ppm": 500,
                "trigger": { "start_ms": 15_000, "duration_ms": 2000, "service_percent": 300 },
                "operation": [{ "weight": 1, "service": { "exponential_us": 10_000 } }],
            }));
            let run = run(&Client { slots, queue: 1000, request_ms: 5000, ..PATIENT }, &load, 1);
            let name = format!("{slots} slots at {rate}/s");
            assert_eq!(run.is_healthy_before(), Some(true), "{name}");
            assert_eq!(run.recovers(), Some(rate < saturated), "{name}");
            if rate > saturated {
                let expected = 1000 * saturated / rate;
                assert!(good_milli(&run).abs_diff(expected) <= 20, "{name}: {}", good_milli(&run));
            }
        }
    }
}
