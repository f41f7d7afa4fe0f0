//! `driverc matrix`: shows which driver has which capability.

use std::ops::ControlFlow;

use super::{
    Failure, Outcome,
    arguments::{Color, Matrix, TableFormat},
    input::load_without_errors,
    output,
};
use crate::report::matrix;

pub(super) fn run(command: &Matrix, color: Color) -> Result<Outcome, Failure> {
    let input = match load_without_errors(&command.inputs, color)? {
        ControlFlow::Continue(input) => input,
        ControlFlow::Break(outcome) => return Ok(outcome),
    };
    let drivers = input.drivers();
    let capabilities = input.workspace.vocabulary().all();
    let file = command.output_file.as_deref();
    let table = match command.output_format {
        TableFormat::Text => {
            matrix::text(&drivers, &capabilities, output::style(color, file).width)
        }
        TableFormat::Markdown => matrix::markdown(&drivers, &capabilities),
        TableFormat::Json => matrix::json(&drivers).map_err(|error| Failure::json(&error))?,
    };
    output::write(file, table.as_bytes())?;
    Ok(Outcome::Clean)
}
