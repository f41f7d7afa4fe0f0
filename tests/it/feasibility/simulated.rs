//! Compares the outlook of a budget with simulations.
//!
//! Contracts, budgets and workloads are close to the border: each budget has the figures of a run,
//! made slightly tighter or looser. A certain budget must not fail, and an impossible one must not
//! pass.

use driverc::{
    Verdict,
    budget::{Confidence, Figure, judge_runs},
    feasibility::{Feasibility, Outlook},
    model::{Budget, DriverContract, LatencyLimit, LatencyUnit, Workload},
    simulate,
};
use proptest::{prelude::*, strategy::ValueTree, test_runner::TestRunner};
use serde_json::json;

use super::{budget, contract};

/// A workload with up to a few thousand operations in each of five runs.
fn loads() -> impl Strategy<Value = Workload> {
    let service = prop_oneof![
        (1_000..40_000_u64).prop_map(|us| json!({ "constant_us": us })),
        (1_000..40_000_u64).prop_map(|us| json!({ "exponential_us": us })),
        (1_000..20_000_u64, 1..60_000_u64).prop_map(|(from, rise)| json!({
            "quantiles_us": [[0, 1], [900_000, from], [1_000_000, from + rise]]
        })),
    ];
    let faults = (
        prop_oneof![2 => Just(0_u64), 1 => 1..5_000_u64],
        prop_oneof![3 => Just(0_u64), 1 => 1..2_000_u64],
        0..60_000_u64,
        prop_oneof![Just(0_u64), 1..20_000_u64],
    );
    let arrivals = (
        any::<bool>(),
        prop::option::of((100..2_000_u64, 0..100_u64, 20..400_u64)),
        prop_oneof![Just(0_u64), 1..2_000_u64],
        20_000..400_000_u64,
    );
    (service, faults, arrivals).prop_map(|(service, faults, arrivals)| {
        let (errors, stalls, stall_us, recovery_us) = faults;
        let (constant, burst, warmup_ms, rate) = arrivals;
        let mut load = json!({
            "profile": "heavy_data", "seeds": [1, 2, 3, 4, 5], "warmup_ms": warmup_ms,
            "duration_ms": 10_000, "rate_ops_per_ksec": rate,
            "arrival": if constant { "constant" } else { "poisson" },
            "error_bps": errors, "error_us": 500, "stall_bps": stalls, "stall_us": stall_us,
            "slot_recovery_us": recovery_us,
            "operation": [{ "weight": 1, "service": service }],
        });
        if let Some((period, share, percent)) = burst {
            let on = period * share / 100;
            load["burst"] = json!({ "period_ms": period, "on_ms": on, "percent": percent });
        }
        serde_json::from_value(load).unwrap()
    })
}

/// The same workloads with a server, and some of them with a trigger.
fn served_loads() -> impl Strategy<Value = Workload> {
    let server = (
        prop::option::of(1..30_u64),
        prop_oneof![Just(0_u64), 1..100_000_u64],
        prop_oneof![Just("continues"), Just("cancelled")],
    );
    let trigger = (any::<bool>(), 10..400_u64, 0..4_000_u64, 1..3_500_u64);
    (loads(), server, prop::option::of(trigger)).prop_map(|(load, server, trigger)| {
        let (slots, contention, abandoned) = server;
        let mut load = serde_json::to_value(load).unwrap();
        load["server_slots"] = json!(slots);
        load["contention_ppm"] = json!(contention);
        load["abandoned_work"] = json!(abandoned);
        if let Some((rate, percent, start, duration)) = trigger {
            let effect = if rate { "rate_percent" } else { "service_percent" };
            load["trigger"] =
                json!({ "start_ms": start, "duration_ms": duration, effect: percent });
        }
        serde_json::from_value(load).unwrap()
    })
}

