//! Writes simulation results as a table for a terminal.

use std::io::{self, Write};

use super::{BenchEntry, BenchResults, Headroom, factor, figures, heading, median_ms, server};
use crate::{
    budget::Figure,
    report::{Style, page::colored},
    simulate::Simulated,
};

/// Returns the heading of a figure's column.
const fn title(figure: Figure) -> &'static str {
    match figure {
        Figure::P95Latency => "p95 ms",
        Figure::P99Latency => "p99 ms",
        Figure::TimeoutRate => "timeouts",
        Figure::RejectRate => "rejected",
        Figure::RetryRate => "retries",
        Figure::Throughput => "ops/s",
    }
}

/// Returns the headings of all columns. p99 has columns only if it is limited.
fn titles(figures: &[Figure]) -> Vec<&'static str> {
    let mut titles = vec!["", "p50 ms"];
    titles.extend(figures.iter().map(|figure| title(*figure)));
    titles.push("headroom p95");
    titles.extend(figures.contains(&Figure::P99Latency).then_some("p99"));
    titles.extend(["rates", "ops/s"]);
    titles
}

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
    let figures = figures(results);
    let titles = titles(&figures);
    let rows: Vec<_> = results.entries.iter().map(|entry| cells(entry, &figures)).collect();
    let width = |(column, title): (usize, &&str)| {
        let cells = rows.iter().flatten().filter_map(|cells| cells.get(column));
        cells.map(|cell| cell.text.len()).chain([title.len()]).max().unwrap_or(0)
    };
    let widths: Vec<usize> = titles.iter().enumerate().map(width).collect();
    writeln!(out, "{}\n{LEGEND}\n", heading(results))?;
    let header = titles.iter().map(|text| Cell { text: (*text).to_owned(), broken: false });
    let header: Vec<_> = header.collect();
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
        server::lines(entry).try_for_each(|line| writeln!(out, "    {line}"))?;
    }
    Ok(())
}

fn without_result(entry: &BenchEntry<'_>) -> String {
    let profile = entry.simulation.workload.profile.label();
    let error = entry.result.error().unwrap_or_default();
    format!("  {profile}  no result: {error}")
}

fn cells(entry: &BenchEntry<'_>, figures: &[Figure]) -> Option<Vec<Cell>> {
    let simulated = entry.result.simulated()?;
    let plain = |text: String| Cell { text, broken: false };
    let mut cells = vec![
        plain(format!("  {}", entry.simulation.workload.profile.label())),
        plain(median_ms(entry, simulated)),
    ];
    cells.extend(figures.iter().map(|figure| cell(entry, simulated, *figure)));
    let [p95, p99, rates, throughput] = entry.headrooms(simulated).map(headroom);
    cells.push(p95);
    cells.extend(figures.contains(&Figure::P99Latency).then_some(p99));
    cells.extend([rates, throughput]);
    Some(cells)
}

fn cell(entry: &BenchEntry<'_>, simulated: &Simulated, figure: Figure) -> Cell {
    if !entry.shows(figure) {
        return Cell { text: "-".to_owned(), broken: false };
    }
    let value = entry.shown(simulated, figure).unwrap_or_default();
    match entry.comparison(simulated, figure) {
        Some(comparison) => {
            let text = format!("{value}/{}", comparison.shown(comparison.limit));
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

/// Aligns the first column to the left and all other columns to the right.
fn line(cells: &[Cell], widths: &[usize], style: &Style) -> String {
    let cells = cells.iter().zip(widths).enumerate().map(|(column, (cell, width))| {
        let text = match column {
            0 => format!("{:<width$}", cell.text),
            _ => format!("{:>width$}", cell.text),
        };
        if cell.broken { colored(&text, RED, style) } else { text }
    });
    cells.collect::<Vec<_>>().join("  ")
}
