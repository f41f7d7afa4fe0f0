//! `driverc check --statistics`: shows how many findings each rule has.

use super::{
    Failure,
    outputs::{self, Output},
    show,
};
use crate::report::{
    FindingsReport, Format, Summary,
    statistics::{statistics, write_json, write_text},
};

/// Writes the number of findings of each rule to all outputs, and the summary to standard error.
pub(super) fn show(run: &FindingsReport<'_>, outputs: &[Output<'_>]) -> Result<(), Failure> {
    let rules = statistics(run.findings);
    outputs::write(outputs, |output| {
        show::rendered("the statistics", |text| {
            if output.format.format == Format::Json {
                return write_json(&rules, Summary::of(run.findings), text);
            }
            write_text(&rules, text)
        })
    })?;
    show::say_summary(run, outputs);
    Ok(())
}
