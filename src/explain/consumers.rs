//! Lists the consumers of a driver, with the slack of each of their bounds.

use super::ValuePlace;
use crate::{
    finding::DeclarationId,
    model::{Bound, DriverContract, Requirement},
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
    let places = ValuePlace::all(workspace, ids);
    let needs = requirements.into_iter().zip(places).map(|((_, requirement), place)| {
        ConsumerNeeds { requirement, place, bounds: workspace.bounds(requirement, contract) }
    });
    needs.collect()
}
