//! Chooses the values of a new driver: the values of the built-in driver of its class, or of a
//! starter set in the documentation.

use std::sync::Arc;

use crate::{
    builtin,
    document::{self, DriverDeclaration},
    model::{
        Attempts, BackoffMs, Capabilities, DeclaredBudget, DriverCapability, DriverClass,
        DriverContract, DriverName, MaxInFlight, MaxQueueDepth, MetricName, Name, Prose, Scope,
    },
    project::{Project, read_configuration},
    rules::attempts_limit_of,
    workspace::Workspace,
};

/// The pages with the starter sets: pairs of a configuration and its contracts.
const STARTER_SETS: &str = concat!(
    include_str!("../../../docs/starter-data.md"),
    include_str!("../../../docs/starter-services.md"),
);
/// The first line of a configuration in these pages.
const CONFIGURATION: &str = "# driverc.toml\n";
/// The tier of a new driver if the project has no tiers of its own.
const TIER: &str = "tier2";
/// The capabilities of a class for which neither the project nor a starter set requires any.
const CAPABILITIES: [DriverCapability; 3] = [
    DriverCapability::BoundedConcurrency,
    DriverCapability::TimeoutTelemetry,
    DriverCapability::RetryTelemetry,
];

/// A contract with realistic values for a class, under a new name.
pub(super) fn contract(
    name: &DriverName,
    class: DriverClass,
    project: &Project,
    workspace: &Workspace,
) -> DriverContract {
    let (mut contract, is_known) = of_class(class, project);
    contract.class = class;
    contract.capabilities = capabilities(&contract, is_known, project);
    rename(&mut contract, name, is_known);
    let tier = project.configuration.support_tiers.last().map_or(TIER, Name::as_str);
    contract.support_tier = text(tier);
    if contract.tuning_guide.starts_with("docs/") {
        contract.tuning_guide = prose("");
    }
    if workspace.drivers().any(|other| other.provider_module == contract.provider_module) {
        contract.provider_module = text(name.as_str());
    }
    without_unbudgeted(&mut contract, project, workspace);
    limit_attempts(&mut contract, project);
    contract
}

/// Returns an example contract for a class, and true if the contract belongs to this class.
/// Otherwise, only the numbers of the contract apply.
fn of_class(class: DriverClass, project: &Project) -> (DriverContract, bool) {
    let like = project.configuration.vocabulary.like(class);
    let built_in = || builtin::supported_drivers().into_iter().find(|it| it.class == like);
    let starter = || starters().into_iter().find(|contract| contract.class == class);
    match built_in().or_else(starter) {
        Some(contract) => (contract, true),
        None => (builtin::postgres_async_driver(), false),
    }
}

/// The contracts of the starter sets.
fn starters() -> Vec<DriverContract> {
    let blocks: Vec<_> = STARTER_SETS.split("```toml\n").skip(1).filter_map(first_part).collect();
    let sets = blocks.windows(2).filter(|pair| pair[0].starts_with(CONFIGURATION));
    let drivers = sets.flat_map(|pair| {
        let (_, configuration, _) = read_configuration(pair[0].into());
        let vocabulary = Arc::clone(&configuration.vocabulary);
        document::read_with(pair[1], &vocabulary).declarations.drivers
    });
    let complete = |driver| match driver {
        DriverDeclaration::Complete(contract) => Some(contract),
        DriverDeclaration::Invalid { .. } | DriverDeclaration::Like(_) => None,
    };
    drivers.filter_map(complete).collect()
}

fn first_part(rest: &str) -> Option<&str> {
    rest.split_once("\n```").map(|(block, _)| block)
}

/// The capabilities that the project requires, and the capabilities of the example that are in the
/// project's vocabulary.
fn capabilities(contract: &DriverContract, is_known: bool, project: &Project) -> Capabilities {
    let configuration = &project.configuration;
    let required = configuration.required_capabilities(contract.class);
    let default: Capabilities = CAPABILITIES.into_iter().collect();
    let example = if is_known { &contract.capabilities } else { &default };
    let is_declared = |capability: &DriverCapability| configuration.vocabulary.contains(capability);
    required.iter().chain(example.iter().filter(is_declared)).collect()
}

/// Sets the name of the driver and the names of its metrics. If the class has no example, also sets
/// the module to the name.
fn rename(contract: &mut DriverContract, name: &DriverName, is_known: bool) {
    let metric = |role: &str| -> MetricName { text(&format!("{name}_client_{role}")) };
    contract.telemetry.timeout_metric = metric("timeouts_total");
    contract.telemetry.retry_metric = metric("retries_total");
    contract.telemetry.latency_metric = metric("operation_duration_seconds");
    contract.telemetry.in_flight_metric = metric("in_flight_requests");
    contract.name = name.clone();
    if !is_known {
        contract.provider_module = text(name.as_str());
    }
}

