//! Writes the feasibility of every driver and profile as a table.

mod json;

use std::fmt::Write;

pub use self::json::json;
use crate::{
    feasibility::{Feasibility, Outlook},
    model::{BenchmarkProfile, DriverName},
};

/// One driver and profile.
#[derive(Debug)]
pub struct FeasibilityRow<'a> {
    /// The driver.
    pub driver: &'a DriverName,
    /// The profile.
    pub profile: BenchmarkProfile,
    /// The feasibility of its budget.
    pub feasibility: Feasibility,
}

const HEADER: [&str; 5] = ["driver", "profile", "required", "slots sustain", "verdict"];
/// The legend of the table.
const LEGEND: &str = "\
slots sustain: throughput if operations use slots for as long as the budget allows on average
certain: every run under the workload stays within every limit
slots suffice: the throughput limit is met on average if the other limits are met
open: only a benchmark can tell
";

/// Returns the table, with conflicts below their rows, and the legend.
pub fn text(rows: &[FeasibilityRow<'_>]) -> String {
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

fn cells(row: &FeasibilityRow<'_>) -> [String; 5] {
    let (driver, profile) = (row.driver.to_string(), row.profile.label().to_owned());
    let required = row.feasibility.required.to_string();
    let certain = format!("{} ops/s", row.feasibility.certain.ops_per_sec);
    [driver, profile, required, certain, verdict(&row.feasibility)]
}

/// Returns the verdict, with the inequality that determines it.
fn verdict(feasibility: &Feasibility) -> String {
    let certain = feasibility.certain;
    let outlook = feasibility.outlook();
    let (required, slots, hold) = (feasibility.required.get(), certain.slots, certain.hold_us);
    let sign = if certain.ops_per_sec >= required { "<=" } else { ">" };
    match outlook {
        Outlook::Certain | Outlook::Impossible => outlook.label().to_owned(),
        Outlook::Open if sign == "<=" => {
            format!("{}: too few requests might succeed", outlook.label())
        }
        Outlook::SlotsSuffice | Outlook::Open => {
            format!("{}: {required} {sign} {slots} / {}", outlook.label(), seconds(hold))
        }
    }
}

/// Converts microseconds to seconds, with all digits.
fn seconds(us: u128) -> String {
    format!("{}.{:06} s", us / 1_000_000, us % 1_000_000)
}

fn line(cells: &[String; 5], widths: [usize; 5]) -> String {
    let padded = cells.iter().zip(widths).map(|(cell, width)| format!("{cell:<width$}"));
    padded.collect::<Vec<_>>().join("  ").trim_end().to_owned() + "\n"
}
