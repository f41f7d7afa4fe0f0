//! `driverc rule`: everything that driverc can say, and why.

use super::{
    Failure, Outcome,
    arguments::{Color, Rules, TableFormat},
    output,
};
use crate::{
    report::rules::{index, json, list, page},
    rules::ALL,
};

pub(super) fn run(command: &Rules, color: Color) -> Result<Outcome, Failure> {
    let style = output::style(color, None);
    let text = match (command.output_format, command.rule) {
        (TableFormat::Text, None) => list(&style),
        (TableFormat::Text, Some(rule)) => page(rule, &style),
        (TableFormat::Markdown, None) => index(),
        (TableFormat::Markdown, Some(rule)) => rule.docs.to_owned(),
        (TableFormat::Json, None) => written(json(ALL.iter().map(|lint| lint.rule)))?,
        (TableFormat::Json, Some(rule)) => written(json(std::iter::once(rule)))?,
    };
    output::to_stdout(text.as_bytes())
}

fn written(text: Result<String, serde_json::Error>) -> Result<String, Failure> {
    text.map_err(|error| Failure::json(&error))
}
