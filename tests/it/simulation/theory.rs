//! Compares long runs with queueing theory.
//!
//! Times are in units of the mean service time of 10 000 µs, so four decimals of a table are whole
//! microseconds. With 200 000 arrivals, the mean, median and p95 are within 2% up to a load of 0.8.
//! At 0.9, a single seed can be off by 8%, so the test averages 8 seeds, which are within 5%.
//! Rejections are within 30 bps; at high loads they also need an average over seeds. Errors and
//! timeouts are independent of each other and need fewer arrivals.

use driverc::{
    model::{Seed, Workload},
    simulate::Run,
};
use serde_json::{Value, json};

use crate::simulation::load::{Client, PATIENT, workload};

const MEAN_US: u64 = 10_000;
const SEED: u64 = 42;

/// A workload with this many arrivals and a load in thousandths of all slots, after a warm-up of
/// 1000 service times.
fn offered(slots: u64, load_milli: u64, arrivals: u64, service: &Value) -> Workload {
    let rate = slots * load_milli * 1_000_000 / MEAN_US;
    workload(json!({
        "warmup_ms": 10_000,
        "duration_ms": arrivals * 1_000_000 / rate,
        "rate_ops_per_ksec": rate,
        "operation": [{ "weight": 1, "service": service }],
    }))
}

fn exponential() -> Value {
    json!({ "exponential_us": MEAN_US })
}

fn run(client: &Client, workload: &Workload, seed: u64) -> Run {
    driverc::simulate(&client.contract(), workload, Seed::new(seed).unwrap()).unwrap()
}

fn close(what: &str, found: u64, expected: u64, tolerance: u64) {
    let off = found.abs_diff(expected);
    assert!(off <= tolerance, "{what}: {found} is {off} off {expected}");
}

fn within_percent(what: &str, found: u64, expected: u64, percent: u64) {
    close(what, found, expected, expected * percent / 100);
}

/// Returns the mean of a figure over seeds.
fn average(runs: &[Run], figure: fn(&Run) -> u64) -> u64 {
    runs.iter().map(figure).sum::<u64>() / runs.len() as u64
}

fn mean_us(run: &Run) -> u64 {
    run.latency.as_ref().unwrap().mean_us
}

fn p50_us(run: &Run) -> u64 {
    run.latency.as_ref().unwrap().p50_us
}

fn p95_us(run: &Run) -> u64 {
    run.latency.as_ref().unwrap().p95_us
}

/// Slots and load, then mean, median and p95 of the total time in the system.
type Row = (u64, u64, [u64; 3]);

fn assert_times(name: &str, runs: &[Run], expected: [u64; 3], percent: u64) {
    for (figure, of, expected) in [
        ("mean", mean_us as fn(&Run) -> u64, expected[0]),
        ("p50", p50_us, expected[1]),
        ("p95", p95_us, expected[2]),
    ] {
        within_percent(&format!("{figure} of {name}"), average(runs, of), expected, percent);
    }
}

#[test]
fn moderate_load_latencies_match_erlang_c() {
    let rows: [Row; 6] = [
        (1, 500, [20_000, 13_863, 59_915]),
        (2, 700, [19_608, 14_511, 55_455]),
        (4, 700, [13_572, 10_285, 37_525]),
        (8, 800, [12_860, 9863, 35_084]),
        (16, 800, [10_953, 8019, 31_254]),
        (32, 800, [10_251, 7219, 30_250]),
    ];
    for (slots, load, expected) in rows {
        let load_of = offered(slots, load, 200_000, &exponential());
        let run = run(&Client { slots, ..PATIENT }, &load_of, SEED);
        let name = format!("{slots} places at {load}");
        within_percent(&name, run.utilisation_ppm(), load * 1000, 2);
        assert_times(&name, &[run], expected, 2);
    }
}

#[test]
fn high_load_mean_latencies_match_erlang_c() {
    for (slots, expected) in
        [(4, [29_694, 22_545, 81_655]), (16, [13_696, 10_780, 36_235])] as [(u64, [u64; 3]); 2]
    {
        let load = offered(slots, 900, 120_000, &exponential());
        let client = Client { slots, ..PATIENT };
        let runs: Vec<_> = (1..=8).map(|seed| run(&client, &load, seed)).collect();
        assert_times(&format!("{slots} places at 900"), &runs, expected, 5);
    }
}

