//! Writes a difference as a Markdown table with folded details, for a pull request.
//!
//! Changes that differ only in the driver share a row.

use std::{
    collections::BTreeMap,
    io::{self, Write},
};

use super::{
    view::{ChangeView, ImpactView, Spot, View},
    wording::{acceptance, details, figures, how_to_accept, impact, summary, turned, value},
};
use crate::{
    diff::{Change, ChangedItem, Direction, FieldValue, Severity, SideValue},
    model::{BenchmarkProfile, Field},
    report::{
        counted,
        markdown::{
            OutputBudget,
            text::{code, inline},
            write_folded,
        },
    },
};

const HEAD: &str = "\
| | path | was | is | what it means |
| --- | --- | --- | --- | --- |
";
/// The number of bytes that are reserved for headings, tags and the notes about omitted changes.
const RESERVED: usize = 1_024;
/// The maximum number of rows with which compatible changes are not folded.
const MOST_OPEN_ROWS: usize = 20;
/// A note about the command that shows every change.
const SHOW_ALL: &str = "`driverc diff --output-format full` shows all";

/// The changes of one row, at least one.
type Row<'e, 'c> = Vec<&'e ChangeView<'c>>;

/// Writes the summary, the rows, the impact on benchmarks, how to accept changes, and the folded
/// details. If there are many rows, folds the compatible changes too.
///
/// Writes at most `most` bytes, and states how many changes are omitted. Compatible changes are
/// omitted first.
pub(super) fn write(view: &View<'_>, most: usize, out: &mut dyn Write) -> io::Result<()> {
    let (count, against) = (summary(view.difference), inline(view.against));
    let head = format!("**driverc: {count}** against {against}\n");
    let accept = how_to_accept(view.difference, view.fail_on);
    let accept = accept.map_or_else(String::new, |line| inline(&capitalized(&line)));
    let mut budget = OutputBudget::new(most.saturating_sub(RESERVED + head.len() + accept.len()));
    let grouped = grouped(&view.entries);
    let rows = Rows::of(&grouped, view, &mut budget);
    write!(out, "{head}")?;
    let (open, folded) = if grouped.len() > MOST_OPEN_ROWS {
        (rows.severe, rows.compatible)
    } else {
        (rows.severe + &rows.compatible, String::new())
    };
    if !open.is_empty() {
        write!(out, "\n{HEAD}{open}")?;
    }
    if let left @ 1.. = grouped[rows.shown..].iter().map(Vec::len).sum() {
        writeln!(out, "\nNot shown: {}; {SHOW_ALL}.", counted(left, "more change"))?;
    }
    if !rows.benchmarks.is_empty() {
        write!(out, "\nBenchmarks, before → now:\n\n{}", rows.benchmarks)?;
    }
    if let left @ 1.. = view.judgements.len() - rows.judged {
        let drivers = counted(left, "more driver");
        writeln!(out, "\nBenchmarks not shown for {drivers}; {SHOW_ALL}.")?;
    }
    if !accept.is_empty() {
        writeln!(out, "\n{accept}.")?;
    }
    if !folded.is_empty() {
        write_folded("compatible changes", &format!("{HEAD}{folded}"), out)?;
    }
    write_details(&grouped[..rows.shown], &mut budget, out)
}

/// The rows that fit into an output.
struct Rows {
    /// The rows of breaking and risky changes.
    severe: String,
    compatible: String,
    /// The number of all these rows.
    shown: usize,
    /// The impact on benchmarks.
    benchmarks: String,
    /// The number of impacts in `benchmarks`.
    judged: usize,
}

impl Rows {
    /// Takes the most important rows first: breaking and risky changes, then benchmarks, then
    /// compatible changes.
    fn of(grouped: &[Row<'_, '_>], view: &View<'_>, budget: &mut OutputBudget) -> Self {
        let is_severe = |row: &Row<'_, '_>| row[0].change.severity > Severity::Compatible;
        let (all, others) = grouped.split_at(grouped.partition_point(is_severe));
        let (severe, shown) = budget.take(all.iter().map(row));
        let (benchmarks, judged) = budget.take(view.judgements.iter().map(judgement));
        let others = if shown == all.len() { others } else { &[] };
        let (compatible, others) = budget.take(others.iter().map(row));
        Self { severe, compatible, shown: shown + others, benchmarks, judged }
    }
}

/// Writes the details of the changes in these rows.
fn write_details(
    rows: &[Row<'_, '_>],
    budget: &mut OutputBudget,
    out: &mut dyn Write,
) -> io::Result<()> {
    let shown: Vec<_> = rows.iter().flatten().collect();
    let (mut items, folded) = budget.take(shown.iter().map(|entry| folded_item(entry)));
    if let left @ 1.. = shown.len() - folded {
        let left = counted(left, "more change");
        items = format!("{items}\nDetails not shown for {left}; {SHOW_ALL}.\n");
    }
    write_folded("details", &items, out)
}

/// Groups the entries into rows, in order. Entries that differ only in the driver share a row.
fn grouped<'e, 'c>(entries: &'e [ChangeView<'c>]) -> Vec<Row<'e, 'c>> {
    let mut rows: Vec<Row<'e, 'c>> = Vec::new();
    let mut numbers: BTreeMap<_, usize> = BTreeMap::new();
    for entry in entries {
        let number = match likeness(&entry.change) {
            Some(key) => *numbers.entry(key).or_insert(rows.len()),
            None => rows.len(),
        };
        if number == rows.len() {
            rows.push(Vec::new());
        }
        rows[number].push(entry);
    }
    rows
}

