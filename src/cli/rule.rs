//! `driverc rule`: lists all rules, or explains one rule.

use super::{
    Failure, Outcome,
    arguments::{Color, RuleQuery, Rules, TableFormat},
    output,
    outputs::{self, Output},
};
use crate::{
    report::rules::{index, index_of, json, list, page},
    rules::ALL,
};

pub(super) fn run(command: &Rules, color: Color) -> Result<Outcome, Failure> {
    let outputs = outputs::of(&command.output_format, None)?;
    outputs::write(&outputs, |output| {
        rendered(command.rule.as_ref(), output, color).map(String::into_bytes)
    })?;
    Ok(Outcome::Clean)
}

/// Renders the rules that the user asks for. Without a query, renders all rules.
pub(super) fn rendered(
    query: Option<&RuleQuery>,
    output: &Output<'_, TableFormat>,
    color: Color,
) -> Result<String, Failure> {
    let style = output::style(color, output.file);
    let all = RuleQuery::Several(ALL.iter().map(|lint| lint.rule).collect());
    Ok(match (output.format, query.unwrap_or(&all)) {
        (TableFormat::Text, RuleQuery::Several(rules)) => list(rules, &style),
        (TableFormat::Text, RuleQuery::One(rule)) => page(rule, &style),
        (TableFormat::Markdown, RuleQuery::Several(_)) if query.is_none() => index(),
        (TableFormat::Markdown, RuleQuery::Several(rules)) => index_of(rules.iter().copied()),
        (TableFormat::Markdown, RuleQuery::One(rule)) => rule.docs.to_owned(),
        (TableFormat::Json, RuleQuery::Several(rules)) => written(json(rules.iter().copied()))?,
        (TableFormat::Json, RuleQuery::One(rule)) => written(json(std::iter::once(*rule)))?,
    })
}

fn written(text: Result<String, serde_json::Error>) -> Result<String, Failure> {
    text.map_err(|error| Failure::json(&error))
}
