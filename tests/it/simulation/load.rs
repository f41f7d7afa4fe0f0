//! Contracts and workloads from a few numbers.

use driverc::model::{DriverContract, Workload};
use serde_json::{Value, json};

/// The numbers of a contract.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Client {
    pub(crate) slots: u64,
    pub(crate) queue: u64,
    pub(crate) request_ms: u64,
    pub(crate) attempts: u64,
    /// The base and maximum backoff in milliseconds.
    pub(crate) backoff_ms: [u64; 2],
    pub(crate) jitter_percent: u64,
}

/// One slot, room for all requests and one day for each.
pub(crate) const PATIENT: Client = Client {
    slots: 1,
    queue: 10_000_000,
    request_ms: 86_400_000,
    attempts: 1,
    backoff_ms: [0, 0],
    jitter_percent: 0,
};

impl Client {
    pub(crate) fn contract(&self) -> DriverContract {
        let mut contract = driverc::postgres_async_driver();
        contract.max_in_flight = self.slots.try_into().unwrap();
        contract.max_queue_depth = self.queue.try_into().unwrap();
        contract.timeout_policy.request_ms = self.request_ms.try_into().unwrap();
        let policy = &mut contract.retry_policy;
        policy.max_attempts = self.attempts.try_into().unwrap();
        policy.base_backoff_ms = self.backoff_ms[0].try_into().unwrap();
        policy.max_backoff_ms = self.backoff_ms[1].try_into().unwrap();
        policy.jitter_percent = self.jitter_percent.try_into().unwrap();
        contract
    }
}

/// Returns a workload with these values over the defaults.
pub(crate) fn workload(values: Value) -> Workload {
    let mut workload = json!({
        "profile": "heavy_data",
        "seeds": [1, 2, 3, 4, 5],
        "warmup_ms": 0,
        "arrival": "poisson",
        "error_bps": 0,
        "error_us": 1000,
        "stall_bps": 0,
        "stall_us": 0,
        "slot_recovery_us": 0,
    });
    let Value::Object(values) = values else { panic!("{values} is no table") };
    workload.as_object_mut().unwrap().extend(values);
    serde_json::from_value(workload).unwrap()
}
