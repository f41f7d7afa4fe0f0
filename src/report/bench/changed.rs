//! Writes each figure before and after a contract change, for a terminal.

use std::io::{self, Write};

use super::{
    BenchEntry, BenchResults, BenchSide, factor, heading, median_ms,
    server::{self, ServerWork},
    write_notes,
};
use crate::{
    budget::{Comparison, Figure},
    report::{Style, escape::escaped, page::colored},
    simulate::{Run, Simulated},
};

const RED: &str = "31";
/// The width of the longest figure name.
const NAME: usize = 14;
/// The width of a figure with its unit.
const FIGURE: usize = 15;
/// The width of a headroom.
const HEADROOM: usize = 10;

/// Writes the changes, then one block per driver and profile.
pub(super) fn write(
    results: &BenchResults<'_>,
    style: &Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    writeln!(out, "{}\n", heading(results))?;
    for change in results.changes {
        let [after, before] = [&change.after, &change.before].map(|value| escaped(value));
        writeln!(out, "{} = {after} (was {before})", change.path)?;
    }
    results.entries.iter().try_for_each(|entry| write_block(entry, style, out))?;
    write_notes(&server::not_simulated(results), out)
}

fn write_block(entry: &BenchEntry<'_>, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let contract = &entry.simulation.contract.name;
    let profile = entry.simulation.workload.profile.label();
    let title = format!("{contract} {profile}");
    let limit = 2 + NAME + 2 + FIGURE;
    writeln!(out, "\n{title:<limit$}{:>FIGURE$}{:HEADROOM$}{:>FIGURE$}", "before", "", "after")?;
    for (when, side) in [("before", entry.before), ("after", Some(entry.result))] {
        if let Some(error) = side.and_then(BenchSide::error) {
            writeln!(out, "  no result {when}: {error}")?;
        }
    }
    let median = |simulated: &Simulated| format!("{} ms", median_ms(entry, simulated));
    write_row("p50 latency", "", sides(entry, median), out)?;
    for figure in Figure::ALL.into_iter().filter(|figure| entry.shows(*figure)) {
        write_figure(entry, figure, style, out)?;
    }
    write_row("busy slots", "", sides(entry, |simulated| busiest(&simulated.runs)), out)?;
    write_row("longest queue", "", sides(entry, |simulated| longest_queue(&simulated.runs)), out)?;
    write_server(entry, out)
}

/// Writes the work of the server and the recovery from a trigger, if the workload has a server or a
/// trigger.
fn write_server(entry: &BenchEntry<'_>, out: &mut dyn Write) -> io::Result<()> {
    let sides = [entry.before, Some(entry.result)];
    let work = sides.map(|side| server::work(entry, side?));
    if work.iter().any(Option::is_some) {
        let row = |of: fn(&ServerWork) -> u64| {
            work.each_ref()
                .map(|work| work.as_ref().map(of))
                .map(|rate| rate.map(|rate| format!("{rate} /s")).unwrap_or_default())
        };
        write_row("server work", "", row(|work| work.done), out)?;
        write_row("abandoned work", "", row(|work| work.wasted), out)?;
    }
    for (when, side) in ["before", "after"].into_iter().zip(sides) {
        if let Some(verdict) = side.and_then(|side| server::recovery(side.runs())) {
            writeln!(out, "  trigger {when}: {verdict}")?;
        }
    }
    Ok(())
}

/// Returns the simulated results before and after the change.
fn served<'a>(entry: &BenchEntry<'a>) -> [Option<&'a Simulated>; 2] {
    [entry.before, Some(entry.result)].map(|side| side.and_then(BenchSide::simulated))
}

fn sides(entry: &BenchEntry<'_>, of: impl Fn(&Simulated) -> String) -> [String; 2] {
    served(entry).map(|simulated| simulated.map(&of).unwrap_or_default())
}

/// Returns the average share of busy slots in the busiest run.
fn busiest(runs: &[Run]) -> String {
    let busiest = runs.iter().map(Run::utilisation_ppm).max().unwrap_or_default();
    format!("{}.{}%", busiest / 10_000, busiest / 1000 % 10)
}

fn longest_queue(runs: &[Run]) -> String {
    runs.iter().map(|run| run.counts.max_queue).max().unwrap_or_default().to_string()
}

fn write_row(
    name: &str,
    limit: &str,
    [before, after]: [String; 2],
    out: &mut dyn Write,
) -> io::Result<()> {
    let line = format!(
        "  {name:<NAME$}  {limit:<FIGURE$}{before:>FIGURE$}{:HEADROOM$}{after:>FIGURE$}",
        ""
    );
    writeln!(out, "{}", line.trim_end())
}

fn write_figure(
    entry: &BenchEntry<'_>,
    figure: Figure,
    style: &Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    let limit = entry.budget.as_ref().and_then(|budget| figure.allowed_by(budget));
    let limit = limit.map(|limit| figure.limited(limit, entry.detail.unit)).unwrap_or_default();
    let [before, after] = served(entry).map(|simulated| {
        let simulated = simulated?;
        Some((entry.shown(simulated, figure)?, entry.comparison(simulated, figure)))
    });
    let side = |side: Option<(String, Option<Comparison>)>| {
        let Some((value, comparison)) = side else { return " ".repeat(FIGURE + HEADROOM) };
        let percent = comparison.and_then(Comparison::headroom_percent).map(factor);
        let value = format!("{value} {}", figure.unit());
        let text = format!("{value:>FIGURE$}{:>HEADROOM$}", percent.unwrap_or_default());
        let broken = comparison.is_some_and(|comparison| !comparison.holds());
        if broken { colored(&text, RED, style) } else { text }
    };
    let name = figure.name();
    let line = format!("  {name:<NAME$}  {limit:<FIGURE$}{}{}", side(before), side(after));
    writeln!(out, "{}", line.trim_end())
}
