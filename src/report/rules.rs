//! The list of rules, and their pages, for terminals and for sites.

use std::fmt::Write;

use serde::Serialize;

use crate::{
    finding::{Level, Parameter, Rule, Safety},
    report::{
        Style,
        page::{colored, render},
    },
    rules::{ALL, RETIRED, find_retired},
};

const SCHEMA_VERSION: u32 = 1;

/// Rules in a table: name, level, whether findings bring a fix, and the fault in one line.
pub fn list(rules: &[&Rule], style: &Style) -> String {
    let width = rules.iter().map(|rule| rule.name.len()).max().unwrap_or(0);
    let mut text = String::new();
    for rule in rules {
        let level = level(rule);
        let level = colored(&format!("{level:<5}"), color_of(rule), style);
        let fixes = format!("{:<10}", fixability(rule));
        put(&mut text, format_args!("{:<width$}  {level}  {fixes}  {}", rule.name, rule.summary));
    }
    text
}

/// Whether findings of a rule bring a fix, and of which kind.
const fn fixability(rule: &Rule) -> &'static str {
    match rule.fixes {
        None => "",
        Some(Safety::Safe) => "fix",
        Some(Safety::Unsafe) => "unsafe fix",
    }
}

/// What stands above the index of the pages.
const INDEX: &str = "\
# Rules

Everything that driverc can say. `driverc rule <name>` shows a page offline.

A rule has the level below unless `driverc.toml` or the command line gives it another one; `off` \
rules are checked where a project asks for them. A single finding is accepted by a comment beside \
it or by a `[[waiver]]`: see [the configuration](../configuration.md). Nothing accepts an error of \
reading. `driverc check --fix` applies a *fix*, and `--unsafe-fixes` an *unsafe fix*, which changes \
what is promised. One fault is one finding: where two rules apply, [the more specific](overlaps.md) is \
raised alone. [Accuracy](accuracy.md) shows how often each rule is right on the defaults of widely \
used clients.

| rule | level | repair | what is wrong |
| --- | --- | --- | --- |
";

/// What stands above the table of retired rules.
const RETIRED_RULES: &str = "
## Retired rules

driverc no longer checks these rules. Their names stay known: a configuration, a comment or a waiver \
that names one still works, and [rule-retired](rule-retired.md) reports it.

| rule | what to do |
| --- | --- |
";

/// All rules as a Markdown table with links to their pages beside it: the index of the pages.
pub fn index() -> String {
    let mut text = index_of(ALL.iter().map(|lint| lint.rule));
    text.push_str(RETIRED_RULES);
    for retired in RETIRED {
        let name = retired.rule.name;
        put(&mut text, format_args!("| [{name}]({name}.md) | {} |", retired.instead));
    }
    text
}

/// Some rules in the same form.
pub fn index_of<'r>(rules: impl Iterator<Item = &'r Rule>) -> String {
    let mut text = String::from(INDEX);
    for rule in rules {
        let name = rule.name;
        put(
            &mut text,
            format_args!(
                "| [{name}]({name}.md) | {} | {} | {} |",
                level(rule),
                fixability(rule),
                rule.summary
            ),
        );
    }
    text
}

/// The level in a table; a rule that is off says so.
fn level(rule: &Rule) -> &'static str {
    if rule.on { rule.level.label() } else { "off" }
}

const fn color_of(rule: &Rule) -> &'static str {
    match rule.level {
        Level::Error => "31",
        Level::Warn => "33",
        Level::Info => "36",
    }
}

/// The page of a rule for a terminal, with its level and thresholds below.
pub fn page(rule: &Rule, style: &Style) -> String {
    let mut text = render(rule.docs, style);
    let level = if find_retired(rule.name).is_some() { "retired" } else { level(rule) };
    put(&mut text, format_args!("\nLevel: {level}"));
    if rule.fixes.is_some() {
        put(&mut text, format_args!("Repair: {}", fixability(rule)));
    }
    for parameter in rule.parameters {
        let Parameter { name, default, min, max, summary } = parameter;
        put(&mut text, format_args!("{name} = {default} ({min} to {max}): {summary}"));
    }
    text
}

fn put(text: &mut String, line: std::fmt::Arguments<'_>) {
    // Writing to a string does not fail.
    _ = writeln!(text, "{line}");
}

#[derive(Serialize)]
struct List {
    schema_version: u32,
    rules: Vec<Entry>,
}

#[derive(Serialize)]
struct Entry {
    name: &'static str,
    level: Level,
    on: bool,
    /// `null`, `"safe"` or `"unsafe"`.
    fixes: Option<&'static str>,
    summary: &'static str,
    url: String,
    parameters: Vec<Threshold>,
    docs: &'static str,
}

#[derive(Serialize)]
struct Threshold {
    name: &'static str,
    default: u64,
    min: u64,
    max: u64,
    summary: &'static str,
}

/// Rules as JSON with their pages, with a line end.
pub fn json<'r>(rules: impl Iterator<Item = &'r Rule>) -> Result<String, serde_json::Error> {
    let list = List { schema_version: SCHEMA_VERSION, rules: rules.map(entry).collect() };
    Ok(serde_json::to_string_pretty(&list)? + "\n")
}

fn entry(rule: &Rule) -> Entry {
    let threshold = |parameter: &&Parameter| {
        let Parameter { name, default, min, max, summary } = **parameter;
        Threshold { name, default, min, max, summary }
    };
    Entry {
        name: rule.name,
        level: rule.level,
        on: rule.on,
        fixes: rule.fixes.map(Safety::label),
        summary: rule.summary,
        url: rule.url(),
        parameters: rule.parameters.iter().map(threshold).collect(),
        docs: rule.docs,
    }
}
