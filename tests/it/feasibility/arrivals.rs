//! The number of arrivals in a period stays within its bounds.

use driverc::model::{
    Arrival, Burst, BurstOnMs, BurstPercent, BurstPeriodMs, OpsPerKsec, Trigger, TriggerDurationMs,
    TriggerEffect, TriggerPercent, TriggerStartMs, Workload,
};
use proptest::prelude::*;

use super::workload;

proptest! {
    /// Generates arrivals one by one, with the gap for the rate at each arrival.
    #[test]
    fn constant_arrivals_stay_within_bounds(
        rate in 1_000_000..=900_000_000_u64,
        burst in proptest::option::of((1..=40_u64, 0..=40_u64, 1..=900_u64)),
        trigger in proptest::option::of((0..=80_u64, 1..=40_u64, 1..=900_u64)),
        start in 0..=60_u64,
        length in 1..=60_u64,
    ) {
        let mut workload = workload(&vec![(1, 1)], 0, 0, 0);
        workload.rate_ops_per_ksec = OpsPerKsec::new(rate).unwrap();
        workload.burst = burst.map(|(period, on, percent)| burst_of(period, on.min(period), percent));
        workload.trigger = trigger.map(trigger_of);
        let arrived = arrivals(&workload, start + length).filter(|ms| *ms >= start).count();
        prop_assert!(arrived as u128 <= workload.most_arrivals(start, start + length));
        prop_assert!(arrived as u128 >= workload.fewest_arrivals(start, start + length));
    }
}

fn trigger_of((start, duration, percent): (u64, u64, u64)) -> Trigger {
    Trigger {
        start_ms: TriggerStartMs::new(start).unwrap(),
        duration_ms: TriggerDurationMs::new(duration).unwrap(),
        effect: TriggerEffect::Rate(TriggerPercent::new(percent).unwrap()),
    }
}

fn burst_of(period: u64, on: u64, percent: u64) -> Burst {
    let (period, on) = (BurstPeriodMs::new(period).unwrap(), BurstOnMs::new(on).unwrap());
    Burst::new(period, on, BurstPercent::new(percent).unwrap()).unwrap()
}

/// Returns the times of all arrivals before the end, in milliseconds.
fn arrivals(workload: &Workload, end_ms: u64) -> impl Iterator<Item = u64> {
    let rate = workload.rate_ops_per_ksec.get();
    let gap = move |ns: u64| {
        let ms = ns / 1_000_000;
        let on = workload.burst.filter(|burst| ms % burst.period_ms().get() < burst.on_ms().get());
        let rate = on.map_or(rate, |burst| rate * burst.percent().get() / 100);
        let is_on = |it: &Trigger| (it.start_ms.get()..it.end_ms()).contains(&ms);
        let percent = workload.trigger.filter(is_on).map_or(100, Trigger::rate_percent);
        1_000_000_000_000 / (rate * percent / 100)
    };
    let times = std::iter::successors(Some(gap(0)), move |ns| Some(ns + gap(*ns)));
    times.map(|ns| ns / 1_000_000).take_while(move |ms| *ms < end_ms)
}

/// Averages many runs with random gaps. Each gap has the rate at the previous arrival.
#[test]
fn mean_number_of_random_arrivals_never_exceeds_bound() {
    const RUNS: u64 = 4_000;
    let mut workload = workload(&vec![(1, 1)], 0, 0, 0);
    workload.arrival = Arrival::Poisson;
    workload.rate_ops_per_ksec = OpsPerKsec::new(400_000).unwrap();
    for (period, on, percent) in [(10, 10, 100), (10, 3, 1_000), (7, 3, 10), (40, 1, 5_000)] {
        workload.burst = Some(burst_of(period, on, percent));
        let arrived: usize = (0..RUNS).map(|run| random_arrivals(&workload, run, 5, 65)).sum();
        let most = workload.most_arrivals(5, 65) * u128::from(RUNS);
        assert!(arrived as u128 <= most, "{arrived} of {most} at {percent} %");
    }
}

/// Returns the number of arrivals between two times in one run.
fn random_arrivals(workload: &Workload, run: u64, start_ms: u64, end_ms: u64) -> usize {
    let rate = workload.rate_ops_per_ksec.get();
    let (mut ns, mut state, mut number) = (0.0_f64, run << 32, 0);
    loop {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a time")]
        let ms = (ns / 1e6) as u64;
        number += usize::from((start_ms..end_ms).contains(&ms) && ns > 0.0);
        if ms >= end_ms {
            return number;
        }
        let on = workload.burst.filter(|burst| ms % burst.period_ms().get() < burst.on_ms().get());
        let rate = on.map_or(rate, |burst| rate * burst.percent().get() / 100);
        state += 1;
        ns -= 1e12 / f64::from(u32::try_from(rate).unwrap()) * uniform(state).ln();
    }
}

/// Returns a number between 0 and 1, exclusive (`SplitMix64`).
fn uniform(state: u64) -> f64 {
    let mixed = state.wrapping_mul(0x9E37_79B9_7F4A_7C15);
    let mixed = (mixed ^ mixed >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
    let high = u32::try_from((mixed ^ mixed >> 31) >> 32).unwrap();
    (f64::from(high) + 0.5) / f64::from(u32::MAX)
}
