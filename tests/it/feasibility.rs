//! Compares the outlook of a budget, computed before anything runs, with an enumeration of small
//! cases.
//!
//! A case is a population. It has every combination of draws as often as its probability requires,
//! so the long run is a finite list. A schedule decides which attempts time out and which retries
//! find the queue full. A budget that some schedule meets must never be called impossible.
mod arrivals;
mod simulated;

use driverc::{
    feasibility::{Certain, Conflict, Feasibility, Outlook},
    model::{
        Arrival, Attempts, BackoffMs, BasisPoints, BenchmarkProfile, Budget, DelayUs,
        DriverContract, LatencyLimit, MaxInFlight, Operation, OpsPerKsec, OpsPerSec,
        PartsPerMillion, RequestMs, RetryPolicy, Seeds, ServiceTime, ServiceUs, WarmupMs, Weight,
        WindowMs, Workload,
    },
};
use proptest::prelude::*;

const BASIS: u64 = 10_000;
const MICROS: u128 = 1_000_000;
/// The request timeout of the small cases. Service times are 1 to 60 ms.
const REQUEST_MS: u64 = 50;

fn contract(slots: u64, attempts: u64) -> DriverContract {
    let mut contract = driverc::postgres_async_driver();
    contract.max_in_flight = MaxInFlight::new(slots).unwrap();
    contract.timeout_policy.request_ms = RequestMs::new(REQUEST_MS).unwrap();
    contract.retry_policy = RetryPolicy {
        max_attempts: Attempts::new(attempts).unwrap(),
        max_backoff_ms: BackoffMs::new(0).unwrap(),
        ..contract.retry_policy
    };
    contract
}

fn budget(p95_ms: u64, timeouts: u64, retries: u64, throughput: u64) -> Budget {
    Budget {
        profile: BenchmarkProfile::HeavyData,
        max_p95_latency: LatencyLimit::from_ms(p95_ms).unwrap(),
        max_timeout_rate_bps: BasisPoints::new(timeouts).unwrap(),
        max_retry_rate_bps: BasisPoints::new(retries).unwrap(),
        min_throughput_ops_per_sec: OpsPerSec::new(throughput).unwrap(),
        max_p99_latency: None,
    }
}

/// The operations of a workload, as weights and service times in milliseconds.
type Mix = Vec<(u64, u64)>;

/// A workload with the highest arrival rate, so that arrivals never limit throughput.
fn workload(mix: &Mix, errors: u64, stalls: u64, stall_ms: u64) -> Workload {
    let operation = |(weight, ms): &(u64, u64)| Operation {
        weight: Weight::new(*weight).unwrap(),
        service: ServiceTime::Constant(ServiceUs::new(ms * 1_000).unwrap()),
    };
    Workload {
        profile: BenchmarkProfile::HeavyData,
        seeds: Seeds::default(),
        warmup_ms: WarmupMs::new(0).unwrap(),
        duration_ms: WindowMs::new(WindowMs::MAX).unwrap(),
        rate_ops_per_ksec: OpsPerKsec::new(OpsPerKsec::MAX).unwrap(),
        arrival: Arrival::Constant,
        burst: None,
        error_bps: BasisPoints::new(errors).unwrap(),
        error_us: DelayUs::new(2_000).unwrap(),
        stall_bps: BasisPoints::new(stalls).unwrap(),
        stall_us: DelayUs::new(stall_ms * 1_000).unwrap(),
        slot_recovery_us: DelayUs::new(0).unwrap(),
        contention_ppm: PartsPerMillion::LEAST,
        coherence_ppm: PartsPerMillion::LEAST,
        server_slots: None,
        abandoned_work: None,
        trigger: None,
        operations: mix.iter().map(operation).collect::<Vec<_>>().try_into().unwrap(),
    }
}

/// One random draw of an attempt: whether it fails fast, and its service time in milliseconds.
#[derive(Clone, Copy, Debug)]
struct Draw {
    error: bool,
    ms: u64,
}

/// Every draw of an operation of `ms`: four draws for errors times four for stalls, each a quarter
/// of the cases.
fn draws(ms: u64, errors: u64, stalls: u64, stall_ms: u64) -> Vec<Draw> {
    let quarters = |share: u64| (0..4).map(move |quarter| quarter * BASIS / 4 < share);
    let error = |error| {
        quarters(stalls).map(move |stalled| match (error, stalled) {
            (true, _) => Draw { error, ms: 2 },
            (false, true) => Draw { error, ms: ms + stall_ms },
            (false, false) => Draw { error, ms },
        })
    };
    quarters(errors).flat_map(error).collect()
}

/// The outcome of a population.
#[derive(Debug, Default)]
struct Tally {
    first: u64,
    attempts: u64,
    timeouts: u64,
    rejected: u64,
    busy_ms: u64,
    latencies: Vec<u64>,
}

