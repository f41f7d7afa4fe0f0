//! Folds the changes that one template causes in several drivers into one entry, in formats for
//! people.

use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet},
};

use super::{view::ChangeView, wording};
use crate::{
    diff::{
        AffectedConsumers, Change, ChangedItem, Difference, Direction, FieldValue, Part, Severity,
        SideValue,
    },
    model::{Field, TemplateName},
    signature::encoded_template_text,
    workspace::Workspace,
};

/// The parts of a change that are equal for all drivers of the same template.
type SameChange<'c> = (&'c TemplateName, Field, &'c Part, Direction, Severity, String);

/// Folds the entries. Replaces all entries for the same change of a template with one entry, at the
/// position of the first entry. `sides` are the documents of the base and the current documents.
pub(super) fn folded<'c>(
    entries: Vec<ChangeView<'c>>,
    sides: [&Workspace; 2],
) -> Vec<ChangeView<'c>> {
    let mut groups: BTreeMap<_, Vec<usize>> = BTreeMap::new();
    for (index, entry) in entries.iter().enumerate() {
        if let Some(same) = same_change(&entry.change) {
            groups.entry(same).or_default().push(index);
        }
    }
    let mut merged: BTreeMap<usize, Option<Change>> = BTreeMap::new();
    for ((template, ..), indices) in groups.into_iter().filter(|(_, indices)| indices.len() > 1) {
        let changes: Vec<_> = indices.iter().map(|index| &*entries[*index].change).collect();
        let change = of_template(template, &changes, sides);
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
    let Change { field, part, direction, severity, .. } = change;
    let accepted = format!("{:?}", change.accepted);
    Some((template, *field, part, *direction, *severity, accepted))
}

/// Returns true if a change is folded with the change of another driver.
pub(super) fn is_folded(change: &Change, difference: &Difference) -> bool {
    let Some(same) = same_change(change) else { return false };
    let equal =
        difference.changes.iter().filter(|other| same_change(other).as_ref() == Some(&same));
    equal.count() > 1
}

/// The maximum number of the first driver's figures that an entry shows.
const MOST_FIGURES: usize = 3;

/// The maximum number of notes that an entry shows.
const MOST_NOTES: usize = 3;

/// Returns the notes of all drivers, without duplicates.
fn notes(changes: &[&Change]) -> Vec<String> {
    let mut known = BTreeSet::new();
    let all = changes.iter().flat_map(|change| &change.notes);
    let mut notes: Vec<_> = all.filter(|note| known.insert(*note)).cloned().collect();
    let more = notes.len().saturating_sub(MOST_NOTES);
    // The notes of a single driver can be one more.
    if more > 1 {
        notes.truncate(MOST_NOTES);
        notes.push(format!("… and {more} more like these"));
    }
    notes
}

/// Returns the consumers of all drivers.
fn consumers(changes: &[&Change]) -> AffectedConsumers {
    let mut all = AffectedConsumers::default();
    for change in changes {
        all.merge(&change.consumers);
    }
    all
}

/// Returns the change of a template, with the figures of its first driver.
fn of_template(template: &TemplateName, changes: &[&Change], sides: [&Workspace; 2]) -> Change {
    let first = changes[0];
    let drivers = changes.iter().filter_map(|change| change.contract.driver().cloned());
    let [old, new] = [(&first.old, sides[0]), (&first.new, sides[1])].map(|(side, workspace)| {
        let text = workspace.template_text(template, first.field);
        side.as_ref().map(|side| text.map_or_else(|| side.clone(), |text| with_text(side, text)))
    });
    Change {
        contract: ChangedItem::Template(template.clone()),
        old,
        new,
        consequences: first.consequences.iter().take(MOST_FIGURES).cloned().collect(),
        consumers: consumers(changes),
        notes: notes(changes),
        drivers: drivers.collect(),
        ..first.clone()
    }
}

/// Returns the side with the template's text instead of the driver's text.
fn with_text(side: &SideValue, text: &str) -> SideValue {
    let token = side.token.as_ref().and_then(|token| token.split_once('='));
    SideValue {
        place: side.place.clone(),
        value: Some(FieldValue::text(text)),
        token: token.map(|(key, _)| format!("{key}={}", encoded_template_text(text))),
    }
}
