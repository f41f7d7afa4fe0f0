//! Writes where an effective value comes from, as text and JSON.

use serde::Serialize;

use super::{escape::escaped, json_text::pretty};
use crate::explain::{Explanation, OriginRole, ValueOrigin};

const SCHEMA_VERSION: u32 = 1;

/// Returns the value and its origins, one line each, with a final newline.
pub fn text(explanations: &[Explanation]) -> String {
    explanations.iter().map(one).collect::<Vec<_>>().join("\n")
}

fn one(explanation: &Explanation) -> String {
    let Explanation { path, value, origins } = explanation;
    let mut text = match value {
        Some(value) => format!("{} = {}\n", escaped(path), escaped(&on_one_line(value))),
        None => format!("{} is not set\n", escaped(path)),
    };
    let rows: Vec<_> = origins.iter().map(row).collect();
    let widths = [0, 1, 2]
        .map(|column| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or_default());
    for row in &rows {
        let [role, place, value, declaration] = row;
        let [role_width, place_width, value_width] = widths;
        let line = format!(
            "  {role:role_width$}  {place:place_width$}   {value:value_width$}   {declaration}"
        );
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

/// Returns the columns of an origin: role, place, value and declaration. The value is empty if the
/// first line already shows it.
fn row(origin: &ValueOrigin) -> [String; 4] {
    let ValueOrigin { role, place, value, other_key, declaration } = origin;
    let place = place.as_ref().map_or_else(String::new, |place| {
        format!("{}:{}:{}", place.file, place.start.line, place.start.column)
    });
    let shows_value = matches!(role, OriginRole::Overridden | OriginRole::Through);
    let value = match other_key {
        _ if !shows_value => String::new(),
        Some(key) => format!("{key} = {}", on_one_line(value)),
        None => on_one_line(value),
    };
    let declaration = match role {
        OriginRole::Default => "no declaration sets it",
        OriginRole::Set | OriginRole::Through | OriginRole::Overridden => declaration,
    };
    [role.label().to_owned(), place, value, declaration.to_owned()]
        .map(|cell| escaped(&cell).into_owned())
}

/// Joins the lines of a value to one line.
fn on_one_line(value: &str) -> String {
    value.lines().map(str::trim).collect::<Vec<_>>().join(" ")
}

#[derive(Serialize)]
struct Report<'e> {
    schema_version: u32,
    values: Vec<ExplainedValue<'e>>,
}

#[derive(Serialize)]
struct ExplainedValue<'e> {
    path: &'e str,
    value: Option<&'e str>,
    origins: Vec<Origin<'e>>,
}

#[derive(Serialize)]
struct Origin<'e> {
    role: &'static str,
    value: &'e str,
    #[serde(skip_serializing_if = "Option::is_none")]
    key: Option<&'e str>,
    declaration: &'e str,
    place: Option<Place<'e>>,
}

#[derive(Serialize)]
struct Place<'e> {
    path: &'e str,
    line: usize,
    column: usize,
    start_offset: u32,
    end_offset: u32,
}

/// Returns the values and their origins as JSON, with a final newline.
pub fn json(explanations: &[Explanation]) -> std::io::Result<String> {
    fn origin(origin: &ValueOrigin) -> Origin<'_> {
        let ValueOrigin { role, place, value, other_key: key, declaration } = origin;
        let place = place.as_ref().map(|place| Place {
            path: &place.file,
            line: place.start.line,
            column: place.start.column,
            start_offset: place.span.start,
            end_offset: place.span.end,
        });
        Origin { role: role.json_label(), value, key: *key, declaration, place }
    }
    fn value(explanation: &Explanation) -> ExplainedValue<'_> {
        let Explanation { path, value, origins } = explanation;
        ExplainedValue {
            path,
            value: value.as_deref(),
            origins: origins.iter().map(origin).collect(),
        }
    }
    let values = explanations.iter().map(value).collect();
    Ok(pretty(&Report { schema_version: SCHEMA_VERSION, values })? + "\n")
}