impl Tally {
    /// Runs an attempt. Returns true if it failed.
    fn attempt(&mut self, draw: Draw, times_out: bool) -> bool {
        self.attempts += 1;
        if times_out || draw.ms > REQUEST_MS {
            self.timeouts += 1;
            return true;
        }
        self.busy_ms += draw.ms;
        if !draw.error {
            self.latencies.push(draw.ms);
        }
        draw.error
    }

    /// Returns the tightest budget that these figures meet with this number of slots.
    fn budget(mut self, slots: u64) -> Option<Budget> {
        self.latencies.sort_unstable();
        let number = self.latencies.len();
        let p95 = *self.latencies.get((95 * number).div_ceil(100).checked_sub(1)?)?;
        let share = |count: u64, of: u64| (BASIS * count).div_ceil(of);
        let timeouts = share(self.timeouts, self.attempts).max(share(self.rejected, self.first));
        let retries = share(self.attempts - self.first, self.attempts);
        let throughput = 1_000 * slots * number as u64 / self.busy_ms.max(1);
        Some(budget(p95, timeouts, retries, throughput))
    }
}

/// Runs every pair of draws of every operation, with up to two attempts each. `plan` has the faults
/// of each request. `rejections` decides which retries after a fast failure find the queue full.
/// It depends only on the first draw, because the draw of the retry is not known yet.
fn two_attempts(
    mix: &Mix,
    (errors, stalls, stall_ms): (u64, u64, u64),
    plan: &[u8],
    rejections: &[bool],
) -> Tally {
    let mut tally = Tally::default();
    let mut number = 0;
    for (weight, ms) in mix {
        let draws = draws(*ms, errors, stalls, stall_ms);
        for _ in 0..*weight {
            for (index, first) in draws.iter().enumerate() {
                for second in &draws {
                    let wrong = plan[number % plan.len()];
                    number += 1;
                    tally.first += 1;
                    let timed_out = wrong & 1 != 0 || first.ms > REQUEST_MS;
                    if !tally.attempt(*first, wrong & 1 != 0) {
                        continue;
                    }
                    let full = if timed_out { wrong & 4 != 0 } else { rejections[index] };
                    if full {
                        tally.rejected += 1;
                    } else {
                        tally.attempt(*second, wrong & 2 != 0);
                    }
                }
            }
        }
    }
    tally
}

fn mixes() -> impl Strategy<Value = Mix> {
    proptest::collection::vec((1..=3_u64, 1..=60_u64), 1..=2)
}

fn quarters() -> impl Strategy<Value = u64> {
    (0..=3_u64).prop_map(|quarters| quarters * BASIS / 4)
}

/// Plans in which most requests have no fault.
fn plans() -> impl Strategy<Value = Vec<u8>> {
    let step = prop_oneof![6 => Just(0_u8), 1 => 0..8_u8];
    proptest::collection::vec(step, 1..=97)
}

fn rejections() -> impl Strategy<Value = Vec<bool>> {
    proptest::collection::vec(prop::bool::weighted(0.1), 16)
}

