//! Loads a driver contract at run time, and refuses it if its project has errors.

use std::{
    error::Error,
    path::Path,
    time::{Duration, SystemTime},
};

pub use driverc::DriverContract;
use driverc::{Level, model::Date, project::Project};

/// Returns the contract of a driver in the project at a folder.
///
/// Fails if a document cannot be read, if the project has a finding of level `error`, or if it
/// declares no such driver.
pub fn load(folder: impl AsRef<Path>, name: &str) -> Result<DriverContract, Box<dyn Error>> {
    let seconds = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH)?.as_secs();
    let today = Date::from_unix_days(seconds / 86_400);
    let checked = Project::open(folder)?.check(today)?;
    if let Some(error) = checked.loaded.errors.into_iter().next() {
        return Err(error.into());
    }
    let errors = checked.findings.open.iter().filter(|finding| finding.level == Level::Error);
    let errors: Vec<_> =
        errors.map(|finding| format!("{}: {}", finding.rule.name, finding.message)).collect();
    if !errors.is_empty() {
        return Err(errors.join("\n").into());
    }
    let contract = checked.loaded.workspace.driver(name);
    contract.cloned().ok_or_else(|| format!("no driver `{name}` is declared").into())
}

/// Returns the maximum time of one attempt, including its wait for a slot.
pub fn attempt_limit(contract: &DriverContract) -> Duration {
    Duration::from_millis(contract.timeout_policy.request_ms.get())
}

/// Returns the maximum wait for a slot: `queue_ms`, or `request_ms` without it.
pub fn wait_limit(contract: &DriverContract) -> Duration {
    let queue = contract.timeout_policy.queue_ms;
    let wait = queue.map(|queue| Duration::from_millis(queue.get()));
    wait.unwrap_or_else(|| attempt_limit(contract)).min(attempt_limit(contract))
}

/// Returns the maximum run of an attempt that has waited as long as it can. Without `queue_ms`, the
/// server can limit only the whole attempt.
pub fn run_limit(contract: &DriverContract) -> Duration {
    let run = attempt_limit(contract).saturating_sub(wait_limit(contract));
    if run.is_zero() { attempt_limit(contract) } else { run }
}
