//! Checks that the schema of a document accepts exactly the documents that the reader accepts.
//!
//! The schema sees the JSON form of a document, in which a date is a string. The tests do not
//! generate values that JSON cannot distinguish (`3.0` and `3`, a date and the same date in
//! quotes). Constraints that a schema cannot express (the order of quantiles, a burst that fits
//! into its period, the length of a template's text without its placeholder) are in
//! [`beyond_schema`].
use std::{
    cell::RefCell,
    collections::BTreeSet,
    fmt::Write,
    fs,
    path::{Path, PathBuf},
};

use driverc::{document::read_with, model::Quantiles, schema};
use jsonschema::Validator;
use proptest::{prelude::ProptestConfig, prop_assert_eq, proptest, test_runner::TestCaseError};
use serde_json::Value;
use toml::Table;

use crate::{
    agreement::{documents, mutations},
    common::strategies::vocabulary,
};

/// The keywords of the schema that can refuse a document.
const KEYWORDS: [&str; 18] = [
    "additionalProperties",
    "anyOf",
    "enum",
    "format",
    "maxItems",
    "maxLength",
    "maxProperties",
    "maximum",
    "minItems",
    "minLength",
    "minProperties",
    "minimum",
    "not",
    "oneOf",
    "pattern",
    "required",
    "type",
    "uniqueItems",
];

fn validator() -> Validator {
    jsonschema::draft7::options()
        .should_validate_formats(true)
        .build(&schema::contracts(&vocabulary()))
        .expect("a schema of draft-07")
}

/// Returns the JSON form of a value. A date is a string, and a value with a time has no JSON form.
fn json(value: &toml::Value) -> Value {
    match value {
        toml::Value::String(text) => text.as_str().into(),
        toml::Value::Integer(number) => (*number).into(),
        toml::Value::Float(number) => (*number).into(),
        toml::Value::Boolean(truth) => (*truth).into(),
        toml::Value::Datetime(date) if date.time.is_some() => Value::Null,
        toml::Value::Datetime(date) => date.to_string().into(),
        toml::Value::Array(items) => items.iter().map(json).collect(),
        toml::Value::Table(table) => {
            table.iter().map(|(key, value)| (key.clone(), json(value))).collect()
        }
    }
}

/// Returns true if a document breaks a constraint that no schema can express.
fn beyond_schema(value: &Value) -> bool {
    if let Value::Array(items) = value {
        return items.iter().any(beyond_schema);
    }
    let Value::Object(table) = value else { return false };
    let disordered = |points: &Value| serde_json::from_value::<Quantiles>(points.clone()).is_err();
    table.get("quantiles_us").is_some_and(disordered)
        || table
            .get("burst")
            .is_some_and(|burst| is_invalid_burst(burst, &value["rate_ops_per_ksec"]))
        || table.values().any(beyond_schema)
}

/// Returns true if a template has a text that can be too long.
fn has_long_text(value: &Value) -> bool {
    if let Value::Object(table) = value {
        return table.values().any(has_long_text);
    }
    value.as_str().is_some_and(|text| text.chars().count() > 255)
}

/// Returns true if a burst is longer than its period or has no operations.
fn is_invalid_burst(burst: &Value, rate: &Value) -> bool {
    let number = |key: &str| burst[key].as_u64().unwrap_or_default();
    let vanishes = |rate| u128::from(number("percent")) * u128::from(rate) < 100;
    number("on_ms") > number("period_ms") || rate.as_u64().is_some_and(vanishes)
}

/// Asserts that both accept the document, or neither.
fn agree(validator: &Validator, document: &Table) -> Result<bool, TestCaseError> {
    let text = document.to_string();
    let json = json(&toml::Value::Table(document.clone()));
    let findings = read_with(&text, &vocabulary()).findings;
    let errors: Vec<_> = validator.iter_errors(&json).map(|error| error.to_string()).collect();
    if !(errors.is_empty() && (beyond_schema(&json) || has_long_text(&json["template"]))) {
        prop_assert_eq!(
            findings.is_empty(),
            errors.is_empty(),
            "{}{:#?}{:#?}",
            text,
            findings,
            errors
        );
    }
    Ok(findings.is_empty())
}

#[test]
fn reader_and_schema_accept_valid_documents() {
    let validator = validator();
    proptest!(ProptestConfig::with_cases(256), |(document in documents::valid())| {
        assert!(agree(&validator, &document)?, "{document}");
    });
}

#[test]
fn reader_and_schema_agree_on_mutated_documents() {
    let validator = validator();
    let used = RefCell::new(BTreeSet::new());
    proptest!(ProptestConfig::with_cases(2048), |(
        mut document in documents::valid(),
        mutations in mutations::some(),
    )| {
        for mutation in &mutations {
            mutation.apply(&mut document);
        }
        if !agree(&validator, &document)? {
            let json = json(&document.into());
            let keywords = validator.iter_errors(&json).map(|error| error.kind().keyword().to_owned());
            used.borrow_mut().extend(keywords);
        }
    });
    let unused: Vec<_> =
        KEYWORDS.into_iter().filter(|word| !used.borrow().contains(*word)).collect();
    assert_eq!(unused, [""; 0], "no document was refused for these keywords");
}

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures")
}

/// Returns the files of a fixture, which is a file or a folder.
fn files(path: &Path) -> Vec<PathBuf> {
    if path.is_file() {
        return vec![path.to_owned()];
    }
    let entries = fs::read_dir(path).unwrap();
    let mut files: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

/// Returns which tool detects the fault of a fixture.
fn detected_by(validator: &Validator, fixture: &Path) -> &'static str {
    let mut seen = "driverc";
    for file in files(fixture) {
        let text = String::from_utf8(fs::read(file).unwrap()).ok();
        let Some(document) = text.and_then(|text| text.parse::<Table>().ok()) else {
            return "toml";
        };
        if !validator.is_valid(&json(&document.into())) {
            seen = "schema";
        }
    }
    seen
}

#[test]
fn list_of_tools_that_detect_errors_in_fixtures_is_up_to_date() {
    let validator = validator();
    let mut list = "# Who sees what is wrong with a fixture: every reader of TOML, the schema, or \
                    only driverc.\n\
                    # `UPDATE=1 cargo test --test it schema_agreement::` writes this list.\n"
        .to_owned();
    for fixture in files(&fixtures().join("invalid")) {
        let name = fixture.file_name().unwrap().to_str().unwrap();
        writeln!(list, "{} {name}", detected_by(&validator, &fixture)).unwrap();
    }
    let path = fixtures().join("schema.txt");
    if std::env::var_os("UPDATE").is_some() {
        fs::write(&path, &list).unwrap();
    }
    assert_eq!(fs::read_to_string(&path).unwrap_or_default(), list);
}

#[test]
fn documents_without_findings_satisfy_schema() {
    let validator = validator();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for file in files(&root.join("contracts")).into_iter().chain(files(&fixtures().join("valid"))) {
        let document: Table = fs::read_to_string(&file).unwrap().parse().unwrap();
        let json = json(&document.into());
        let errors: Vec<_> = validator.iter_errors(&json).map(|error| error.to_string()).collect();
        assert_eq!(errors, [""; 0], "{}", file.display());
    }
}
