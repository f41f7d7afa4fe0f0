//! A metric that several drivers export needs a label that tells them apart.

use std::collections::BTreeMap;

use super::{
    Check, Findings, Level, Lint, Rule, Subject, WorkspaceView,
    metric::{Dialect, Role, metrics, names},
    repeats::drivers_with_repeats,
};
use crate::{
    finding::Finding,
    fingerprint::{fingerprint, marked},
    model::{DriverContract, DriverName},
};

pub(super) const LINT: Lint = Lint { rule: &RULE, check: Check::Workspace(check) };

static RULE: Rule = Rule {
    name: "metric-shared-across-drivers",
    level: Level::Info,
    summary: "several drivers export the same metric",
    docs: include_str!("docs/metric_shared_across_drivers.md"),
    parameters: &[],
    on: true,
    fixes: None,
};

/// Who exports a metric.
#[derive(Debug)]
struct Drivers<'w> {
    first: &'w DriverName,
    /// The second one, with its spelling of the name.
    second: Option<(&'w DriverName, &'w str)>,
    count: usize,
}

fn check(view: &WorkspaceView<'_>, findings: &mut Findings) {
    let mut exporters = BTreeMap::new();
    for contract in drivers_with_repeats(view.workspace, 4, each_key) {
        let driver = &contract.name;
        for metric in names(&contract.telemetry).into_iter().flatten().map(|named| named.metric) {
            let drivers = exporters.entry((metric.exposed(), metric.role)).or_insert(Drivers {
                first: driver,
                second: None,
                count: 0,
            });
            if drivers.count > 0 {
                drivers.second.get_or_insert((driver, metric.name));
            }
            drivers.count += 1;
        }
    }
    for ((_, role), drivers) in exporters {
        if let Some((second, name)) = drivers.second {
            findings.push(shared(role, name, second, &drivers));
        }
    }
}

/// The fingerprints of all metrics, as they are in Prometheus and with their roles.
fn each_key(contract: &DriverContract, found: &mut dyn FnMut(u64)) {
    for metric in metrics(&contract.telemetry) {
        found(marked(fingerprint(metric.exposed().as_bytes()), metric.role as u8));
    }
}

fn shared(role: Role, name: &str, second: &DriverName, drivers: &Drivers<'_>) -> Finding {
    let label = match Dialect::of(name) {
        Dialect::OpenTelemetry => "an attribute such as `db.system.name`",
        Dialect::Prometheus => "a label such as `driver`",
    };
    let place = |driver: &DriverName| Subject::Driver(driver.clone()).at(role.field());
    RULE.finding(place(second), format!("`{name}` is exported by {} drivers", drivers.count))
        .also(place(drivers.first), "the first of them")
        .help(format!("tell the drivers apart by {label}"))
}
