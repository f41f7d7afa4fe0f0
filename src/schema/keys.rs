//! Writes the tables of keys for the configuration page.

use std::fmt::Write;

use crate::{
    configuration::{
        Configuration, EvidenceTerms, TargetFiles,
        keys::{
            ConfigurationKey, EMIT_KEYS, EffectiveValue, KEYS, TIER_KEYS, VERIFY_KEYS, ValueShape,
            WrittenValue,
        },
    },
    document::size,
};

/// Returns the keys of `driverc.toml` as a Markdown table.
pub fn configuration_keys() -> String {
    let name = |key: &ConfigurationKey<_>| match key.shape {
        ValueShape::Vocabulary
        | ValueShape::Classes
        | ValueShape::Rules
        | ValueShape::Files
        | ValueShape::Tiers(_)
        | ValueShape::Owners => {
            format!("[`[{0}]`](#{0})", key.name)
        }
        ValueShape::Tables(_) => format!("[`[[{0}]]`](#{0})", key.name),
        ValueShape::Text(_)
        | ValueShape::Texts(_)
        | ValueShape::Word(_)
        | ValueShape::Words(..)
        | ValueShape::Integer(..) => {
            format!("[`{0}`](#{0})", key.name)
        }
    };
    table("default", &KEYS, &Configuration::default(), name)
}

/// Returns the keys of an `[evidence]` table as a Markdown table.
pub fn evidence_keys() -> String {
    table("without it", &TIER_KEYS, &EvidenceTerms::default(), |key| format!("`{}`", key.name))
}

/// Returns the keys of an `[[emit]]` table as a Markdown table.
pub fn emit_keys() -> String {
    table("without it", &EMIT_KEYS, &TargetFiles::default(), |key| format!("`{}`", key.name))
}

/// Returns the keys of a `[[verify]]` table as a Markdown table.
pub fn verify_keys() -> String {
    table("without it", &VERIFY_KEYS, &TargetFiles::default(), |key| format!("`{}`", key.name))
}

fn table<T>(
    absent: &str,
    keys: &[ConfigurationKey<T>],
    default: &T,
    name: impl Fn(&ConfigurationKey<T>) -> String,
) -> String {
    let mut table = format!("| key | type | {absent} |\n|---|---|---|\n");
    for key in keys {
        let absent = key.absent.map_or_else(|| written(key, default), ToOwned::to_owned);
        // Writing to a string cannot fail.
        _ = writeln!(table, "| {} | {} | {absent} |", name(key), kind(key.shape));
    }
    table
}

/// Returns the type of a value, for the table.
fn kind(shape: ValueShape) -> String {
    match shape {
        ValueShape::Text(kind) => kind.to_owned(),
        ValueShape::Texts(items) | ValueShape::Words(items, _) => format!("array of {items}"),
        ValueShape::Word(words) => {
            let words: Vec<_> = words().iter().map(|word| format!("`\"{word}\"`")).collect();
            words.join(" or ")
        }
        ValueShape::Integer(min, max) => format!("integer, {min}–{max}"),
        ValueShape::Vocabulary => "tables: vocabulary to words".to_owned(),
        ValueShape::Classes => "table: class to array of capabilities".to_owned(),
        ValueShape::Rules => "table: rule to level, or to a table".to_owned(),
        ValueShape::Files => "table: glob to a table of levels".to_owned(),
        ValueShape::Tiers(_) => "table: support tier to a table".to_owned(),
        ValueShape::Owners => "table: support tier or glob to text".to_owned(),
        ValueShape::Tables(_) => "array of tables".to_owned(),
    }
}

/// Returns the effective value of an absent key, as TOML.
fn written<T>(key: &ConfigurationKey<T>, default: &T) -> String {
    match (key.effective)(default, &[]) {
        EffectiveValue::Set(WrittenValue::Text(text)) => format!("`\"{text}\"`"),
        EffectiveValue::Set(WrittenValue::Integer(bytes)) => format!("`{bytes}` ({})", size(bytes)),
        EffectiveValue::Set(_) | EffectiveValue::Implied(_) => "`[]`".to_owned(),
        EffectiveValue::Nothing => String::new(),
    }
}
