//! What can be said of every driver under every profile before anything runs, as a table.

mod json;

use std::fmt::Write;

pub use self::json::json;
use crate::{
    feasibility::{Feasibility, Outlook},
    model::{BenchmarkProfile, DriverName},
};

/// One driver under one profile.
#[derive(Debug)]
pub struct Row<'a> {
    /// The driver.
    pub driver: &'a DriverName,
    /// The kind of load.
    pub profile: BenchmarkProfile,
    /// What can be said.
    pub feasibility: Feasibility,
}

const HEADER: [&str; 5] = ["driver", "profile", "required", "slots carry", "verdict"];
/// What the table says in short.
const LEGEND: &str = "slots carry: the throughput if each slot is taken as long as the budget allows on average\n\
                      certain: every run under the workload keeps every limit\n\
                      slots suffice: throughput is kept on average if the other limits are\n\
                      open: only a benchmark can say\n";

/// The table, what is impossible below its row, and how to read it.
pub fn text(rows: &[Row<'_>]) -> String {
    let cells: Vec<[String; 5]> = rows.iter().map(cells).collect();
    let header = HEADER.map(str::to_owned);
    let width = |column: usize| {
        let rows = cells.iter().chain([&header]);
        rows.map(|row| row[column].chars().count()).max().unwrap_or(0)
    };
    let widths = [0, 1, 2, 3, 4].map(width);
    let mut table = line(&header, widths);
    for (row, cells) in rows.iter().zip(&cells) {
        table.push_str(&line(cells, widths));
        for conflict in &row.feasibility.conflicts {
            // Writing to a string does not fail.
            _ = writeln!(table, "    {conflict}");
        }
    }
    table.push('\n');
    table.push_str(LEGEND);
    table
}

fn cells(row: &Row<'_>) -> [String; 5] {
    let (driver, profile) = (row.driver.to_string(), row.profile.label().to_owned());
    let required = row.feasibility.required.to_string();
    let certain = format!("{} ops/s", row.feasibility.certain.ops_per_sec);
    [driver, profile, required, certain, verdict(&row.feasibility)]
}

/// The verdict, with the inequality that makes it.
fn verdict(feasibility: &Feasibility) -> String {
    let certain = feasibility.certain;
    let outlook = feasibility.outlook();
    let (required, places, hold) = (feasibility.required.get(), certain.places, certain.hold_us);
    let sign = if certain.ops_per_sec >= required { "<=" } else { ">" };
    match outlook {
        Outlook::Certain | Outlook::Impossible => outlook.label().to_owned(),
        Outlook::Open if sign == "<=" => format!("{}: too few may succeed", outlook.label()),
        Outlook::PlacesSuffice | Outlook::Open => {
            format!("{}: {required} {sign} {places} / {}", outlook.label(), seconds(hold))
        }
    }
}

/// Microseconds in seconds, to the last digit.
fn seconds(us: u128) -> String {
    format!("{}.{:06} s", us / 1_000_000, us % 1_000_000)
}

fn line(cells: &[String; 5], widths: [usize; 5]) -> String {
    let padded = cells.iter().zip(widths).map(|(cell, width)| format!("{cell:<width$}"));
    padded.collect::<Vec<_>>().join("  ").trim_end().to_owned() + "\n"
}
