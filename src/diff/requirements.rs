//! Compares requirements.

use std::collections::BTreeMap;

use super::{
    Change, ChangedItem, Direction, SideValue,
    changes::{FieldChanges, requirement_row},
    pairs::Pairs,
    value::{ChangedValue, FieldValue, changed_values},
};
use crate::{
    finding::DeclarationId,
    model::{Capabilities, DriverCapability, Field, Requirement, record},
    workspace::Workspace,
};

/// A requirement with its index in the workspace.
type Numbered<'w> = (usize, &'w Requirement);

pub(super) fn changes(pairs: &Pairs<'_>) -> Vec<Change> {
    let mut all: BTreeMap<ChangedItem, [Option<Numbered<'_>>; 2]> = BTreeMap::new();
    for (side, workspace) in [pairs.old, pairs.new].into_iter().enumerate() {
        for (number, requirement) in workspace.numbered_requirements() {
            all.entry(item(pairs, requirement, side == 1)).or_default()[side] =
                Some((number, requirement));
        }
    }
    let changes = all.into_iter().flat_map(|(item, sides)| match sides {
        [Some(old), Some(new)] => changed(&item, old, new),
        [Some((number, _)), None] if !is_lost(pairs.new, &item) => {
            vec![whole(item, number, Direction::Remove)]
        }
        [None, Some((number, _))] if !is_lost(pairs.old, &item) => {
            vec![whole(item, number, Direction::Add)]
        }
        [..] => Vec::new(),
    });
    changes.collect()
}

/// Returns the identity of a requirement, with the driver's name in the base.
fn item(pairs: &Pairs<'_>, requirement: &Requirement, is_new: bool) -> ChangedItem {
    let Requirement { consumer, driver, profile, .. } = requirement;
    let driver = if is_new { pairs.base_name(driver) } else { driver };
    ChangedItem::Requirement(consumer.clone(), driver.clone(), *profile)
}

/// Returns true if a requirement with read errors, or text that could not be parsed, might be this
/// requirement.
fn is_lost(workspace: &Workspace, item: &ChangedItem) -> bool {
    let Some(driver) = item.driver() else { return true };
    workspace.may_have_lost(driver)
        || workspace.unread_requirements().any(|name| name.is_none_or(|name| name == driver))
}

fn whole(item: ChangedItem, number: usize, direction: Direction) -> Change {
    let place = DeclarationId::Requirement(number).whole();
    let side = Some(SideValue { place, value: None, token: None });
    let sides = if direction == Direction::Add { [None, side] } else { [side, None] };
    Change::new(item, Field::Requirement, direction, sides)
}

fn changed(item: &ChangedItem, old: Numbered<'_>, new: Numbered<'_>) -> Vec<Change> {
    let numbers = [old.0, new.0];
    let mut changes: Vec<_> = changed_values(values(old.1), values(new.1))
        .map(|ChangedValue { field, direction, sides }| {
            Change::new(item.clone(), field, direction, located(numbers, field, sides))
        })
        .collect();
    changes.extend(capabilities(item, old, new));
    changes
}

/// Returns the values of both sides with their places.
fn located(
    [old, new]: [usize; 2],
    field: Field,
    [before, after]: [Option<FieldValue>; 2],
) -> [Option<SideValue>; 2] {
    let side = |number, value: Option<FieldValue>| {
        let place = DeclarationId::Requirement(number).at(field);
        Some(SideValue { place, value: Some(value?), token: None })
    };
    [side(old, before), side(new, after)]
}

/// Returns one change per added or removed capability.
fn capabilities(item: &ChangedItem, old: Numbered<'_>, new: Numbered<'_>) -> Vec<Change> {
    let none = Capabilities::default();
    let [before, after] = [old.1, new.1].map(|it| it.capabilities.as_ref().unwrap_or(&none));
    let change = |word: DriverCapability, direction| {
        let value = Some(FieldValue::text(word.label()));
        let values = if direction == Direction::Add { [None, value] } else { [value, None] };
        let sides = located([old.0, new.0], Field::Capabilities, values);
        let mut change = Change::new(item.clone(), Field::Capabilities, direction, sides);
        change.part.detail = Some(word.label().to_owned());
        change
    };
    let (removed, added) = (before.without(after), after.without(before));
    let removed = removed.iter().map(|word| change(word, Direction::Remove));
    removed.chain(added.iter().map(|word| change(word, Direction::Add))).collect()
}

/// Returns the compared fields of a requirement without its capabilities.
fn values(requirement: &Requirement) -> Vec<(Field, Option<FieldValue>)> {
    let is_compared = |field: Field| {
        field != Field::Capabilities && matches!(requirement_row(field), FieldChanges::Compared(_))
    };
    let fields = record::fields(requirement).into_iter().filter(|(field, _)| is_compared(*field));
    fields.map(|(field, literal)| (field, literal.map(FieldValue::from))).collect()
}
