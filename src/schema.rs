//! JSON Schema for editors: draft-07, which TOML editors read best.
//!
//! A schema is made from the types of the model and from nothing else, so that an editor
//! underlines what driverc refuses.

mod configuration;
mod contracts;
mod derived;
mod keys;
mod linked;
mod reference;
mod scopes;
mod tables;

pub use self::{
    configuration::configuration,
    contracts::contracts,
    keys::{configuration_keys, evidence_keys},
    reference::reference,
};
use serde_json::{Value, json};

const DRAFT: &str = "http://json-schema.org/draft-07/schema#";
/// The version of TOML that is read.
const TOML_VERSION: &str = "v1.1.0";

/// A schema as a file.
#[derive(Clone, Copy, Debug)]
pub struct SchemaFile {
    /// The name of the file.
    pub name: &'static str,
    /// Makes the schema in it.
    pub schema: fn() -> Value,
}

/// The schemas of all that is read.
pub const FILES: [SchemaFile; 2] = [
    SchemaFile { name: "contracts.schema.json", schema: contracts },
    SchemaFile { name: "driverc.schema.json", schema: configuration },
];

/// The schema as it is written to a file.
pub fn text(schema: &Value) -> String {
    format!("{schema:#}\n")
}

/// The schema of a whole file.
fn root(title: &str, schema: Value) -> Value {
    let mut root = json!({ "$schema": DRAFT, "title": title });
    if let (Value::Object(root), Value::Object(schema)) = (&mut root, schema) {
        root.insert("x-tombi-toml-version".to_owned(), json!(TOML_VERSION));
        root.extend(schema);
    }
    root
}
