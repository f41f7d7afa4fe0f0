//! Writes one block per benchmark for a terminal. Bars show the used share of each limit.

use std::io::{self, Write};

use super::{BudgetResults, assumption, headroom, provenance, rank};
use crate::{
    budget::{Basis, Comparison, DriverProfile, FigureVerdict, JudgedBenchmark},
    model::{Verdict, Vocabulary},
    report::{
        self, Format, Style,
        escape::escaped,
        page::{colored, wrapped},
    },
};

const COLUMNS: usize = 5;
/// The width of a bar if there is enough room.
const LONGEST_BAR: usize = 24;
const SHORTEST_BAR: usize = 6;
/// Block characters for eighths of a column, from 8 to 1.
const EIGHTHS: [char; 8] = ['█', '▉', '▊', '▋', '▌', '▍', '▎', '▏'];
const INDENT: &str = "  ";

/// Writes each benchmark with its figures, then the findings.
pub(super) fn write(
    results: &BudgetResults<'_>,
    style: &Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    let heading = format!(
        "at {} confidence, {} benchmark per driver and profile; bars show how much of a limit is \
         used",
        results.confidence,
        results.fold.word()
    );
    for line in [heading.as_str()].into_iter().chain(assumption(results.pairs)) {
        writeln!(out, "{}", wrapped(line, style.width, INDENT))?;
    }
    let widths = widths(results);
    for pair in results.pairs {
        for (number, assessed) in pair.benchmarks.iter().enumerate() {
            writeln!(out)?;
            let title = title(pair, &rank(pair, number, results.fold), assessed);
            write_title(assessed.judgement.verdict(), &title, style, out)?;
            for judged in &assessed.judgement.figures {
                write_row(judged, &widths, style, out)?;
            }
            for reason in assessed.judgement.reasons() {
                let line =
                    format!("{INDENT}{}", wrapped(&reason, style.width.saturating_sub(4), "    "));
                writeln!(out, "{line}")?;
            }
        }
    }
    if !results.run.findings.is_empty() {
        writeln!(out)?;
        report::write(Format::Full, &results.run, style, out)?;
    }
    Ok(())
}

fn title(pair: &DriverProfile, rank: &str, assessed: &JudgedBenchmark) -> String {
    let rank = if rank.is_empty() { String::new() } else { format!(" ({rank})") };
    let provenance = provenance(&assessed.sample);
    let title = format!("{} {}{rank}, {provenance}", pair.driver, pair.profile.label());
    escaped(&title).into_owned()
}

fn write_title(
    verdict: Verdict,
    title: &str,
    style: &Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    let text = wrapped(&format!("{}: {title}", verdict.label()), style.width, INDENT);
    let rest = text.strip_prefix(verdict.label()).unwrap_or(&text);
    writeln!(out, "{}{rest}", colored(verdict.label(), color(verdict), style))
}

const fn color(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Pass => "32",
        Verdict::Fail => "31",
        Verdict::Inconclusive => "33",
    }
}

fn cells(judged: &FigureVerdict) -> [String; COLUMNS] {
    let Comparison { figure, value, limit, latency_unit } = judged.comparison;
    [
        figure.name().to_owned(),
        format!("{} {}", judged.comparison.shown(value), figure.unit()),
        figure.limited(limit, latency_unit),
        headroom(judged.comparison),
        evidence(judged),
    ]
}

/// Returns the basis of the verdict, as a short phrase.
fn evidence(judged: &FigureVerdict) -> String {
    match judged.basis {
        Basis::Figure => String::new(),
        Basis::Unbounded { .. } => "no bound".to_owned(),
        Basis::Contract => "one attempt".to_owned(),
        Basis::Events { events, attempts, .. } => format!("{events} in {attempts}"),
        Basis::Bound { upper } => format!("at most {} ms", judged.comparison.shown(upper)),
        Basis::Correlated { .. } => "correlated".to_owned(),
        Basis::Seeds { beyond, seeds } => format!("{beyond} of {seeds} seeds"),
        Basis::Requests { requests, .. } => format!("{requests} requests"),
    }
}

fn widths(results: &BudgetResults<'_>) -> [usize; COLUMNS] {
    let assessed = results.pairs.iter().flat_map(|pair| &pair.benchmarks);
    let rows = assessed.flat_map(|assessed| &assessed.judgement.figures).map(cells);
    rows.fold([0; COLUMNS], |mut widths, cells| {
        for (width, cell) in widths.iter_mut().zip(cells) {
            *width = (*width).max(cell.len());
        }
        widths
    })
}

fn write_row(
    judged: &FigureVerdict,
    widths: &[usize; COLUMNS],
    style: &Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    let shown = fitting(widths, style.width);
    let cells = cells(judged);
    let columns = cells.iter().zip(widths).take(shown).enumerate();
    let columns: Vec<String> = columns
        .map(|(column, (cell, width))| match column {
            1 | 3 => format!("{INDENT}{cell:>width$}"),
            _ => format!("{INDENT}{cell:<width$}"),
        })
        .collect();
    let row = columns.concat();
    let left = style.width.saturating_sub(row.len() + INDENT.len());
    let bar = if left < SHORTEST_BAR { String::new() } else { bar(judged, left, style) };
    let line = format!("{row}{INDENT}{}", colored_bar(&bar, judged.verdict, style));
    writeln!(out, "{}", line.trim_end())
}

/// Returns the number of columns that fit side by side. The figure and its limit are always
/// included.
fn fitting(widths: &[usize; COLUMNS], width: usize) -> usize {
    let mut used = 0;
    let fits = widths.iter().take_while(|column| {
        used += INDENT.len() + **column;
        used <= width
    });
    fits.count().max(3)
}

fn colored_bar(bar: &str, verdict: Verdict, style: &Style) -> String {
    if bar.is_empty() { String::new() } else { colored(bar, color(verdict), style) }
}

/// Returns a bar for the share of the limit that the figure uses. The bar is full if the figure is
/// at or beyond the limit. A throughput within its limit has no bar.
fn bar(judged: &FigureVerdict, most: usize, style: &Style) -> String {
    // Arrivals do not wait for responses, so a minimum close to the arrival rate is harmless.
    if judged.comparison.figure.is_floor() && judged.comparison.holds() {
        return String::new();
    }
    let longest = most.min(LONGEST_BAR);
    let used = judged.comparison.used_of(longest as u64 * 8);
    let eighths = usize::try_from(used).unwrap_or_default();
    let (full, part) = (eighths / 8, eighths % 8);
    if !style.unicode {
        return "#".repeat(full);
    }
    let end = if part == 0 { None } else { Some(EIGHTHS[8 - part]) };
    "█".repeat(full).chars().chain(end).collect()
}
