//! Generates the schemas of templates, and of drivers that can name a template.

use serde_json::{Map, Value, json};

use super::{derived::ALLOWED, linked};
use crate::model::{DriverName, Field};

/// The pattern of a text in a template: no control character, and no brace except in `{driver}`.
const TEXT: &str = r"^(?:[^{}\x00-\x1f\x7f-\x9f]|\{driver\})*$";

/// The JSON Schema keywords that can require a key.
const NEEDS: [&str; 2] = ["required", "dependencies"];

/// Adds `like` to the schema of a contract, as its first key.
pub(super) fn with_like(mut contract: Value) -> Value {
    let like = json!({
        "description": "The template that sets the keys that the driver does not set itself.",
        "type": "string",
        "pattern": DriverName::PATTERN,
        "examples": ["sqlx_pg"],
    });
    let path = format!("{}.{}", Field::Driver.key(), Field::Like.key());
    let like = linked::linked(like, &linked::field(&path));
    if let Some(Value::Object(keys)) = contract.get_mut("properties") {
        keys.shift_insert(0, Field::Like.key().to_owned(), like);
    }
    contract
}

/// Returns the schema of a driver, which needs the keys of a contract unless it names a template.
pub(super) fn driver(contract: &Value) -> Value {
    let mut driver = contract.clone();
    let needs = take_needs(&mut driver);
    driver["anyOf"] = json!([{ "required": [Field::Like.key()] }, needs]);
    driver
}

/// Creates the schema of a template from the schema of a contract.
pub(super) fn template(contract: &Value) -> Value {
    let mut template = contract.clone();
    take_needs(&mut template);
    template["title"] = json!("Template");
    template["description"] = json!(
        "The keys that drivers take from the template, unless they set them. \
         `{driver}` stands for the driver's name."
    );
    if let Some(Value::Object(keys)) = template.get_mut("properties") {
        keys.shift_remove(Field::Like.key());
        keys.values_mut().for_each(allow_placeholder);
    }
    template
}

/// Moves the conditions about missing keys out of the schema of a table and its inner tables.
/// Returns the conditions as a separate schema.
fn take_needs(table: &mut Value) -> Value {
    let mut needs = Map::new();
    let Value::Object(map) = table else { return needs.into() };
    for keyword in NEEDS {
        if let Some(value) = map.shift_remove(keyword) {
            needs.insert(keyword.to_owned(), value);
        }
    }
    let Some(Value::Object(keys)) = map.get_mut("properties") else { return needs.into() };
    let inner = keys.iter_mut().map(|(key, inner)| (key.clone(), take_needs(inner)));
    let inner: Map<_, _> = inner.filter(|(_, needs)| *needs != json!({})).collect();
    if !inner.is_empty() {
        needs.insert("properties".to_owned(), inner.into());
    }
    needs.into()
}

/// Allows the placeholder in the texts of a table. Removes length limits, because driverc checks
/// the length of a text after it replaces the placeholder.
fn allow_placeholder(schema: &mut Value) {
    let Value::Object(map) = schema else { return };
    if map.shift_remove("maxLength").is_some() {
        map.insert("pattern".to_owned(), json!(TEXT));
        if let Some(Value::String(text)) = map.get_mut("description") {
            remove_range(text);
        }
    }
    if let Some(Value::Object(keys)) = map.get_mut("properties") {
        keys.values_mut().for_each(allow_placeholder);
    }
}

/// Removes the sentence about the range of the value from a description.
fn remove_range(text: &mut String) {
    if let Some(start) = text.find(ALLOWED) {
        let end = text[start..].find("\n\n").map_or(text.len(), |length| start + length);
        text.replace_range(start..end, "");
    }
}
