//! Measures the simulator: events per second on one core, how the cost of an event grows with the
//! length of a run, and memory per arrival.
//!
//! A run stores the requests that are in the system, and 4 bytes per recorded latency. Memory is
//! measured only on Linux.
//!
//! `cargo bench --bench simulate` runs every load with 10^5, 10^6 and 10^7 arrivals; without
//! `--bench`, as a test, only the smallest.
#![expect(clippy::print_stdout, reason = "a table on standard output is what this is for")]
#![expect(clippy::unwrap_used, reason = "a benchmark that cannot go on has failed")]

use std::{env, fs, time::Instant};

use driverc::{
    model::{DriverContract, Seed, Workload},
    simulate::simulate,
};
use serde_json::{Value, json};

/// A load. `values` has the keys of its workload that are not numbers of their own.
struct Load {
    name: &'static str,
    slots: u64,
    queue: u64,
    request_ms: u64,
    rate_ops_per_ksec: u64,
    values: Value,
}

fn main() {
    let full = env::args().any(|argument| argument == "--bench");
    let sizes = [100_000, 1_000_000, 10_000_000];
    let sizes = if full { &sizes[..] } else { &sizes[..1] };
    println!(
        "load             arrivals    events   ns/event   million events/s   growth of ns/event   \
         bytes/arrival"
    );
    for load in loads() {
        measure(&load, sizes);
    }
}

fn measure(load: &Load, sizes: &[u64]) {
    let contract = contract(load);
    let mut first = None;
    for arrivals in sizes {
        let workload = workload(load, *arrivals);
        let before = reset_peak();
        let started = Instant::now();
        let run = simulate(&contract, &workload, Seed::new(1).unwrap()).unwrap();
        let elapsed = u64::try_from(started.elapsed().as_nanos()).unwrap();
        let (events, offered) = (run.counts.events, run.counts.offered);
        let bytes = memory("VmHWM").zip(before).map(|(peak, before)| (peak - before) / offered);
        let bytes = bytes.map_or("-".to_owned(), |bytes| bytes.to_string());
        let tenths = 10 * elapsed / events;
        let growth = 100 * tenths / *first.get_or_insert(tenths);
        println!(
            "{:<15} {offered:>9} {events:>9}   {:>6}.{}   {:>13}.{:02}   {:>15}.{:02}   {bytes:>13}",
            load.name,
            tenths / 10,
            tenths % 10,
            1000 * events / elapsed,
            100_000 * events / elapsed % 100,
            growth / 100,
            growth % 100,
        );
    }
}

fn loads() -> impl Iterator<Item = Load> {
    client_loads().into_iter().chain(server_loads())
}

fn load(
    name: &'static str,
    [slots, queue, request_ms, rate_ops_per_ksec]: [u64; 4],
    values: Value,
) -> Load {
    Load { name, slots, queue, request_ms, rate_ops_per_ksec, values }
}

fn exponential() -> Value {
    json!([{ "weight": 1, "service": { "exponential_us": 10_000 } }])
}

/// Loads without keys of the server.
fn client_loads() -> [Load; 4] {
    let fast =
        json!([[0, 500], [500_000, 2000], [900_000, 6000], [950_000, 9000], [1_000_000, 300_000]]);
    let slow = json!([[0, 10_000], [500_000, 60_000], [950_000, 240_000], [1_000_000, 1_500_000]]);
    let mixed = json!({
        "burst": { "period_ms": 10_000, "on_ms": 1000, "percent": 160 },
        "error_bps": 10, "error_us": 2000,
        "stall_bps": 1, "stall_us": 6_000_000, "slot_recovery_us": 20_000,
        "operation": [
            { "weight": 90, "service": { "quantiles_us": fast } },
            { "weight": 10, "service": { "quantiles_us": slow } },
        ],
    });
    let overload =
        json!({ "error_bps": 100, "slot_recovery_us": 1000, "operation": exponential() });
    let plain = json!({ "operation": exponential() });
    [
        load("8 slots", [8, 1000, 60_000, 640_000], plain.clone()),
        load("mixed, bursts", [20, 200, 5000, 900_000], mixed),
        load("overload", [16, 100, 40, 3_200_000], overload),
        load("100000 slots", [100_000, 1000, 60_000, 8_000_000_000], plain),
    ]
}

/// Loads with keys of the server.
fn server_loads() -> [Load; 3] {
    let queue = json!({ "server_slots": 8, "operation": exponential() });
    let contention =
        json!({ "contention_ppm": 20_000, "coherence_ppm": 500, "operation": exponential() });
    let all = json!({
        "burst": { "period_ms": 10_000, "on_ms": 1000, "percent": 160 },
        "error_bps": 10, "error_us": 2000,
        "stall_bps": 1, "stall_us": 6_000_000, "slot_recovery_us": 1000,
        "contention_ppm": 2000, "coherence_ppm": 50, "server_slots": 12,
        "abandoned_work": "continues",
        "trigger": { "start_ms": 5000, "duration_ms": 1000, "service_percent": 300 },
        "operation": exponential(),
    });
    [
        load("server queue", [64, 1000, 60_000, 640_000], queue),
        load("contention", [44, 1000, 60_000, 1_200_000], contention),
        load("all keys", [64, 100, 100, 900_000], all),
    ]
}

/// Resets the peak of resident memory. Returns the resident memory now, in bytes.
fn reset_peak() -> Option<u64> {
    fs::write("/proc/self/clear_refs", "5").ok()?;
    memory("VmRSS")
}

/// Returns a memory value of this process from `/proc/self/status`, in bytes.
fn memory(key: &str) -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix(':'))?;
    let kib: u64 = line.split_whitespace().next()?.parse().ok()?;
    Some(1024 * kib)
}

fn contract(load: &Load) -> DriverContract {
    let mut contract = driverc::postgres_async_driver();
    contract.max_in_flight = load.slots.try_into().unwrap();
    contract.max_queue_depth = load.queue.try_into().unwrap();
    contract.timeout_policy.request_ms = load.request_ms.try_into().unwrap();
    contract
}

fn workload(load: &Load, arrivals: u64) -> Workload {
    let mut values = json!({
        "profile": "heavy_data",
        "seeds": [1],
        "warmup_ms": 0,
        "duration_ms": arrivals * 1_000_000 / load.rate_ops_per_ksec,
        "rate_ops_per_ksec": load.rate_ops_per_ksec,
        "arrival": "poisson",
        "error_bps": 0,
        "error_us": 1000,
        "stall_bps": 0,
        "stall_us": 0,
        "slot_recovery_us": 0,
    });
    values.as_object_mut().unwrap().extend(load.values.as_object().unwrap().clone());
    serde_json::from_value(values).unwrap()
}
