//! The paths by which `--accept` names changes.

use std::collections::{BTreeMap, BTreeSet};

use super::{Change, ChangedItem, Direction, Part};
use crate::model::Field;

impl Change {
    /// Returns the unique path for `--accept`: the contract, the item's number, the field unless
    /// the whole item changed, and the changed part of the field.
    pub fn path(&self) -> String {
        let mut path = self.path_in_project();
        if let Some(number) = self.part.project {
            path.push('.');
            path += &number.to_string();
        }
        path
    }

    /// Returns the path of the change, which is unique only within its project.
    pub(crate) fn path_in_project(&self) -> String {
        let Part { item, detail, .. } = &self.part;
        let mut path = self.contract.to_string();
        let item = item.map(|item| item.to_string());
        for part in item.as_deref().into_iter().chain(self.own_field()).chain(detail.as_deref()) {
            path.push('.');
            path += part;
        }
        path
    }

    /// Returns the path that all drivers of the template share, if a template sets the field.
    pub fn template_path(&self) -> Option<String> {
        let mut path = format!("{}.{}", Field::Template.key(), self.template.as_ref()?);
        for part in self.own_field().into_iter().chain(self.part.detail.as_deref()) {
            path.push('.');
            path += part;
        }
        Some(path)
    }

    /// Returns the path without numbers and parts. Several changes can share this path.
    pub fn shared_path(&self) -> String {
        match self.own_field() {
            Some(field) => format!("{}.{field}", self.contract),
            None => self.contract.to_string(),
        }
    }

    fn own_field(&self) -> Option<&'static str> {
        let is_key = matches!(self.contract, ChangedItem::Configuration(_));
        (!is_key && !self.is_whole()).then(|| self.field.path())
    }

    /// Returns true if a whole item was added or removed.
    pub fn is_whole(&self) -> bool {
        let is_item = matches!(
            self.field,
            Field::Name
                | Field::Benchmark
                | Field::Waiver
                | Field::Baseline
                | Field::Server
                | Field::Caller
                | Field::Call
                | Field::Requirement
        );
        is_item && self.direction != Direction::Change
    }
}

/// Calls `set` to number the changes that would otherwise share a path, in order. Skips a number if
/// the path with this number belongs to another change.
pub(super) fn number_equal(changes: &mut [&mut Change], set: impl Fn(&mut Part, usize)) {
    let mut by_path: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (index, change) in changes.iter().enumerate() {
        by_path.entry(change.path()).or_default().push(index);
    }
    let mut taken: BTreeSet<String> = by_path.keys().cloned().collect();
    for indices in by_path.into_values().filter(|indices| indices.len() > 1) {
        let mut number = 0;
        for index in indices {
            loop {
                number += 1;
                set(&mut changes[index].part, number);
                if taken.insert(changes[index].path()) {
                    break;
                }
            }
        }
    }
}
