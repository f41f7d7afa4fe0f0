//! Templates: values for some fields of a contract, which a driver's own values override.
//!
//! This module is independent of the documents that declare templates.

use std::{borrow::Borrow, cell::Cell, fmt, ops::Deref};

use super::{
    Capabilities, DriverName, Field, InvalidText,
    record::{Literal, Scalar},
};

/// The name of a template: `^[a-z][a-z0-9_]{0,62}$`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TemplateName(DriverName);

impl TemplateName {
    /// Returns the name, or an error if it does not match the pattern of a [`DriverName`].
    pub fn new(name: impl AsRef<str>) -> Result<Self, InvalidText> {
        DriverName::new(name).map(Self)
    }

    /// Returns the name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Deref for TemplateName {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl Borrow<str> for TemplateName {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for TemplateName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// The placeholder for the driver's name in the texts of a template.
pub const DRIVER_PLACEHOLDER: &str = "{driver}";

/// The value of one field of a contract.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum ContractValue {
    Number(u64),
    Word(Box<str>),
    Text(Box<str>),
    Capabilities(Capabilities),
    /// A table that is present. The fields of the table have their own values.
    Table,
}

impl ContractValue {
    /// Copies a value. Returns `None` if no field of a contract has such a value.
    pub(crate) fn of(value: &impl Scalar) -> Option<Self> {
        match value.literal() {
            Literal::Number(number, _) => Some(Self::Number(number)),
            Literal::Word(word) => Some(Self::Word(word.into())),
            Literal::Text(text) => Some(Self::Text(text.into())),
            Literal::Capabilities(capabilities) => Some(Self::Capabilities(capabilities.clone())),
            Literal::Latency(..)
            | Literal::Flag(_)
            | Literal::Date(_)
            | Literal::Digest(_)
            | Literal::Scope(_)
            | Literal::Seeds(_)
            | Literal::Burst(_)
            | Literal::Trigger(_)
            | Literal::Operations(_)
            | Literal::Instances(_) => None,
        }
    }
}

/// The values of some fields of a contract. Each field occurs at most once, in canonical order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct ContractValues(Vec<(Field, ContractValue)>);

impl ContractValues {
    /// Adds the value of a field, which must follow the earlier fields in canonical order.
    pub(crate) fn push(&mut self, field: Field, value: ContractValue) {
        self.0.push((field, value));
    }

    /// Adds the values of fields that follow all earlier fields in canonical order.
    pub(crate) fn extend(&mut self, later: Self) {
        self.0.extend(later.0);
    }

    /// Returns the value of a field, if it has one.
    pub(crate) fn get(&self, field: Field) -> Option<&ContractValue> {
        self.0.iter().find(|(own, _)| *own == field).map(|(_, value)| value)
    }

    /// Returns the value of a field. The search starts at the field of the previous call, so calls
    /// in canonical order are fast.
    pub(crate) fn get_near(&self, field: Field, place: &Cell<usize>) -> Option<&ContractValue> {
        let places = (place.get()..self.0.len()).chain(0..place.get());
        let found = places.into_iter().find(|at| self.0[*at].0 == field)?;
        place.set(found);
        Some(&self.0[found].1)
    }

    /// Returns the fields that have a value, including tables.
    pub(crate) fn fields(&self) -> impl Iterator<Item = Field> {
        self.0.iter().map(|(field, _)| *field)
    }
}
