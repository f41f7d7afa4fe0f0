//! Generates JSON Schemas for editors, in draft-07, the draft that TOML editors support best.
//!
//! The schemas are derived from the model's types, so editors underline the values that driverc
//! rejects.

mod configuration;
mod contracts;
mod derived;
mod keys;
mod linked;
mod reference;
mod scopes;
mod tables;
mod templates;
mod twins;
mod words;

pub use self::{
    configuration::configuration,
    contracts::contracts,
    keys::{configuration_keys, emit_keys, evidence_keys, verify_keys},
    reference::{reference, tables_of},
};
use serde_json::{Value, json};

use crate::model::ProjectVocabulary;

const DRAFT: &str = "http://json-schema.org/draft-07/schema#";
/// The supported TOML version.
const TOML_VERSION: &str = "v1.1.0";

/// A schema file.
#[derive(Clone, Copy, Debug)]
pub struct SchemaFile {
    /// The file name.
    pub name: &'static str,
    /// Generates the schema for a project that declares these words.
    pub schema: fn(&ProjectVocabulary) -> Value,
}

/// The schemas of all file types that driverc reads.
pub const FILES: [SchemaFile; 2] = [
    SchemaFile { name: "contracts.schema.json", schema: contracts },
    SchemaFile { name: "driverc.schema.json", schema: configuration },
];

/// Returns true if the schema in a text differs from the generated schema only in words that
/// projects declare.
pub fn differs_only_in_words(text: &str, file: &SchemaFile) -> bool {
    let Ok(current) = serde_json::from_str::<Value>(text) else { return false };
    self::text(&(file.schema)(&words::words_in(&current))) == text
}

/// Returns the text of a schema file.
pub fn text(schema: &Value) -> String {
    format!("{schema:#}\n")
}

/// Returns a schema with the title and the keywords that the root of a schema file needs.
fn root(title: &str, schema: Value) -> Value {
    let mut root = json!({ "$schema": DRAFT, "title": title });
    if let (Value::Object(root), Value::Object(schema)) = (&mut root, schema) {
        root.insert("x-tombi-toml-version".to_owned(), json!(TOML_VERSION));
        root.extend(schema);
    }
    root
}
