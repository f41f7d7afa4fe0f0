//! The schema of the configuration, from the table of rules.

use serde_json::{Map, Value, json};

use super::{
    linked::{linked, setting},
    root,
};
use crate::{
    configuration::{Configuration, Preset, RuleLevel},
    finding::{Parameter, Rule},
    model::{
        AgeDays, BenchmarkProfile, DriverCapability, DriverClass, Field, MaxFileBytes, Name,
        Vocabulary,
    },
    rules::{self, RETIRED, Retired},
};

/// The schema of `driverc.toml`.
pub fn configuration() -> Value {
    let schema = object(
        "The configuration of driverc.",
        &[
            (
                Field::Include,
                text_list(
                    "The folders and files with contracts, relative to this file.",
                    &json!(["contracts"]),
                ),
            ),
            (
                Field::Exclude,
                text_list(
                    "What is left out of them, as globs relative to this file: `*` stops at `/`, `**` does not.",
                    &json!([]),
                ),
            ),
            (
                Field::Preset,
                words::<Preset>(
                    "How strict the rules are that are not named here. `strict`: every rule at least warns, and what would warn is an error.",
                    "recommended",
                ),
            ),
            (
                Field::SupportTiers,
                text_list("The support tiers, the best supported one first.", &json!([])),
            ),
            (
                Field::MaxFileBytes,
                bytes(
                    "The largest document that is read, in bytes; a larger one is a finding. `--max-file-size` overrules it.",
                ),
            ),
            (Field::RequiredCapabilities, required_capabilities()),
            (Field::Rules, table("Levels and thresholds of rules.", &rule_settings())),
            (Field::PerFileRules, per_file_rules()),
            (Field::Evidence, evidence()),
        ],
        |field| field,
    );
    root("driverc.toml", schema)
}

/// A table whose keys are each explained at the address of that heading.
fn object(
    description: &str,
    properties: &[(Field, Value)],
    heading: impl Fn(Field) -> Field,
) -> Value {
    let entries = properties.iter().map(|(field, value)| {
        let address = setting(heading(*field).key());
        (field.key().to_owned(), linked(value.clone(), &address))
    });
    table(description, &entries.collect())
}

fn table(description: &str, properties: &Map<String, Value>) -> Value {
    json!({
        "type": "object",
        "description": description,
        "properties": properties,
        "additionalProperties": false,
    })
}

fn text_list(description: &str, default: &Value) -> Value {
    json!({
        "type": "array",
        "description": description,
        "items": { "type": "string", "minLength": 1 },
        "default": default,
    })
}

fn bytes(description: &str) -> Value {
    let default = Configuration::default().max_file_bytes.get();
    json!({
        "type": "integer",
        "description": description,
        "minimum": MaxFileBytes::MIN,
        "maximum": MaxFileBytes::MAX,
        "default": default,
    })
}

fn words<V: Vocabulary>(description: &str, default: &str) -> Value {
    let words = all::<V>();
    json!({ "type": "string", "description": description, "enum": words, "default": default })
}

/// Every word of a vocabulary.
fn all<V: Vocabulary>() -> Vec<&'static str> {
    V::ALL.iter().map(|word| word.word()).collect()
}

fn required_capabilities() -> Value {
    let set = |class: &DriverClass| {
        let description = format!("What every `{}` must be able to do.", class.label());
        let items = json!({ "type": "string", "enum": all::<DriverCapability>() });
        let set = json!({
            "type": "array", "description": description, "items": items, "uniqueItems": true
        });
        (class.label().to_owned(), linked(set, &setting(Field::RequiredCapabilities.key())))
    };
    let classes: Map<_, _> = DriverClass::ALL.iter().map(set).collect();
    table(
        "What every driver of a class must be able to do; replaces the default of the class.",
        &classes,
    )
}

fn evidence() -> Value {
    let words = all::<BenchmarkProfile>();
    let profiles = json!({
        "type": "array",
        "description": "The kinds of load for which a driver with a budget must have a sample.",
        "items": { "type": "string", "enum": words },
        "default": words,
    });
    let max_age_days = json!({
        "type": "integer",
        "description": "How many days old the newest sample of each may be, from `measured_on`; without it, any age.",
        "minimum": AgeDays::MIN,
        "maximum": AgeDays::MAX,
    });
    let of_tier = object(
        "The samples that the drivers of this support tier must have.",
        &[(Field::Profiles, profiles), (Field::MaxAgeDays, max_age_days)],
        |_| Field::Evidence,
    );
    json!({
        "type": "object",
        "description": "The samples that drivers must have, by their support tier.",
        "propertyNames": { "minLength": 1, "maxLength": Name::MAX },
        "additionalProperties": linked(of_tier, &setting(Field::Evidence.key())),
    })
}

fn rule_settings() -> Map<String, Value> {
    let configuration =
        rules::configurable().map(|rule| (rule.name.to_owned(), rule_setting(rule)));
    configuration.chain(retired()).collect()
}

/// The names of retired rules, which mean nothing and may still be there.
fn retired() -> impl Iterator<Item = (String, Value)> {
    RETIRED.iter().map(|Retired { rule, .. }| {
        let description = sentence(rule.summary);
        let setting = json!({ "description": description, "deprecated": true });
        (rule.name.to_owned(), linked(setting, &rule.url()))
    })
}

/// A level, or a table with the level and the thresholds of the rule.
fn rule_setting(rule: &Rule) -> Value {
    let mut properties = Map::new();
    properties.insert(Field::Level.key().to_owned(), level(rule));
    for parameter in rule.parameters {
        let Parameter { name, default, min, max, summary } = **parameter;
        let threshold = json!({
            "type": "integer", "description": sentence(summary),
            "minimum": min, "maximum": max, "default": default,
        });
        properties.insert(name.to_owned(), linked(threshold, &rule.url()));
    }
    let mut setting = table(&described(rule), &properties);
    setting["type"] = json!(["string", "object"]);
    setting["if"] = json!({ "type": "string" });
    setting["then"] = json!({ "enum": all::<RuleLevel>() });
    linked(setting, &rule.url())
}

fn level(rule: &Rule) -> Value {
    let default = if rule.on { rule.level.label() } else { RuleLevel::Off.word() };
    linked(words::<RuleLevel>(&described(rule), default), &rule.url())
}

/// A summary as a sentence of its own.
fn sentence(summary: &str) -> String {
    let mut letters = summary.chars();
    let first = letters.next().into_iter().flat_map(char::to_uppercase);
    first.chain(letters.clone()).chain(['.']).collect()
}

fn described(rule: &Rule) -> String {
    format!("Where {}.", rule.summary)
}

fn per_file_rules() -> Value {
    let levels = rules::configurable().map(|rule| (rule.name.to_owned(), level(rule)));
    let levels = levels.chain(retired()).collect();
    let in_files = table("The levels of rules in these files.", &levels);
    json!({
        "type": "object",
        "description": "Levels of rules in the files that a glob matches; the later one wins.",
        "additionalProperties": linked(in_files, &setting(Field::PerFileRules.key())),
    })
}
