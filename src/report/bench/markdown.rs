//! A Markdown table, for comments and summaries.

use std::io::{self, Write};

use super::{Entry, Outcome, Results, factor, heading};
use crate::{budget::Figure, model::Benchmark};

/// Writes the table; where contracts were changed, figures are `before → after`.
pub(super) fn write(results: &Results<'_>, out: &mut dyn Write) -> io::Result<()> {
    let heading = heading(results);
    writeln!(out, "**driverc: {heading}**\n")?;
    for change in results.changes {
        writeln!(out, "- `{}` = `{}`, before `{}`", change.path, change.after, change.before)?;
    }
    if !results.changes.is_empty() {
        writeln!(out)?;
    }
    write!(out, "| driver | profile | p50 ms |")?;
    for figure in Figure::ALL {
        write!(out, " {} {} |", figure.name(), figure.unit())?;
    }
    writeln!(out, " headroom |\n| --- | --- | --: |{} --- |", " --: |".repeat(Figure::ALL.len()))?;
    results.entries.iter().try_for_each(|entry| writeln!(out, "{}", row(entry)))
}

fn row(entry: &Entry<'_>) -> String {
    let profile = entry.simulation.workload.profile.label();
    let mut row = format!("| `{}` | `{profile}` |", entry.simulation.contract.name);
    let median = |benchmark: &Benchmark| Some(benchmark.p50_latency_ms.get().to_string());
    row += &format!(" {} |", both(entry, median));
    for figure in Figure::ALL {
        let value = |benchmark: &Benchmark| {
            let value = figure.of(benchmark)?;
            let holds = entry.comparison(benchmark, figure).is_none_or(|found| found.holds());
            Some(if holds { value.to_string() } else { format!("**{value}**") })
        };
        let limit = entry.budget.as_ref().map(|budget| figure.allowed_by(budget));
        let sign = if figure.is_floor() { "≥" } else { "≤" };
        let limit = limit.map(|limit| format!(" {sign} {limit}")).unwrap_or_default();
        row += &format!(" {}{limit} |", both(entry, value));
    }
    row + &format!(" {} |", headroom(entry))
}

/// A figure, where something was changed before and after it.
fn both(entry: &Entry<'_>, value: impl Fn(&Benchmark) -> Option<String>) -> String {
    let of = |outcome: &Outcome| {
        let benchmark = outcome.as_ref().ok().map(|simulated| &simulated.benchmark);
        benchmark.and_then(&value).unwrap_or_else(|| "-".to_owned())
    };
    let after = of(entry.outcome);
    entry.before.map_or(after.clone(), |before| format!("{} → {after}", of(before)))
}

fn headroom(entry: &Entry<'_>) -> String {
    let simulated = match entry.outcome {
        Ok(simulated) => simulated,
        Err(error) => return format!("no result: {error}"),
    };
    if entry.budget.is_none() {
        return "no budget".to_owned();
    }
    let tightest = entry.tightest(&simulated.benchmark);
    tightest.map_or("-".to_owned(), |(figure, percent)| {
        format!("{} {}", factor(percent), figure.name())
    })
}
