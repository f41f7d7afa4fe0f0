//! What two contracts do not have in common, field by field.

use super::driver_signature;
use crate::model::DriverContract;

/// A field in which two contracts differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangedField {
    /// Its path, as in a signature.
    pub path: String,
    /// The value before, as in a signature.
    pub old: String,
    /// The value now, as in a signature.
    pub new: String,
}

/// The fields in which two contracts differ, in the order of a signature.
pub fn changed_fields(old: &DriverContract, new: &DriverContract) -> Vec<ChangedField> {
    let (old, new) = (driver_signature(old), driver_signature(new));
    let fields = old.split('|').zip(new.split('|')).filter(|(old, new)| old != new);
    let changed = fields.filter_map(|(old, new)| {
        let ((path, old), (_, new)) = old.split_once('=').zip(new.split_once('='))?;
        Some(ChangedField { path: path.to_owned(), old: old.to_owned(), new: new.to_owned() })
    });
    changed.collect()
}
