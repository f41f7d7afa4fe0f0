//! The tables of keys on the page of the configuration.

use std::fmt::Write;

use crate::{
    configuration::{
        Configuration, EvidenceTerms,
        keys::{Effective, KEYS, Key, Shape, TIER_KEYS, Written},
    },
    document::size,
};

/// The keys of `driverc.toml`, as a table in Markdown.
pub fn configuration_keys() -> String {
    let name = |key: &Key<_>| match key.shape {
        Shape::Classes | Shape::Rules | Shape::Files | Shape::Tiers(_) => {
            format!("[`[{0}]`](#{0})", key.name)
        }
        Shape::Texts(_) | Shape::Word(_) | Shape::Words(..) | Shape::Integer(..) => {
            format!("[`{0}`](#{0})", key.name)
        }
    };
    table("default", &KEYS, &Configuration::default(), name)
}

/// The keys of a table of `[evidence]`, as a table in Markdown.
pub fn evidence_keys() -> String {
    table("without it", &TIER_KEYS, &EvidenceTerms::default(), |key| format!("`{}`", key.name))
}

fn table<T>(
    absent: &str,
    keys: &[Key<T>],
    default: &T,
    name: impl Fn(&Key<T>) -> String,
) -> String {
    let mut table = format!("| key | type | {absent} |\n| --- | --- | --- |\n");
    for key in keys {
        let absent = key.absent.map_or_else(|| written(key, default), ToOwned::to_owned);
        // Writing to a string does not fail.
        _ = writeln!(table, "| {} | {} | {absent} |", name(key), kind(key.shape));
    }
    table
}

/// The type of a value, in words.
fn kind(shape: Shape) -> String {
    match shape {
        Shape::Texts(items) | Shape::Words(items, _) => format!("array of {items}"),
        Shape::Word(words) => {
            let words: Vec<_> = words().iter().map(|word| format!("`\"{word}\"`")).collect();
            words.join(" or ")
        }
        Shape::Integer(min, max) => format!("integer, {min}–{max}"),
        Shape::Classes => "table: class to array of capabilities".to_owned(),
        Shape::Rules => "table: rule to level, or to a table".to_owned(),
        Shape::Files => "table: glob to a table of levels".to_owned(),
        Shape::Tiers(_) => "table: support tier to a table".to_owned(),
    }
}

/// The effective value without the key, as TOML.
fn written<T>(key: &Key<T>, default: &T) -> String {
    match (key.effective)(default, &[]) {
        Effective::Set(Written::Text(text)) => format!("`\"{text}\"`"),
        Effective::Set(Written::Integer(bytes)) => format!("`{bytes}` ({})", size(bytes)),
        Effective::Set(_) | Effective::Implied(_) => "`[]`".to_owned(),
        Effective::Nothing => String::new(),
    }
}
