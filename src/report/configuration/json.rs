//! The effective configuration as one JSON document, with the keys of `driverc.toml`.

use std::io;

use serde::{Serialize, Serializer};

use crate::{
    configuration::{
        Configuration,
        keys::{Effective, KEYS, Key, Written},
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

/// Keys in the order of the file.
struct Entries(Vec<(&'static str, Written)>);

impl Serialize for Entries {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(key, value)| (key, value)))
    }
}

/// Every key with its effective value, every rule with its level and thresholds; with a line end.
pub fn json(configuration: &Configuration) -> io::Result<String> {
    let known: Vec<_> = rules::configurable().collect();
    let entry = |key: &Key<_>| match (key.effective)(configuration, &known) {
        Effective::Set(value) => Some((key.name, value)),
        Effective::Implied(_) | Effective::Nothing => None,
    };
    let settings = Entries(KEYS.iter().filter_map(entry).collect());
    Ok(pretty(&Report { schema_version: SCHEMA_VERSION, settings })? + "\n")
}
