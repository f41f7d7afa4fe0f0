//! Generates arbitrary valid workloads.

use driverc::model::{
    Burst, BurstOnMs, BurstPeriodMs, DeclaredWorkload, Operation, OpsPerKsec, PartsPerMillion,
    Quantiles, Seed, Seeds, ServiceTime, ServiceUs, Trigger, TriggerEffect,
};
use proptest::{collection, option, prop_oneof, strategy::Strategy};

use crate::common::strategies::{bounded, scope, word};

/// A workload for one scope, with any of the values.
pub(crate) fn workload() -> impl Strategy<Value = DeclaredWorkload> {
    let times = (option::of(bounded()), option::of(bounded()), option::of(bounded()));
    let shares = (option::of(bounded()), option::of(bounded()));
    let delays = (option::of(bounded()), option::of(bounded()));
    let load = (
        option::of(seeds()),
        // At 100 operations per 1000 s or more, every burst has at least one operation.
        option::of((100..=OpsPerKsec::MAX).prop_map(|rate| OpsPerKsec::new(rate).unwrap())),
        option::of(word()),
        option::of(burst()),
        option::of(
            collection::vec(operation(), 1..4)
                .prop_map(|operations| operations.try_into().unwrap()),
        ),
    );
    let server =
        (option::of(bounded()), option::of(bounded()), option::of(bounded()), option::of(word()));
    let server = (server, option::of(trigger()));
    (word(), scope(), times, shares, delays, load, server).prop_map(
        |(profile, scope, times, shares, delays, load, (server, trigger))| {
            let (seeds, rate_ops_per_ksec, arrival, burst, operations) = load;
            DeclaredWorkload {
                seeds,
                warmup_ms: times.0,
                duration_ms: times.1,
                rate_ops_per_ksec,
                arrival,
                burst,
                error_bps: shares.0,
                error_us: delays.0,
                stall_bps: shares.1,
                stall_us: delays.1,
                slot_recovery_us: times.2,
                contention_ppm: server.0,
                coherence_ppm: server.1,
                server_slots: server.2,
                abandoned_work: server.3,
                trigger,
                operations,
                ..DeclaredWorkload::new(profile, scope)
            }
        },
    )
}

fn seeds() -> impl Strategy<Value = Seeds> {
    let seed = bounded::<_, { Seed::MIN }, { Seed::MAX }>();
    collection::btree_set(seed, 1..=Seeds::MOST)
        .prop_map(|seeds| Seeds::new(seeds.into_iter().collect()).unwrap())
}

fn burst() -> impl Strategy<Value = Burst> {
    (1..=BurstPeriodMs::MAX)
        .prop_flat_map(|period| {
            (0..=period, bounded()).prop_map(move |(on, percent)| (period, on, percent))
        })
        .prop_map(|(period, on, percent)| {
            let (period, on) = (BurstPeriodMs::new(period).unwrap(), BurstOnMs::new(on).unwrap());
            Burst::new(period, on, percent).unwrap()
        })
}

fn trigger() -> impl Strategy<Value = Trigger> {
    let effect = prop_oneof![
        bounded().prop_map(TriggerEffect::Service),
        bounded().prop_map(TriggerEffect::Rate),
    ];
    (bounded(), bounded(), effect).prop_map(|(start_ms, duration_ms, effect)| Trigger {
        start_ms,
        duration_ms,
        effect,
    })
}

fn operation() -> impl Strategy<Value = Operation> {
    let service = prop_oneof![
        quantiles().prop_map(ServiceTime::Quantiles),
        bounded().prop_map(ServiceTime::Exponential),
        bounded().prop_map(ServiceTime::Constant),
    ];
    (bounded(), service).prop_map(|(weight, service)| Operation { weight, service })
}

fn quantiles() -> impl Strategy<Value = Quantiles> {
    let shares = collection::btree_set(1..PartsPerMillion::MAX, 0..6);
    let times = collection::vec(ServiceUs::MIN..=ServiceUs::MAX, 8);
    (shares, times).prop_map(|(shares, mut times)| {
        times.sort_unstable();
        let ends = [0].into_iter().chain(shares).chain([PartsPerMillion::MAX]);
        let point =
            |(share, time)| (PartsPerMillion::new(share).unwrap(), ServiceUs::new(time).unwrap());
        Quantiles::new(ends.zip(times).map(point).collect()).unwrap()
    })
}
