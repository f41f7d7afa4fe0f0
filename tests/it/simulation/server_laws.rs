//! Laws of the server, of abandoned work and of triggers in random runs.

use driverc::{
    model::{
        AbandonedWork, PartsPerMillion, Seed, ServerSlots, Trigger, TriggerDurationMs,
        TriggerEffect, TriggerPercent, TriggerStartMs, Workload,
    },
    simulate::{Counts, Run, SimulationError},
};
use proptest::{option, prelude::*};
use serde_json::json;

use super::{
    laws::{clients, loads, seeds},
    load::{Client, PATIENT, workload},
};

fn simulate(client: &Client, load: &Workload, seed: Seed) -> Run {
    driverc::simulate(&client.contract(), load, seed).unwrap()
}

fn effects() -> impl Strategy<Value = TriggerEffect> {
    let percent = || (10..1_000_u64).prop_map(|percent| TriggerPercent::new(percent).unwrap());
    prop_oneof![percent().prop_map(TriggerEffect::Service), percent().prop_map(TriggerEffect::Rate),]
}

/// The longest trigger that starts with the run, if there is one.
fn longest_trigger(load: &Workload, effect: TriggerEffect) -> Option<Trigger> {
    let longest = load.warmup_ms.get() + load.duration_ms.get() * 3 / 4;
    let duration_ms = TriggerDurationMs::new(longest).ok()?;
    Some(Trigger { start_ms: TriggerStartMs::LEAST, duration_ms, effect })
}

/// Random servers and triggers under random loads.
fn served() -> impl Strategy<Value = Workload> {
    let slowdown = (0..400_000_u64, 0..20_000_u64);
    let server = (option::of(1..12_u64), option::of(any::<bool>()), option::of(effects()));
    (loads(), slowdown, server).prop_map(|(load, (contention, coherence), server)| {
        let (slots, continues, effect) = server;
        let work = |continues| {
            if continues { AbandonedWork::Continues } else { AbandonedWork::Cancelled }
        };
        Workload {
            contention_ppm: PartsPerMillion::new(contention).unwrap(),
            coherence_ppm: PartsPerMillion::new(coherence).unwrap(),
            server_slots: slots.map(|slots| ServerSlots::new(slots).unwrap()),
            abandoned_work: continues.map(work),
            trigger: effect.and_then(|effect| longest_trigger(&load, effect)),
            ..load
        }
    })
}

/// The counts that the client observes.
fn client_counts(run: &Run) -> Counts {
    Counts { server_done: 0, server_wasted: 0, max_server_queue: 0, events: 0, ..run.counts }
}

/// The counts without those that depend on whether there is a trigger.
fn without_trigger(run: Run) -> Run {
    let counts = Counts { before_offered: 0, before_succeeded: 0, ..run.counts };
    Run { has_trigger: false, counts, ..run }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, failure_persistence: None, ..ProptestConfig::default() })]

    /// Every run checks its conservation laws and Little's laws itself.
    #[test]
    fn run_with_server_is_deterministic_and_figures_are_consistent(
        client in clients(),
        load in served(),
        seed in seeds(),
    ) {
        let run = simulate(&client, &load, seed);
        prop_assert_eq!(&run, &simulate(&client, &load, seed));
        let counts = run.counts;
        prop_assert!(counts.server_wasted <= counts.server_done);
        prop_assert!(counts.queue_timeouts + counts.server_timeouts <= counts.timeouts);
        prop_assert!(run.abandoned_area_us <= run.server_area_us);
        prop_assert!(run.server_utilisation_ppm().is_none_or(|share| share <= 1_000_000));
        prop_assert!(counts.server_timeouts == 0 || load.server_slots.is_some());
        prop_assert!(counts.server_wasted == 0 || load.continues_abandoned_work());
        prop_assert_eq!(run.has_trigger, load.trigger.is_some());
        prop_assert!(counts.quarter_offered <= counts.offered);
    }

    #[test]
    fn trigger_of_100_percent_does_not_change_figures(
        client in clients(),
        load in served(),
        seed in seeds(),
        rate in any::<bool>(),
    ) {
        let percent = TriggerPercent::new(100).unwrap();
        let effect =
            if rate { TriggerEffect::Rate(percent) } else { TriggerEffect::Service(percent) };
        let plain = Workload { trigger: None, ..load.clone() };
        let triggered = Workload { trigger: longest_trigger(&load, effect), ..load };
        let triggered = without_trigger(simulate(&client, &triggered, seed));
        prop_assert_eq!(triggered, simulate(&client, &plain, seed));
    }

    #[test]
    fn enough_server_slots_with_cancelled_work_do_not_change_figures(
        client in clients(),
        load in served(),
        seed in seeds(),
        more in 0..5_u64,
    ) {
        let cancelled = Some(AbandonedWork::Cancelled);
        let plain = Workload { server_slots: None, abandoned_work: cancelled, ..load.clone() };
        let slots = ServerSlots::new(client.slots + more).ok();
        let limited = Workload { server_slots: slots, abandoned_work: cancelled, ..load };
        let limited = Run { server_slots: None, ..simulate(&client, &limited, seed) };
        prop_assert_eq!(limited, simulate(&client, &plain, seed));
    }

    #[test]
    fn abandoned_work_without_limit_and_slowdown_does_not_affect_client(
        client in clients(),
        load in loads(),
        seed in seeds(),
    ) {
        let continued =
            Workload { abandoned_work: Some(AbandonedWork::Continues), ..load.clone() };
        let [plain, continued] = [load, continued].map(|load| simulate(&client, &load, seed));
        prop_assert_eq!(client_counts(&plain), client_counts(&continued));
        prop_assert_eq!(&plain.latency, &continued.latency);
        prop_assert_eq!(plain.busy_area_us, continued.busy_area_us);
        prop_assert_eq!(plain.queue_area_us, continued.queue_area_us);
        prop_assert!(plain.server_area_us <= continued.server_area_us);
    }

    /// A FIFO queue can be on either side.
    #[test]
    fn queue_at_server_is_equivalent_to_queue_at_client(
        client in clients(),
        load in loads(),
        seed in seeds(),
        moved in 0..40_u64,
    ) {
        let moved = moved.min(client.queue);
        let plain = Workload { slot_recovery_us: 0.try_into().unwrap(), ..load };
        let served = Workload {
            server_slots: ServerSlots::new(client.slots).ok(),
            abandoned_work: Some(AbandonedWork::Cancelled),
            ..plain.clone()
        };
        let wide = Client { slots: client.slots + moved, queue: client.queue - moved, ..client };
        let (plain, served) = (simulate(&client, &plain, seed), simulate(&wide, &served, seed));
        let counts = |run: &Run| Counts {
            queue_timeouts: 0,
            server_timeouts: 0,
            max_queue: 0,
            ..client_counts(run)
        };
        prop_assert_eq!(counts(&plain), counts(&served));
        prop_assert_eq!(&plain.latency, &served.latency);
        let queued = u128::from(served.queue_area_us) + served.server_queue_area_us;
        prop_assert_eq!(u128::from(plain.queue_area_us), queued);
        prop_assert_eq!(u128::from(plain.busy_area_us), served.server_area_us);
        let timeouts = served.counts.queue_timeouts + served.counts.server_timeouts;
        prop_assert_eq!(plain.counts.queue_timeouts, timeouts);
    }
}

