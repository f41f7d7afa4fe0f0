//! Finds the fields that differ between two contracts.

use super::line;
use crate::model::{
    DriverContract,
    record::{self, Literal},
};

/// A field that differs between two contracts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangedField {
    /// The path of the field, in the form that signatures use.
    pub path: String,
    /// The old value, in the form that signatures use. Empty if the field was not set.
    pub old: String,
    /// The new value, in the form that signatures use. Empty if the field is not set.
    pub new: String,
}

/// Returns the fields that differ between two contracts, in signature order.
pub fn changed_fields(old: &DriverContract, new: &DriverContract) -> Vec<ChangedField> {
    let values = record::fields(old).into_iter().zip(record::fields(new));
    let values = values.map(|((field, old), (_, new))| (field, text(old), text(new)));
    let changed = values.filter(|(_, old, new)| old != new);
    changed
        .map(|(field, old, new)| ChangedField { path: field.path().to_owned(), old, new })
        .collect()
}

fn text(literal: Option<Literal<'_>>) -> String {
    let mut text = String::new();
    if let Some(literal) = literal {
        line::push(literal, &mut text);
    }
    text
}
