//! `driverc matrix`: which driver has which capability.

use super::{
    Failure, Outcome,
    arguments::{Color, Matrix, MatrixFormat, Reporting},
    check,
    input::Input,
    output,
};
use crate::{
    finding::Level,
    report::{Format, matrix},
};

pub(super) fn run(command: &Matrix, color: Color) -> Result<Outcome, Failure> {
    let input = Input::load(&command.inputs)?;
    let completed = input.report_errors();
    // Lints do not stop the table: it needs documents that were read without an error, no more.
    let unread = input.workspace.findings();
    if !unread.is_empty() {
        let reporting = Reporting {
            output_format: Format::Full,
            fail_on: Level::Error,
            show: Level::Error,
            exit_zero: false,
        };
        check::show(unread, &input, &reporting, color, None)?;
        return Ok(Outcome::Findings.max(completed));
    }
    let drivers: Vec<_> = input.workspace.drivers().collect();
    let file = command.output_file.as_deref();
    let table = match command.format {
        MatrixFormat::Text => matrix::text(&drivers, output::style(color, file).width),
        MatrixFormat::Markdown => matrix::markdown(&drivers),
        MatrixFormat::Json => matrix::json(&drivers)
            .map_err(|error| Failure::new(format!("cannot write JSON: {error}")))?,
    };
    output::write(file, table.as_bytes())?;
    Ok(completed)
}
