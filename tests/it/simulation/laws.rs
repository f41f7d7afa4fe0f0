//! Laws for any contract and any workload.

use driverc::{
    model::{
        Attempts, BasisPoints, Benchmark, LoadLoop, MaxInFlight, OpsPerKsec, Seed, Seeds, WarmupMs,
        Workload,
    },
    simulate::{self, Counts, Run, SimulationError},
};
use proptest::{prelude::*, sample::select};
use serde_json::{Value, json};

use crate::simulation::load::{Client, PATIENT, workload};

fn service() -> impl Strategy<Value = Value> {
    prop_oneof![
        (1..200_000_u64).prop_map(|us| json!({ "constant_us": us })),
        (1..100_000_u64).prop_map(|us| json!({ "exponential_us": us })),
        (1..50_000_u64, 0..50_000_u64, 0..500_000_u64).prop_map(|(least, to_middle, to_most)| {
            let middle = least + to_middle;
            json!({ "quantiles_us": [[0, least], [700_000, middle], [1_000_000, middle + to_most]] })
        }),
    ]
}

pub(crate) fn loads() -> impl Strategy<Value = Workload> {
    let faults = (0..3000_u64, 0..300_000_u64, 0..1000_u64, 0..300_000_u64, 0..50_000_u64);
    let burst = (1..400_u64, 0..=100_u64, 1..400_u64);
    let shape = (0..500_u64, 1..2000_u64, 1000..400_000_u64, select(vec!["poisson", "constant"]));
    let kinds = prop::collection::vec((1..10_u64, service()), 1..4);
    (shape, prop::option::of(burst), faults, kinds).prop_map(|(shape, burst, faults, kinds)| {
        let (warmup, duration, rate, arrival) = shape;
        let (error_bps, error_us, stall_bps, stall_us, slot_recovery_us) = faults;
        let kind = |(weight, service)| json!({ "weight": weight, "service": service });
        let burst = burst.map(|(period, share, percent)| {
            json!({ "period_ms": period, "on_ms": period * share / 100, "percent": percent })
        });
        workload(json!({
            "warmup_ms": warmup, "duration_ms": duration, "rate_ops_per_ksec": rate,
            "arrival": arrival, "burst": burst, "error_bps": error_bps, "error_us": error_us,
            "stall_bps": stall_bps, "stall_us": stall_us, "slot_recovery_us": slot_recovery_us,
            "operation": kinds.into_iter().map(kind).collect::<Vec<_>>(),
        }))
    })
}

pub(crate) fn clients() -> impl Strategy<Value = Client> {
    let sizes = (1..20_u64, 0..40_u64, 1..300_u64);
    let policy = (1..6_u64, 0..50_u64, 0..200_u64, 0..=100_u64);
    (sizes, policy).prop_map(|((slots, queue, request_ms), policy)| {
        let (attempts, base, max, jitter_percent) = policy;
        Client { slots, queue, request_ms, attempts, backoff_ms: [base, max], jitter_percent }
    })
}

pub(crate) fn seeds() -> impl Strategy<Value = Seed> {
    (0..=Seed::MAX).prop_map(|seed| Seed::new(seed).unwrap())
}

fn run(client: &Client, load: &Workload, seed: Seed) -> Run {
    driverc::simulate(&client.contract(), load, seed).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, failure_persistence: None, ..ProptestConfig::default() })]

    /// Each run checks its own conservation laws, so a run without an error already obeys them.
    #[test]
    fn run_is_deterministic_and_figures_are_consistent(
        client in clients(), load in loads(), seed in seeds(),
    ) {
        let run = run(&client, &load, seed);
        prop_assert_eq!(&run, &self::run(&client, &load, seed));
        let counts = run.counts;
        prop_assert_eq!(run.latency.is_some(), counts.succeeded > 0);
        prop_assert!(counts.max_queue <= client.queue);
        prop_assert!(run.utilisation_ppm() <= 1_000_000);
        prop_assert!(run.mean_queue_milli() <= 1000 * client.queue);
        prop_assert!(counts.attempts <= counts.offered * client.attempts);
        if let Some(latency) = run.latency {
            prop_assert!(latency.p50_us <= latency.p95_us && latency.p95_us <= latency.p99_us);
            prop_assert!(latency.p95_upper_us.is_none_or(|upper| upper >= latency.p95_us));
            prop_assert!(latency.p99_upper_us.is_none_or(|upper| upper >= latency.p99_us));
            let worst = client.contract().worst_case_ms() * 1000;
            prop_assert!(latency.p99_us <= worst);
        }
    }

    /// Arrivals, operations, service times and faults do not depend on the contract.
    #[test]
    fn all_contracts_get_same_random_arrivals_and_service_times(
        one in clients(),
        other in clients(),
        load in loads(),
        seed in seeds(),
    ) {
        prop_assert_eq!(
            run(&one, &load, seed).counts.offered,
            run(&other, &load, seed).counts.offered
        );
        // If there is a slot for every request, the number of slots makes no difference.
        let [small, large] = [10_000, 1_000_000].map(|slots| {
            let Run { counts, latency, busy_area_us, .. } =
                run(&Client { slots, queue: 0, ..one }, &load, seed);
            (counts, latency, busy_area_us)
        });
        prop_assert_eq!(small, large);
    }

    /// The queue is first come, first served, and no request leaves it. With another slot no
    /// operation starts later, so by induction none ends later. There is no warm-up, because an
    /// operation could then end before the window.
    #[test]
    fn additional_slot_never_lowers_throughput(
        slots in 1..10_u64, load in loads(), seed in seeds(),
    ) {
        let warmup_ms = WarmupMs::LEAST;
        let load = Workload { error_bps: BasisPoints::LEAST, warmup_ms, ..load };
        let [fewer, more] = [slots, slots + 1]
            .map(|slots| run(&Client { slots, ..PATIENT }, &load, seed));
        prop_assert!(fewer.throughput_ops_per_ksec() <= more.throughput_ops_per_ksec());
        prop_assert!(fewer.counts.max_queue >= more.counts.max_queue);
        let p95 = |run: &Run| run.latency.as_ref().map(|latency| latency.p95_us);
        prop_assert!(p95(&fewer) >= p95(&more));
    }

    /// No state of one run affects the next, and the order of the seeds does not matter.
    #[test]
    fn order_of_seeds_does_not_change_benchmark(
        client in clients(), load in loads(), first in 0..1000_u64,
    ) {
        let contract = client.contract();
        let of = |seeds: [u64; 3]| {
            let seeds = seeds.map(|seed| Seed::new(first + seed).unwrap()).to_vec();
            let load = Workload { seeds: Seeds::new(seeds).unwrap(), ..load.clone() };
            driverc::benchmark(&contract, &load).map_err(|_| ())
        };
        prop_assert_eq!(of([0, 1, 2]), of([2, 0, 1]));
        prop_assert_eq!(of([0, 1, 2]), of([1, 2, 0]));
    }
}

