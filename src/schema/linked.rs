//! Links every key of a schema to its documentation.

use serde_json::{Map, Value, json};

/// The URL of the documentation folder.
const PAGES: &str = concat!(env!("CARGO_PKG_REPOSITORY"), "/blob/main/docs/");

/// The page that lists the tables of documents. It links the pages of tables that have their own.
pub(super) const REFERENCE: &str = "contract.md";

/// Returns the page that lists the keys of a table, such as `driver`.
pub(super) fn page_of(table: &str) -> &'static str {
    match table {
        "server" => "servers.md",
        "caller" | "call" => "calls.md",
        "requirement" => "requirements.md",
        _ => REFERENCE,
    }
}

/// Returns the URL of the contract reference.
pub(super) fn reference() -> String {
    format!("{PAGES}{REFERENCE}")
}

/// Returns the URL of a contract key, whose path starts with its table.
pub(super) fn field(path: &str) -> String {
    let table = path.split('.').next().unwrap_or(path);
    format!("{PAGES}{}#{path}", page_of(table))
}

/// Returns the URL of a configuration key on its page.
pub(super) fn setting(heading: &str) -> String {
    format!("{PAGES}configuration.md#{heading}")
}

/// Links a schema and all its keys to the reference.
pub(super) fn link(schema: &mut Value, path: &str) {
    let Value::Object(map) = schema else { return };
    lead(map, &field(path));
    if let Some(Value::Object(properties)) = map.get_mut("properties") {
        for (key, property) in properties {
            link(property, &format!("{path}.{key}"));
        }
    }
    if let Some(items @ Value::Object(_)) = map.get_mut("items") {
        link(items, path);
    }
}

/// Returns the schema with a link to a URL.
pub(super) fn linked(mut schema: Value, address: &str) -> Value {
    if let Value::Object(map) = &mut schema {
        lead(map, address);
    }
    schema
}

/// Appends a URL to the description of a schema, and makes editors turn the key that the schema
/// describes into a link.
fn lead(map: &mut Map<String, Value>, address: &str) {
    let Some(Value::String(description)) = map.get_mut("description") else { return };
    description.push_str("\n\n");
    description.push_str(address);
    let extension = map.entry("x-taplo").or_insert_with(|| json!({}));
    extension["links"] = json!({ "key": address });
}
