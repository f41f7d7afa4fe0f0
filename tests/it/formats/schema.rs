//! The schemas of programs that read the formats.

use std::{fs, path::Path, sync::LazyLock};

use jsonschema::Validator;
use serde_json::Value;

pub(crate) static SARIF: LazyLock<Validator> = LazyLock::new(|| load("sarif-2.1.0.schema.json"));
pub(crate) static GITLAB: LazyLock<Validator> =
    LazyLock::new(|| load("gitlab-code-quality.schema.json"));
pub(crate) static RDJSON: LazyLock<Validator> = LazyLock::new(|| load("rdjson.schema.json"));

fn load(name: &str) -> Validator {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/schemas").join(name);
    let schema = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
    jsonschema::validator_for(&schema).unwrap()
}

/// Parses a document and asserts that it satisfies the schema.
pub(crate) fn valid(schema: &Validator, text: &str) -> Value {
    let document = serde_json::from_str(text).unwrap();
    let errors: Vec<_> = schema
        .iter_errors(&document)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect();
    assert!(errors.is_empty(), "{errors:#?}\n{text}");
    document
}
