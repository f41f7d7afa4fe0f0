//! `driverc rule`: lists all rules or explains one.

use super::{
    Failure, Outcome,
    arguments::{Color, RuleQuery, Rules, TableFormat},
    output,
};
use crate::{
    report::rules::{index, index_of, json, list, page},
    rules::ALL,
};

pub(super) fn run(command: &Rules, color: Color) -> Result<Outcome, Failure> {
    let style = output::style(color, None);
    let all = RuleQuery::Several(ALL.iter().map(|lint| lint.rule).collect());
    let text = match (command.output_format, command.rule.as_ref().unwrap_or(&all)) {
        (TableFormat::Text, RuleQuery::Several(rules)) => list(rules, &style),
        (TableFormat::Text, RuleQuery::One(rule)) => page(rule, &style),
        (TableFormat::Markdown, RuleQuery::Several(_)) if command.rule.is_none() => index(),
        (TableFormat::Markdown, RuleQuery::Several(rules)) => index_of(rules.iter().copied()),
        (TableFormat::Markdown, RuleQuery::One(rule)) => rule.docs.to_owned(),
        (TableFormat::Json, RuleQuery::Several(rules)) => written(json(rules.iter().copied()))?,
        (TableFormat::Json, RuleQuery::One(rule)) => written(json(std::iter::once(*rule)))?,
    };
    output::to_stdout(text.as_bytes())
}

fn written(text: Result<String, serde_json::Error>) -> Result<String, Failure> {
    text.map_err(|error| Failure::json(&error))
}
