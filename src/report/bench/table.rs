//! Writes simulation results as a table for a terminal.

use std::io::{self, Write};

use super::{BenchEntry, BenchResults, Headroom, factor, heading, median_ms};
use crate::{
    budget::Figure,
    report::{Style, page::colored},
    simulate::Simulated,
};

const HEADER: [&str; COLUMNS] = [
    "",
    "p50 ms",
    "p95 ms",
    "timeouts",
    "rejected",
    "retries",
    "ops/s",
    "headroom p95",
    "rates",
    "ops/s",
];
const COLUMNS: usize = 10;
/// The legend of the table.
const LEGEND: &str =
    "figure/limit, rates in bps; throughput limits are minimums, all others are maximums";
const RED: &str = "31";

struct Cell {
    text: String,
    broken: bool,
}

/// Writes the legend and the table, with each driver above its profiles.
pub(super) fn write(
    results: &BenchResults<'_>,
    style: &Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    let rows: Vec<_> = results.entries.iter().map(cells).collect();
    let widths: Vec<usize> = (0..COLUMNS)
        .map(|column| {
            let cells = rows.iter().flatten().filter_map(|cells| cells.get(column));
            cells.map(|cell| cell.text.len()).chain([HEADER[column].len()]).max().unwrap_or(0)
        })
        .collect();
    writeln!(out, "{}\n{LEGEND}\n", heading(results))?;
    let header = HEADER.map(|text| Cell { text: text.to_owned(), broken: false });
    writeln!(out, "{}", line(&header, &widths, style))?;
    let mut driver = None;
    for (entry, cells) in results.entries.iter().zip(rows) {
        let name = &entry.simulation.contract.name;
        if driver.replace(name) != Some(name) {
            writeln!(out, "{name}")?;
        }
        match cells {
            Some(cells) => writeln!(out, "{}", line(&cells, &widths, style))?,
            None => writeln!(out, "{}", without_result(entry))?,
        }
    }
    Ok(())
}

fn without_result(entry: &BenchEntry<'_>) -> String {
    let profile = entry.simulation.workload.profile.label();
    let error = entry.result.error().unwrap_or_default();
    format!("  {profile}  no result: {error}")
}

fn cells(entry: &BenchEntry<'_>) -> Option<[Cell; COLUMNS]> {
    let simulated = entry.result.simulated()?;
    let plain = |text: String| Cell { text, broken: false };
    let figure = |figure: Figure| cell(entry, simulated, figure);
    let [p95, rates, throughput] = entry.headrooms(simulated).map(headroom);
    Some([
        plain(format!("  {}", entry.simulation.workload.profile.label())),
        plain(median_ms(simulated).to_string()),
        figure(Figure::P95Latency),
        figure(Figure::TimeoutRate),
        figure(Figure::RejectRate),
        figure(Figure::RetryRate),
        figure(Figure::Throughput),
        p95,
        rates,
        throughput,
    ])
}

fn cell(entry: &BenchEntry<'_>, simulated: &Simulated, figure: Figure) -> Cell {
    let value = figure.worst_of(&simulated.runs).map(|value| value.to_string()).unwrap_or_default();
    match entry.comparison(simulated, figure) {
        Some(comparison) => {
            let text = format!("{value}/{}", comparison.limit);
            Cell { text, broken: !comparison.holds() }
        }
        None => Cell { text: value, broken: false },
    }
}

fn headroom(headroom: Option<Headroom>) -> Cell {
    match headroom {
        Some(Headroom { percent, holds }) => Cell { text: factor(percent), broken: !holds },
        None => Cell { text: "-".to_owned(), broken: false },
    }
}

/// Aligns the first column left and all others right.
fn line(cells: &[Cell; COLUMNS], widths: &[usize], style: &Style) -> String {
    let cells = cells.iter().zip(widths).enumerate().map(|(column, (cell, width))| {
        let text = match column {
            0 => format!("{:<width$}", cell.text),
            _ => format!("{:>width$}", cell.text),
        };
        if cell.broken { colored(&text, RED, style) } else { text }
    });
    cells.collect::<Vec<_>>().join("  ")
}
