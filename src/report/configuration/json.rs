//! Writes the effective configuration as JSON, with the keys of `driverc.toml`.

use std::io;

use serde::{Serialize, Serializer};

use crate::{
    configuration::{
        Configuration,
        keys::{ConfigurationKey, EffectiveValue, KEYS, WrittenValue},
    },
    report::json_text::pretty,
    rules,
};

const SCHEMA_VERSION: u32 = 1;

#[derive(Serialize)]
struct Report {
    schema_version: u32,
    settings: Entries,
}

/// Keys and values, in the order of the file.
struct Entries(Vec<(&'static str, WrittenValue)>);

impl Serialize for Entries {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(key, value)| (key, value)))
    }
}

/// Returns every key with its effective value and every rule with its level and thresholds, with a
/// final newline.
pub fn json(configuration: &Configuration) -> io::Result<String> {
    let known: Vec<_> = rules::configurable().collect();
    let entry = |key: &ConfigurationKey<_>| match (key.effective)(configuration, &known) {
        EffectiveValue::Set(value) => Some((key.name, value)),
        EffectiveValue::Implied(_) | EffectiveValue::Nothing => None,
    };
    let settings = Entries(KEYS.iter().filter_map(entry).collect());
    Ok(pretty(&Report { schema_version: SCHEMA_VERSION, settings })? + "\n")
}
