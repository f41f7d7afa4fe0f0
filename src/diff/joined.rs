//! Joins the differences of several projects.

use super::{Difference, order, path::number_equal};

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
        // The numbers follow the order of the projects.
        let mut all: Vec<_> = changes.iter_mut().map(|(change, _)| change).collect();
        number_equal(&mut all, |part, number| part.project = Some(number));
        changes.sort_by(|(left, _), (right, _)| order(left).cmp(&order(right)));
        (joined.difference.changes, joined.parts) = changes.into_iter().unzip();
        joined
    }
}
