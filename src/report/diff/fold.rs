//! Folds the changes that one template causes in several drivers into one entry, in formats for
//! people.

use std::{borrow::Cow, collections::BTreeMap};

use super::{view::ChangeView, wording};
use crate::{
    diff::{Change, ChangedItem, Direction, FieldValue, Part, Severity, SideValue},
    model::{DRIVER_PLACEHOLDER, DriverName, Field, TemplateName},
    report::fold::replaced,
};

/// Everything that is the same for all drivers of a changed template.
type SameChange<'c> =
    (&'c TemplateName, Field, &'c Part, Direction, Severity, &'c [String], String);

/// Folds the entries. The first entry for a changed template replaces all entries for it.
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

/// The maximum number of figures to show for the first driver.
const MOST_FIGURES: usize = 3;

/// Returns the change of a template, with the figures of its first driver.
fn of_template(template: &TemplateName, changes: &[&Change]) -> Change {
    let first = changes[0];
    let drivers: Vec<_> =
        changes.iter().filter_map(|change| change.contract.driver().cloned()).collect();
    let values = |side: fn(&Change) -> &Option<SideValue>| {
        let value = |change: &&Change| side(change).as_ref().and_then(|side| side.value.clone());
        let is_same = changes.windows(2).all(|pair| value(&pair[0]) == value(&pair[1]));
        let name = drivers.first().filter(|_| !is_same);
        side(first).as_ref().map(|side| name.map_or_else(|| side.clone(), |it| unnamed(side, it)))
    };
    Change {
        contract: ChangedItem::Template(template.clone()),
        old: values(|change| &change.old),
        new: values(|change| &change.new),
        consequences: first.consequences.iter().take(MOST_FIGURES).cloned().collect(),
        drivers,
        ..first.clone()
    }
}

/// Returns the value in the form that the template contains, with the placeholder for the driver's
/// name.
fn unnamed(side: &SideValue, name: &DriverName) -> SideValue {
    let unnamed = |text: &str| replaced(text, name, DRIVER_PLACEHOLDER);
    let value = match &side.value {
        Some(FieldValue::Text(text)) => Some(FieldValue::Text(unnamed(text))),
        value => value.clone(),
    };
    SideValue { place: side.place.clone(), value, token: side.token.as_deref().map(unnamed) }
}