/// Everything that a row shows about a change, except the driver.
type Likeness<'c> = (
    Severity,
    bool,
    Option<BenchmarkProfile>,
    Field,
    Direction,
    [Option<&'c FieldValue>; 2],
    &'static str,
    String,
);

/// Returns the key by which changes to driver fields or benchmarks share a row, or `None` for other
/// changes.
fn likeness(change: &Change) -> Option<Likeness<'_>> {
    let profile = match &change.contract {
        ChangedItem::Driver(_) if change.field == Field::Name => return None,
        ChangedItem::Driver(_) => None,
        ChangedItem::Benchmark(_, profile) => Some(*profile),
        ChangedItem::Budget(..)
        | ChangedItem::Workload(..)
        | ChangedItem::Waiver(..)
        | ChangedItem::Baseline(_)
        | ChangedItem::Caller(_)
        | ChangedItem::Call(..)
        | ChangedItem::Requirement(..)
        | ChangedItem::Template(_)
        | ChangedItem::Server(_)
        | ChangedItem::Configuration(_) => return None,
    };
    let values = [change.old.as_ref(), change.new.as_ref()].map(|side| side?.value.as_ref());
    let accepted = change.accepted.is_some();
    let figures = figures(change).join("\n");
    let Change { severity, field, direction, meaning, .. } = change;
    Some((*severity, accepted, profile, *field, *direction, values, meaning, figures))
}

/// The maximum number of paths in a row.
const MOST_PATHS: usize = 3;

fn row(entries: &Row<'_, '_>) -> String {
    let change = &*entries[0].change;
    let paths = entries.iter().take(MOST_PATHS).map(|entry| code(&entry.change.path()));
    let more = entries.len().checked_sub(MOST_PATHS).filter(|more| *more > 0);
    let paths: Vec<_> = paths.chain(more.map(|more| format!("and {more} more"))).collect();
    let [mut old, mut new] = [&change.old, &change.new].map(|side| cell(side.as_ref()));
    if change.is_whole() {
        let cell = if change.direction == Direction::Add { &mut new } else { &mut old };
        change.direction.label().clone_into(cell);
    }
    if let ChangedItem::Configuration(setting) = &change.contract {
        [old, new] = [code(&setting.old), code(&setting.new)];
    }
    let meaning = std::iter::once(change.meaning.to_owned()).chain(figures(change));
    let meaning: Vec<_> = meaning.map(|line| inline(&line)).collect();
    let (severity, paths, meaning) = (severity(change), paths.join("<br>"), meaning.join("<br>"));
    format!("| {severity} | {paths} | {old} | {new} | {meaning} |\n")
}

fn severity(change: &Change) -> String {
    let label = change.severity.label();
    match (change.severity, &change.accepted) {
        (_, Some(_)) => format!("{label}, accepted"),
        (Severity::Breaking, None) => format!("**{label}**"),
        (Severity::Risky | Severity::Compatible, None) => label.to_owned(),
    }
}

fn cell(side: Option<&SideValue>) -> String {
    let Some((side, shown)) = side.and_then(|side| Some((side, side.value.as_ref()?))) else {
        return String::new();
    };
    match shown {
        FieldValue::Text(text) if !text.is_empty() => code(text),
        FieldValue::Text(_)
        | FieldValue::Number(..)
        | FieldValue::Latency(_)
        | FieldValue::Day(_) => inline(&value(side)),
    }
}

fn judgement(judgement: &ImpactView<'_>) -> String {
    let turns = judgement.broken.iter().chain(&judgement.rescued);
    let turns = turns.map(|(turn, spot)| {
        format!("{}: {}", turned(turn.before, turn.after), code(&spot.shown()))
    });
    format!("- {}\n", inline(&impact(judgement.impact))) + &items(turns)
}

/// Formats lines as a nested list.
fn items(lines: impl Iterator<Item = String>) -> String {
    lines.fold(String::new(), |items, line| items + "  - " + &line + "\n")
}

/// Formats a change as a list item, with its locations, its tokens and how it was accepted.
fn folded_item(entry: &ChangeView<'_>) -> String {
    let change = &*entry.change;
    let head = format!("- {}: {}\n", change.severity, inline(&entry.message));
    let known = details(change).into_iter().map(|line| inline(&line));
    let sides = [
        side("was", entry.old.as_ref(), change.old.as_ref()),
        side("is", entry.new.as_ref(), change.new.as_ref()),
    ];
    let accepted = change.accepted.as_ref().map(|accepted| {
        let place = entry.waiver.as_ref().map(|spot| format!(" ({})", code(&spot.shown())));
        inline(&acceptance(accepted)) + &place.unwrap_or_default()
    });
    head + &items(known.chain(sides.into_iter().flatten()).chain(accepted))
}

/// Returns the location of a side, with its token in the signature.
fn side(word: &str, spot: Option<&Spot>, side: Option<&SideValue>) -> Option<String> {
    let place = code(&spot?.shown());
    let token = side.and_then(|side| side.token.as_deref());
    let token = token.map(|token| format!(", {}", code(token))).unwrap_or_default();
    Some(format!("{word} at {place}{token}"))
}

fn capitalized(text: &str) -> String {
    let mut characters = text.chars();
    characters
        .next()
        .map_or_else(String::new, |first| first.to_uppercase().chain(characters).collect())
}

#[cfg(test)]
mod tests;
