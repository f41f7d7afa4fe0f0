//! Compares servers.
//!
//! Leaves out a server if one side could not read it, or might declare it in a text that is not
//! valid TOML.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Change, ChangedItem, Direction, SideValue,
    changes::When,
    pairs::Pairs,
    value::{ChangedValue, FieldValue, changed_values, values},
};
use crate::{
    finding::{ContractPath, DeclarationId},
    model::{DriverName, Field, InstanceCount, Server, ServerName},
    workspace::{DriverServer, Workspace},
};

/// A server on each side.
type Sides<'w> = [Option<&'w Server>; 2];

pub(super) fn changes(pairs: &Pairs<'_>) -> Vec<Change> {
    let mut all: BTreeMap<&ServerName, Sides<'_>> = BTreeMap::new();
    for (side, workspace) in [pairs.old, pairs.new].into_iter().enumerate() {
        for server in workspace.servers() {
            all.entry(&server.name).or_default()[side] = Some(server);
        }
    }
    let changed = all.into_iter().filter(|(_, [old, new])| old != new);
    changed.flat_map(|(name, sides)| of_one(pairs, name, sides)).collect()
}

fn of_one(pairs: &Pairs<'_>, name: &ServerName, sides: Sides<'_>) -> Vec<Change> {
    let change = |direction, sides, server| {
        let item = ChangedItem::Server(name.clone());
        let mut change = Change::new(item, Field::Server, direction, sides);
        change.drivers = drivers(pairs, [server, server]);
        vec![change]
    };
    match sides {
        [Some(old), Some(new)] => {
            let mut changes = facts(pairs, old, new);
            changes.extend(instances(pairs, old, new));
            changes
        }
        [Some(old), None] if !may_declare(pairs.new, name) => {
            change(Direction::Remove, [Some(whole(name)), None], old)
        }
        [None, Some(new)] if !may_declare(pairs.old, name) => {
            change(Direction::Add, [None, Some(whole(name))], new)
        }
        [Some(_) | None, None] | [None, Some(_)] => Vec::new(),
    }
}

/// Returns true if a side might declare a server that it could not read.
fn may_declare(side: &Workspace, name: &ServerName) -> bool {
    side.may_have_lost(name) || side.is_unread_server(name)
}

fn whole(name: &ServerName) -> SideValue {
    let place = DeclarationId::Server(name.clone()).whole();
    SideValue { place, value: None, token: None }
}

/// Returns the changes of all fields except the instances.
fn facts(pairs: &Pairs<'_>, old: &Server, new: &Server) -> Vec<Change> {
    let changed = |ChangedValue { field, direction, sides: [before, after] }| {
        let place = DeclarationId::Server(old.name.clone()).at(field);
        let sides = [side(&place, before), side(&place, after)];
        let item = ChangedItem::Server(old.name.clone());
        let mut change = Change::new(item, field, direction, sides);
        change.drivers = drivers(pairs, [old, new]);
        change
    };
    let compared = |server| {
        let mut facts = values(server);
        facts.retain(|(field, _)| *field != Field::Instances && *field != Field::Name);
        facts.iter_mut().for_each(forget_default);
        facts
    };
    changed_values(compared(old), compared(new)).map(changed).collect()
}

/// Removes a `reserved_connections` of 0, which is the default.
fn forget_default((field, value): &mut (Field, Option<FieldValue>)) {
    let is_zero = value.as_ref().and_then(FieldValue::number) == Some(0);
    if *field == Field::ReservedConnections && is_zero {
        *value = None;
    }
}

/// Returns the changes of the number of instances, one change per driver.
fn instances(pairs: &Pairs<'_>, old: &Server, new: &Server) -> Vec<Change> {
    let mut counts: BTreeMap<&DriverName, [Option<(&DriverName, InstanceCount)>; 2]> =
        BTreeMap::new();
    for (driver, count) in old.instances.iter() {
        counts.entry(driver).or_default()[0] = Some((driver, *count));
    }
    for (driver, count) in new.instances.iter() {
        counts.entry(pairs.base_name(driver)).or_default()[1] = Some((driver, *count));
    }
    let changed = counts.into_iter().filter_map(|(driver, sides)| {
        let number = |side: Option<(&DriverName, InstanceCount)>| {
            vec![(Field::Instances, side.map(|(_, count)| FieldValue::Number(count.get(), "")))]
        };
        let changed = changed_values(number(sides[0]), number(sides[1])).next()?;
        let ChangedValue { field, direction, sides: [before, after] } = changed;
        let place = |side: Option<(&DriverName, InstanceCount)>| {
            let name = side.map_or(driver, |(name, _)| name).clone();
            DeclarationId::Instances(old.name.clone(), name).whole()
        };
        let sides = [side(&place(sides[0]), before), side(&place(sides[1]), after)];
        let item = ChangedItem::Server(old.name.clone());
        let mut change = Change::new(item, field, direction, sides);
        change.part.detail = Some(driver.to_string());
        if direction == Direction::Remove && is_without_server(pairs, driver) {
            change.judge(|when| when == When::WithoutServer);
        }
        Some(change)
    });
    changed.collect()
}

/// Returns true if the new side has a driver, and no server of the new side names this driver.
/// `driver` is the name in the base.
fn is_without_server(pairs: &Pairs<'_>, driver: &DriverName) -> bool {
    let name = pairs.of_base(driver).map_or(driver, |pair| &pair.new.name);
    pairs.new.source_of(name).is_some() && matches!(pairs.new.server_of(name), DriverServer::None)
}

fn side(place: &ContractPath, value: Option<FieldValue>) -> Option<SideValue> {
    Some(SideValue { place: place.clone(), value: Some(value?), token: None })
}

/// Returns the drivers that one of the two servers names and that both sides have, under their
/// names in the base.
fn drivers(pairs: &Pairs<'_>, [old, new]: [&Server; 2]) -> Vec<DriverName> {
    let named = old.instances.iter().map(|(name, _)| name);
    let named = named.chain(new.instances.iter().map(|(name, _)| pairs.base_name(name)));
    let named: BTreeSet<&DriverName> = named.collect();
    named.into_iter().filter(|name| pairs.of_base(name).is_some()).cloned().collect()
}
