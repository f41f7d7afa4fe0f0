//! Lists the consumers of a driver, with the slack of each of their bounds.

use std::collections::BTreeMap;

use super::ValuePlace;
use crate::{
    finding::DeclarationId,
    model::{Bound, DriverContract, Requirement},
    source::Location,
    workspace::Workspace,
};

/// A requirement of a consumer, with the values that the contract and its budget promise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConsumerNeeds<'w> {
    /// The requirement.
    pub requirement: &'w Requirement,
    /// The place of the requirement.
    pub place: ValuePlace,
    /// The bounds, in canonical order. Leaves out the limits of a budget that could not be read.
    pub bounds: Vec<Bound<'w>>,
}

/// Returns the requirements of a driver's consumers, sorted by consumer and profile.
pub fn consumers<'w>(
    workspace: &'w Workspace,
    contract: &'w DriverContract,
) -> Vec<ConsumerNeeds<'w>> {
    let requirements: Vec<_> = workspace.requirements_of(&contract.name).collect();
    let ids = requirements.iter().map(|(number, _)| DeclarationId::Requirement(*number).whole());
    let places = workspace.locate_places(ids);
    // Each index takes one pass over a text, so there is one for each document.
    let mut indices = BTreeMap::new();
    let needs = requirements.into_iter().zip(places).map(
        |((_, requirement), Location { source, span })| {
            let text = workspace.sources().source(source);
            let lines = indices.entry(source).or_insert_with(|| text.lines());
            let file = text.name().to_owned();
            let place = ValuePlace { file, span, start: lines.position(span.start) };
            ConsumerNeeds { requirement, place, bounds: workspace.bounds(requirement, contract) }
        },
    );
    needs.collect()
}