fn contracts() -> impl Strategy<Value = DriverContract> {
    let limits = (
        prop::option::weighted(0.3, 1..60_u64),
        prop::option::weighted(0.3, 1..160_u64),
        prop::option::weighted(0.3, (0..=100_u64, 0..10_u64)),
    );
    (1..=20_u64, 1..=3_u64, 0..=50_u64, limits).prop_map(|(slots, attempts, queue, limits)| {
        let mut contract = contract(slots, attempts);
        contract.max_queue_depth = queue.try_into().unwrap();
        let (queue_ms, deadline_ms, retry_budget) = limits;
        contract.timeout_policy.queue_ms = queue_ms.map(|ms| ms.try_into().unwrap());
        contract.timeout_policy.deadline_ms = deadline_ms.map(|ms| ms.try_into().unwrap());
        if let Some((percent, min)) = retry_budget {
            contract.retry_policy.retry_budget_percent = Some(percent.try_into().unwrap());
            contract.retry_policy.retry_budget_min = Some(min.try_into().unwrap());
        }
        contract
    })
}

const MS: LatencyUnit = LatencyUnit::Milliseconds;

/// Returns a budget with the worst figures of the runs, each scaled by a percentage.
fn near_border(runs: &[driverc::simulate::Run], percent: [u64; 5]) -> Budget {
    let moved = |figure: Figure, by: u64| figure.worst_of(runs, MS).unwrap_or(0) * by / 100;
    let timeouts =
        moved(Figure::TimeoutRate, percent[1]).max(moved(Figure::RejectRate, percent[1]));
    let p99 = LatencyLimit::from_ms(moved(Figure::P99Latency, percent[4]).max(1)).ok();
    let limits = budget(
        moved(Figure::P95Latency, percent[0]).max(1),
        timeouts.min(10_000),
        moved(Figure::RetryRate, percent[2]).min(10_000),
        moved(Figure::Throughput, percent[3]),
    );
    Budget { max_p99_latency: p99, ..limits }
}

/// Returns how many random cases were certain and how many impossible.
fn try_cases(cases: u32, loads: impl Strategy<Value = Workload>) -> [u32; 2] {
    let mut found = [0; 2];
    let percent = prop::array::uniform5(prop_oneof![50..99_u64, 99..102_u64, 102..300_u64]);
    let strategy = (contracts(), loads, percent);
    let mut runner = TestRunner::deterministic();
    for _ in 0..cases {
        let (contract, load, percent) = strategy.new_tree(&mut runner).unwrap().current();
        let Ok(runs) = simulate::runs(&contract, &load) else { continue };
        let budget = near_border(&runs, percent);
        let outlook = Feasibility::of(&contract, &budget, Some(&load)).outlook();
        let judged = || judge_runs(&runs, &budget, &contract, Confidence::USUAL);
        // Every figure of every run is within its limit. A pass does not require as much.
        let within_limits = || {
            Figure::ALL.iter().all(|figure| {
                let limit = figure.allowed_by(&budget).unwrap();
                let comparison = |value| driverc::budget::Comparison {
                    figure: *figure,
                    value,
                    limit,
                    latency_unit: MS,
                };
                figure.worst_of(&runs, MS).is_some_and(|value| comparison(value).holds())
            })
        };
        match outlook {
            Outlook::Certain => {
                found[0] += 1;
                assert_ne!(judged().verdict(), Verdict::Fail, "{contract:?} {budget:?} {load:?}");
                assert!(within_limits(), "{contract:?} {budget:?} {load:?}");
            }
            Outlook::Impossible => {
                found[1] += 1;
                assert!(!within_limits(), "{contract:?} {budget:?} {load:?}");
            }
            Outlook::SlotsSuffice | Outlook::Open => {}
        }
    }
    found
}

#[test]
fn certain_budgets_pass_and_impossible_budgets_fail() {
    let [certain, impossible] = try_cases(400, loads());
    assert!(certain > 0 && impossible > 10, "{certain} certain, {impossible} impossible");
}

#[test]
#[ignore = "takes minutes; run with `cargo test --release --test it feasibility:: -- --ignored`"]
fn certain_budgets_pass_and_impossible_budgets_fail_in_many_cases() {
    let [certain, impossible] = try_cases(40_000, loads());
    assert!(certain > 100 && impossible > 1_000, "{certain} certain, {impossible} impossible");
    let [_, impossible] = try_cases(40_000, served_loads());
    assert!(impossible > 1_000, "{impossible} impossible");
}

/// No budget is certain with a server or a trigger, because attempts can wait and take longer.
#[test]
fn impossible_budgets_fail_with_server_and_trigger() {
    let [_, impossible] = try_cases(400, served_loads());
    assert!(impossible > 10, "{impossible} impossible");
}
