//! `driverc consumers`: prints who relies on a driver.

use super::{
    Failure, Outcome,
    arguments::{Color, Consumers, Inputs, TableFormat},
    explain::driver_named,
    input,
    outputs::{self, Output},
};
use crate::{explain::consumers, report::consumers as report, workspace::Texts};

pub(super) fn run(command: &Consumers, color: Color) -> Result<Outcome, Failure> {
    let inputs = Inputs {
        quiet: command.quiet,
        ..Inputs::of(command.contracts.clone(), command.roots.clone())
    };
    let project = input::open(&inputs, color)?;
    let outputs = outputs::of(&command.output_format, None)?;
    outputs::refuse_configuration(&outputs, &project)?;
    let loaded = input::load(&inputs, project, Texts::Kept)?;
    outputs::refuse_inputs(&outputs, &loaded)?;
    let contract = driver_named(&loaded, &command.driver)?;
    let needs = consumers(&loaded.workspace, contract);
    outputs::write(&outputs, |Output { format, .. }| {
        let name = &contract.name;
        let text = match format {
            TableFormat::Text => report::text(name, &needs),
            TableFormat::Markdown => report::markdown(name, &needs),
            TableFormat::Json => {
                report::json(name, &needs).map_err(|error| Failure::json(&error))?
            }
        };
        Ok(text.into_bytes())
    })?;
    Ok(Outcome::Clean)
}
