//! Writes the consumers of a driver, with the slack of each bound, as text, Markdown and JSON.

use serde::Serialize;

use super::{
    escape::escaped,
    json_text::pretty,
    markdown::text::{code, inline},
};
use crate::{
    explain::{ConsumerNeeds, ValuePlace},
    model::{BenchmarkProfile, Bound, BoundValue, Capabilities, DriverName, Slack},
};

const SCHEMA_VERSION: u32 = 1;
const COLUMNS: usize = 4;
/// The headings of the table.
pub(super) const HEADINGS: [&str; COLUMNS] = ["consumer", "bound", "contract", "slack"];

/// Returns one row per bound, and one row for each requirement without bounds.
fn rows(needs: &[ConsumerNeeds<'_>]) -> Vec<[String; COLUMNS]> {
    needs.iter().flat_map(rows_of).collect()
}

/// Returns the rows of one requirement.
pub(super) fn rows_of(needs: &ConsumerNeeds<'_>) -> Vec<[String; COLUMNS]> {
    let consumer = || needs.requirement.consumer.to_string();
    let profile = needs.requirement.profile.as_ref();
    if needs.bounds.is_empty() {
        return vec![[consumer(), "none".to_owned(), String::new(), String::new()]];
    }
    let row =
        |bound: &Bound<'_>| [consumer(), required(bound, profile), promised(bound), slack(bound)];
    needs.bounds.iter().map(row).collect()
}

/// Returns what the consumer requires: `max_attempts at most 2`.
fn required(bound: &Bound<'_>, profile: Option<&BenchmarkProfile>) -> String {
    let (key, value) = (bound.key(), bound.shown(bound.required));
    let load = profile.filter(|_| bound.is_limit());
    let load = load.map_or_else(String::new, |profile| format!("{} ", profile.label()));
    match bound.required {
        BoundValue::Capabilities(_) => format!("{key} {value}"),
        BoundValue::Number(..) | BoundValue::Latency(..) => {
            format!("{load}{key} {} {value}", relation(bound))
        }
    }
}

const fn relation(bound: &Bound<'_>) -> &'static str {
    if bound.is_floor() { "at least" } else { "at most" }
}

/// Returns what the contract or the budget promises.
fn promised(bound: &Bound<'_>) -> String {
    match (bound.slack(), bound.promised) {
        (Slack::Missing(missing), _) if missing.is_empty() => "has all".to_owned(),
        (Slack::Missing(missing), _) => format!("lacks {}", labels(&missing).join(", ")),
        (_, Some(value)) => bound.shown(value),
        (_, None) => "no limit".to_owned(),
    }
}

/// Returns the slack: `80`, or `-1, unmet`.
fn slack(bound: &Bound<'_>) -> String {
    let unmet = if bound.is_met() { "" } else { "unmet" };
    match number(bound) {
        Some(slack) if unmet.is_empty() => slack.to_string(),
        Some(slack) => format!("{slack}, {unmet}"),
        None => unmet.to_owned(),
    }
}

/// Returns the slack in the unit of the key.
fn number(bound: &Bound<'_>) -> Option<i128> {
    match bound.slack() {
        Slack::Number(slack) => Some(slack),
        Slack::Micros(slack) => Some(slack / i128::from(bound.latency_unit().micros())),
        Slack::Missing(_) | Slack::Unknown => None,
    }
}

fn labels(capabilities: &Capabilities) -> Vec<String> {
    capabilities.iter().map(|it| it.label().to_owned()).collect()
}

/// Returns the message for a driver without declared consumers.
fn without_consumers(driver: &DriverName) -> String {
    format!("no `[[requirement]]` names `{driver}`")
}

/// Returns a table with one line per bound, with a final newline.
pub fn text(driver: &DriverName, needs: &[ConsumerNeeds<'_>]) -> String {
    let rows = rows(needs);
    if rows.is_empty() {
        return without_consumers(driver) + "\n";
    }
    let cells = |row: &[String; COLUMNS]| row.each_ref().map(|cell| escaped(cell).into_owned());
    let lines: Vec<_> =
        [HEADINGS.map(str::to_owned)].into_iter().chain(rows.iter().map(cells)).collect();
    let widths: [usize; COLUMNS] = std::array::from_fn(|column| {
        lines.iter().map(|row| row[column].chars().count()).max().unwrap_or_default()
    });
    let line = |row: &[String; COLUMNS]| {
        let padded = row.iter().zip(widths).map(|(cell, width)| format!("{cell:width$}"));
        padded.collect::<Vec<_>>().join("  ").trim_end().to_owned() + "\n"
    };
    lines.iter().map(line).collect()
}

/// Returns a Markdown table with one row per bound, with a final newline.
pub fn markdown(driver: &DriverName, needs: &[ConsumerNeeds<'_>]) -> String {
    let rows = rows(needs);
    if rows.is_empty() {
        return inline(&without_consumers(driver)) + "\n";
    }
    let head = format!("| {} |\n|{}\n", HEADINGS.join(" | "), " --- |".repeat(COLUMNS));
    let line = |[consumer, bound, promised, slack]: &[String; COLUMNS]| {
        format!(
            "| {} | {} | {} | {} |\n",
            code(consumer),
            inline(bound),
            inline(promised),
            inline(slack)
        )
    };
    head + &rows.iter().map(line).collect::<String>()
}

#[derive(Serialize)]
struct Report<'n> {
    schema_version: u32,
    driver: &'n DriverName,
    consumers: Vec<Needs<'n>>,
}

#[derive(Serialize)]
struct Needs<'n> {
    consumer: &'n str,
    owner: &'n str,
    reason: &'n str,
    profile: Option<BenchmarkProfile>,
    bounds: Vec<BoundJson>,
    place: Place<'n>,
}

#[derive(Serialize)]
struct BoundJson {
    key: &'static str,
    relation: &'static str,
    required: Value,
    promised: Option<Value>,
    slack: Option<i128>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    missing: Vec<String>,
    met: bool,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Value {
    Number(u64),
    Capabilities(Vec<String>),
}

#[derive(Serialize)]
struct Place<'n> {
    path: &'n str,
    line: usize,
    column: usize,
    start_offset: u32,
    end_offset: u32,
}

/// Returns the consumers of a driver as JSON, with a final newline. Numbers are in the unit of
/// their key.
pub fn json(driver: &DriverName, needs: &[ConsumerNeeds<'_>]) -> std::io::Result<String> {
    let consumers = needs.iter().map(needs_in_json).collect();
    Ok(pretty(&Report { schema_version: SCHEMA_VERSION, driver, consumers })? + "\n")
}

fn needs_in_json<'n>(needs: &'n ConsumerNeeds<'_>) -> Needs<'n> {
    let requirement = needs.requirement;
    let ValuePlace { file, span, start } = &needs.place;
    Needs {
        consumer: requirement.consumer.as_str(),
        owner: requirement.owner.as_str(),
        reason: requirement.reason.as_str(),
        profile: requirement.profile,
        bounds: needs.bounds.iter().map(bound_in_json).collect(),
        place: Place {
            path: file,
            line: start.line,
            column: start.column,
            start_offset: span.start,
            end_offset: span.end,
        },
    }
}

fn bound_in_json(bound: &Bound<'_>) -> BoundJson {
    let value = |value: BoundValue<'_>| match value {
        BoundValue::Capabilities(capabilities) => Value::Capabilities(labels(capabilities)),
        BoundValue::Number(number, _) => Value::Number(number),
        BoundValue::Latency(us, _) => Value::Number(bound.latency_unit().of_us(us)),
    };
    let missing = match bound.slack() {
        Slack::Missing(missing) => labels(&missing),
        Slack::Number(_) | Slack::Micros(_) | Slack::Unknown => Vec::new(),
    };
    BoundJson {
        key: bound.key(),
        relation: if bound.is_floor() { "at_least" } else { "at_most" },
        required: value(bound.required),
        promised: bound.promised.map(value),
        slack: number(bound),
        missing,
        met: bound.is_met(),
    }
}