fn easy() -> Workload {
    workload(json!({
        "duration_ms": 10_000,
        "rate_ops_per_ksec": 100_000,
        "error_bps": 100,
        "operation": [{ "weight": 1, "service": { "exponential_us": 10_000 } }],
    }))
}

const CLIENT: Client = Client {
    slots: 2,
    queue: 5,
    request_ms: 60,
    attempts: 2,
    backoff_ms: [1, 1],
    jitter_percent: 50,
};

#[test]
fn benchmark_has_figures_of_seed_with_longest_p95() {
    let (contract, load) = (CLIENT.contract(), easy());
    let runs = simulate::runs(&contract, &load).unwrap();
    let found = driverc::benchmark(&contract, &load).unwrap();
    let p95 = |run: &&Run| run.latency.as_ref().unwrap().p95_us;
    let worst = runs.iter().max_by_key(p95).unwrap();
    let latency = worst.latency.as_ref().unwrap();
    let source = format!(
        concat!(
            "driverc ",
            env!("CARGO_PKG_VERSION"),
            ", simulated, seed {}, the worst of seeds 1-5"
        ),
        worst.seed
    );
    let expected = json!({
        "driver": "postgres_async",
        "profile": "heavy_data",
        "p50_latency_ms": latency.p50_us.div_ceil(1000),
        "p95_latency_ms": latency.p95_us.div_ceil(1000),
        "p95_upper_latency_ms": latency.p95_upper_us.unwrap().div_ceil(1000),
        "timeout_rate_bps": worst.timeout_rate_bps(),
        "retry_rate_bps": worst.retry_rate_bps(),
        "reject_rate_bps": worst.reject_rate_bps(),
        "failure_rate_bps": worst.failure_rate_bps(),
        "throughput_ops_per_sec": worst.throughput_ops_per_sec(),
        "attempts": worst.counts.attempts,
        "requests": worst.counts.succeeded,
        "duration_ms": 10_000,
        "loop": "open",
        "source": source,
        "contract": driverc::driver_digest(&contract),
    });
    assert_eq!(found, serde_json::from_value::<Benchmark>(expected).unwrap());
    assert_eq!(found.load_loop, Some(LoadLoop::Open));
    assert!(found.timeout_rate_bps.get() > 0 && found.retry_rate_bps.get() > 0);
}

#[test]
fn benchmark_comes_from_lowest_of_equal_seeds() {
    let constant = json!([{ "weight": 1, "service": { "constant_us": 1000 } }]);
    let load = workload(json!({
        "seeds": [3, 1, 2],
        "duration_ms": 10_000,
        "rate_ops_per_ksec": 100_000,
        "arrival": "constant",
        "operation": constant,
    }));
    let source = driverc::benchmark(&CLIENT.contract(), &load).unwrap().source.unwrap();
    assert!(source.as_str().ends_with("seed 1, the worst of seeds 1-3"), "{source}");
}