#[test]
fn bounded_queue_rejections_match_birth_death_chain() {
    // Slots, queue and load, then rejections in bps, and mean, median and p95 of the admitted
    // requests.
    let rows = [
        (1, 4, 900, 1260, [27_903, 23_230, 69_987]),
        (4, 16, 1200, 1719, [39_247, 38_477, 67_843]),
        (8, 8, 1000, 817, [14_002, 11_564, 34_951]),
        (16, 64, 1200, 1667, [46_875, 44_954, 68_543]),
    ];
    for (slots, queue, load, rejected, expected) in rows {
        let load_of = offered(slots, load, 60_000, &exponential());
        let client = Client { slots, queue, ..PATIENT };
        let runs: Vec<_> = (1..=8).map(|seed| run(&client, &load_of, seed)).collect();
        let name = format!("{slots} places, {queue} waiting at {load}");
        close(&name, average(&runs, Run::reject_rate_bps), rejected, 30);
        assert!(runs.iter().all(|run| run.reject_rate_bps() == run.failure_rate_bps()));
        assert_eq!(average(&runs, |run| run.counts.max_queue), queue);
        assert_times(&name, &runs, expected, 2);
    }
}

#[test]
fn constant_service_halves_waiting_time() {
    let service = json!({ "constant_us": MEAN_US });
    let moderate = run(&PATIENT, &offered(1, 800, 300_000, &service), SEED);
    assert_times("one place at 800", &[moderate], [30_000, 22_760, 76_200], 2);
    let high = offered(1, 900, 120_000, &service);
    let runs: Vec<_> = (1..=8).map(|seed| run(&PATIENT, &high, seed)).collect();
    assert_times("one place at 900", &runs, [55_000, 40_130, 151_290], 5);
}

/// The variance of service times that are uniform from 0 to twice the mean is a third of the
/// squared mean. By Pollaczek and Khinchine, Wq = ρ/(1−ρ) · (1 + 1/3)/2.
#[test]
fn quantile_service_wait_matches_variance_formula() {
    let service = json!({ "quantiles_us": [[0, 1], [1_000_000, 2 * MEAN_US - 1]] });
    let run = run(&PATIENT, &offered(1, 700, 200_000, &service), SEED);
    within_percent("mean", mean_us(&run), 25_556, 2);
    // λ · Wq = 0.7 · 1.5556, by Little's law.
    within_percent("queue", run.mean_queue_milli(), 1089, 3);
}

/// An attempt fails with probability p, and there are at most m attempts. The mean number of
/// attempts is A = (1−p^m)/(1−p), so 1 − 1/A of the attempts are retries. p^m of the requests fail.
#[test]
fn retry_rate_of_independent_errors_matches_theory() {
    for (errors, attempts, retried, failed) in
        [(500, 3, 499, 1), (1000, 3, 991, 10), (5000, 5, 4839, 313)]
    {
        let mut load = offered(100, 100, 40_000, &json!({ "constant_us": 1 }));
        load.error_bps = errors.try_into().unwrap();
        let client = Client { slots: 1000, attempts, backoff_ms: [1, 1], ..PATIENT };
        let run = run(&client, &load, SEED);
        let name = format!("errors of {errors} bps");
        close(&name, run.retry_rate_bps(), retried, 30);
        close(&name, run.failure_rate_bps(), failed, 20);
    }
}

/// Without a queue, an exponential service takes longer than three times its mean with a
/// probability of e^−3.
#[test]
fn timeout_rate_matches_service_time_tail() {
    let load = offered(100, 100, 100_000, &exponential());
    let run = run(&Client { slots: 1_000_000, request_ms: 30, ..PATIENT }, &load, SEED);
    close("timeouts", run.timeout_rate_bps(), 498, 20);
    assert_eq!(run.counts.queue_timeouts, 0);
}

#[test]
fn busy_slots_match_littles_law() {
    for (rate, service_ms, busy) in
        [(500, 20, 10), (1000, 15, 15), (200, 250, 50), (20, 800, 16), (2000, 40, 80)]
    {
        let load = workload(json!({
            "warmup_ms": 1000,
            "duration_ms": 10_000,
            "rate_ops_per_ksec": rate * 1000,
            "arrival": "constant",
            "operation": [{ "weight": 1, "service": { "constant_us": service_ms * 1000 } }],
        }));
        let run = run(&Client { slots: 100, ..PATIENT }, &load, SEED);
        assert_eq!(run.utilisation_ppm(), busy * 10_000);
    }
}
