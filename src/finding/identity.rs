//! The declarations that identify a finding.

use super::{ContractPath, DeclarationId, Finding};
use crate::model::Field;

/// The declarations that identify a finding, beside its rule and its field.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FindingIdentity {
    /// The declarations instead of the declaration at the location. The finding is known only if it
    /// is known about each of them. Empty if the declaration at the location identifies the finding.
    pub subjects: Vec<DeclarationId>,
    /// The places instead of the location, each with its own field. The finding is known only if it
    /// is known about each of them. Empty if the location or `subjects` identify the finding.
    pub places: Vec<ContractPath>,
    /// The declarations or fields that the finding is about, in addition to each subject. The finding
    /// is known only if it is known about each of them.
    pub parts: Vec<ContractPath>,
    /// Another declaration that the finding is always about.
    pub other: Option<DeclarationId>,
    /// The field instead of the field at the location.
    pub field: Option<Field>,
    /// A figure that grows as the fault gets worse. The finding is known only if it is known with
    /// this figure or a greater one.
    pub at_most: Option<u64>,
}

impl<P> Finding<P> {
    /// Adds declarations that identify the finding, instead of the declaration at the location.
    #[must_use]
    pub fn identified_by(mut self, subjects: impl IntoIterator<Item = DeclarationId>) -> Self {
        self.identity.subjects.extend(subjects);
        self
    }

    /// Adds places that identify the finding, instead of its location.
    #[must_use]
    pub fn identified_by_places(mut self, places: impl IntoIterator<Item = ContractPath>) -> Self {
        self.identity.places.extend(places);
        self
    }

    /// Adds declarations or fields that the finding is about.
    #[must_use]
    pub fn with_parts(mut self, parts: impl IntoIterator<Item = ContractPath>) -> Self {
        self.identity.parts.extend(parts);
        self
    }

    /// Sets the field that identifies the finding, instead of the field at the location.
    #[must_use]
    pub const fn identified_by_field(mut self, field: Field) -> Self {
        self.identity.field = Some(field);
        self
    }

    /// Sets a figure that grows as the fault gets worse. A greater figure makes a known finding new.
    #[must_use]
    pub const fn at_most(mut self, figure: u64) -> Self {
        self.identity.at_most = Some(figure);
        self
    }

    /// Sets the other declaration that the finding is always about.
    #[must_use]
    pub fn about(mut self, other: DeclarationId) -> Self {
        self.identity.other = Some(other);
        self
    }
}
