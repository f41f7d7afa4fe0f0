//! Every key of a schema leads to the place where it is explained.

use serde_json::{Map, Value, json};

/// The folder with the pages.
const PAGES: &str = concat!(env!("CARGO_PKG_REPOSITORY"), "/blob/main/docs/");

/// The reference of contracts.
pub(super) fn page() -> String {
    format!("{PAGES}contract.md")
}

/// The place of a key of a contract in the reference.
pub(super) fn field(path: &str) -> String {
    format!("{}#{path}", page())
}

/// The place of a key of the configuration on its page.
pub(super) fn setting(heading: &str) -> String {
    format!("{PAGES}configuration.md#{heading}")
}

/// Leads from a schema, and from every key of it, to the reference.
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

/// The schema, leading to an address.
pub(super) fn linked(mut schema: Value, address: &str) -> Value {
    if let Value::Object(map) = &mut schema {
        lead(map, address);
    }
    schema
}

/// Ends the description of a schema with an address, and makes its key a link to it.
fn lead(map: &mut Map<String, Value>, address: &str) {
    let Some(Value::String(description)) = map.get_mut("description") else { return };
    description.push_str("\n\n");
    description.push_str(address);
    let extension = map.entry("x-taplo").or_insert_with(|| json!({}));
    extension["links"] = json!({ "key": address });
}