/// A workload that lasts 8 ms after a warm-up of 1 ms, with these keys.
fn short(keys: serde_json::Value) -> Workload {
    let mut values = json!({
        "warmup_ms": 1, "duration_ms": 8, "rate_ops_per_ksec": 1000,
        "operation": [{ "weight": 1, "service": { "constant_us": 10 } }],
    });
    let serde_json::Value::Object(keys) = keys else { panic!("{keys} is no table") };
    values.as_object_mut().unwrap().extend(keys);
    workload(values)
}

#[test]
fn trigger_that_types_allow_but_simulator_cannot_run_is_refused() {
    let refused = |keys| driverc::simulate(&PATIENT.contract(), &short(keys), Seed::LEAST).err();
    let late = json!({ "trigger": { "start_ms": 6, "duration_ms": 2, "rate_percent": 100 } });
    let error = refused(late).unwrap();
    assert_eq!(error, SimulationError::LateTrigger { end_ms: 8, latest_ms: 7 });
    assert_eq!(
        error.to_string(),
        "the trigger ends at 8 ms, but must end by 7 ms, before the last quarter of the measurement"
    );
    let trigger = |percent: u64| json!({ "trigger": { "start_ms": 0, "duration_ms": 7, "rate_percent": percent } });
    assert_eq!(refused(trigger(100)), None);
    let rare = |percent| {
        let mut keys = trigger(percent);
        keys["rate_ops_per_ksec"] = json!(50);
        refused(keys)
    };
    assert_eq!(rare(1), Some(SimulationError::TriggerRate { rate: 0 }));
    assert_eq!(rare(2), None);
}

#[test]
fn full_queue_of_server_is_reported_with_its_limit() {
    let message = SimulationError::ServerQueue.to_string();
    assert_eq!(message, "more than 100000000 attempts wait at the server");
}

/// The longest times, with every slowdown at its maximum.
#[test]
fn longest_service_times_with_slowdown_do_not_overflow() {
    let load = workload(json!({
        "warmup_ms": 86_400_000, "duration_ms": 86_400_000, "rate_ops_per_ksec": 2,
        "contention_ppm": 1_000_000, "coherence_ppm": 1_000_000, "abandoned_work": "continues",
        "trigger": { "start_ms": 0, "duration_ms": 86_400_000, "service_percent": 10_000 },
        "operation": [{ "weight": 1, "service": { "exponential_us": 1_000_000_000_000_u64 } }],
    }));
    let client = Client { slots: 1000, attempts: 100, backoff_ms: [3_600_000; 2], ..PATIENT };
    let run = simulate(&client, &load, Seed::LEAST);
    assert!(run.counts.timeouts > 10_000, "{:?}", run.counts);
    assert_eq!((run.counts.succeeded, run.counts.server_wasted), (0, 0));
}
