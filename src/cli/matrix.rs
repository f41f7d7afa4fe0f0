//! `driverc matrix`: shows which driver has which capability.

use std::ops::ControlFlow;

use super::{
    Failure, Outcome,
    arguments::{Color, Matrix, TableFormat},
    input::load_without_errors,
    output,
    outputs::{self, Output},
};
use crate::report::matrix;

pub(super) fn run(command: &Matrix, color: Color) -> Result<Outcome, Failure> {
    let outputs = outputs::of(&command.output_format, command.output_file.as_deref())?;
    let input = match load_without_errors(&command.inputs, color)? {
        ControlFlow::Continue(input) => input,
        ControlFlow::Break(outcome) => return Ok(outcome),
    };
    outputs::refuse_inputs(&outputs, &input)?;
    let drivers = input.drivers();
    let capabilities = input.workspace.vocabulary().all();
    outputs::write(&outputs, |Output { format, file }| {
        let table = match format {
            TableFormat::Text => {
                matrix::text(&drivers, &capabilities, output::style(color, *file).width)
            }
            TableFormat::Markdown => matrix::markdown(&drivers, &capabilities),
            TableFormat::Json => matrix::json(&drivers).map_err(|error| Failure::json(&error))?,
        };
        Ok(table.into_bytes())
    })?;
    Ok(Outcome::Clean)
}
