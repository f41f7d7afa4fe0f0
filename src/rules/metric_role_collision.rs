//! Reports a name that is used for two different metrics.

use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet},
};

use super::{
    Check, ContractPath, DeclarationId, DriverSelection, DriversView, Level, Lint, Rule,
    RuleFindings,
    calls::MOST_NAMED,
    metric::{Metric, NAMES, metrics},
    rule,
};
use crate::{
    finding::Finding,
    model::{DriverContract, DriverName},
};

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
    let uses: Vec<_> = view.drivers.iter().flat_map(|contract| uses_of(contract)).collect();
    for (later, collision) in collisions(&uses) {
        findings.push(role_collision(&uses[later], &collision));
    }
}

fn uses_of(contract: &DriverContract) -> impl Iterator<Item = Use<'_>> {
    let metrics = metrics(&contract.telemetry).into_iter();
    metrics.map(|metric| Use { driver: &contract.name, metric })
}

/// The other uses of a name, all with the same role.
#[derive(Debug, Default)]
struct Collision<'u, 'w> {
    /// The first use of the name.
    first: Option<&'u Use<'w>>,
    /// All uses with the role of the first use. Empty if a finding about another use lists them.
    alike: Vec<&'u Use<'w>>,
}

/// Returns the uses with another role than the first use of the same name, by index.
fn collisions<'u, 'w>(uses: &'u [Use<'w>]) -> BTreeMap<usize, Collision<'u, 'w>> {
    let mut collisions: BTreeMap<usize, Collision<'u, 'w>> = BTreeMap::new();
    for (name, places) in by_name(uses) {
        let role = |place: &usize| uses[*place].metric.role;
        let Some(first) = places.first() else { continue };
        let (alike, others): (Vec<_>, Vec<_>) =
            places.iter().copied().partition(|place| role(place) == role(first));
        let mut alike = Some(alike);
        for other in others {
            let collision = collisions.entry(other).or_default();
            // The name as written takes precedence over the name in Prometheus.
            if collision.first.is_none() || uses[other].metric.name == name {
                collision.first = Some(&uses[*first]);
            }
            let alike = alike.take().into_iter().flatten();
            collision.alike.extend(alike.map(|place| &uses[place]));
        }
    }
    collisions
}

/// Returns the indices of the uses by name, as written and in Prometheus. One map suffices, because
/// only names with dots change in Prometheus.
fn by_name<'w>(uses: &[Use<'w>]) -> BTreeMap<Cow<'w, str>, Vec<usize>> {
    let mut by_name: BTreeMap<_, Vec<usize>> = BTreeMap::new();
    for (place, Use { metric, .. }) in uses.iter().enumerate() {
        if metric.is_well_formed() {
            for name in BTreeSet::from([Cow::Borrowed(metric.name), metric.exposed()]) {
                by_name.entry(name).or_default().push(place);
            }
        }
    }
    by_name
}

fn role_collision(later: &Use<'_>, Collision { first, alike }: &Collision<'_, '_>) -> Finding {
    let earlier = first.unwrap_or(later);
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
    let mut finding = RULE
        .finding(later.place(), message)
        .label(format!("used here for {role}"))
        .also(earlier.place(), format!("used here for {first_role}"))
        .help("give each metric its own name");
    let more = || alike.iter().map(|one| one.place()).filter(|place| *place != earlier.place());
    for place in more().take(MOST_NAMED) {
        finding = finding.also(place, format!("used here for {first_role}, too"));
    }
    // Each use has its own line in a baseline, so that each new use is reported. With more than one
    // finding, the first one has the lines of the uses that have no finding.
    let alike = alike.iter().map(|one| one.place());
    finding.concerning(more()).identified_by_places(alike.chain([later.place()]))
}