proptest! {
    #[test]
    fn budget_met_by_schedule_is_never_impossible(
        mix in mixes(),
        errors in quarters(),
        stalls in quarters(),
        stall_ms in 0..=30_u64,
        plan in plans(),
        rejections in rejections(),
        slots in 1..=4_u64,
    ) {
        let tally = two_attempts(&mix, (errors, stalls, stall_ms), &plan, &rejections);
        let Some(budget) = tally.budget(slots) else { return Ok(()) };
        let workload = workload(&mix, errors, stalls, stall_ms);
        let found = Feasibility::of(&contract(slots, 2), &budget, Some(&workload));
        prop_assert_eq!(found.conflicts, []);
    }

    #[test]
    fn budget_met_by_any_choice_of_timeouts_is_never_impossible(
        mix in proptest::collection::vec((1..=3_u64, 1..=60_u64), 1..=3),
        slots in 1..=4_u64,
    ) {
        let each = mix.iter().flat_map(|(weight, ms)| (0..*weight).map(move |_| *ms));
        let times: Vec<_> = each.collect();
        let workload = workload(&mix, 0, 0, 0);
        for timed_out in 0..1_u32 << times.len() {
            let mut tally = Tally::default();
            for (number, ms) in times.iter().enumerate() {
                tally.first += 1;
                tally.attempt(Draw { error: false, ms: *ms }, timed_out >> number & 1 == 1);
            }
            let Some(budget) = tally.budget(slots) else { continue };
            let found = Feasibility::of(&contract(slots, 1), &budget, Some(&workload));
            prop_assert_eq!(found.conflicts, [], "{:?}", budget);
        }
    }

    #[test]
    fn budget_tighter_than_best_schedule_is_impossible(
        mix in mixes(),
        errors in quarters(),
        slots in 1..=4_u64,
    ) {
        let nothing_wrong = two_attempts(&mix, (errors, 0, 0), &[0], &[false; 16]);
        let (timeouts, first) = (nothing_wrong.timeouts, nothing_wrong.first);
        prop_assume!(timeouts == 0 && first > 0);
        let Some(best) = nothing_wrong.budget(slots) else { return Ok(()) };
        let workload = workload(&mix, errors, 0, 0);
        let limits = |budget: &Budget| {
            let found = Feasibility::of(&contract(slots, 2), budget, Some(&workload)).conflicts;
            found.iter().map(Conflict::limit).collect::<Vec<_>>()
        };
        prop_assert_eq!(limits(&best), []);
        let [p95, retries, throughput] = [
            best.max_p95_latency.ms(),
            best.max_retry_rate_bps.get(),
            best.min_throughput_ops_per_sec.get(),
        ];
        // If operations are few and very different, chance can change a day's throughput by up to a
        // tenth.
        let more = OpsPerSec::new(throughput * 11 / 10 + 1).unwrap();
        let more = Budget { min_throughput_ops_per_sec: more, ..best };
        prop_assert_eq!(limits(&more).len(), 1);
        if let Ok(limit) = LatencyLimit::from_ms(p95 - 1) {
            prop_assert_eq!(limits(&Budget { max_p95_latency: limit, ..best }).len(), 1);
        }
        if let Some(fewer) = retries.checked_sub(1) {
            let fewer = Budget { max_retry_rate_bps: BasisPoints::new(fewer).unwrap(), ..best };
            prop_assert_eq!(limits(&fewer).len(), 1);
        }
    }

    #[test]
    fn attempts_longer_than_request_timeout_count_as_timeouts(
        quick in 1..=20_u64,
        slow in 1..=20_u64,
        slots in 1..=4_u64,
    ) {
        let mix = vec![(quick, 1), (slow, REQUEST_MS + 1)];
        let least = (BASIS * slow).div_ceil(quick + slow);
        let limits = |timeouts| {
            let budget = budget(REQUEST_MS, timeouts, 0, 0);
            let workload = workload(&mix, 0, 0, 0);
            Feasibility::of(&contract(slots, 1), &budget, Some(&workload)).conflicts
        };
        prop_assert_eq!(limits(least), []);
        let expected = Conflict::Timeouts {
            limit: BasisPoints::new(least - 1).unwrap(),
            request: RequestMs::new(REQUEST_MS).unwrap(),
            least_bps: least.into(),
        };
        prop_assert_eq!(limits(least - 1), [expected]);
    }

    /// Of 20·n operations, n can be as long as an attempt, and the others as long as p95. The retry
    /// limit bounds the number of failed attempts, and each of those can be as long as an attempt
    /// too.
    #[test]
    fn every_schedule_within_limits_reaches_certain_throughput(
        slots in 1..=9_u64,
        p95_ms in 1..=80_u64,
        retries in prop::sample::select(vec![0_u64, 1, 50, 500, 2_000, 5_000, 10_000]),
        attempts in 1..=4_u64,
        recovery_ms in 0..=9_u64,
        scale in 1..=40_u64,
        shorter in 0..=1_000_u64,
    ) {
        let operations = 20 * scale;
        let mut workload = workload(&vec![(1, 1)], 0, 0, 0);
        workload.slot_recovery_us = DelayUs::new(recovery_ms * 1_000).unwrap();
        let budget = budget(p95_ms, 0, retries, 1);
        let contract = contract(slots, attempts);
        let certain = Certain::of(&contract, &budget, Some(&workload));
        let mut least = u128::MAX;
        for failed in 0..=operations * (attempts - 1) {
            if BASIS * failed > retries * (operations + failed) {
                break;
            }
            for slow in 0..=scale {
                let quick = (operations - slow) * p95_ms.min(REQUEST_MS);
                let busy = quick + slow * REQUEST_MS + failed * (REQUEST_MS + recovery_ms);
                let busy_us = u128::from(busy * 1_000 - shorter.min(busy * 1_000 - 1));
                least = least.min(u128::from(slots * operations) * MICROS / busy_us);
            }
        }
        prop_assert!(u128::from(certain.ops_per_sec) <= least);
        if retries == 0 && shorter == 0 {
            prop_assert_eq!(u128::from(certain.ops_per_sec), least);
        }
    }
}

#[test]
fn operations_that_end_in_window_can_start_before_window() {
    let mut workload = workload(&vec![(1, 1)], 0, 0, 0);
    workload.rate_ops_per_ksec = OpsPerKsec::new(100_000).unwrap();
    workload.duration_ms = WindowMs::new(1_000).unwrap();
    workload.warmup_ms = WarmupMs::new(60_000).unwrap();
    let outlook = |throughput| {
        let contract = contract(1_000, 1);
        Feasibility::of(&contract, &budget(REQUEST_MS, 0, 0, throughput), Some(&workload)).outlook()
    };
    // 100 in the second of the window, 5 in the 50 ms before it, and 1 for the gap in progress.
    assert_eq!(outlook(106), Outlook::Open);
    assert_eq!(outlook(94), Outlook::Certain);
    assert_eq!(outlook(107), Outlook::Impossible);
}