#[test]
fn run_without_successful_request_has_no_benchmark() {
    let slow = json!([{ "weight": 1, "service": { "constant_us": 60_001 } }]);
    let load = Workload { operations: serde_json::from_value(slow).unwrap(), ..easy() };
    let run = run(&CLIENT, &load, Seed::LEAST);
    assert_eq!((run.throughput_ops_per_sec(), run.latency), (0, None));
    let error = driverc::benchmark(&CLIENT.contract(), &load).unwrap_err();
    assert_eq!(error, SimulationError::NothingServed { seed: Seed::new(1).unwrap() });
    assert_eq!(error.to_string(), "no request succeeds with seed 1, so there are no percentiles");
}

#[test]
fn oversized_workload_is_refused() {
    let refused = |load: &Workload| {
        let error = driverc::simulate(&CLIENT.contract(), load, Seed::LEAST).unwrap_err();
        error.to_string()
    };
    let dense = Workload {
        rate_ops_per_ksec: OpsPerKsec::new(10_000_010_000_000 / 1000).unwrap(),
        ..easy()
    };
    assert_eq!(refused(&dense), "a run has 100000100 arrivals, above the limit of 100000000");
    let burst = |percent: u64| {
        let burst = json!({ "period_ms": 10, "on_ms": 1, "percent": percent });
        Some(serde_json::from_value(burst).unwrap())
    };
    let rate = OpsPerKsec::new(OpsPerKsec::MAX).unwrap();
    let denser = Workload { rate_ops_per_ksec: rate, burst: burst(101), ..easy() };
    assert_eq!(refused(&denser), "operations arrive less than a nanosecond apart");
    let sparse = Workload { rate_ops_per_ksec: OpsPerKsec::LEAST, burst: burst(99), ..easy() };
    assert_eq!(refused(&sparse), "the bursts have no operations");
}

/// The largest times of every range fit into 64 bits and into the key of an event.
#[test]
fn longest_times_do_not_overflow() {
    let longest = json!({
        "warmup_ms": 86_400_000, "duration_ms": 86_400_000, "rate_ops_per_ksec": 1,
        "burst": { "period_ms": 86_400_000, "on_ms": 3_600_000, "percent": 10_000 },
        "stall_bps": 10_000, "stall_us": 1_000_000_000_000_u64,
        "slot_recovery_us": 1_000_000_000_000_u64,
        "operation": [{ "weight": 1_000_000, "service": { "exponential_us": 1_000_000_000_000_u64 } }],
    });
    let client = Client {
        attempts: Attempts::MAX,
        backoff_ms: [3_600_000, 3_600_000],
        slots: MaxInFlight::LEAST.get(),
        ..PATIENT
    };
    let run = run(&client, &workload(longest), Seed::new(Seed::MAX).unwrap());
    assert_eq!(run.counts.attempts, 100 * run.counts.offered);
    assert_eq!((run.counts.failed(), run.failure_rate_bps()), (run.counts.offered, 10_000));
    assert!(run.counts.offered > 0 && run.counts.queue_timeouts > 0);
}

/// Nearly every attempt stalls and times out after a day, so a request that succeeds was retried
/// for weeks.
#[test]
fn latency_above_one_week_is_error() {
    let load = workload(json!({
        "duration_ms": 86_400_000, "rate_ops_per_ksec": 1, "arrival": "constant",
        "stall_bps": 9800, "stall_us": 1_000_000_000_000_u64,
        "operation": [{ "weight": 1, "service": { "constant_us": 1 } }],
    }));
    let client = Client { attempts: Attempts::MAX, slots: 1000, ..PATIENT };
    let error = driverc::benchmark(&client.contract(), &load).unwrap_err().to_string();
    let message = "a benchmark cannot contain `p50_latency_ms`: ";
    assert!(error.starts_with(message), "{error}");
}

/// One slot with 20 ms of service, 25 ms per attempt, 15 ms of recovery and an arrival every 10 ms.
/// The first request has the slot from 10 to 30. The second one waits from 20 to 30, just before
/// the third one arrives. It times out in flight at 45, so its slot is free at 60. The third one
/// waits from 30 and times out in the queue at 55. The last quarter is from 30 to 40.
#[test]
fn three_requests_match_manual_calculation() {
    let load = workload(json!({
        "duration_ms": 40,
        "rate_ops_per_ksec": 100_000,
        "arrival": "constant",
        "slot_recovery_us": 15_000,
        "operation": [{ "weight": 1, "service": { "constant_us": 20_000 } }],
    }));
    let run = run(&Client { request_ms: 25, ..PATIENT }, &load, Seed::LEAST);
    let counts = Counts {
        offered: 3,
        attempts: 3,
        timeouts: 2,
        queue_timeouts: 1,
        exhausted: 2,
        succeeded: 1,
        succeeded_in_window: 1,
        quarter_offered: 1,
        quarter_succeeded: 1,
        server_done: 1,
        max_queue: 1,
        events: 7,
        ..Counts::default()
    };
    assert_eq!(run.counts, counts);
    assert_eq!(run.latency.as_ref().map(|latency| latency.p50_us), Some(20_000));
    assert_eq!((run.busy_area_us, run.queue_area_us), (30_000, 20_000));
    assert_eq!(run.server_area_us, 30_000);
    assert_eq!((run.timeout_rate_bps(), run.utilisation_ppm()), (6667, 750_000));
}
