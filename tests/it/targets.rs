//! The configurations of clients and proxies: laws, known traps, and the commands.

mod commands;
mod laws;
mod pgbouncer;
mod traps;

use driverc::{
    builtin::kafka_async_driver,
    model::{DriverContract, DriverName},
    targets::{Adoption, TARGETS, TargetOptions, Version, adopt, find},
};

/// Returns all dialects, roles and some versions of all targets.
fn all_options() -> Vec<TargetOptions> {
    let mut all = Vec::new();
    for target in TARGETS {
        for dialect in target.dialects {
            let options = TargetOptions::with(target, dialect);
            let roles = target.roles.iter().copied().map(Some);
            let roles = roles.chain(target.roles.is_empty().then_some(None));
            // The last version has all rows.
            let versions = [dialect.oldest, dialect.measured, Version::new(99, 0, 0)];
            for role in roles {
                all.extend(versions.map(|version| TargetOptions { role, version, ..options }));
            }
        }
    }
    all
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
