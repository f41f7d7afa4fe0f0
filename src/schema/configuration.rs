//! Generates the schema of the configuration from the table of rules.

use serde_json::{Map, Value, json};

use super::{
    linked::{linked, setting},
    root, words as own_words,
};
use crate::{
    configuration::{
        CLAIMED_BY, Configuration, DESCRIPTION, EvidenceTerms, LEVEL, LIKE, Like, RuleLevel,
        TargetFiles, VOCABULARY,
        keys::{ConfigurationKey, EffectiveValue, KEYS, ValueShape},
    },
    finding::{Parameter, Rule},
    model::{
        DriverCapability, DriverClass, Name, ProjectVocabulary, Vocabulary, Word, WordDescription,
    },
    rules::{self, RETIRED, Retired},
};

/// Returns the schema of `driverc.toml` for a project that declares these words.
pub fn configuration(vocabulary: &ProjectVocabulary) -> Value {
    let mut keys = properties(&KEYS, &Configuration::default(), |key| key);
    let own = vocabulary.classes.keys().map(|word| {
        let class = required_set(word.as_str());
        (word.to_string(), class)
    });
    if let Some(Value::Object(classes)) =
        keys.get_mut("required_capabilities").and_then(|schema| schema.get_mut("properties"))
    {
        classes.extend(own);
    }
    let mut schema = root("driverc.toml", table("The configuration of driverc.", &keys));
    own_words::add_words(&mut schema, vocabulary);
    schema
}

/// Returns the schemas of keys, each with a link to the heading that explains the key.
fn properties<T>(
    keys: &[ConfigurationKey<T>],
    default: &T,
    heading: impl Fn(&'static str) -> &'static str,
) -> Map<String, Value> {
    let property = |key: &ConfigurationKey<T>| {
        let address = setting(heading(key.name));
        (key.name.to_owned(), linked(property(key, default), &address))
    };
    keys.iter().map(property).collect()
}

/// Returns the schema of one key.
fn property<T>(key: &ConfigurationKey<T>, default: &T) -> Value {
    let doc = key.doc;
    let mut schema = match key.shape {
        ValueShape::Text(_) => json!({ "type": "string", "description": doc, "minLength": 1 }),
        ValueShape::Texts(_) => json!({
            "type": "array", "description": doc, "items": { "type": "string", "minLength": 1 },
        }),
        ValueShape::Word(words) => json!({ "type": "string", "description": doc, "enum": words() }),
        ValueShape::Words(_, words) => json!({
            "type": "array", "description": doc,
            "items": { "type": "string", "enum": words() },
        }),
        ValueShape::Integer(min, max) => json!({
            "type": "integer", "description": doc, "minimum": min, "maximum": max,
        }),
        ValueShape::Vocabulary => return vocabulary_tables(doc),
        ValueShape::Classes => return table(doc, &required_capabilities()),
        ValueShape::Rules => return table(doc, &rule_settings()),
        ValueShape::Files => return per_file_rules(doc),
        ValueShape::Tiers(keys) => return tiers(doc, keys),
        ValueShape::Owners => return owners(doc),
        ValueShape::Tables(keys) => return target_files(key.name, doc, keys),
    };
    if let EffectiveValue::Set(value) | EffectiveValue::Implied(value) =
        (key.effective)(default, &[])
    {
        schema["default"] = json!(value);
    }
    schema
}

fn table(description: &str, properties: &Map<String, Value>) -> Value {
    json!({
        "type": "object",
        "description": description,
        "properties": properties,
        "additionalProperties": false,
    })
}

fn words<V: Vocabulary>(description: &str, default: &str) -> Value {
    let words = all::<V>();
    json!({ "type": "string", "description": description, "enum": words, "default": default })
}

/// Returns every word of a vocabulary.
fn all<V: Vocabulary>() -> Vec<&'static str> {
    V::ALL.iter().map(Vocabulary::word).collect()
}

fn required_capabilities() -> Map<String, Value> {
    let labels = DriverClass::ALL.iter().map(Vocabulary::word);
    labels.map(|label| (label.to_owned(), required_set(label))).collect()
}

fn required_set(class: &str) -> Value {
    let description = format!("The capabilities that every `{class}` must have.");
    let items = json!({ "type": "string", "enum": all::<DriverCapability>() });
    let set = json!({
        "type": "array", "description": description, "items": items, "uniqueItems": true
    });
    linked(set, &setting("required_capabilities"))
}

