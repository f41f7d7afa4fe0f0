//! Joins the differences of several projects.

use std::collections::BTreeMap;

use super::{Change, Difference, order};

/// The differences of several projects as one.
///
/// If changes of several projects have the same path, their paths get numbers.
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
    /// Joins the differences.
    pub fn of(differences: Vec<Difference>) -> Self {
        let mut changes = Vec::new();
        let mut joined = Self::default();
        for (part, difference) in differences.into_iter().enumerate() {
            changes.extend(difference.changes.into_iter().map(|change| (change, part)));
            joined.impact_parts.extend(difference.impacts.iter().map(|_| part));
            joined.difference.impacts.extend(difference.impacts);
        }
        number_equal_paths(&mut changes);
        changes.sort_by(|(left, _), (right, _)| order(left).cmp(&order(right)));
        (joined.difference.changes, joined.parts) = changes.into_iter().unzip();
        joined
    }
}

/// Numbers the changes of several projects that would otherwise share a path, in the order of the
/// projects.
fn number_equal_paths(changes: &mut [(Change, usize)]) {
    let mut by_path: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (index, (change, _)) in changes.iter().enumerate() {
        by_path.entry(change.path()).or_default().push(index);
    }
    for indices in by_path.into_values().filter(|indices| indices.len() > 1) {
        for (number, index) in indices.into_iter().enumerate() {
            changes[index].0.part.project = Some(number + 1);
        }
    }
}
