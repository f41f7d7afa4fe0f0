//! Reports configurations that a change adds or removes.

use super::{
    super::{
        AffectedConsumers, Change, ChangedItem, Difference, Direction, KeyChange, Part, Severity,
        order,
    },
    concerns,
};
use crate::model::{DriverName, Field};

/// A `driverc.toml` that only one side has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigurationFile {
    /// The name of the file.
    pub name: String,
    /// [`Direction::Add`] or [`Direction::Remove`].
    pub direction: Direction,
    /// The drivers that the configuration applies to.
    pub drivers: Vec<DriverName>,
}

impl Difference {
    /// Adds a risky change for each configuration that was added or removed. The change is risky
    /// because other levels, limits and words then apply to the drivers.
    pub fn add_configuration_files(&mut self, files: Vec<ConfigurationFile>) {
        self.changes.extend(files.into_iter().map(change));
        self.changes.sort_by(|left, right| order(left).cmp(&order(right)));
    }

    /// Sets the name of the configuration in all changes of its keys.
    pub fn name_configuration(&mut self, name: &str) {
        for change in &mut self.changes {
            if let ChangedItem::Configuration(key) = &mut change.contract {
                name.clone_into(&mut key.file);
            }
        }
    }
}

fn change(ConfigurationFile { name, direction, drivers }: ConfigurationFile) -> Change {
    let (there, absent) = ("present".to_owned(), "absent".to_owned());
    let is_added = direction == Direction::Add;
    let (old, new) = if is_added { (absent, there) } else { (there, absent) };
    let key = KeyChange { key: name.clone(), old, new, file: name };
    let notes = vec![concerns(&drivers)];
    Change {
        severity: Severity::Risky,
        contract: ChangedItem::Configuration(key),
        field: Field::Name,
        part: Part::default(),
        direction,
        old: None,
        new: None,
        meaning: if is_added {
            "its levels, limits and vocabulary now apply to the drivers"
        } else {
            "its levels, limits and vocabulary no longer apply to the drivers"
        },
        template: None,
        drivers,
        consequences: Vec::new(),
        consumers: AffectedConsumers::default(),
        notes,
        waiver_pending: false,
        accepted: None,
    }
}
