//! Compares callers and calls.
//!
//! A call has no name. For one caller and driver, equal calls match. The other calls are paired in
//! order: first the calls with the same `parallel`, then the calls that are left.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Change, ChangedItem, Direction, SideValue,
    matching::unmatched,
    pairs::Pairs,
    value::{ChangedValue, FieldValue, changed_values, values},
};
use crate::{
    finding::DeclarationId,
    model::{Call, Caller, DriverName, Field},
    workspace::Workspace,
};

pub(super) fn changes(pairs: &Pairs<'_>) -> Vec<Change> {
    let mut changes = of_callers(pairs);
    changes.extend(of_calls(pairs));
    changes
}

fn of_callers(pairs: &Pairs<'_>) -> Vec<Change> {
    let mut all: BTreeMap<&DriverName, [Option<&Caller>; 2]> = BTreeMap::new();
    for (side, workspace) in [pairs.old, pairs.new].into_iter().enumerate() {
        for caller in workspace.callers() {
            all.entry(&caller.name).or_default()[side] = Some(caller);
        }
    }
    let changes = all.into_iter().flat_map(|(name, sides)| match sides {
        [Some(old), Some(new)] => changed_caller(old, new),
        [Some(_), None] if !is_lost(pairs.new, name) => {
            vec![whole_caller(name, Direction::Remove)]
        }
        [None, Some(_)] if !is_lost(pairs.old, name) => vec![whole_caller(name, Direction::Add)],
        [..] => Vec::new(),
    });
    changes.collect()
}

/// Returns true if a document declares this caller with read errors, or if text that could not be
/// parsed might declare it.
fn is_lost(workspace: &Workspace, name: &DriverName) -> bool {
    workspace.declares_caller(name) || workspace.may_have_lost(name)
}

fn whole_caller(name: &DriverName, direction: Direction) -> Change {
    let place = DeclarationId::Caller(name.clone()).whole();
    let side = Some(SideValue { place, value: None, token: None });
    let sides = if direction == Direction::Add { [None, side] } else { [side, None] };
    Change::new(ChangedItem::Caller(name.clone()), Field::Caller, direction, sides)
}

fn changed_caller(old: &Caller, new: &Caller) -> Vec<Change> {
    let name = &old.name;
    let side = |field, value: Option<FieldValue>| {
        let place = DeclarationId::Caller(name.clone()).at(field);
        Some(SideValue { place, value: Some(value?), token: None })
    };
    let changed = changed_values(values(old), values(new));
    let changed = changed.map(|ChangedValue { field, direction, sides: [before, after] }| {
        let sides = [side(field, before), side(field, after)];
        Change::new(ChangedItem::Caller(name.clone()), field, direction, sides)
    });
    changed.collect()
}

/// The ends of a call: the names of its caller and of its driver in the base.
pub(super) type Ends<'w> = (&'w DriverName, &'w DriverName);

/// A call with its index in the workspace, and its number, from 1, among the calls with the same
/// ends.
#[derive(Clone, Copy)]
struct Numbered<'w> {
    number: usize,
    item: usize,
    call: &'w Call,
}

/// The calls between the same two ends, for each side.
type Sides<'w> = [Vec<Numbered<'w>>; 2];

fn of_calls(pairs: &Pairs<'_>) -> Vec<Change> {
    let mut all: BTreeMap<Ends<'_>, Sides<'_>> = BTreeMap::new();
    for (side, workspace) in [pairs.old, pairs.new].into_iter().enumerate() {
        for (number, call) in workspace.numbered_calls() {
            let ends = if side == 0 { (&call.from, &call.to) } else { base_ends(pairs, call) };
            let list = &mut all.entry(ends).or_default()[side];
            list.push(Numbered { number, item: list.len() + 1, call });
        }
    }
    let unread = [unread(pairs, pairs.old, false), unread(pairs, pairs.new, true)];
    let is_read = |(ends, _): &(Ends<'_>, Sides<'_>)| {
        let lost = |workspace: &Workspace| {
            workspace.may_have_lost(ends.0) && workspace.may_have_lost(ends.1)
        };
        !unread.iter().any(|unread| unread.covers(*ends)) && !lost(pairs.old) && !lost(pairs.new)
    };
    all.into_iter().filter(is_read).flat_map(|(ends, sides)| of_ends(ends, sides)).collect()
}

