//! Laws of `queue_ms`, `deadline_ms` and the retry budget in random runs.

use std::collections::BTreeMap;

use driverc::{
    Workspace,
    configuration::Configuration,
    document, kafka_async_driver,
    model::{
        Attempts, BackoffMs, DeadlineMs, DriverContract, MultiplierPercent, Percent, QueueMs,
        RequestMs, RetryBudgetMin, Seed, TimeoutPolicy, Workload,
    },
    rules,
    simulate::Run,
    source::Source,
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
    fn limits_without_effect_do_not_change_figures(
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
    fn deadline_and_request_timeout_are_equivalent_for_one_attempt(
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

/// A contract with these time limits and attempts, in milliseconds.
fn with_deadline(request: u64, deadline: u64, [attempts, base, max]: [u64; 3]) -> DriverContract {
    let mut contract = kafka_async_driver();
    let (timeouts, retries) = (&mut contract.timeout_policy, &mut contract.retry_policy);
    timeouts.request_ms = RequestMs::new(request).unwrap();
    timeouts.deadline_ms = Some(DeadlineMs::new(deadline).unwrap());
    retries.max_attempts = Attempts::new(attempts).unwrap();
    retries.base_backoff_ms = BackoffMs::new(base).unwrap();
    retries.max_backoff_ms = BackoffMs::new(max).unwrap();
    contract
}

#[test]
fn deadlines_of_real_clients_bound_their_worst_case() {
    // The Java producer: `delivery.timeout.ms`, `request.timeout.ms`, retries without a limit.
    let producer = with_deadline(30_000, 120_000, [100, 100, 1000]);
    assert_eq!(producer.worst_case_ms(), 120_000);
    // The crate `object_store`: `retry_timeout`, `timeout`, `max_retries` 10.
    let store = with_deadline(30_000, 180_000, [11, 100, 15_000]);
    assert_eq!(store.worst_case_ms(), 180_000);
    let unlimited = TimeoutPolicy { deadline_ms: None, ..store.timeout_policy };
    let unlimited = DriverContract { timeout_policy: unlimited, ..store };
    assert_eq!(unlimited.worst_case_ms(), 385_500);
}

#[test]
fn deadline_as_long_as_one_attempt_leaves_no_time_for_retry() {
    let contract = with_deadline(300_000, 300_000, [10, 100, 15_000]);
    let finding = |rule: &str| contract_findings(&contract).iter().any(|it| it == rule);
    assert!(finding("deadline-cuts-retries"));
    assert!(!finding("deadline-below-request"));
}

/// The names of the rules that a contract alone raises.
fn contract_findings(contract: &DriverContract) -> Vec<String> {
    let text = toml::to_string(&BTreeMap::from([(
        "driver",
        BTreeMap::from([(contract.name.to_string(), table(contract))]),
    )]));
    let document = document::read(&text.unwrap());
    let workspace = Workspace::new(vec![(Source::new("a.toml", ""), document)]);
    let findings = rules::check(&workspace, None, &Configuration::default());
    findings.into_iter().map(|finding| finding.rule.name.to_owned()).collect()
}

fn table(contract: &DriverContract) -> toml::Table {
    let mut table = toml::Table::try_from(contract).unwrap();
    table.remove("name");
    table
}
