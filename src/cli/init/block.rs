//! Writes the tables of a new driver, with a comment above each key.

use std::fmt::Write;

use serde_json::Value;

use crate::{
    model::{
        DeclaredBudget, DriverContract, DriverName, Field, ProjectVocabulary, TemplateName,
        record::{self, Literal},
    },
    report::declare,
    schema,
};

/// The maximum width of a line.
const WIDTH: usize = 100;
/// The tables that follow the driver's own keys, each with its fields.
const PARTS: [(Field, &[Field]); 3] = [
    (Field::TimeoutPolicy, Field::TIMEOUT_POLICY),
    (Field::RetryPolicy, Field::RETRY_POLICY),
    (Field::Telemetry, Field::TELEMETRY),
];

/// Returns the tables of a driver. Writes only the fields that `is_written` accepts.
pub(super) fn text(
    contract: &DriverContract,
    template: Option<&TemplateName>,
    is_written: impl Fn(Field) -> bool,
    vocabulary: &ProjectVocabulary,
) -> String {
    let values: Vec<_> = record::fields(contract);
    let descriptions = schema::contracts(vocabulary);
    let lines = |fields: &[Field]| {
        let values = fields.iter().filter(|field| is_written(**field)).filter_map(|field| {
            let (_, value) = values.iter().find(|(of, _)| of == field)?;
            Some((*field, (*value)?))
        });
        values.fold(String::new(), |mut lines, (field, value)| {
            lines += &comment(&description(&descriptions, field));
            _ = writeln!(lines, "{}", entry(field, value));
            lines
        })
    };
    let name = &contract.name;
    let mut text = comment(&introduction(contract, template));
    _ = writeln!(text, "[driver.{name}]");
    if let Some(template) = template {
        _ = writeln!(text, "{} = \"{template}\"", Field::Like.key());
    }
    text += &lines(Field::DRIVER);
    for (table, fields) in PARTS {
        let lines = lines(fields);
        if !lines.is_empty() {
            _ = write!(text, "\n[driver.{name}.{}]\n{lines}", table.key());
        }
    }
    text
}

/// Returns the tables of budgets, each after a blank line and a comment.
pub(super) fn budgets(budgets: &[DeclaredBudget]) -> String {
    let comment = comment("Limits of another driver of this class. Replace them.");
    let tables =
        budgets.iter().map(|budget| format!("\n{comment}{}", declare::budget_table(budget)));
    tables.collect()
}

fn introduction(contract: &DriverContract, template: Option<&TemplateName>) -> String {
    match template {
        Some(template) => format!("The keys that template `{template}` does not set."),
        None => format!(
            "Values for a driver of class `{}`. Replace them with those of your driver.",
            contract.class.label()
        ),
    }
}

/// Returns the line that sets a key, or several lines for a long list.
fn entry(field: Field, value: Literal<'_>) -> String {
    let line = format!("{} = {}", field.key(), declare::toml(value));
    if let Literal::Capabilities(capabilities) = value
        && line.len() > WIDTH
    {
        let items: Vec<_> =
            capabilities.iter().map(|it| format!("  \"{}\",\n", it.label())).collect();
        return format!("{} = [\n{}]", field.key(), items.concat());
    }
    line
}

/// Returns the description of a key in the schema. Includes the range of a number, but neither the
/// length limit of a text nor the link.
fn description(schema: &Value, field: Field) -> String {
    let path = field.path().replace('.', "/properties/");
    let pattern = DriverName::PATTERN.replace('~', "~0").replace('/', "~1");
    let key = format!("/properties/driver/patternProperties/{pattern}/properties/{path}");
    let text = schema.pointer(&format!("{key}/description")).and_then(Value::as_str);
    let text = text.unwrap_or_default();
    let text = text.split_once("\n\n").map_or(text, |(text, _)| text);
    match text.rsplit_once(" Allowed: ") {
        Some((text, range)) if range.ends_with("characters.") => text.to_owned(),
        _ => text.to_owned(),
    }
}

/// Returns a text as comment lines.
fn comment(text: &str) -> String {
    let mut lines = String::new();
    let mut line = "#".to_owned();
    for word in text.split_whitespace() {
        if line.chars().count() + 1 + word.chars().count() > WIDTH {
            _ = writeln!(lines, "{line}");
            line.truncate(1);
        }
        line.extend([" ", word]);
    }
    lines + &line + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::builtin;

    #[test]
    fn every_key_of_new_driver_has_comment() {
        for contract in builtin::supported_drivers() {
            let text = text(&contract, None, |_| true, ProjectVocabulary::empty());
            let lines: Vec<_> = text.lines().collect();
            let keys = (1..lines.len())
                .filter(|line| lines[*line].starts_with(|first: char| first.is_ascii_lowercase()));
            let bare: Vec<_> = keys.filter(|line| !lines[line - 1].starts_with("# ")).collect();
            assert_eq!(bare, [0; 0], "{text}");
            assert!(lines.iter().all(|line| line.chars().count() <= WIDTH), "{text}");
        }
    }

    #[test]
    fn comment_is_wrapped() {
        let word = "x".repeat(60);
        assert_eq!(comment(&format!("{word} {word}")), format!("# {word}\n# {word}\n"));
    }
}