/// Removes each capability that claims a profile for which the driver has no budget. Retains the
/// capability if the project requires it, or if the project has no budgets at all.
fn without_unbudgeted(contract: &mut DriverContract, project: &Project, workspace: &Workspace) {
    if workspace.budgets().next().is_none() {
        return;
    }
    let configuration = &project.configuration;
    let required = configuration.required_capabilities(contract.class);
    let vocabulary = &configuration.vocabulary;
    let has_no_budget = |capability: DriverCapability| {
        let only: Capabilities = [capability].into_iter().collect();
        let mut profiles = vocabulary.claimed_profiles(&only);
        profiles.any(|profile| workspace.effective_budget(contract, profile).is_none())
    };
    let kept = contract.capabilities.iter();
    let kept = kept.filter(|it| required.contains(*it) || !has_no_budget(*it));
    contract.capabilities = kept.collect();
}

/// Lowers the number of attempts to the limit that the project sets.
fn limit_attempts(contract: &mut DriverContract, project: &Project) {
    let limit = attempts_limit_of(contract, &project.configuration);
    let policy = &mut contract.retry_policy;
    match Attempts::new(limit) {
        Ok(attempts) if attempts < policy.max_attempts => policy.max_attempts = attempts,
        Ok(_) | Err(_) => return,
    }
    // The last backoff, so that the maximum can be reached.
    if let Some(Ok(last)) = policy.backoffs_ms().last().map(BackoffMs::new) {
        policy.max_backoff_ms = last;
    }
}

/// Sets the number of slots, and scales the queue depth in proportion.
pub(super) fn set_slots(contract: &mut DriverContract, slots: MaxInFlight) {
    let (queue, before) = (contract.max_queue_depth.get(), contract.max_in_flight.get());
    let scaled = queue.saturating_mul(slots.get()) / before;
    contract.max_in_flight = slots;
    if let Ok(depth) = MaxQueueDepth::new(scaled.min(MaxQueueDepth::MAX)) {
        contract.max_queue_depth = depth;
    }
}

/// The budgets that the driver needs for the profiles that it claims: the limits of another driver
/// of its class.
pub(super) fn budgets(contract: &DriverContract, workspace: &Workspace) -> Vec<DeclaredBudget> {
    if workspace.budgets().next().is_none() {
        return Vec::new();
    }
    let claimed = workspace.vocabulary().claimed_profiles(&contract.capabilities);
    let lacking = claimed.filter(|it| workspace.effective_budget(contract, *it).is_none());
    let others = || workspace.drivers().filter(|other| other.class == contract.class);
    let copied = lacking.filter_map(|profile| {
        let budget = others().find_map(|other| workspace.effective_budget(other, profile))?;
        Some(DeclaredBudget {
            profile,
            scope: Scope::Driver(contract.name.clone()),
            max_p95_latency: budget.max_p95_latency.map(|limit| limit.value),
            max_timeout_rate_bps: budget.max_timeout_rate_bps.map(|limit| limit.value),
            max_retry_rate_bps: budget.max_retry_rate_bps.map(|limit| limit.value),
            min_throughput_ops_per_sec: budget.min_throughput_ops_per_sec.map(|limit| limit.value),
            max_p99_latency: budget.max_p99_latency.map(|limit| limit.value),
        })
    });
    copied.collect()
}

fn text(text: &str) -> Name {
    Name::new(text).unwrap_or_else(|_| unreachable!("a name has at most 63 characters"))
}

fn prose(text: &str) -> Prose<0> {
    Prose::new(text).unwrap_or_else(|_| unreachable!("the text is short"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Vocabulary;

    #[test]
    fn every_starter_set_has_contract() {
        let starters = starters();
        let classes: Vec<_> = starters.iter().map(|contract| contract.class.label()).collect();
        let labels: Vec<_> = classes.iter().map(|label| &**label).collect();
        assert_eq!(
            labels,
            [
                "key_value_adapter",
                "document_adapter",
                "search_adapter",
                "broker_adapter",
                "http_adapter",
                "rpc_adapter"
            ]
        );
    }

    #[test]
    fn every_built_in_class_has_contract() {
        for class in DriverClass::ALL {
            let drivers = builtin::supported_drivers();
            assert!(drivers.iter().any(|contract| contract.class == *class), "{class:?}");
        }
    }
}
