//! Reports a metric that several drivers export under the same name.

use std::collections::BTreeMap;

use super::{
    Check, DeclarationId, DriverSelection, DriversView, Level, Lint, Rule, RuleFindings,
    metric::{Dialect, NAMES, Role, names},
    rule,
};
use crate::{finding::Finding, model::DriverName};

pub(super) const LINT: Lint =
    Lint { rule: &RULE, check: Check::Drivers(DriverSelection::Sharing(&NAMES), check) };

static RULE: Rule = rule!(
    "metric-shared-across-drivers",
    Level::Info,
    "several drivers export a metric under the same name"
);

/// The drivers that export a metric.
#[derive(Debug)]
struct Drivers<'w> {
    first: &'w DriverName,
    /// The second driver, with its spelling of the name.
    second: Option<(&'w DriverName, &'w str)>,
    all: Vec<&'w DriverName>,
}

fn check(view: &DriversView<'_>, findings: &mut RuleFindings) {
    let mut exporters = BTreeMap::new();
    for contract in view.drivers {
        let driver = &contract.name;
        for metric in names(&contract.telemetry).into_iter().flatten().map(|named| named.metric) {
            let drivers = exporters.entry((metric.exposed(), metric.role)).or_insert(Drivers {
                first: driver,
                second: None,
                all: Vec::new(),
            });
            if !drivers.all.is_empty() {
                drivers.second.get_or_insert((driver, metric.name));
            }
            drivers.all.push(driver);
        }
    }
    for ((_, role), drivers) in exporters {
        if let Some((second, name)) = drivers.second {
            findings.push(shared(role, name, second, &drivers));
        }
    }
}

fn shared(role: Role, name: &str, second: &DriverName, drivers: &Drivers<'_>) -> Finding {
    let label = match Dialect::of(name) {
        Dialect::OpenTelemetry => "an attribute such as `db.system.name`",
        Dialect::Prometheus => "a label such as `driver`",
    };
    let place = |driver: &DriverName| DeclarationId::Driver(driver.clone()).at(role.field());
    let all = drivers.all.iter().map(|driver| DeclarationId::Driver((*driver).clone()));
    RULE.finding(place(second), format!("{} drivers export `{name}`", drivers.all.len()))
        .identified_by(all)
        .also(place(drivers.first), "the first driver")
        .help(format!("distinguish the drivers with {label}"))
}
