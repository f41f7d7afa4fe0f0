//! Compares waivers.

use std::collections::BTreeMap;

use super::{
    Change, ChangedItem, Direction, SideValue,
    matching::unmatched,
    pairs::Pairs,
    value::{ChangedValue, FieldValue, changed_values, values},
};
use crate::{
    finding::DeclarationId,
    model::{Field, Waiver},
};

/// A waiver with its index in the workspace, and its number, from 1, among the waivers for the same
/// rule and driver.
#[derive(Clone, Copy)]
struct Numbered<'w> {
    number: usize,
    item: usize,
    waiver: &'w Waiver,
}

/// The waivers for one rule and driver on each side.
type Sides<'w> = [Vec<Numbered<'w>>; 2];

pub(super) fn changes(pairs: &Pairs<'_>) -> Vec<Change> {
    let mut all: BTreeMap<ChangedItem, Sides<'_>> = BTreeMap::new();
    let mut add = |contract: ChangedItem, side: usize, (number, waiver)| {
        let list = &mut all.entry(contract).or_default()[side];
        list.push(Numbered { number, item: list.len() + 1, waiver });
    };
    for (number, waiver) in pairs.old.numbered_waivers() {
        let contract = ChangedItem::Waiver(waiver.rule.to_string(), waiver.driver.clone());
        add(contract, 0, (number, waiver));
    }
    for (number, waiver) in pairs.new.numbered_waivers() {
        let driver = waiver.driver.as_ref().map(|name| pairs.base_name(name).clone());
        add(ChangedItem::Waiver(waiver.rule.to_string(), driver), 1, (number, waiver));
    }
    all.into_iter().flat_map(|(contract, sides)| of_one(&contract, sides)).collect()
}

fn of_one(contract: &ChangedItem, [old, new]: Sides<'_>) -> Vec<Change> {
    let several = old.len().max(new.len()) > 1;
    let [old, new] = unmatched(old, new, |numbered| {
        let Waiver { field, reason, owner, expires, .. } = numbered.waiver;
        (*field, reason, owner, *expires)
    });
    let whole = |numbered: &Numbered<'_>| {
        let place = DeclarationId::Waiver(numbered.number).whole();
        Some(SideValue { place, value: None, token: None })
    };
    let change = |numbered: &Numbered<'_>, direction, sides| {
        let mut change = Change::new(contract.clone(), Field::Waiver, direction, sides);
        change.part.item = several.then_some(numbered.item);
        change
    };
    let both = old.len().min(new.len());
    let changed = old.iter().zip(&new).flat_map(|(old, new)| fields(contract, several, *old, *new));
    let removed = old[both..].iter().map(|it| change(it, Direction::Remove, [whole(it), None]));
    let added = new[both..].iter().map(|it| change(it, Direction::Add, [None, whole(it)]));
    changed.chain(removed).chain(added).collect()
}

fn fields(
    contract: &ChangedItem,
    several: bool,
    old: Numbered<'_>,
    new: Numbered<'_>,
) -> Vec<Change> {
    let changed = |ChangedValue { field, direction, sides: [before, after] }| {
        let sides = [side(old.number, field, before), side(new.number, field, after)];
        let mut change = Change::new(contract.clone(), field, direction, sides);
        change.part.item = several.then_some(old.item);
        change
    };
    changed_values(values(old.waiver), values(new.waiver)).map(changed).collect()
}

fn side(number: usize, field: Field, value: Option<FieldValue>) -> Option<SideValue> {
    Some(SideValue {
        place: DeclarationId::Waiver(number).at(field),
        value: Some(value?),
        token: None,
    })
}
