//! Adds the keys that state a latency in microseconds.

use serde_json::{Map, Value, json};

use super::derived::ALLOWED;
use crate::model::{Field, LatencyUnit};

/// Adds the second key of each latency after its first key. The schema allows at most one of the
/// two keys, or requires exactly one if the field is required.
pub(super) fn add(schema: &mut Value, fields: &[Field]) {
    let Some(Value::Object(properties)) = schema.get_mut("properties") else { return };
    let mut both = Map::new();
    for (key, property) in std::mem::take(properties) {
        let field = fields.iter().find(|field| field.key() == key);
        let twin = field.and_then(|field| field.twin());
        let stated = twin.map(|twin| (twin.to_owned(), in_microseconds(&property)));
        both.insert(key, property);
        both.extend(stated);
    }
    *properties = both;
    let pairs = fields.iter().filter_map(|field| Some([field.key(), field.twin()?]));
    let pairs: Vec<_> = pairs.collect();
    if pairs.is_empty() {
        return;
    }
    let once: Vec<_> = pairs.iter().map(|pair| once(schema, *pair)).collect();
    if let Some(Value::Array(required)) = schema.get_mut("required") {
        required.retain(|key| !pairs.iter().any(|[own, _]| key == own));
    }
    schema["allOf"] = json!(once);
}

/// Returns the condition for two keys of the same field: exactly one if the first key is required,
/// otherwise at most one.
fn once(schema: &Value, [own, twin]: [&str; 2]) -> Value {
    let required = schema["required"].as_array();
    if required.is_some_and(|required| required.iter().any(|key| key == own)) {
        json!({ "oneOf": [{ "required": [own] }, { "required": [twin] }] })
    } else {
        json!({ "not": { "required": [own, twin] } })
    }
}

/// Creates the schema of a latency's key in microseconds from the schema of its key in
/// milliseconds.
fn in_microseconds(property: &Value) -> Value {
    let mut stated = property.clone();
    let micros = LatencyUnit::Milliseconds.micros();
    let scaled = |value: &Value| value.as_u64().map(|number| json!(number * micros));
    if let Some(most) = scaled(&property["maximum"]) {
        stated["maximum"] = most;
    }
    if let Some(Value::Array(examples)) = stated.get_mut("examples") {
        for example in examples {
            if let Some(number) = scaled(example) {
                *example = number;
            }
        }
    }
    let description = property["description"].as_str().unwrap_or_default();
    let description = description.split(ALLOWED).next().unwrap_or_default();
    let sentence = description.trim_end_matches('.');
    let range = super::derived::range_of(&stated, LatencyUnit::Microseconds.suffix());
    stated["description"] = json!(format!("{sentence}, in microseconds.{ALLOWED}{range}."));
    stated
}
