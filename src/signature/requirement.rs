//! Encodes the identity of a requirement.

use crate::{
    model::{Field, Requirement, record::Literal},
    signature::line::SignatureLine,
};

const KIND: &str = "requirement";

/// Returns the line that identifies a requirement: `requirement|v1|consumer=…|driver=…`, with the
/// profile if the requirement has one. The line leaves out the bounds.
pub(crate) fn requirement_signature(requirement: &Requirement) -> String {
    let mut line = SignatureLine::new(KIND);
    line.entry(Field::Consumer.key(), Literal::Text(&requirement.consumer));
    line.entry(Field::Driver.key(), Literal::Text(&requirement.driver));
    if let Some(profile) = &requirement.profile {
        line.entry(Field::Profile.key(), Literal::Word(profile.label()));
    }
    line.finish()
}
