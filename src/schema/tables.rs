//! Generates the schemas of top-level tables and their inner tables.

use serde_json::{Map, Value, json};

use super::linked;
use crate::model::{DriverName, Field};

/// A top-level table of a document.
pub(super) struct Top {
    pub(super) field: Field,
    /// The title of one declaration in the table.
    pub(super) title: &'static str,
    pub(super) description: &'static str,
}

/// Returns the schema of a table that allows exactly these keys, in this order.
pub(super) fn table(
    description: &str,
    keys: impl IntoIterator<Item = (impl Into<String>, Value)>,
) -> Value {
    let keys = keys.into_iter().map(|(key, schema)| (key.into(), schema));
    json!({
        "description": description,
        "type": "object",
        "additionalProperties": false,
        "x-tombi-table-keys-order": "schema",
        "properties": keys.collect::<Map<_, _>>(),
    })
}

/// Returns the schema of a table whose keys are driver names.
pub(super) fn by_driver(description: &str, schema: &Value) -> Value {
    json!({
        "description": description,
        "type": "object",
        "additionalProperties": false,
        "patternProperties": { DriverName::PATTERN: schema },
    })
}

/// Adds the title and link of a top-level table.
pub(super) fn titled(mut schema: Value, top: &Top) -> Value {
    if let Value::Object(map) = &mut schema {
        map.shift_insert(0, "title".to_owned(), json!(format!("{}s", top.title)));
    }
    linked::linked(schema, &linked::field(top.field.key()))
}
