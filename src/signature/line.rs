//! The writer of a signature.

use crate::{
    model::Field,
    signature::{percent, value::Value},
};

/// The version of the grammar and of the order of the keys.
pub(super) const VERSION: &str = "v1";

/// A signature that grows field by field.
pub(super) struct Line(String);

impl Line {
    /// A signature of this kind without fields.
    pub(super) fn new(kind: &str) -> Self {
        Self(format!("{kind}|{VERSION}"))
    }

    /// Appends a field of the model.
    pub(super) fn field(self, field: Field, value: &impl Value) -> Self {
        self.entry(field.path(), value)
    }

    /// Appends a field of the model, if there is a value.
    pub(super) fn optional(self, field: Field, value: Option<&impl Value>) -> Self {
        match value {
            Some(value) => self.field(field, value),
            None => self,
        }
    }

    /// Appends a value under any key.
    pub(super) fn entry(mut self, key: &str, value: &impl Value) -> Self {
        self.0.push('|');
        percent::encode(key, &mut self.0);
        self.0.push('=');
        value.write(&mut self.0);
        self
    }

    /// The signature, without a line end.
    pub(super) fn finish(self) -> String {
        self.0
    }
}
