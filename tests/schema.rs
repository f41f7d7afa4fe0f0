//! The committed schemas are those that the code makes.
//!
//! `UPDATE=1 cargo test --test schema` writes them.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::{env, fs, path::Path};

use driverc::schema;
use serde_json::Value;

fn hold(name: &str, schema: &Value) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("schema").join(name);
    let text = schema::text(schema);
    if env::var_os("UPDATE").is_some() {
        fs::write(&path, &text).unwrap();
    }
    let committed = fs::read_to_string(&path).unwrap();
    assert!(committed == text, "{name} is stale: run `UPDATE=1 cargo test --test schema`");
}

#[test]
fn the_schema_of_the_configuration_is_up_to_date() {
    hold("driverc.schema.json", &schema::configuration());
}

/// Every object is closed, and every integer has both bounds.
fn closed(value: &Value, path: &str) {
    if let Value::Object(map) = value {
        let is = |kind: &str| map.get("type").is_some_and(|types| types.to_string().contains(kind));
        if is("\"object\"") && map.contains_key("description") {
            assert!(map.contains_key("additionalProperties"), "{path}");
        }
        if is("\"integer\"") {
            assert!(map.contains_key("minimum") && map.contains_key("maximum"), "{path}");
        }
        assert!(!map.contains_key("oneOf"), "{path}");
        map.iter().for_each(|(key, value)| closed(value, &format!("{path}/{key}")));
    }
}

#[test]
fn the_schema_is_closed_and_bounded() {
    closed(&schema::configuration(), "");
}
