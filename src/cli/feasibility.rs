//! `driverc check --feasibility`: shows which budgets are certain, open or impossible to meet.

use super::{
    Failure, Outcome,
    arguments::Color,
    outputs::{self, Output},
    show,
};
use crate::{
    feasibility::Feasibility,
    model::DriverContract,
    project::Loaded,
    report::{
        Format,
        feasibility::{self, FeasibilityRow},
    },
    workspace::Workspace,
};

pub(super) fn run(
    input: &Loaded,
    outputs: &[Output<'_>],
    color: Color,
) -> Result<Outcome, Failure> {
    // Lints do not stop the table: it only needs documents without read errors.
    let outcome = show::read_errors(input, &input.read_errors(), outputs, color)?;
    if outcome != Outcome::Clean {
        return Ok(outcome);
    }
    let drivers = input.drivers();
    let rows: Vec<_> =
        drivers.iter().flat_map(|contract| rows(&input.workspace, contract)).collect();
    outputs::write(outputs, |output| {
        let text = if output.format.format == Format::Json {
            feasibility::json(&rows).map_err(|error| Failure::json(&error))?
        } else {
            feasibility::text(&rows)
        };
        Ok(text.into_bytes())
    })?;
    Ok(outcome)
}

/// Returns one row per profile whose budget applies to the driver.
fn rows<'w>(
    workspace: &'w Workspace,
    contract: &'w DriverContract,
) -> impl Iterator<Item = FeasibilityRow<'w>> {
    workspace.profiles().filter_map(|profile| {
        let feasibility = Feasibility::in_workspace(workspace, contract, profile)?;
        Some(FeasibilityRow { driver: &contract.name, profile, feasibility })
    })
}
