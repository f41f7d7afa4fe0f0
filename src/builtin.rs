//! The built-in contracts, budgets and workloads of four drivers.

use std::{collections::BTreeSet, sync::LazyLock};

use crate::{
    document,
    model::{Benchmark, Budget, DriverContract, Scope},
    simulate::simulate_all,
    source::Source,
    workspace::{Progress, Workspace},
};

/// The names and texts of the built-in documents, which are also files of the repository.
pub(crate) const DOCUMENTS: [(&str, &str); 6] = [
    ("builtin:budgets.toml", include_str!("../contracts/budgets.toml")),
    ("builtin:clickhouse.toml", include_str!("../contracts/clickhouse.toml")),
    ("builtin:kafka.toml", include_str!("../contracts/kafka.toml")),
    ("builtin:object_store.toml", include_str!("../contracts/object_store.toml")),
    ("builtin:postgres.toml", include_str!("../contracts/postgres.toml")),
    ("builtin:workloads.toml", include_str!("../contracts/workloads.toml")),
];

/// The tuning guides of the built-in drivers.
const GUIDES: [(&str, &str); 4] = [
    ("docs/tuning/clickhouse.md", include_str!("../docs/tuning/clickhouse.md")),
    ("docs/tuning/kafka.md", include_str!("../docs/tuning/kafka.md")),
    ("docs/tuning/object_store.md", include_str!("../docs/tuning/object_store.md")),
    ("docs/tuning/postgres.md", include_str!("../docs/tuning/postgres.md")),
];

static WORKSPACE: LazyLock<Workspace> = LazyLock::new(load);

/// Reads the built-in documents.
pub fn load() -> Workspace {
    let read = |(name, text): &(&str, &str)| (Source::new(*name, *text), document::read(text));
    Workspace::new(DOCUMENTS.iter().map(read).collect())
}

/// Returns the workspace of the built-in documents, which is read once.
pub fn workspace() -> &'static Workspace {
    &WORKSPACE
}

/// Returns the paths of the tuning guides of the built-in contracts.
pub fn guides() -> BTreeSet<String> {
    GUIDES.iter().map(|(path, _)| (*path).to_owned()).collect()
}

/// Returns the contract of the Postgres driver.
pub fn postgres_async_driver() -> DriverContract {
    driver("postgres_async")
}

/// Returns the contract of the `ClickHouse` driver.
pub fn clickhouse_async_driver() -> DriverContract {
    driver("clickhouse_async")
}

/// Returns the contract of the Kafka driver.
pub fn kafka_async_driver() -> DriverContract {
    driver("kafka_async")
}

/// Returns the contract of the object store driver.
pub fn object_store_async_driver() -> DriverContract {
    driver("object_store_async")
}

/// Returns all built-in contracts, by name.
pub fn supported_drivers() -> Vec<DriverContract> {
    workspace().drivers().cloned().collect()
}

/// Returns the built-in budgets for all drivers, one per profile, by profile label.
///
/// A driver can have narrower limits: see [`Workspace::effective_budget`].
pub fn default_budgets() -> Vec<Budget> {
    let fleet = workspace().budgets().filter(|budget| budget.scope == Scope::All);
    fleet
        .filter_map(|budget| {
            Some(Budget {
                profile: budget.profile,
                max_p95_latency: budget.max_p95_latency?,
                max_timeout_rate_bps: budget.max_timeout_rate_bps?,
                max_retry_rate_bps: budget.max_retry_rate_bps?,
                min_throughput_ops_per_sec: budget.min_throughput_ops_per_sec?,
                max_p99_latency: budget.max_p99_latency,
            })
        })
        .collect()
}

/// Simulates a benchmark of each built-in driver and profile, from its contract and its synthetic
/// workload. Sorted by driver name, then by profile.
///
/// The result is always the same. Each figure comes from the seed that is worst for it.
pub fn run_enterprise_benchmarks() -> Vec<Benchmark> {
    let simulations = workspace().simulations();
    let simulated = simulate_all(&simulations, &Progress::default()).into_iter();
    let benchmarks = simulated.map(|simulated| match simulated {
        Ok(simulated) => simulated.benchmark,
        Err(error) => unreachable!("the built-in workloads can be simulated: {error}"),
    });
    benchmarks.collect()
}

fn driver(name: &str) -> DriverContract {
    let contract = workspace().driver(name).cloned();
    contract.unwrap_or_else(|| unreachable!("the built-in set declares {name} without an error"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        configuration::{Configuration, Preset},
        model::{BenchmarkProfile, Vocabulary},
        rules,
    };

    #[test]
    fn built_in_set_has_no_findings() {
        assert_eq!(workspace().findings(), []);
        for preset in [Preset::Recommended, Preset::Strict] {
            let configuration = Configuration { preset, ..Configuration::default() };
            assert_eq!(rules::check(workspace(), Some(&guides()), &configuration), []);
        }
    }

    #[test]
    fn every_driver_has_complete_budget_for_every_profile() {
        for driver in supported_drivers() {
            for profile in BenchmarkProfile::ALL {
                let budget = workspace().effective_budget(&driver, *profile);
                assert!(
                    budget.is_some_and(|budget| budget.complete().is_some()),
                    "{}",
                    driver.name
                );
            }
        }
    }

    #[test]
    fn driver_function_returns_driver_that_it_names() {
        let drivers = [
            clickhouse_async_driver(),
            kafka_async_driver(),
            object_store_async_driver(),
            postgres_async_driver(),
        ];
        assert_eq!(supported_drivers(), drivers);
        assert_eq!(drivers[3].name.as_str(), "postgres_async");
        assert_eq!(default_budgets().len(), BenchmarkProfile::ALL.len());
    }
}
