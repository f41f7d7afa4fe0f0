//! The fields in which two contracts differ.

use super::line;
use crate::model::{
    DriverContract,
    record::{self, Literal},
};

/// A field in which two contracts differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangedField {
    /// Its path, as in a signature.
    pub path: String,
    /// The value before, as in a signature; empty without a value.
    pub old: String,
    /// The value now, as in a signature; empty without a value.
    pub new: String,
}

/// The fields in which two contracts differ, in the order of a signature.
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
