//! What a project has decided, written out as the configuration that says it all.

mod json;

use std::fmt::{Display, Write};

pub use self::json::json;
use crate::{
    configuration::{Configuration, Glob, RuleLevel},
    finding::Rule,
    model::{DriverCapability, DriverClass, Field, Text, Vocabulary},
    report::escape::is_unseen,
    rules,
};

/// A complete `driverc.toml` that means the same; every rule with its level and thresholds.
pub fn toml(configuration: &Configuration) -> String {
    let mut text = String::new();
    match &configuration.include {
        Some(paths) => line(&mut text, Field::Include.key(), &list(paths.iter().map(Text::as_str))),
        // To name the folder would ask for it to be there.
        None => line(&mut text, "# include", &list(["contracts"])),
    }
    line(&mut text, Field::Exclude.key(), &list(configuration.exclude.iter().map(Glob::as_str)));
    line(&mut text, Field::Preset.key(), &quoted(configuration.preset.word()));
    let tiers = configuration.support_tiers.iter().map(Text::as_str);
    line(&mut text, Field::SupportTiers.key(), &list(tiers));
    line(&mut text, Field::MaxFileBytes.key(), &configuration.max_file_bytes.get());
    text.push_str("\n[required_capabilities]\n");
    for class in DriverClass::ALL {
        let words = configuration.required_capabilities(*class);
        line(&mut text, class.label(), &list(words.iter().map(DriverCapability::label)));
    }
    for (tier, terms) in &configuration.evidence {
        line_break(&mut text, format_args!("\n[evidence.{}]", quoted(tier.as_str())));
        let profiles = terms.profiles.iter().map(|profile| profile.label());
        line(&mut text, Field::Profiles.key(), &list(profiles));
        if let Some(days) = terms.max_age_days {
            line(&mut text, Field::MaxAgeDays.key(), &days.get());
        }
    }
    text.push_str("\n[rules]\n");
    for rule in rules::configurable() {
        line(&mut text, rule.name, &rule_value(configuration, rule));
    }
    for files in &configuration.per_file_rules {
        line_break(&mut text, format_args!("\n[per-file-rules.{}]", quoted(files.files.as_str())));
        for (rule, level) in &files.rules {
            line(&mut text, rule, &quoted(level.word()));
        }
    }
    text
}

fn rule_value(configuration: &Configuration, rule: &Rule) -> String {
    let level = configuration.level(rule).map_or(RuleLevel::Off, RuleLevel::On);
    let level = quoted(level.word());
    if rule.parameters.is_empty() {
        return level;
    }
    let parameters = rule.parameters.iter();
    let parameters: Vec<String> = parameters
        .map(|parameter| {
            format!("{} = {}", parameter.name, configuration.parameter(rule, parameter))
        })
        .collect();
    format!("{{ level = {level}, {} }}", parameters.join(", "))
}

fn list<'t>(texts: impl IntoIterator<Item = &'t str>) -> String {
    let texts: Vec<String> = texts.into_iter().map(quoted).collect();
    format!("[{}]", texts.join(", "))
}

/// A basic string in which everything can be seen; JSON's escapes are TOML's.
fn quoted(text: &str) -> String {
    let json = serde_json::Value::from(text).to_string();
    let mut visible = String::with_capacity(json.len());
    for character in json.chars() {
        match u32::from(character) {
            _ if !is_unseen(character) => visible.push(character),
            // Writing to a string does not fail.
            code @ ..=0xffff => _ = write!(visible, "\\u{code:04x}"),
            code => _ = write!(visible, "\\U{code:08x}"),
        }
    }
    visible
}

fn line(text: &mut String, key: &str, value: &dyn Display) {
    line_break(text, format_args!("{key} = {value}"));
}

fn line_break(text: &mut String, line: std::fmt::Arguments<'_>) {
    // Writing to a string does not fail.
    _ = writeln!(text, "{line}");
}
