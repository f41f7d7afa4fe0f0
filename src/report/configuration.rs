//! Writes the effective configuration as a complete `driverc.toml`.

mod json;

use std::fmt::{Display, Write};

pub use self::json::json;
use crate::{
    configuration::{
        Configuration,
        keys::{EffectiveValue, KEYS, ValueShape, WrittenValue},
    },
    rules,
    toml::quote::{key, quoted},
};

/// Returns a complete `driverc.toml` that means the same as the configuration. It lists every rule
/// with its level and thresholds.
pub fn toml(configuration: &Configuration) -> String {
    let known: Vec<_> = rules::configurable().collect();
    let mut text = String::new();
    for key in &KEYS {
        match ((key.effective)(configuration, &known), key.shape) {
            (
                EffectiveValue::Set(WrittenValue::Table(tables)),
                ValueShape::Files | ValueShape::Tiers(_),
            ) => {
                for (name, table) in tables {
                    let header = format_args!("{}.{}", key.name, quoted(&name));
                    write_table(&mut text, header, table);
                }
            }
            (EffectiveValue::Set(WrittenValue::Table(kinds)), ValueShape::Vocabulary) => {
                for (kind, words) in kinds {
                    let WrittenValue::Table(words) = words else { continue };
                    for (word, table) in words {
                        write_table(&mut text, format_args!("{}.{kind}.{word}", key.name), table);
                    }
                }
            }
            (EffectiveValue::Set(WrittenValue::Tables(tables)), _) => {
                for table in tables {
                    write_table(&mut text, format_args!("[{}]", key.name), table);
                }
            }
            (EffectiveValue::Set(table @ WrittenValue::Table(_)), _) => {
                write_table(&mut text, format_args!("{}", key.name), table);
            }
            (EffectiveValue::Set(value), _) => line(&mut text, key.name, &inline(&value)),
            (EffectiveValue::Implied(value), _) => {
                line(&mut text, &format!("# {}", key.name), &inline(&value));
            }
            (EffectiveValue::Nothing, _) => {}
        }
    }
    text
}

fn write_table(text: &mut String, header: std::fmt::Arguments<'_>, table: WrittenValue) {
    line_break(text, format_args!("\n[{header}]"));
    if let WrittenValue::Table(entries) = table {
        for (name, value) in entries {
            line(text, &key(&name), &inline(&value));
        }
    }
}

/// Returns a value on one line.
pub(crate) fn inline(value: &WrittenValue) -> String {
    match value {
        WrittenValue::Text(text) => quoted(text),
        WrittenValue::Integer(number) => number.to_string(),
        WrittenValue::Texts(texts) => {
            let texts: Vec<_> = texts.iter().map(|text| quoted(text)).collect();
            format!("[{}]", texts.join(", "))
        }
        WrittenValue::Tables(tables) => {
            let tables: Vec<_> = tables.iter().map(inline).collect();
            format!("[{}]", tables.join(", "))
        }
        WrittenValue::Table(entries) => {
            let entries =
                entries.iter().map(|(name, value)| format!("{} = {}", key(name), inline(value)));
            format!("{{ {} }}", entries.collect::<Vec<_>>().join(", "))
        }
    }
}

fn line(text: &mut String, key: &str, value: &dyn Display) {
    line_break(text, format_args!("{key} = {value}"));
}

fn line_break(text: &mut String, line: std::fmt::Arguments<'_>) {
    // Writing to a string does not fail.
    _ = writeln!(text, "{line}");
}
