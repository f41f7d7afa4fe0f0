//! Encodes the identity of a requirement.

use crate::{
    model::{Field, LatencyUnit, Requirement, record::Literal},
    signature::line::SignatureLine,
};

const KIND: &str = "requirement";

/// Returns the line that identifies a requirement: `requirement|v1|consumer=…|driver=…`, with the
/// profile if the requirement has one. With a bound, the line identifies only this bound.
pub(crate) fn requirement_signature(
    requirement: &Requirement,
    bound: Option<(Field, Option<Literal<'_>>)>,
) -> String {
    let mut line = SignatureLine::new(KIND);
    line.entry(Field::Consumer.key(), Literal::Text(&requirement.consumer));
    line.entry(Field::Driver.key(), Literal::Text(&requirement.driver));
    if let Some(profile) = &requirement.profile {
        line.entry(Field::Profile.key(), Literal::Word(profile.label()));
    }
    if let Some((field, Some(value))) = bound {
        let key = if let Literal::Latency(us, _) = value {
            field.key_in(LatencyUnit::canonical(us))
        } else {
            field.key()
        };
        line.entry(key, value);
    }
    line.finish()
}
