//! Checks that contracts are consistent with each other.
//!
//! `driverc check` reports the same problems as findings.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{DriverCapability, DriverContract, Field, TelemetryProfile};

/// Returns true if all contracts are valid and declare `timeout_telemetry` and `retry_telemetry`,
/// names are unique, and each metric name has only one role.
pub fn contracts_consistent(contracts: &[DriverContract]) -> bool {
    let names: BTreeSet<_> = contracts.iter().map(|contract| &contract.name).collect();
    names.len() == contracts.len()
        && contracts.iter().all(DriverContract::valid)
        && timeout_retry_telemetry_parity(contracts)
        && no_metric_in_two_roles(contracts)
}

/// Returns true if every driver has the capabilities `timeout_telemetry` and `retry_telemetry`.
pub fn timeout_retry_telemetry_parity(contracts: &[DriverContract]) -> bool {
    let needed = [DriverCapability::TimeoutTelemetry, DriverCapability::RetryTelemetry];
    contracts
        .iter()
        .all(|contract| needed.iter().all(|needed| contract.capabilities.contains(*needed)))
}

fn no_metric_in_two_roles(contracts: &[DriverContract]) -> bool {
    let mut roles = BTreeMap::new();
    contracts
        .iter()
        .flat_map(|contract| metrics(&contract.telemetry))
        .all(|(role, name)| *roles.entry(name).or_insert(role) == role)
}

fn metrics(telemetry: &TelemetryProfile) -> [(Field, &str); 4] {
    [
        (Field::TimeoutMetric, telemetry.timeout_metric.as_str()),
        (Field::RetryMetric, telemetry.retry_metric.as_str()),
        (Field::LatencyMetric, telemetry.latency_metric.as_str()),
        (Field::InFlightMetric, telemetry.in_flight_metric.as_str()),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{builtin::supported_drivers, model::Capabilities};

    #[test]
    fn built_in_contracts_are_consistent() {
        assert!(contracts_consistent(&supported_drivers()));
        assert!(contracts_consistent(&[]));
    }

    #[test]
    fn duplicate_name_is_inconsistent() {
        let mut contracts = supported_drivers();
        contracts[1].name = contracts[0].name.clone();
        assert!(!contracts_consistent(&contracts));
    }

    #[test]
    fn missing_retry_telemetry_is_inconsistent() {
        let mut contracts = supported_drivers();
        let retry = Capabilities::from_iter([DriverCapability::RetryTelemetry]);
        contracts[2].capabilities = contracts[2].capabilities.without(&retry);
        assert!(!timeout_retry_telemetry_parity(&contracts));
        assert!(!contracts_consistent(&contracts));
    }

    #[test]
    fn metric_with_two_roles_is_inconsistent() {
        let mut contracts = supported_drivers();
        contracts[0].telemetry.retry_metric = contracts[1].telemetry.retry_metric.clone();
        assert!(contracts_consistent(&contracts), "two drivers can share a metric of one role");
        contracts[0].telemetry.retry_metric = contracts[1].telemetry.timeout_metric.clone();
        assert!(!contracts_consistent(&contracts));
    }
}
