//! Compares budgets and workloads by the effective values of each driver.
//!
//! One change covers all drivers whose values change in the same way. A declared value that changes
//! without an effect on any driver is also a change, so every changed token of a signature is
//! reported.

mod declared;
mod holding;

use std::collections::{BTreeMap, BTreeSet};

use self::{
    declared::DeclaredChange,
    holding::{EffectiveItem, ScopedKind},
};
use super::{
    Change, ChangedItem, DerivedFigure, Direction, Severity, SideValue,
    consequence::consequence,
    pairs::{DriverChange, Pairs},
    value::{FieldValue, direction},
};
use crate::{
    finding::{ContractPath, DeclarationId},
    model::{BenchmarkProfile, Field, Scope},
    workspace::Workspace,
};

/// A change that several drivers share.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Group {
    profile: BenchmarkProfile,
    field: Field,
    /// The value on each side, with the scope that sets the value.
    sides: [Option<(Scope, FieldValue)>; 2],
}

/// Returns the changes of budgets, then the changes of workloads.
pub(super) fn changes(pairs: &Pairs<'_>) -> Vec<Change> {
    [ScopedKind::Budget, ScopedKind::Workload]
        .into_iter()
        .flat_map(|kind| of_kind(pairs, kind))
        .collect()
}

fn of_kind(pairs: &Pairs<'_>, kind: ScopedKind) -> Vec<Change> {
    let groups = groups(pairs, kind);
    let covered = Covered::new(pairs, groups.keys());
    let mut rest = declared::differing(pairs, kind);
    rest.retain(|declared| !covered.contains(declared));
    let holding = groups.into_iter().map(|(group, drivers)| binding(pairs, kind, group, &drivers));
    holding.chain(rest.into_iter().map(|declared| unbound(pairs, kind, declared))).collect()
}

/// Returns the changes of effective values, and the drivers that each change applies to.
fn groups<'w>(pairs: &Pairs<'w>, kind: ScopedKind) -> BTreeMap<Group, Vec<DriverChange<'w>>> {
    let mut groups: BTreeMap<Group, Vec<DriverChange<'w>>> = BTreeMap::new();
    for pair in &pairs.both {
        for profile in pairs.profiles() {
            let Some([old, new]) = kind.changed(pairs, *pair, profile) else { continue };
            for (field, sides) in differing(&old, &new) {
                let group = Group { profile, field, sides };
                groups.entry(group).or_default().push(*pair);
            }
        }
    }
    groups
}

type Differing = (Field, [Option<(Scope, FieldValue)>; 2]);

fn differing(old: &[EffectiveItem], new: &[EffectiveItem]) -> Vec<Differing> {
    let fields = old.iter().chain(new).map(|held| held.field);
    let fields: BTreeSet<Field> = fields.collect();
    let of = |side: &[EffectiveItem], field| {
        let held = side.iter().find(|held| held.field == field)?;
        Some((held.scope.clone(), held.value.clone()))
    };
    let sides = fields.into_iter().map(|field| (field, [of(old, field), of(new, field)]));
    let changed = |(_, [old, new]): &Differing| {
        let value =
            |side: &Option<(Scope, FieldValue)>| side.as_ref().map(|(_, value)| value.clone());
        value(old) != value(new)
    };
    sides.filter(changed).collect()
}

/// The key of a declared value. The scope has the driver's name in the base.
type Key = (BenchmarkProfile, Field, Scope);

/// The declared values that a group of changes covers, for each side and for both sides together.
#[derive(Default)]
struct Covered {
    old: BTreeSet<Key>,
    new: BTreeSet<Key>,
    both: BTreeSet<Key>,
}

impl Covered {
    fn new<'g>(pairs: &Pairs<'_>, groups: impl Iterator<Item = &'g Group>) -> Self {
        let mut covered = Self::default();
        for Group { profile, field, sides: [old, new] } in groups {
            let key = |scope: Scope| (*profile, *field, scope);
            let old = old.as_ref().map(|(scope, _)| key(scope.clone()));
            let new = new.as_ref().map(|(scope, _)| key(pairs.base_scope(scope)));
            covered.both.extend(old.clone().filter(|old| new.as_ref() == Some(old)));
            covered.old.extend(old);
            covered.new.extend(new);
        }
        covered
    }

    /// Returns true if one group covers a declared value on both sides. If only one side declares
    /// the value, returns true if a group covers it on that side.
    fn contains(&self, declared: &DeclaredChange) -> bool {
        let key = (declared.profile, declared.field, declared.scope.clone());
        match &declared.sides {
            [Some(_), Some(_)] => self.both.contains(&key),
            [Some(_), None] => self.old.contains(&key),
            [None, Some(_)] => self.new.contains(&key),
            [None, None] => true,
        }
    }
}

/// Returns a change of the effective value of these drivers.
fn binding(
    pairs: &Pairs<'_>,
    kind: ScopedKind,
    group: Group,
    bound: &[DriverChange<'_>],
) -> Change {
    let Group { profile, field, sides: [old, new] } = group;
    let value = |side: &Option<(Scope, FieldValue)>| side.as_ref().map(|(_, value)| value.clone());
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
        let drain = DerivedFigure::QueueDrain(profile);
        let drains = bound.iter().filter_map(|pair| consequence(pairs, *pair, drain));
        change.consequences = drains.collect();
    }
    change
}

/// Returns a note if the new value comes from a different scope than the old value.
fn moved(
    old: Option<&(Scope, FieldValue)>,
    new: Option<&(Scope, FieldValue)>,
    scope: &Scope,
) -> Option<String> {
    let (before, _) = old?;
    new?;
    (before != scope).then(|| format!("set by scope `{before}` before, by `{scope}` now"))
}

/// Returns a change of a declared value that no driver uses.
fn unbound(pairs: &Pairs<'_>, kind: ScopedKind, declared: DeclaredChange) -> Change {
    let DeclaredChange { profile, scope, field, sides: [old, new] } = declared;
    let went = direction(old.as_ref(), new.as_ref()).unwrap_or(Direction::Change);
    let own = |workspace, value: Option<FieldValue>, scope: &Scope| {
        value.map(|value| side(workspace, kind, profile, scope, field, value))
    };
    let old = own(pairs.old, old, &scope);
    let new = own(pairs.new, new, &new_scope(pairs, &scope));
    let mut change = Change::new(kind.contract(profile, scope), field, went, [old, new]);
    change.severity = Severity::Compatible;
    change.meaning = "the change affects no driver that both sides have";
    change
}

/// Returns the scope with the driver's name on the new side.
fn new_scope(pairs: &Pairs<'_>, scope: &Scope) -> Scope {
    let Scope::Driver(name) = scope else { return scope.clone() };
    let pair = pairs.of_base(name);
    Scope::Driver(pair.map_or_else(|| name.clone(), |pair| pair.new.name.clone()))
}

fn side(
    workspace: &Workspace,
    kind: ScopedKind,
    profile: BenchmarkProfile,
    scope: &Scope,
    field: Field,
    value: FieldValue,
) -> SideValue {
    let place = ContractPath { subject: kind.subject(profile, scope.clone()), field: Some(field) };
    let token = kind.token(workspace, profile, scope, field);
    SideValue { place, value: Some(value), token }
}
