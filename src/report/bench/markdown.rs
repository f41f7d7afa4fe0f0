//! Writes simulation results as a Markdown table.

use std::io::{self, Write};

use super::{
    BenchEntry, BenchResults, BenchSide, factor, figures, heading, median_ms, one_sided, server,
    write_notes,
};
use crate::{
    budget::{Comparison, Figure},
    report::markdown::text::code,
    simulate::Simulated,
};

/// Writes the table. If contracts were changed, figures have the form `before → after`.
pub(super) fn write(results: &BenchResults<'_>, out: &mut dyn Write) -> io::Result<()> {
    let heading = heading(results);
    writeln!(out, "**driverc: {heading}**\n")?;
    for change in results.changes {
        let [path, after, before] =
            [&change.path, &change.after, &change.before].map(|it| code(it));
        writeln!(out, "- {path} = {after} (was {before})")?;
    }
    for sentence in one_sided(results) {
        writeln!(out, "- {sentence}")?;
    }
    if !results.changes.is_empty() {
        writeln!(out)?;
    }
    write!(out, "| driver | profile | p50 ms |")?;
    let figures = figures(results);
    for figure in &figures {
        write!(out, " {} {} |", figure.name(), figure.unit())?;
    }
    writeln!(out, " headroom |\n| --- | --- | --: |{} --- |", " --: |".repeat(figures.len()))?;
    results.entries.iter().try_for_each(|entry| writeln!(out, "{}", row(entry, &figures)))?;
    let of_server = results.entries.iter().flat_map(server_lines);
    let notes = server::not_simulated(results).into_iter().map(|note| format!("- {note}"));
    write_notes(&of_server.chain(notes).collect::<Vec<_>>(), out)
}

/// Returns the lines about the server and the trigger of one driver and profile.
fn server_lines(entry: &BenchEntry<'_>) -> Vec<String> {
    let contract = &entry.simulation.contract.name;
    let profile = entry.simulation.workload.profile.label();
    server::lines(entry).map(|line| format!("- `{contract}` `{profile}` {line}")).collect()
}

fn row(entry: &BenchEntry<'_>, figures: &[Figure]) -> String {
    let median = |simulated: &Simulated| Some(median_ms(entry, simulated));
    let names = [
        format!("`{}`", entry.simulation.contract.name),
        format!("`{}`", entry.simulation.workload.profile.label()),
        both(entry, median),
    ];
    let figures = figures.iter().map(|figure| cell(entry, *figure));
    let cells: Vec<_> = names.into_iter().chain(figures).chain([headroom(entry)]).collect();
    format!("| {} |", cells.join(" | "))
}

fn cell(entry: &BenchEntry<'_>, figure: Figure) -> String {
    if !entry.shows(figure) {
        return "-".to_owned();
    }
    let value = |simulated: &Simulated| {
        let value = entry.shown(simulated, figure)?;
        let holds = entry.comparison(simulated, figure).is_none_or(Comparison::holds);
        Some(if holds { value } else { format!("**{value}**") })
    };
    let limit = entry.budget.as_ref().and_then(|budget| figure.allowed_by(budget));
    let limit = limit.map(|limit| format!(" {}", figure.limited_short(limit, entry.detail.unit)));
    both(entry, value) + &limit.unwrap_or_default()
}

/// Returns a figure, or `before → after` if contracts were changed.
fn both(entry: &BenchEntry<'_>, value: impl Fn(&Simulated) -> Option<String>) -> String {
    let of =
        |side: BenchSide<'_>| side.simulated().and_then(&value).unwrap_or_else(|| "-".to_owned());
    let after = of(entry.result);
    entry.before.map_or(after.clone(), |before| format!("{} → {after}", of(before)))
}

fn headroom(entry: &BenchEntry<'_>) -> String {
    let Some(simulated) = entry.result.simulated() else {
        return format!("no result: {}", entry.result.error().unwrap_or_default());
    };
    if entry.budget.is_none() {
        return "no budget".to_owned();
    }
    let headrooms = entry.headrooms(simulated);
    let named = headrooms
        .into_iter()
        .zip(["p95", "p99", "rates", "throughput"])
        .filter_map(|(headroom, name)| Some(format!("{name} {}", factor(headroom?.percent))));
    named.collect::<Vec<_>>().join(", ")
}
