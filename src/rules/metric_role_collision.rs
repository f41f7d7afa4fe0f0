//! Reports a name that is used for two different metrics.

use std::{
    borrow::Cow,
    collections::{BTreeMap, btree_map::Entry},
};

use super::{
    Check, ContractPath, DeclarationId, DriverSelection, DriversView, Level, Lint, Rule,
    RuleFindings,
    metric::{Metric, NAMES, metrics},
    rule,
};
use crate::{finding::Finding, model::DriverName};

pub(super) const LINT: Lint =
    Lint { rule: &RULE, check: Check::Drivers(DriverSelection::Sharing(&NAMES), check) };

static RULE: Rule =
    rule!("metric-role-collision", Level::Error, "one name is used for two different metrics");

/// A use of a name for a metric of a driver.
#[derive(Clone, Copy, Debug)]
struct Use<'w> {
    driver: &'w DriverName,
    metric: Metric<'w>,
}

impl Use<'_> {
    fn place(&self) -> ContractPath {
        DeclarationId::Driver(self.driver.clone()).at(self.metric.role.field())
    }
}

fn check(view: &DriversView<'_>, findings: &mut RuleFindings) {
    let mut first = FirstUses::default();
    for contract in view.drivers {
        let metrics = metrics(&contract.telemetry).into_iter();
        for metric in metrics.filter(|metric| metric.is_well_formed()) {
            let later = Use { driver: &contract.name, metric };
            if let Some(earlier) = first.in_another_role(later) {
                findings.push(role_collision(&later, &earlier));
            }
        }
    }
}

/// The first use of each name. The keys are the name as written and the name in Prometheus. One map
/// suffices, because only names with dots change in Prometheus.
#[derive(Debug, Default)]
struct FirstUses<'w>(BTreeMap<Cow<'w, str>, Use<'w>>);

impl<'w> FirstUses<'w> {
    /// Adds a use. Returns the first use of the same name, if that use has another role.
    fn in_another_role(&mut self, later: Use<'w>) -> Option<Use<'w>> {
        let names = [Cow::Borrowed(later.metric.name), later.metric.exposed()];
        let earlier = names.map(|name| match self.0.entry(name) {
            Entry::Vacant(entry) => *entry.insert(later),
            Entry::Occupied(entry) => *entry.get(),
        });
        earlier.into_iter().find(|earlier| earlier.metric.role != later.metric.role)
    }
}

fn role_collision(later: &Use<'_>, earlier: &Use<'_>) -> Finding {
    let (name, roles) = (later.metric.name, [later, earlier].map(|one| one.metric.role.words()));
    let [role, first_role] = roles;
    let message = if name == earlier.metric.name {
        format!("`{name}` is the name of both {first_role} and {role}")
    } else {
        let exposed = later.metric.exposed();
        let first = earlier.metric.name;
        format!(
            "in Prometheus `{exposed}` is both `{first}` for {first_role} and `{name}` for {role}"
        )
    };
    RULE.finding(later.place(), message)
        .about(earlier.place().subject)
        .label(format!("used here for {role}"))
        .also(earlier.place(), format!("used here for {first_role}"))
        .help("give each metric its own name")
}
