//! Writes the capability matrix.
//!
//! Driver names and labels are ASCII, so each character occupies one column.

use std::fmt::Write;

use serde::Serialize;

use crate::model::{Capabilities, DriverCapability, DriverContract, DriverName};

const SCHEMA_VERSION: u32 = 1;
const GAP: usize = 2;

/// Returns a table with one row per capability and one column per driver, split into blocks that
/// fit the width.
pub fn text(
    drivers: &[&DriverContract],
    capabilities: &[DriverCapability],
    width: usize,
) -> String {
    let labels = capabilities.iter().map(|capability| capability.label().len());
    let first = labels.max().unwrap_or(0);
    let mut blocks = Vec::new();
    let mut rest = drivers;
    while !rest.is_empty() {
        let (block, after) = rest.split_at(fitting(rest, width.saturating_sub(first)));
        blocks.push(text_block(block, capabilities, first));
        rest = after;
    }
    blocks.join("\n")
}

/// Returns the number of drivers that fit side by side, at least one.
fn fitting(drivers: &[&DriverContract], width: usize) -> usize {
    let mut used = 0;
    let fits = drivers.iter().take_while(|driver| {
        used += GAP + driver.name.len();
        used <= width
    });
    fits.count().max(1)
}

fn text_block(
    drivers: &[&DriverContract],
    capabilities: &[DriverCapability],
    first: usize,
) -> String {
    let mut table = format!("{:first$}", "");
    for driver in drivers {
        push(&mut table, format_args!("{:GAP$}{}", "", driver.name));
    }
    table.push('\n');
    for capability in capabilities {
        let mut row = format!("{:first$}", capability.label());
        for driver in drivers {
            let mark = if driver.capabilities.contains(*capability) { "yes" } else { "-" };
            push(&mut row, format_args!("{:GAP$}{mark:<1$}", "", driver.name.len()));
        }
        table.push_str(row.trim_end());
        table.push('\n');
    }
    table
}

/// Returns the matrix as a Markdown table.
pub fn markdown(drivers: &[&DriverContract], capabilities: &[DriverCapability]) -> String {
    let mut table = String::from("| capability |");
    for driver in drivers {
        push(&mut table, format_args!(" `{}` |", driver.name));
    }
    push(&mut table, format_args!("\n| --- |{}\n", " :-: |".repeat(drivers.len())));
    for capability in capabilities {
        push(&mut table, format_args!("| `{}` |", capability.label()));
        for driver in drivers {
            let mark = if driver.capabilities.contains(*capability) { "yes" } else { "" };
            push(&mut table, format_args!(" {mark} |"));
        }
        table.push('\n');
    }
    table
}

fn push(table: &mut String, text: std::fmt::Arguments<'_>) {
    // Writing to a string does not fail.
    _ = table.write_fmt(text);
}

#[derive(Serialize)]
struct Matrix<'a> {
    schema_version: u32,
    drivers: Vec<Row<'a>>,
}

#[derive(Serialize)]
struct Row<'a> {
    driver: &'a DriverName,
    capabilities: &'a Capabilities,
}

/// Returns the matrix as JSON, with a final newline.
pub fn json(drivers: &[&DriverContract]) -> Result<String, serde_json::Error> {
    let drivers = drivers.iter();
    let rows = drivers
        .map(|driver| Row { driver: &driver.name, capabilities: &driver.capabilities })
        .collect();
    let matrix = Matrix { schema_version: SCHEMA_VERSION, drivers: rows };
    Ok(serde_json::to_string_pretty(&matrix)? + "\n")
}