/// Returns the ends of a call of the new side, under their names in the base.
pub(super) fn base_ends<'w>(pairs: &Pairs<'w>, call: &'w Call) -> Ends<'w> {
    (pairs.base_name(&call.from), pairs.base_name(&call.to))
}

/// The ends of the calls with read errors on one side.
#[derive(Default)]
struct Unread<'w> {
    ends: BTreeSet<Ends<'w>>,
    /// The callers of the calls whose driver name could not be read.
    from: BTreeSet<&'w DriverName>,
    to: BTreeSet<&'w DriverName>,
    any: bool,
}

impl Unread<'_> {
    fn covers(&self, ends: Ends<'_>) -> bool {
        self.any
            || self.ends.contains(&ends)
            || self.from.contains(ends.0)
            || self.to.contains(ends.1)
    }
}

fn unread<'w>(pairs: &Pairs<'w>, workspace: &'w Workspace, is_new: bool) -> Unread<'w> {
    let base = |name: &'w DriverName| if is_new { pairs.base_name(name) } else { name };
    let mut unread = Unread::default();
    for (from, to) in workspace.unread_calls() {
        match (from.map(base), to.map(base)) {
            (Some(from), Some(to)) => _ = unread.ends.insert((from, to)),
            (Some(from), None) => _ = unread.from.insert(from),
            (None, Some(to)) => _ = unread.to.insert(to),
            (None, None) => unread.any = true,
        }
    }
    unread
}

fn of_ends((from, to): Ends<'_>, [old, new]: Sides<'_>) -> Vec<Change> {
    let several = old.len().max(new.len()) > 1;
    let [old, new] = unmatched(old, new, |it| (it.call.operations(), it.call.is_parallel()));
    let contract = ChangedItem::Call(from.clone(), to.clone());
    let change = |numbered: &Numbered<'_>, field, direction, sides| {
        let mut change = Change::new(contract.clone(), field, direction, sides);
        change.part.item = several.then_some(numbered.item);
        change
    };
    let whole = |numbered: &Numbered<'_>| {
        let place = DeclarationId::Call(numbered.number).whole();
        Some(SideValue { place, value: None, token: None })
    };
    let (both, [old, new]) = paired(old, new);
    let changed = both.iter().flat_map(|(before, after)| {
        let values = changed_values(call_values(before.call), call_values(after.call));
        let side = |numbered: &Numbered<'_>, field, value| {
            let place = DeclarationId::Call(numbered.number).at(field);
            Some(SideValue { place, value, token: None })
        };
        let changed = values.map(|ChangedValue { field, direction, sides: [was, is] }| {
            let sides = [side(before, field, was), side(after, field, is)];
            change(before, field, direction, sides)
        });
        changed.collect::<Vec<_>>()
    });
    let removed =
        old.iter().map(|it| change(it, Field::Call, Direction::Remove, [whole(it), None]));
    let added = new.iter().map(|it| change(it, Field::Call, Direction::Add, [None, whole(it)]));
    changed.chain(removed).chain(added).collect()
}

/// Pairs calls with the same ends: first the calls with the same `parallel`, then the remaining
/// calls in order. Also returns the calls of each side that have no partner.
fn paired<'w>(
    old: Vec<Numbered<'w>>,
    mut new: Vec<Numbered<'w>>,
) -> (Vec<(Numbered<'w>, Numbered<'w>)>, Sides<'w>) {
    let mut both = Vec::new();
    let mut pair = |old: Vec<Numbered<'w>>, fits: fn(&Call, &Call) -> bool| {
        let mut left = Vec::new();
        for before in old {
            match new.iter().position(|after| fits(before.call, after.call)) {
                Some(index) => both.push((before, new.remove(index))),
                None => left.push(before),
            }
        }
        left
    };
    let left = pair(old, |before, after| before.is_parallel() == after.is_parallel());
    let left = pair(left, |_, _| true);
    (both, [left, new])
}

/// Returns the effective values of a call. A default that the document now states is therefore not
/// a change.
fn call_values(call: &Call) -> Vec<(Field, Option<FieldValue>)> {
    vec![
        (Field::Times, Some(FieldValue::Number(call.operations(), ""))),
        (Field::Parallel, Some(FieldValue::text(call.is_parallel()))),
    ]
}
