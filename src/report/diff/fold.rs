//! Folds the changes that several drivers have because of one template into one, for people.

use std::{borrow::Cow, collections::BTreeMap};

use super::{view::ChangeView, wording};
use crate::{
    diff::{Change, ChangedItem, Direction, Part, Severity},
    model::{Field, TemplateName},
};

/// Everything that is equal for all drivers of a changed template.
type SameChange<'c> =
    (&'c TemplateName, Field, &'c Part, Direction, Severity, &'c [String], String);

/// Folds the entries. The first entry of a changed template takes the place of all.
pub(super) fn folded(entries: Vec<ChangeView<'_>>) -> Vec<ChangeView<'_>> {
    let mut groups: BTreeMap<_, Vec<usize>> = BTreeMap::new();
    for (index, entry) in entries.iter().enumerate() {
        if let Some(same) = same_change(&entry.change) {
            groups.entry(same).or_default().push(index);
        }
    }
    let mut merged: BTreeMap<usize, Option<Change>> = BTreeMap::new();
    for ((template, ..), indices) in groups.into_iter().filter(|(_, indices)| indices.len() > 1) {
        let changes: Vec<_> = indices.iter().map(|index| &*entries[*index].change).collect();
        let change = of_template(template, &changes);
        merged.extend(indices[1..].iter().map(|index| (*index, None)));
        merged.insert(indices[0], Some(change));
    }
    let fold = |(index, entry)| match merged.remove(&index) {
        None => Some(entry),
        Some(None) => None,
        Some(Some(change)) => {
            let message = wording::message(&change);
            Some(ChangeView { change: Cow::Owned(change), message, ..entry })
        }
    };
    entries.into_iter().enumerate().filter_map(fold).collect()
}

fn same_change(change: &Change) -> Option<SameChange<'_>> {
    let template = change.template.as_ref()?;
    let Change { field, part, direction, severity, notes, .. } = change;
    let accepted = format!("{:?}", change.accepted);
    Some((template, *field, part, *direction, *severity, notes, accepted))
}

/// The change of a template, with the values of its first driver and the figures of all.
fn of_template(template: &TemplateName, changes: &[&Change]) -> Change {
    let drivers = changes.iter().filter_map(|change| change.contract.driver().cloned());
    let consequences = changes.iter().flat_map(|change| change.consequences.iter().cloned());
    Change {
        contract: ChangedItem::Template(template.clone()),
        drivers: drivers.collect(),
        consequences: consequences.collect(),
        ..changes[0].clone()
    }
}
