//! Writes where an effective value comes from, as text and JSON.

use serde::Serialize;

use super::{escape::escaped, json_text::pretty};
use crate::explain::{CallerSlack, Explanation, OriginRole, ValueOrigin, ValuePlace};

const SCHEMA_VERSION: u32 = 1;

/// Returns the values and their origins, one line each, and then the callers of the driver, with a
/// final newline.
pub fn text(explanations: &[Explanation], callers: &[CallerSlack]) -> String {
    let values = explanations.iter().map(one);
    let callers = (!callers.is_empty()).then(|| callers_text(callers));
    values.chain(callers).collect::<Vec<_>>().join("\n")
}

/// Returns a heading, and one line per call to a driver.
fn callers_text(callers: &[CallerSlack]) -> String {
    let width = |text: fn(&CallerSlack) -> String| {
        callers.iter().map(|caller| text(caller).chars().count()).max().unwrap_or_default()
    };
    let name_width = width(|caller| caller.from.clone());
    let place_width = width(|caller| shown(&caller.place));
    let mut text = "called by\n".to_owned();
    for caller in callers {
        let (from, place) = (&caller.from, shown(&caller.place));
        let line = format!("  {from:name_width$}  {place:place_width$}   {}", time_left(caller));
        text.push_str(&escaped(&line));
        text.push('\n');
    }
    text
}

/// Returns how long a caller waits, how long its call can take, and the difference.
fn time_left(caller: &CallerSlack) -> String {
    let CallerSlack { operations, is_parallel, waits_ms, worst_case_ms, .. } = caller;
    let call = match (operations, is_parallel) {
        (1, _) => "a call".to_owned(),
        (operations, true) => format!("{operations} parallel operations"),
        (operations, false) => format!("{operations} operations"),
    };
    let left = match caller.slack_ms() {
        left @ 0.. => format!("{left} ms left"),
        short => format!("{} ms too long", short.unsigned_abs()),
    };
    format!("waits {waits_ms} ms, {call} can take {worst_case_ms} ms: {left}")
}

fn shown(place: &ValuePlace) -> String {
    format!("{}:{}:{}", place.file, place.start.line, place.start.column)
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

/// Returns the columns of an origin: role, location, value and declaration. The value is empty if
/// the first line already shows the same value.
fn row(origin: &ValueOrigin) -> [String; 4] {
    let ValueOrigin { role, place, value, other_key, declaration } = origin;
    let place = place.as_ref().map_or_else(String::new, shown);
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
    #[serde(skip_serializing_if = "Vec::is_empty")]
    callers: Vec<Caller<'e>>,
}

#[derive(Serialize)]
struct Caller<'e> {
    from: &'e str,
    operations: u64,
    parallel: bool,
    waits_ms: u64,
    worst_case_ms: u64,
    slack_ms: i128,
    place: Place<'e>,
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

/// Returns the values, their origins and the callers of the driver as JSON, with a final newline.
pub fn json(explanations: &[Explanation], callers: &[CallerSlack]) -> std::io::Result<String> {
    fn origin(origin: &ValueOrigin) -> Origin<'_> {
        let ValueOrigin { role, place, value, other_key: key, declaration } = origin;
        let place = place.as_ref().map(place_in_json);
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
    let callers = callers.iter().map(caller_in_json).collect();
    Ok(pretty(&Report { schema_version: SCHEMA_VERSION, values, callers })? + "\n")
}

fn caller_in_json(caller: &CallerSlack) -> Caller<'_> {
    Caller {
        from: &caller.from,
        operations: caller.operations,
        parallel: caller.is_parallel,
        waits_ms: caller.waits_ms,
        worst_case_ms: caller.worst_case_ms,
        slack_ms: caller.slack_ms(),
        place: place_in_json(&caller.place),
    }
}

fn place_in_json(place: &ValuePlace) -> Place<'_> {
    Place {
        path: &place.file,
        line: place.start.line,
        column: place.start.column,
        start_offset: place.span.start,
        end_offset: place.span.end,
    }
}
