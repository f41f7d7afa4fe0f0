//! Budgets and workloads: what holds for each driver, and what is declared.
//!
//! A limit that moves to another scope and binds every driver as before is no loosening; one that
//! a narrower scope adds may well be. So it is compared what holds for each driver, and drivers
//! for which the same scopes change the same are one change. What is declared another way and
//! binds nobody otherwise is a change too, so that no changed token is left without its place.

mod declared;
mod holding;

use std::collections::{BTreeMap, BTreeSet};

use self::{
    declared::Declared,
    holding::{Held, Kind},
};
use super::{
    Change, Contract, Direction, Figure, Severity, Side,
    consequence::consequence,
    pairs::{Pair, Pairs},
    value::{Value, direction},
};
use crate::{
    finding::{Place, Subject},
    model::{BenchmarkProfile, Field, Scope},
    workspace::Workspace,
};

/// What changes for some drivers alike.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Group {
    profile: BenchmarkProfile,
    field: Field,
    /// The scope that sets it, with the value, on each side.
    sides: [Option<(Scope, Value)>; 2],
}

/// Changes of budgets, then of workloads.
pub(super) fn changes(pairs: &Pairs<'_>) -> Vec<Change> {
    [Kind::Budget, Kind::Workload].into_iter().flat_map(|kind| of_kind(pairs, kind)).collect()
}

fn of_kind(pairs: &Pairs<'_>, kind: Kind) -> Vec<Change> {
    let groups = groups(pairs, kind);
    let mut rest = declared::differing(pairs, kind);
    for group in groups.keys() {
        rest.retain(|declared| !is_covered(pairs, declared, group));
    }
    let holding = groups.into_iter().map(|(group, drivers)| binding(pairs, kind, group, &drivers));
    holding.chain(rest.into_iter().map(|declared| unbound(pairs, kind, declared))).collect()
}

/// What changes for the drivers that both sides have, and for which of them.
fn groups<'w>(pairs: &Pairs<'w>, kind: Kind) -> BTreeMap<Group, Vec<Pair<'w>>> {
    let mut groups: BTreeMap<Group, Vec<Pair<'w>>> = BTreeMap::new();
    for pair in &pairs.both {
        for profile in Workspace::profiles() {
            let old = kind.holding(pairs.old, pair.old, *profile);
            let new = kind.holding(pairs.new, pair.new, *profile);
            for (field, sides) in differing(&old, &new) {
                let group = Group { profile: *profile, field, sides };
                groups.entry(group).or_default().push(*pair);
            }
        }
    }
    groups
}

type Differing = (Field, [Option<(Scope, Value)>; 2]);

fn differing(old: &[Held], new: &[Held]) -> Vec<Differing> {
    let fields = old.iter().chain(new).map(|held| held.field);
    let fields: BTreeSet<Field> = fields.collect();
    let of = |side: &[Held], field| {
        let held = side.iter().find(|held| held.field == field)?;
        Some((held.scope.clone(), held.value.clone()))
    };
    let sides = fields.into_iter().map(|field| (field, [of(old, field), of(new, field)]));
    let changed = |(_, [old, new]): &Differing| {
        let value = |side: &Option<(Scope, Value)>| side.as_ref().map(|(_, value)| value.clone());
        value(old) != value(new)
    };
    sides.filter(changed).collect()
}

/// Whether the place of a declared value is one of those of a group.
fn is_covered(pairs: &Pairs<'_>, declared: &Declared, group: &Group) -> bool {
    let [old, new] = &group.sides;
    let scopes = [
        old.as_ref().map(|(scope, _)| scope.clone()),
        new.as_ref().map(|(scope, _)| pairs.base_scope(scope)),
    ];
    (declared.profile, declared.field) == (group.profile, group.field)
        && declared.sides.iter().zip(scopes).all(|(declared_side, scope)| {
            declared_side.is_none() || scope.as_ref() == Some(&declared.scope)
        })
}

/// A change that binds these drivers otherwise.
fn binding(pairs: &Pairs<'_>, kind: Kind, group: Group, bound: &[Pair<'_>]) -> Change {
    let Group { profile, field, sides: [old, new] } = group;
    let value = |side: &Option<(Scope, Value)>| side.as_ref().map(|(_, value)| value.clone());
    let went = direction(value(&old).as_ref(), value(&new).as_ref()).unwrap_or(Direction::Change);
    let scope = match (&new, &old) {
        (Some((scope, _)), _) => pairs.base_scope(scope),
        (None, Some((scope, _))) => scope.clone(),
        (None, None) => Scope::All,
    };
    let moved = moved(old.as_ref(), new.as_ref(), &scope);
    let old = old.map(|(scope, value)| side(pairs.old, kind, profile, &scope, field, value));
    let new = new.map(|(scope, value)| side(pairs.new, kind, profile, &scope, field, value));
    let mut change = Change::new(kind.contract(profile, scope), field, went, [old, new]);
    change.notes.extend(moved);
    change.drivers = bound.iter().map(|pair| pair.old.name.clone()).collect();
    if field == Field::MinThroughputOpsPerSec {
        let drain = Figure::QueueDrain(profile);
        let drains = bound.iter().filter_map(|pair| consequence(pairs, *pair, drain));
        change.consequences = drains.collect();
    }
    change
}

/// What is to be known where another scope sets the value than before.
fn moved(
    old: Option<&(Scope, Value)>,
    new: Option<&(Scope, Value)>,
    scope: &Scope,
) -> Option<String> {
    let (before, _) = old?;
    new?;
    (before != scope).then(|| format!("the scope `{before}` had set it, now `{scope}` does"))
}

/// A change that binds no driver otherwise.
fn unbound(pairs: &Pairs<'_>, kind: Kind, declared: Declared) -> Change {
    let Declared { profile, scope, field, sides: [old, new] } = declared;
    let went = direction(old.as_ref(), new.as_ref()).unwrap_or(Direction::Change);
    let own = |workspace, value: Option<Value>, scope: &Scope| {
        value.map(|value| side(workspace, kind, profile, scope, field, value))
    };
    let old = own(pairs.old, old, &scope);
    let new = own(pairs.new, new, &new_scope(pairs, &scope));
    let mut change = Change::new(kind.contract(profile, scope), field, went, [old, new]);
    change.severity = Severity::Compatible;
    change.meaning = "no driver that both sides have is bound otherwise";
    change
}

/// The scope in the terms of the new side.
fn new_scope(pairs: &Pairs<'_>, scope: &Scope) -> Scope {
    let Scope::Driver(name) = scope else { return scope.clone() };
    let renamed = pairs.both.iter().find(|pair| pair.old.name == *name);
    Scope::Driver(renamed.map_or_else(|| name.clone(), |pair| pair.new.name.clone()))
}

fn side(
    workspace: &Workspace,
    kind: Kind,
    profile: BenchmarkProfile,
    scope: &Scope,
    field: Field,
    value: Value,
) -> Side {
    let place = Place { subject: kind.subject(profile, scope.clone()), field: Some(field) };
    let token = kind.token(workspace, profile, scope, field);
    Side { place, value: Some(value), token }
}
