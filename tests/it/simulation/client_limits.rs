//! Laws of `queue_ms`, `deadline_ms` and the retry budget in random runs.

use driverc::{
    model::{
        DeadlineMs, DriverContract, MultiplierPercent, Percent, QueueMs, RetryBudgetMin, Seed,
        Workload,
    },
    simulate::Run,
};
use proptest::{option, prelude::*};

use super::laws::{clients, loads, seeds};

fn simulate(contract: &DriverContract, load: &Workload, seed: Seed) -> Run {
    driverc::simulate(contract, load, seed).unwrap()
}

/// Random limits over a random client.
fn limited() -> impl Strategy<Value = DriverContract> {
    let times = (option::of(1..400_u64), option::of(1..1_000_u64));
    let retries = (option::of(100..=1_000_u64), option::of((0..=100_u64, option::of(0..20_u64))));
    (clients(), times, retries).prop_map(|(client, (queue, deadline), (multiplier, budget))| {
        let mut contract = client.contract();
        let timeouts = &mut contract.timeout_policy;
        timeouts.queue_ms = queue.map(|ms| QueueMs::new(ms).unwrap());
        timeouts.deadline_ms = deadline.map(|ms| DeadlineMs::new(ms).unwrap());
        let retries = &mut contract.retry_policy;
        retries.multiplier_percent = multiplier.map(|it| MultiplierPercent::new(it).unwrap());
        if let Some((percent, min)) = budget {
            retries.retry_budget_percent = Some(Percent::new(percent).unwrap());
            retries.retry_budget_min = min.map(|min| RetryBudgetMin::new(min).unwrap());
        }
        contract
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, failure_persistence: None, ..ProptestConfig::default() })]

    /// Every run checks its conservation laws itself.
    #[test]
    fn counts_and_latencies_stay_within_limits(
        contract in limited(),
        load in loads(),
        seed in seeds(),
    ) {
        let Run { counts, latency, .. } = simulate(&contract, &load, seed);
        let policy = contract.timeout_policy;
        prop_assert!(counts.rejected_waits <= counts.rejected);
        prop_assert!(counts.rejected_waits == 0 || policy.queue_ms.is_some());
        prop_assert!(counts.deadline_failures == 0 || policy.deadline_ms.is_some());
        prop_assert!(
            counts.budget_failures == 0 || contract.retry_policy.retry_budget_percent.is_some()
        );
        if let (Some(latency), Some(deadline)) = (latency, policy.deadline_ms) {
            prop_assert!(latency.p99_us <= 1_000 * deadline.get());
        }
    }

    /// Limits that never take effect change no figure. A deadline sorts timeouts with a heap, so
    /// this also compares the heap with the queues.
    #[test]
    fn limits_without_effect_change_nothing(
        client in clients(),
        load in loads(),
        seed in seeds(),
    ) {
        let plain = client.contract();
        let mut limited = plain.clone();
        limited.timeout_policy.queue_ms = Some(QueueMs::MOST);
        limited.timeout_policy.deadline_ms = Some(DeadlineMs::MOST);
        limited.retry_policy.multiplier_percent = Some(MultiplierPercent::new(200).unwrap());
        limited.retry_policy.retry_budget_percent = Some(Percent::MOST);
        prop_assert_eq!(simulate(&plain, &load, seed), simulate(&limited, &load, seed));
    }

    /// Without retries and waits, a deadline is the same limit as `request_ms`.
    #[test]
    fn deadline_of_one_attempt_equals_request_timeout(
        client in clients(),
        load in loads(),
        seed in seeds(),
        deadline in 1..300_u64,
    ) {
        let mut short = client.contract();
        short.retry_policy.max_attempts = 1.try_into().unwrap();
        let mut ended = short.clone();
        ended.timeout_policy.deadline_ms = Some(DeadlineMs::new(deadline).unwrap());
        let request = short.timeout_policy.request_ms.get().min(deadline);
        short.timeout_policy.request_ms = request.try_into().unwrap();
        prop_assert_eq!(simulate(&short, &load, seed), simulate(&ended, &load, seed));
    }
}
