//! Writes the effective configuration as a complete `driverc.toml`.

mod json;

use std::fmt::{Display, Write};

pub use self::json::json;
use crate::{
    configuration::{
        Configuration,
        keys::{Effective, KEYS, Shape, Written},
    },
    rules,
    toml::quote::quoted,
};

/// A complete `driverc.toml` that means the same; every rule with its level and thresholds.
pub fn toml(configuration: &Configuration) -> String {
    let known: Vec<_> = rules::configurable().collect();
    let mut text = String::new();
    for key in &KEYS {
        match ((key.effective)(configuration, &known), key.shape) {
            (Effective::Set(Written::Table(tables)), Shape::Files | Shape::Tiers(_)) => {
                for (name, table) in tables {
                    let header = format_args!("{}.{}", key.name, quoted(&name));
                    write_table(&mut text, header, table);
                }
            }
            (Effective::Set(table @ Written::Table(_)), _) => {
                write_table(&mut text, format_args!("{}", key.name), table);
            }
            (Effective::Set(value), _) => line(&mut text, key.name, &inline(&value)),
            (Effective::Implied(value), _) => {
                line(&mut text, &format!("# {}", key.name), &inline(&value));
            }
            (Effective::Nothing, _) => {}
        }
    }
    text
}

fn write_table(text: &mut String, header: std::fmt::Arguments<'_>, table: Written) {
    line_break(text, format_args!("\n[{header}]"));
    if let Written::Table(entries) = table {
        for (key, value) in entries {
            line(text, &key, &inline(&value));
        }
    }
}

/// A value in one line.
fn inline(value: &Written) -> String {
    match value {
        Written::Text(text) => quoted(text),
        Written::Integer(number) => number.to_string(),
        Written::Texts(texts) => {
            let texts: Vec<_> = texts.iter().map(|text| quoted(text)).collect();
            format!("[{}]", texts.join(", "))
        }
        Written::Table(entries) => {
            let entries = entries.iter().map(|(key, value)| format!("{key} = {}", inline(value)));
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
