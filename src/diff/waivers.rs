//! Waivers: what is accepted otherwise than before.

use std::collections::BTreeMap;

use super::{
    Change, Contract, Direction, Side,
    pairs::Pairs,
    value::{Value, direction},
};
use crate::{
    finding::Subject,
    model::{Field, Waiver},
};

type Numbered<'w> = (usize, &'w Waiver);
/// The waivers of one rule for one driver, of each side.
type Sides<'w> = [Vec<Numbered<'w>>; 2];

pub(super) fn changes(pairs: &Pairs<'_>) -> Vec<Change> {
    let mut all: BTreeMap<Contract, Sides<'_>> = BTreeMap::new();
    for (number, waiver) in pairs.old.numbered_waivers() {
        let key = Contract::Waiver(waiver.rule.to_string(), waiver.driver.clone());
        all.entry(key).or_default()[0].push((number, waiver));
    }
    for (number, waiver) in pairs.new.numbered_waivers() {
        let driver = waiver.driver.as_ref().map(|name| pairs.base_name(name).clone());
        let key = Contract::Waiver(waiver.rule.to_string(), driver);
        all.entry(key).or_default()[1].push((number, waiver));
    }
    all.into_iter().flat_map(|(contract, sides)| of_one(&contract, sides)).collect()
}

fn of_one(contract: &Contract, [mut old, mut new]: Sides<'_>) -> Vec<Change> {
    old.retain(|(_, waiver)| {
        let equal = new.iter().position(|(_, other)| is_equal(waiver, other));
        equal.map(|index| new.remove(index)).is_none()
    });
    let whole = |(number, _): &Numbered<'_>| {
        Some(Side { place: Subject::Waiver(*number).whole(), value: None, token: None })
    };
    let both = old.len().min(new.len());
    let mut changes = Vec::new();
    for (old, new) in old.iter().zip(&new) {
        changes.extend(fields(contract, *old, *new));
    }
    changes.extend(old[both..].iter().map(|gone| {
        Change::new(contract.clone(), Field::Waiver, Direction::Remove, [whole(gone), None])
    }));
    changes.extend(new[both..].iter().map(|come| {
        Change::new(contract.clone(), Field::Waiver, Direction::Add, [None, whole(come)])
    }));
    changes
}

/// Whether two waivers of one rule and driver say the same.
fn is_equal(old: &Waiver, new: &Waiver) -> bool {
    (&old.reason, &old.owner, old.expires) == (&new.reason, &new.owner, new.expires)
}

fn fields(contract: &Contract, old: Numbered<'_>, new: Numbered<'_>) -> Vec<Change> {
    let (before, after) = (values(old.1), values(new.1));
    let differing = before.into_iter().zip(after).filter_map(|((field, before), (_, after))| {
        let went = direction(Some(&before), Some(&after))?;
        let sides = [side(old.0, field, before), side(new.0, field, after)].map(Some);
        Some(Change::new(contract.clone(), field, went, sides))
    });
    differing.collect()
}

fn side(number: usize, field: Field, value: Value) -> Side {
    Side { place: Subject::Waiver(number).at(field), value: Some(value), token: None }
}

fn values(waiver: &Waiver) -> [(Field, Value); 3] {
    [
        (Field::Reason, Value::text(&waiver.reason)),
        (Field::Owner, Value::text(&waiver.owner)),
        (Field::Expires, Value::Day(waiver.expires.to_string())),
    ]
}
