//! What must hold between contracts, for programs that build them by hand.
//!
//! `driverc check` says the same as findings, with places.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{DriverCapability, DriverContract, Field, TelemetryProfile};

/// Whether every contract is valid, no two have the same name, timeouts and retries are seen in
/// all of them alike, and no metric stands for two different things.
pub fn contracts_consistent(contracts: &[DriverContract]) -> bool {
    let names: BTreeSet<_> = contracts.iter().map(|contract| &contract.name).collect();
    names.len() == contracts.len()
        && contracts.iter().all(DriverContract::valid)
        && timeout_retry_telemetry_parity(contracts)
        && no_metric_in_two_roles(contracts)
}

/// Whether every driver counts its timeouts and its retries.
///
/// Every contract names the two metrics; this asks that the driver also claims to feed them.
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
    fn the_built_in_contracts_are_consistent() {
        assert!(contracts_consistent(&supported_drivers()));
        assert!(contracts_consistent(&[]));
    }

    #[test]
    fn a_name_may_stand_once() {
        let mut contracts = supported_drivers();
        contracts[1].name = contracts[0].name.clone();
        assert!(!contracts_consistent(&contracts));
    }

    #[test]
    fn every_driver_counts_timeouts_and_retries() {
        let mut contracts = supported_drivers();
        let retry = Capabilities::from_iter([DriverCapability::RetryTelemetry]);
        contracts[2].capabilities = contracts[2].capabilities.without(retry);
        assert!(!timeout_retry_telemetry_parity(&contracts));
        assert!(!contracts_consistent(&contracts));
    }

    #[test]
    fn a_metric_has_one_role_over_all_drivers() {
        let mut contracts = supported_drivers();
        contracts[0].telemetry.retry_metric = contracts[1].telemetry.retry_metric.clone();
        assert!(contracts_consistent(&contracts), "two drivers may share a metric of one role");
        contracts[0].telemetry.retry_metric = contracts[1].telemetry.timeout_metric.clone();
        assert!(!contracts_consistent(&contracts));
    }
}
