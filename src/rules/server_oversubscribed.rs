//! Reports a server that accepts fewer connections than its drivers can open.

use std::{cmp::Reverse, collections::BTreeMap};

use super::{
    Check, ContractPath, DeclarationId, DriverSelection, DriverView, DriversView, Field, Level,
    Lint, Rule, RuleFindings, rule,
};
use crate::{
    finding::Finding,
    model::{DriverClass, DriverName, ReservedConnections, Server},
};

pub(super) const LINT: Lint =
    Lint { rule: &RULE, check: Check::Drivers(DriverSelection::Each(opens_connections), check) };

static RULE: Rule = rule!(
    "server-oversubscribed",
    Level::Warn,
    "drivers can open more connections than their server accepts"
);

/// The maximum number of drivers to list. Drivers with the most connections come first.
const LISTED: usize = 10;

/// The connections that the processes of one driver can open.
struct Share<'w> {
    driver: &'w DriverName,
    instances: u64,
    slots: u64,
}

impl Share<'_> {
    const fn connections(&self) -> u128 {
        self.instances as u128 * self.slots as u128
    }

    /// Returns the places that determine the number of slots: the driver and its `max_in_flight`,
    /// which a template can set.
    fn places(&self) -> [ContractPath; 2] {
        let driver = || DeclarationId::Driver(self.driver.clone());
        [driver().whole(), driver().at(Field::MaxInFlight)]
    }

    /// Returns the greatest `max_in_flight` with which the server accepts all connections, if any
    /// value is low enough. `spare` is the number of connections that the other drivers do not use.
    fn fitting(&self, spare: Option<u128>) -> Option<u128> {
        spare.map(|spare| spare / u128::from(self.instances)).filter(|slots| *slots > 0)
    }
}

/// Returns true if the driver opens one connection per slot and its server is known.
fn opens_connections(view: &DriverView<'_>) -> bool {
    view.server.known().is_some() && view.class() == DriverClass::RelationalAdapter
}

fn check(view: &DriversView<'_>, findings: &mut RuleFindings) {
    let mut servers: BTreeMap<&str, (&Server, Vec<Share<'_>>)> = BTreeMap::new();
    for contract in view.drivers {
        let Some(of) = view.workspace.server_of(&contract.name).known() else { continue };
        let share = Share {
            driver: &contract.name,
            instances: of.instances.get(),
            slots: contract.max_in_flight.get(),
        };
        servers.entry(&of.server.name).or_insert((of.server, Vec::new())).1.push(share);
    }
    for (server, shares) in servers.into_values() {
        let Some(available) = server.available_connections() else { continue };
        let all: u128 = shares.iter().map(Share::connections).sum();
        if all > available.into() && view.workspace.knows_drivers_of(server) {
            findings.push(oversubscribed(server, all, shares));
        }
    }
}

fn oversubscribed(server: &Server, all: u128, mut shares: Vec<Share<'_>>) -> Finding {
    let concerns: Vec<_> = shares.iter().flat_map(Share::places).collect();
    shares.sort_by_key(|share| (Reverse(share.connections()), share.driver));
    let drivers = shares.iter().map(|share| DeclarationId::Driver(share.driver.clone()).whole());
    let message = message(server, all, shares.len());
    let needed = all.saturating_add(reserved(server).into());
    let mut finding = RULE
        .finding(at(server, Field::MaxConnections), message)
        .with_parts(drivers)
        .at_most(u64::try_from(needed).unwrap_or(u64::MAX));
    shares.truncate(LISTED);
    if reserved(server) > 0 {
        finding = finding.also(at(server, Field::ReservedConnections), "reserved for others");
    }
    for share in &shares {
        let place = DeclarationId::Instances(server.name.clone(), share.driver.clone()).whole();
        finding = finding.also(place, label(share));
    }
    finding.concerning(concerns).help(help(server, all, &shares))
}

fn at(server: &Server, field: Field) -> ContractPath {
    DeclarationId::Server(server.name.clone()).at(field)
}

fn reserved(server: &Server) -> u64 {
    server.reserved_connections.map_or(0, ReservedConnections::get)
}

fn message(server: &Server, all: u128, drivers: usize) -> String {
    let drivers = match drivers {
        1 => "1 driver".to_owned(),
        2..=LISTED => format!("{drivers} drivers"),
        _ => format!("{drivers} drivers, of which the largest {LISTED} are listed,"),
    };
    let available = server.available_connections().unwrap_or_default();
    let from = if reserved(server) > 0 { " from drivers" } else { "" };
    format!("{drivers} can open {all} connections, but the server accepts only {available}{from}")
}

/// Returns the label of a share: instances × slots = connections.
fn label(share: &Share<'_>) -> String {
    let Share { driver, instances, slots } = share;
    let s = |number: u64| if number == 1 { "" } else { "s" };
    format!(
        "`{driver}`: {instances} instance{} × {slots} slot{} = {} connection{}",
        s(*instances),
        s(*slots),
        share.connections(),
        if share.connections() == 1 { "" } else { "s" }
    )
}

/// Returns the help text. For each listed driver, it suggests the `max_in_flight` with which the
/// server accepts all connections while the other drivers stay unchanged.
fn help(server: &Server, all: u128, shares: &[Share<'_>]) -> String {
    let available = u128::from(server.available_connections().unwrap_or_default());
    let spare = |share: &Share<'_>| available.checked_sub(all - share.connections());
    let (mut fitting, mut others) = (Vec::new(), Vec::new());
    for share in shares {
        match share.fitting(spare(share)) {
            Some(slots) => fitting.push(format!("{slots} in `{}`", share.driver)),
            None => others.push(format!("`{}`", share.driver)),
        }
    }
    if let ([share], true) = (shares, fitting.is_empty()) {
        return format!(
            "run fewer instances of `{}`, or raise `max_connections`; no `max_in_flight` is low enough",
            share.driver
        );
    }
    if fitting.is_empty() {
        return "run fewer instances, lower `max_in_flight` in several drivers, or raise \
                `max_connections`; lowering `max_in_flight` in one driver is not enough"
            .to_owned();
    }
    let set = format!("set `max_in_flight` to at most {}", either(&fitting));
    if others.is_empty() {
        return set;
    }
    format!("{set}; changing only {} is not enough", either(&others))
}

/// Joins the parts with commas and `or`: `a, b or c`.
fn either(parts: &[String]) -> String {
    match parts {
        [rest @ .., last] if !rest.is_empty() => format!("{} or {last}", rest.join(", ")),
        parts => parts.concat(),
    }
}
