//! Writes the contract reference from the schema.

use serde_json::Value;

use super::{
    contracts::{contracts, driver},
    derived::ALLOWED,
    linked,
};
use crate::model::{Field, ProjectVocabulary};

const HEAD: &str = "# Contract reference

This page lists the tables and keys of documents. [Servers](servers.md#keys),
[calls](calls.md#keys) and [requirements](requirements.md#keys) have their own pages.
[Editors](editors.md) show the same text. `driverc check` reports every other key. Tables can be in
any document of a project.
";

const TEMPLATE: &str = "
<a id=\"template\"></a>

## `[template.<name>]`

The values that a driver takes with `like`, unless it sets them itself (see
[templates](templates.md)). The keys are the same as for a driver, except `like`, and all are
optional. In a string, `{driver}` stands for the driver's name.
";

/// Returns the reference page in Markdown. The anchor of each key is its path.
pub fn reference() -> String {
    HEAD.to_owned() + &tables_of(linked::REFERENCE)
}

/// Returns the sections of the tables whose keys a page of the documentation lists.
pub fn tables_of(page: &str) -> String {
    let schema = contracts(ProjectVocabulary::empty());
    let tables = schema["properties"].as_object().into_iter().flatten();
    let listed = tables.filter(|(key, _)| linked::page_of(key) == page);
    listed.map(|(key, table)| sections_of(key, table)).collect()
}

/// Returns the sections of a top-level table or array.
fn sections_of(key: &str, schema: &Value) -> String {
    let is = |fields: &[Field]| fields.iter().any(|field| field.key() == key);
    if is(&[Field::Template]) {
        TEMPLATE.to_owned()
    } else if is(&[Field::Driver]) {
        section("[driver.<name>]", key, &driver())
    } else if is(&[Field::Budget, Field::Workload]) {
        scoped(key, schema)
    } else if schema["items"].is_null() {
        section(&format!("[{key}.<name>]"), key, &named(schema))
    } else {
        section(&format!("[[{key}]]"), key, &schema["items"])
    }
}

/// Returns the schema of a table whose header contains a name, such as a server's table.
fn named(schema: &Value) -> Value {
    let mut tables = schema["patternProperties"].as_object().into_iter().flatten();
    tables.next().map_or(Value::Null, |(_, table)| table.clone())
}

/// Returns the sections of all profiles. Only the first section lists the keys.
fn scoped(key: &str, schema: &Value) -> String {
    let profiles = || schema["properties"].as_object().into_iter().flatten();
    let Some((_, profile)) = profiles().next() else { return String::new() };
    let mut profile = profile.clone();
    profile["description"] = schema["description"].clone();
    let items = profiles().map(|(word, profile)| format!("- `{word}`: {}\n", text_of(profile)));
    let narrower = format!(
        "`[{key}.<profile>.class.<class>]` and `[{key}.<profile>.driver.<name>]` have the same keys, \
         without `class` and `driver`. The narrowest scope wins, key by key."
    );
    let section = section(&format!("[{key}.<profile>]"), key, &profile);
    let profiles: String = items.collect();
    section.replacen("\n\n| key", &format!("\n\n{profiles}\n{narrower}\n\n| key"), 1)
}

/// Returns the section of a table, then the sections of its inner tables.
fn section(header: &str, path: &str, schema: &Value) -> String {
    let description = text_of(schema);
    let mut text = format!(
        "\n<a id=\"{path}\"></a>\n\n## `{header}`\n\n{description}\n\n\
         | key | value | what it is |\n|---|---|---|\n"
    );
    let properties = || schema["properties"].as_object().into_iter().flatten();
    for (key, property) in properties() {
        let in_other_unit = |from: &str, to: &str| {
            let key = key.strip_suffix(from)?.to_owned() + to;
            schema["properties"].get(&key).map(|property| (key, property))
        };
        // The row of the key in milliseconds is about both.
        if in_other_unit("_us", "_ms").is_none() {
            let twin = in_other_unit("_ms", "_us");
            text += &row(path, (key, property), twin, is_required(schema, key));
        }
    }
    for (key, property) in properties() {
        let Some(table) = table_in(property) else { continue };
        let inner = if property["items"].is_null() {
            format!("{}.{key}]", header.trim_end_matches(']'))
        } else {
            format!("[{}.{key}]]", header.trim_end_matches(']'))
        };
        text += &section(&inner, &format!("{path}.{key}"), table);
    }
    text
}

fn row(
    path: &str,
    (key, property): (&str, &Value),
    twin: Option<(String, &Value)>,
    is_required: bool,
) -> String {
    let anchored = |key: &str| format!("<a id=\"{path}.{key}\"></a>`{key}`");
    let mut name = if table_in(property).is_some() {
        format!("[`{key}`](#{path}.{key})")
    } else {
        anchored(key)
    };
    let optional = if is_required { "" } else { "; optional" };
    let (text, mut kind) = text_and_kind(property);
    if let Some((key, property)) = twin {
        let (_, other) = text_and_kind(property);
        name = format!("{name}, {}", anchored(&key));
        kind = format!("{kind}, or {}", other.trim_start_matches("integer, "));
    }
    format!("| {name} | {kind}{optional} | {text}{} |\n", meanings(property))
}

/// Returns the description of a key without its range, and the type with the range.
fn text_and_kind(property: &Value) -> (&str, String) {
    let (text, range) = text_of(property).split_once(ALLOWED).unwrap_or((text_of(property), ""));
    let kind = match range.strip_suffix('.') {
        Some(range) if property["type"] == "integer" => format!("integer, {range}"),
        _ => kind_of(property),
    };
    (text, kind)
}

/// Returns true if a table must have a key, or another key for the same value.
fn is_required(schema: &Value, key: &str) -> bool {
    let listed = |schema: &Value| {
        let keys = schema["required"].as_array().into_iter().flatten();
        keys.into_iter().any(|required| required == key)
    };
    let choices = schema["allOf"].as_array().into_iter().flatten();
    let mut choices = choices.filter_map(|choice| choice["oneOf"].as_array()).flatten();
    listed(schema) || choices.any(listed)
}

/// Returns the schema of a table or of the tables in an array, if its keys are keys of the model.
fn table_in(property: &Value) -> Option<&Value> {
    [property, &property["items"]].into_iter().find(|schema| {
        let keys = schema["properties"].as_object();
        keys.is_some_and(|keys| keys.values().all(|key| key["$ref"].is_null()))
    })
}

/// Returns the description without the URL at its end.
fn text_of(schema: &Value) -> &str {
    let description = schema["description"].as_str().unwrap_or_default();
    description.split("\n\n").next().unwrap_or_default()
}

/// The maximum number of words that the page lists for a key.
const LISTED_WORDS: usize = 20;

/// Returns the words of a vocabulary with their meanings. Adjacent words with the same meaning
/// share a line. If there are too many words, they are listed only in the schema.
fn meanings(property: &Value) -> String {
    let words = [property, &property["items"]].into_iter().flat_map(|schema| {
        let words = schema["enum"].as_array().into_iter().flatten();
        words.zip(schema["markdownEnumDescriptions"].as_array().into_iter().flatten())
    });
    let words: Vec<_> = words.collect();
    if words.len() > LISTED_WORDS {
        return String::new();
    }
    let alike = words.chunk_by(|(_, left), (_, right)| left == right);
    let line = |words: &[(&Value, &Value)]| {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let names = words.iter().map(|(word, _)| format!("`{}`", text(word)));
        format!("<br>{}: {}", names.collect::<Vec<_>>().join(", "), text(words[0].1))
    };
    alike.map(line).collect()
}

/// Returns the type of a value, with its bounds.
fn kind_of(schema: &Value) -> String {
    let range = |min: &str, max: &str| format!("{}–{}", schema[min], schema[max]);
    match schema["type"].as_str().unwrap_or_default() {
        "integer" => format!("integer, {}", range("minimum", "maximum")),
        "string" if schema["format"] == "date" => "date".to_owned(),
        "string" if schema["enum"].is_array() => "word".to_owned(),
        "string" if schema["maxLength"].is_null() => {
            format!("string, `{}`", schema["pattern"].as_str().unwrap_or_default())
        }
        "string" => format!("string of {} characters", range("minLength", "maxLength")),
        "boolean" => "`true` or `false`".to_owned(),
        "array" => array(schema),
        _ => "table".to_owned(),
    }
}

fn array(schema: &Value) -> String {
    let items = &schema["items"];
    let kind = if let Value::Array(pair) = &items["items"] {
        format!("[{}]", pair.iter().map(kind_of).collect::<Vec<_>>().join("; "))
    } else {
        kind_of(items)
    };
    let different = if schema["uniqueItems"] == true { "different " } else { "" };
    let number = match (&schema["minItems"], &schema["maxItems"]) {
        (Value::Null, _) => String::new(),
        (least, Value::Null) => format!("at least {least} "),
        (least, most) => format!("{least}–{most} "),
    };
    format!("array of {number}{different}{}", plural(&kind))
}

/// Changes the noun at the start of a description to the plural.
fn plural(description: &str) -> String {
    let end = description.find(|character: char| !character.is_ascii_alphabetic());
    let (noun, rest) = description.split_at(end.unwrap_or(description.len()));
    if noun.is_empty() { description.to_owned() } else { format!("{noun}s{rest}") }
}
