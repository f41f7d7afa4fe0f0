//! Writes the list of rules and their pages.

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

/// Returns a table of rules with name, level, kind of fix and summary.
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

/// Returns the kind of fix that a rule offers. Empty if the rule offers no fix.
const fn fixability(rule: &Rule) -> &'static str {
    match rule.fixes {
        None => "",
        Some(Safety::Safe) => "fix",
        Some(Safety::Unsafe) => "unsafe fix",
    }
}

/// The beginning of the index of rule pages.
const INDEX: &str = "\
# Rules

This page lists all rules that driverc checks. `driverc rule <name>` shows the page of a rule offline.

The table shows the default level of each rule, which `driverc.toml` and the command line can \
change. Rules with level `off` run only if a project turns them on. A comment suppresses a \
single finding, and a `[[waiver]]` waives it: see [the configuration](../configuration.md). \
Read errors cannot be suppressed or waived. `driverc check --fix` applies every *fix*, and \
`--unsafe-fixes` also every *unsafe fix*, which can change a promise. Each problem gives one \
finding: if two rules apply, only [the more specific rule](overlaps.md) reports it. \
[Parameters](parameters.md) lists the thresholds that you can change, and \
[Accuracy](accuracy.md) shows how often each rule is right about the defaults of widely used \
clients.

| rule | level | fix | what it reports |
| --- | --- | --- | --- |
";

/// The header of the table of retired rules.
const RETIRED_RULES: &str = "
## Retired rules

driverc no longer checks these rules. Their names are still valid: a configuration, comment or \
waiver that uses one still works, and [rule-retired](rule-retired.md) reports it.

| rule | what to do |
| --- | --- |
";

/// Returns the index of all rule pages as Markdown, with links to pages in the same folder.
pub fn index() -> String {
    let mut text = index_of(ALL.iter().map(|lint| lint.rule));
    text.push_str(RETIRED_RULES);
    for retired in RETIRED {
        let name = retired.rule.name;
        put(&mut text, format_args!("| [{name}]({name}.md) | {} |", retired.instead));
    }
    text
}

/// Returns an index of these rules, in the same form as [`index`].
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

/// Returns the default level of a rule, or `off`.
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

/// Returns a page of Markdown for a terminal.
pub fn markdown_page(source: &str, style: &Style) -> String {
    render(source, style)
}

/// Returns the page of a rule for a terminal, followed by its level and thresholds.
pub fn page(rule: &Rule, style: &Style) -> String {
    let mut text = render(rule.docs, style);
    let level = if find_retired(rule.name).is_some() { "retired" } else { level(rule) };
    put(&mut text, format_args!("\nLevel: {level}"));
    if rule.fixes.is_some() {
        put(&mut text, format_args!("Offers: {}", fixability(rule)));
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
    /// The kind of fixes: `null`, `"safe"` or `"unsafe"`.
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

/// Returns rules with their pages as JSON, with a final newline.
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
