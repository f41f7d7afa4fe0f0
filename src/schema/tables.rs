//! The tables at the top of a document, and tables of tables in them.

use serde_json::{Map, Value, json};

use super::linked;
use crate::model::{DriverName, Field};

/// A table at the top of a document.
pub(super) struct Top {
    pub(super) field: Field,
    /// What one declaration in it is called.
    pub(super) title: &'static str,
    pub(super) description: &'static str,
}

/// A closed table with these keys, in this order.
pub(super) fn table<'k>(
    description: &str,
    keys: impl IntoIterator<Item = (&'k str, Value)>,
) -> Value {
    let keys = keys.into_iter().map(|(key, schema)| (key.to_owned(), schema));
    json!({
        "description": description,
        "type": "object",
        "additionalProperties": false,
        "x-tombi-table-keys-order": "schema",
        "properties": keys.collect::<Map<_, _>>(),
    })
}

/// A table whose keys are the names of drivers.
pub(super) fn by_driver(description: &str, schema: &Value) -> Value {
    json!({
        "description": description,
        "type": "object",
        "additionalProperties": false,
        "patternProperties": { DriverName::PATTERN: schema },
    })
}

/// Adds the title and the link of a top-level table.
pub(super) fn titled(mut schema: Value, top: &Top) -> Value {
    if let Value::Object(map) = &mut schema {
        map.shift_insert(0, "title".to_owned(), json!(format!("{}s", top.title)));
    }
    linked::linked(schema, &linked::field(top.field.key()))
}
