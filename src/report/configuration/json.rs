//! The effective configuration as one JSON document, with the keys of `driverc.toml`.

use std::{collections::BTreeMap, io};

use serde::Serialize;
use serde_json::{Map, Value};

use crate::{
    configuration::{Configuration, EvidenceTerms, Glob, PerFileRules, RuleLevel},
    finding::Rule,
    model::{AgeDays, BenchmarkProfile, DriverCapability, DriverClass, Text, Vocabulary},
    report::json_text::pretty,
    rules,
};

const SCHEMA_VERSION: u32 = 1;

#[derive(Serialize)]
struct Report<'s> {
    schema_version: u32,
    settings: ConfigurationJson<'s>,
}

#[derive(Serialize)]
struct ConfigurationJson<'s> {
    #[serde(skip_serializing_if = "Option::is_none")]
    include: Option<Vec<&'s str>>,
    exclude: Vec<&'s str>,
    preset: &'static str,
    support_tiers: Vec<&'s str>,
    max_file_bytes: u64,
    required_capabilities: BTreeMap<&'static str, Vec<&'static str>>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    evidence: BTreeMap<&'s str, Evidence>,
    rules: BTreeMap<&'static str, Value>,
    #[serde(rename = "per-file-rules", skip_serializing_if = "Map::is_empty")]
    per_file_rules: Map<String, Value>,
}

#[derive(Serialize)]
struct Evidence {
    profiles: Vec<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_age_days: Option<u64>,
}

/// Every key with its effective value, every rule with its level and thresholds; with a line end.
pub fn json(configuration: &Configuration) -> io::Result<String> {
    let report = Report { schema_version: SCHEMA_VERSION, settings: of(configuration) };
    Ok(pretty(&report)? + "\n")
}

fn of(configuration: &Configuration) -> ConfigurationJson<'_> {
    let include = configuration.include.as_ref();
    let evidence = configuration.evidence.iter();
    ConfigurationJson {
        include: include.map(|paths| paths.iter().map(Text::as_str).collect()),
        exclude: configuration.exclude.iter().map(Glob::as_str).collect(),
        preset: configuration.preset.word(),
        support_tiers: configuration.support_tiers.iter().map(Text::as_str).collect(),
        max_file_bytes: configuration.max_file_bytes.get(),
        required_capabilities: DriverClass::ALL
            .iter()
            .map(|class| (class.label(), required_capabilities(configuration, *class)))
            .collect(),
        evidence: evidence.map(|(tier, terms)| (tier.as_str(), Evidence::of(terms))).collect(),
        rules: rules::configurable()
            .map(|rule| (rule.name, rule_value(configuration, rule)))
            .collect(),
        per_file_rules: configuration.per_file_rules.iter().map(file_rules).collect(),
    }
}

fn required_capabilities(configuration: &Configuration, class: DriverClass) -> Vec<&'static str> {
    configuration.required_capabilities(class).iter().map(DriverCapability::label).collect()
}

impl Evidence {
    fn of(terms: &EvidenceTerms) -> Self {
        let profiles = terms.profiles.iter();
        Self {
            profiles: profiles.map(|profile| BenchmarkProfile::label(*profile)).collect(),
            max_age_days: terms.max_age_days.map(AgeDays::get),
        }
    }
}

/// The level, or a table of the level and the thresholds if the rule has any.
fn rule_value(configuration: &Configuration, rule: &Rule) -> Value {
    let level = configuration.level(rule).map_or(RuleLevel::Off, RuleLevel::On);
    if rule.parameters.is_empty() {
        return level.word().into();
    }
    let parameters = rule.parameters.iter();
    let mut table: Map<String, Value> = parameters
        .map(|parameter| {
            (parameter.name.to_owned(), configuration.parameter(rule, parameter).into())
        })
        .collect();
    table.insert("level".to_owned(), level.word().into());
    table.into()
}

/// The glob with the levels in the files that it matches.
fn file_rules(files: &PerFileRules) -> (String, Value) {
    let levels: Map<String, Value> =
        files.rules.iter().map(|(rule, level)| (rule.clone(), level.word().into())).collect();
    (files.files.as_str().to_owned(), levels.into())
}
