//! `driverc matrix`: which driver has which capability.

use super::{
    Failure, Outcome,
    arguments::{Color, Matrix, TableFormat},
    input::Input,
    output,
    project::Project,
    show,
};
use crate::report::matrix;

pub(super) fn run(command: &Matrix, color: Color) -> Result<Outcome, Failure> {
    let input = Input::load(&command.inputs, Project::without_rules(&command.inputs, color)?)?;
    // Lints do not stop the table: it needs documents that were read without an error, no more.
    let outcome = show::unread(&input, color)?;
    if outcome != Outcome::Clean {
        return Ok(outcome);
    }
    let drivers = input.drivers();
    let file = command.output_file.as_deref();
    let table = match command.output_format {
        TableFormat::Text => matrix::text(&drivers, output::style(color, file).width),
        TableFormat::Markdown => matrix::markdown(&drivers),
        TableFormat::Json => matrix::json(&drivers).map_err(|error| Failure::json(&error))?,
    };
    output::write(file, table.as_bytes())?;
    Ok(outcome)
}
