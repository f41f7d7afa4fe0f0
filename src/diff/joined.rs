//! Joins the differences of several projects.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Change, ChangedItem, Difference, Direction, SideValue, configuration::concerns, order,
    path::number_equal,
};
use crate::{
    finding::DeclarationId,
    model::{DriverName, Field},
    source::{Location, Span},
    workspace::Workspace,
};

/// The differences of several projects, joined into one difference.
///
/// If changes of several projects have the same path, each of their paths gets a number.
#[derive(Clone, Debug, Default)]
pub struct JoinedDifference {
    /// The changes and impacts of all projects.
    pub difference: Difference,
    /// The index of the project of each change.
    pub parts: Vec<usize>,
    /// The index of the project of each impact.
    pub impact_parts: Vec<usize>,
}

impl JoinedDifference {
    /// Joins the differences of projects, given both sides of each project. If several projects
    /// report a change at the same place, for example in a shared document, their changes become
    /// one change.
    pub fn of(projects: Vec<(Difference, [&Workspace; 2])>) -> Self {
        let is_alone = projects.len() == 1;
        let mut changes: Vec<(Change, usize)> = Vec::new();
        let mut known: BTreeMap<Identity, usize> = BTreeMap::new();
        let mut impacted = BTreeSet::new();
        let mut joined = Self::default();
        for (part, (Difference { changes: own, impacts }, sides)) in
            projects.into_iter().enumerate()
        {
            let identities = if is_alone { Vec::new() } else { identities(&own, sides) };
            let mut identities = identities.into_iter();
            let mut new = BTreeMap::new();
            for change in own {
                let identity = identities.next();
                if let Some(index) = identity.as_ref().and_then(|it| known.get(it)) {
                    let slot = &mut changes[*index];
                    *slot = merged(slot.clone(), (change, part));
                } else {
                    new.extend(identity.map(|identity| (identity, changes.len())));
                    changes.push((change, part));
                }
            }
            known.extend(new);
            let impacts = impacts.into_iter().filter(|impact| {
                let place = place_of_driver(&impact.driver, sides[0]);
                is_alone || place.is_none_or(|place| impacted.insert((place, impact.profile)))
            });
            let impacts: Vec<_> = impacts.collect();
            joined.impact_parts.extend(impacts.iter().map(|_| part));
            joined.difference.impacts.extend(impacts);
        }
        // The numbers follow the order of the projects.
        let mut all: Vec<_> = changes.iter_mut().map(|(change, _)| change).collect();
        number_equal(&mut all, |part, number| part.project = Some(number));
        changes.sort_by(|(left, _), (right, _)| order(left).cmp(&order(right)));
        (joined.difference.changes, joined.parts) = changes.into_iter().unzip();
        joined
    }
}

/// A document and a span in it.
type Place = (String, Span);

/// The properties that identify a change. They are the same in every project.
type Identity = (ChangedItem, Field, Direction, Option<String>, [Option<Place>; 2]);

/// Returns the identities of a project's changes, in the order of the changes.
fn identities(changes: &[Change], [old, new]: [&Workspace; 2]) -> Vec<Identity> {
    let mut before = places(changes, old, |change| change.old.as_ref());
    let mut after = places(changes, new, |change| change.new.as_ref());
    let identity = |(index, change): (usize, &Change)| {
        let places = [before.remove(&index), after.remove(&index)];
        let detail = change.part.detail.clone();
        (change.contract.clone(), change.field, change.direction, detail, places)
    };
    changes.iter().enumerate().map(identity).collect()
}

/// Returns the place of each change on one side, by the index of the change.
fn places(
    changes: &[Change],
    workspace: &Workspace,
    side: impl Fn(&Change) -> Option<&SideValue>,
) -> BTreeMap<usize, Place> {
    let all = changes.iter().map(side).enumerate();
    let (indices, paths): (Vec<_>, Vec<_>) =
        all.filter_map(|(index, side)| Some((index, side?.place.clone()))).unzip();
    let located = workspace.locate_places(paths).into_iter();
    indices.into_iter().zip(located.map(|location| named(location, workspace))).collect()
}

fn place_of_driver(name: &DriverName, workspace: &Workspace) -> Option<Place> {
    workspace.source_of(name)?;
    let place = DeclarationId::Driver(name.clone()).whole();
    let location = workspace.locate_places([place]).into_iter().next()?;
    Some(named(location, workspace))
}

fn named(Location { source, span }: Location, workspace: &Workspace) -> Place {
    (workspace.sources().source(source).name().to_owned(), span)
}

/// Joins two changes at the same place into the more severe change, with the drivers of both
/// changes. The result is accepted only if both changes are accepted.
fn merged(left: (Change, usize), right: (Change, usize)) -> (Change, usize) {
    let is_worse = right.0.severity > left.0.severity;
    let ((mut kept, part), (other, _)) = if is_worse { (right, left) } else { (left, right) };
    let Change { drivers, notes, consequences, consumers, waiver_pending, accepted, .. } = other;
    kept.consumers.merge(&consumers);
    kept.drivers.extend(drivers);
    kept.drivers.sort_unstable();
    kept.drivers.dedup();
    if !matches!(kept.contract, ChangedItem::Configuration(_)) {
        add_missing(&mut kept.notes, notes);
    } else if !kept.drivers.is_empty() {
        kept.notes = vec![concerns(&kept.drivers)];
    }
    add_missing(&mut kept.consequences, consequences);
    kept.waiver_pending |= waiver_pending;
    if accepted.is_none() {
        kept.accepted = None;
    }
    (kept, part)
}

fn add_missing<T: PartialEq>(all: &mut Vec<T>, more: Vec<T>) {
    for item in more {
        if !all.contains(&item) {
            all.push(item);
        }
    }
}
