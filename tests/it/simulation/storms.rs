//! A retry storm that outlasts its burst, and three changes that each end it.
//!
//! The driver has many slots and no queue, the server has ten slots, and a burst of arrivals
//! lasts five seconds. With ten attempts, the server is busy with attempts whose clients have left.

use driverc::{
    document,
    model::{
        AbandonedWork, BenchmarkProfile, DriverContract, EffectiveWorkload, ServerSlots, Workload,
    },
    source::Source,
    workspace::Workspace,
};

const STORM: &str = include_str!("../../fixtures/simulation/storm.toml");
const BURSTS: &str = include_str!("../../fixtures/simulation/bursts.toml");

fn storm() -> (DriverContract, Workload) {
    read(STORM)
}

/// Returns the driver of a document and its workload.
fn read(text: &str) -> (DriverContract, Workload) {
    let workspace = Workspace::new(vec![(Source::new("a.toml", text), document::read(text))]);
    assert_eq!(workspace.findings(), []);
    let driver = workspace.drivers().next().unwrap().clone();
    let workload = workspace.effective_workload(&driver, BenchmarkProfile::MixedLatency);
    let workload = workload.as_ref().and_then(EffectiveWorkload::complete).unwrap();
    (driver, workload)
}

/// Returns for each seed whether the system recovers. Before the burst, it always keeps up.
fn recoveries(driver: &DriverContract, workload: &Workload) -> Vec<bool> {
    let runs = driverc::simulate::runs(driver, workload).unwrap();
    assert!(runs.iter().all(|run| run.is_healthy_before() == Some(true)));
    runs.iter().map(|run| run.recovers().unwrap()).collect()
}

#[test]
fn storm_of_ten_attempts_outlasts_its_burst() {
    let (driver, workload) = storm();
    assert_eq!(recoveries(&driver, &workload), [false; 5]);
}

#[test]
fn storm_ends_with_one_attempt() {
    let (mut driver, workload) = storm();
    driver.retry_policy.max_attempts = 1.try_into().unwrap();
    assert_eq!(recoveries(&driver, &workload), [true; 5]);
}

#[test]
fn storm_ends_if_server_cancels_abandoned_work() {
    let (driver, workload) = storm();
    let cancelled = Workload { abandoned_work: Some(AbandonedWork::Cancelled), ..workload };
    assert_eq!(recoveries(&driver, &cancelled), [true; 5]);
}

#[test]
fn storm_ends_with_retry_budget() {
    let (mut driver, workload) = storm();
    driver.retry_policy.retry_budget_percent = Some(10.try_into().unwrap());
    assert_eq!(recoveries(&driver, &workload), [true; 5]);
}

/// A driver with as many slots as the server has, under bursts above its capacity. Without a server,
/// ten attempts raise the throughput; with a server that continues abandoned work, they lower it.
#[test]
fn more_attempts_raise_throughput_only_without_server() {
    let (once, plain) = read(BURSTS);
    let mut often = once.clone();
    often.retry_policy.max_attempts = 10.try_into().unwrap();
    let successes = |driver: &DriverContract, workload: &Workload| {
        let runs = driverc::simulate::runs(driver, workload).unwrap();
        runs.iter().map(|run| run.counts.succeeded_in_window).sum::<u64>()
    };
    assert!(successes(&often, &plain) > successes(&once, &plain));
    let served = Workload { server_slots: ServerSlots::new(10).ok(), ..plain };
    assert!(2 * successes(&often, &served) < successes(&once, &served));
}
