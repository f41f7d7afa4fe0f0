//! The configurations of clients and proxies: laws, known traps, and the commands.

mod commands;
mod envoy;
mod envoy_files;
mod grpc;
mod hikari;
mod idempotence;
mod laws;
mod object_store;
mod pgbouncer;
mod public;
mod resilience4j;
mod rust;
mod secrets;
mod traps;

use driverc::{
    builtin::kafka_async_driver,
    model::{DriverContract, DriverName},
    targets::{Adoption, TARGETS, TargetOptions, TargetTable, Version, adopt, find},
};

/// Returns all dialects, roles and some versions of all targets.
fn all_options() -> Vec<TargetOptions> {
    let mut all = Vec::new();
    for target in TARGETS {
        for dialect in target.dialects {
            let options = TargetOptions::with(target, dialect);
            // The last version has all rows.
            let versions = [dialect.oldest, dialect.measured, Version::new(99, 0, 0)];
            for role in roles(target) {
                all.extend(versions.map(|version| TargetOptions { role, version, ..options }));
            }
        }
    }
    all
}

/// Returns the roles of a target, or none for a target with one role.
fn roles(target: &TargetTable) -> Vec<Option<&'static str>> {
    let roles: Vec<_> = target.roles.iter().copied().map(Some).collect();
    if roles.is_empty() { vec![None] } else { roles }
}

/// Returns the options of a dialect of Kafka, for a producer.
fn kafka(dialect: &str) -> TargetOptions {
    let target = find("kafka").unwrap();
    TargetOptions::with(target, target.dialect(dialect).unwrap())
}

/// Returns the built-in contract of a Kafka producer.
fn producer() -> DriverContract {
    kafka_async_driver()
}

fn adopted(text: &str, options: TargetOptions) -> Adoption {
    adopt(text, options, &DriverName::new("example").unwrap(), None, "a.properties")
}