/// Returns the schema of `[vocabulary]`.
fn vocabulary_tables(doc: &str) -> Value {
    let description = json!({
        "type": "string", "description": "The meaning of the word.",
        "minLength": WordDescription::MIN, "maxLength": WordDescription::MAX,
    });
    let like = json!({
        "type": "string", "enum": all::<Like>(),
        "description": "The built-in class whose rules and thresholds apply, or `none`.",
    });
    let claimed_by = json!({
        "type": "array", "items": { "type": "string", "enum": all::<DriverCapability>() },
        "description": "The capabilities that claim the profile. Without any, the profile applies \
                        only to drivers with their own budget.",
        "uniqueItems": true,
    });
    let description = (DESCRIPTION, description);
    let class = [description.clone(), (LIKE, like)];
    let profile = [description.clone(), (CLAIMED_BY, claimed_by)];
    let kinds = [
        word_tables("class", "The project's classes.", &class, &[DESCRIPTION, LIKE]),
        word_tables("capability", "The project's capabilities.", &[description], &[DESCRIPTION]),
        word_tables("profile", "The project's profiles.", &profile, &[DESCRIPTION]),
    ];
    table(doc, &kinds.into_iter().collect())
}

fn word_tables(
    kind: &str,
    doc: &str,
    keys: &[(&str, Value)],
    required: &[&str],
) -> (String, Value) {
    let address = setting(VOCABULARY);
    let keys =
        keys.iter().map(|(key, schema)| (String::from(*key), linked(schema.clone(), &address)));
    let mut of_word = table(&format!("A {kind} of the project."), &keys.collect());
    of_word["required"] = json!(required);
    let tables = json!({
        "type": "object",
        "description": doc,
        "patternProperties": { Word::PATTERN: linked(of_word, &address) },
        "additionalProperties": false,
    });
    (kind.to_owned(), linked(tables, &address))
}

fn tiers(description: &str, keys: &'static [ConfigurationKey<EvidenceTerms>]) -> Value {
    let keys = properties(keys, &EvidenceTerms::default(), |_| "evidence");
    let of_tier = table("The benchmarks that drivers of this support tier must have.", &keys);
    json!({
        "type": "object",
        "description": description,
        "propertyNames": { "minLength": 1, "maxLength": Name::MAX },
        "additionalProperties": linked(of_tier, &setting("evidence")),
    })
}

/// Returns the schema of `[[emit]]` or `[[verify]]`.
fn target_files(
    name: &'static str,
    description: &str,
    keys: &'static [ConfigurationKey<TargetFiles>],
) -> Value {
    let required = keys.iter().filter(|key| key.absent == Some("required"));
    let required: Vec<_> = required.map(|key| key.name).collect();
    let mut item = table(description, &properties(keys, &TargetFiles::default(), |_| name));
    item["required"] = json!(required);
    json!({ "type": "array", "description": description, "items": linked(item, &setting(name)) })
}

fn owners(description: &str) -> Value {
    let owner = json!({
        "type": "string", "description": "The owner of the findings.",
        "minLength": Name::MIN, "maxLength": Name::MAX,
    });
    json!({
        "type": "object",
        "description": description,
        "propertyNames": { "minLength": 1 },
        "additionalProperties": linked(owner, &setting("owners")),
    })
}

fn rule_settings() -> Map<String, Value> {
    let configuration =
        rules::configurable().map(|rule| (rule.name.to_owned(), rule_setting(rule)));
    configuration.chain(retired()).collect()
}

/// Returns the names of retired rules, which are still allowed but have no effect.
fn retired() -> impl Iterator<Item = (String, Value)> {
    RETIRED.iter().map(|Retired { rule, .. }| {
        let description = sentence(rule.summary);
        let setting = json!({ "description": description, "deprecated": true });
        (rule.name.to_owned(), linked(setting, &rule.url()))
    })
}

/// Returns the schema of a rule's configuration: a level, or a table with the level and thresholds.
fn rule_setting(rule: &Rule) -> Value {
    let mut properties = Map::new();
    properties.insert(LEVEL.to_owned(), level(rule));
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
    let default = if rule.on { rule.level.label() } else { "off" };
    linked(words::<RuleLevel>(&described(rule), default), &rule.url())
}

/// Formats a summary as a sentence.
fn sentence(summary: &str) -> String {
    let mut letters = summary.chars();
    let first = letters.next().into_iter().flat_map(char::to_uppercase);
    first.chain(letters.clone()).chain(['.']).collect()
}

fn described(rule: &Rule) -> String {
    format!("Where {}.", rule.summary)
}

fn per_file_rules(description: &str) -> Value {
    let levels = rules::configurable().map(|rule| (rule.name.to_owned(), level(rule)));
    let levels = levels.chain(retired()).collect();
    let in_files = table("The levels of rules in these files.", &levels);
    json!({
        "type": "object",
        "description": description,
        "additionalProperties": linked(in_files, &setting("per-file-rules")),
    })
}
