//! Explains which callers use a driver, and how much time each caller leaves the driver.

use super::ValuePlace;
use crate::{model::DriverContract, workspace::Workspace};

/// A call of a driver, with the time that the caller waits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallerSlack {
    /// The name of the driver or caller that makes the call.
    pub from: String,
    /// The place of the call.
    pub place: ValuePlace,
    /// The number of operations in the call.
    pub operations: u64,
    /// Whether the operations run at the same time.
    pub is_parallel: bool,
    /// The time after which the caller gives up, in milliseconds.
    pub waits_ms: u64,
    /// The longest time of the call, in milliseconds.
    pub worst_case_ms: u64,
}

impl CallerSlack {
    /// Returns the time for which the caller waits minus the worst case of the call, in
    /// milliseconds. The result is negative if the caller gives up before the worst case.
    pub fn slack_ms(&self) -> i128 {
        i128::from(self.waits_ms) - i128::from(self.worst_case_ms)
    }
}

/// Returns the calls that name a driver, sorted by the name of the caller. Leaves out calls whose
/// caller or driver has read errors.
pub fn callers(workspace: &Workspace, contract: &DriverContract) -> Vec<CallerSlack> {
    let calls = workspace.joined_calls().filter(|call| call.to.name == contract.name);
    let mut calls: Vec<_> = calls.collect();
    calls.sort_by_key(|call| call.from.name());
    let places = ValuePlace::all(workspace, calls.iter().map(|call| call.id().whole()));
    let slack = calls.into_iter().zip(places).map(|(joined, place)| CallerSlack {
        from: joined.from.name().to_string(),
        place,
        operations: joined.call.operations(),
        is_parallel: joined.call.is_parallel(),
        waits_ms: joined.from.attempt_ms(),
        worst_case_ms: joined.worst_case_ms(),
    });
    slack.collect()
}
