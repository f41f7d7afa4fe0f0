//! One table for the top of a pull request (GitHub Flavored Markdown), the details folded.
//!
//! Changes of several drivers that are equal but for the driver are one row.

use std::{
    collections::BTreeMap,
    io::{self, Write},
};

use super::{
    view::{Entry, Judgement, Spot, View},
    wording::{acceptance, details, figures, how_to_accept, impact, summary, turned, value},
};
use crate::{
    diff::{Change, Contract, Direction, Severity, Side, Value},
    model::{BenchmarkProfile, Field},
    report::{
        counted,
        markdown::{
            Budget,
            text::{code, inline},
            write_folded,
        },
    },
};

const HEAD: &str = "\
| | path | was | is | what it means |
| --- | --- | --- | --- | --- |
";
/// Room for the lines that are always written: what is left out, and how to accept.
const RESERVED: usize = 8_192;
/// The command that shows every change.
const SHOW_ALL: &str = "`driverc diff --output-format full` shows all";

/// The changes of one row, at least one.
type Row<'e, 'c> = Vec<&'e Entry<'c>>;

/// Writes the count, the rows, how to accept changes, what changed for benchmarks, and the
/// details, folded.
///
/// Takes at most `most` bytes, and says how many changes are left out.
pub(super) fn write(view: &View<'_>, most: usize, out: &mut dyn Write) -> io::Result<()> {
    let count = summary(view.difference);
    writeln!(out, "**driverc: {count}** against {}", inline(view.against))?;
    let mut budget = Budget::new(most.saturating_sub(RESERVED));
    let grouped = grouped(&view.entries);
    let (rows, shown) = budget.take(grouped.iter().map(row));
    if shown > 0 {
        write!(out, "\n{HEAD}{rows}")?;
    }
    if let left @ 1.. = grouped[shown..].iter().map(Vec::len).sum() {
        writeln!(out, "\nNot shown: {}; {SHOW_ALL}.", counted(left, "more change"))?;
    }
    let (benchmarks, judged) = budget.take(view.judgements.iter().map(judgement));
    if judged > 0 {
        write!(out, "\nBenchmarks, before → now:\n\n{benchmarks}")?;
    }
    if let left @ 1.. = view.judgements.len() - judged {
        let drivers = counted(left, "more driver");
        writeln!(out, "\nBenchmarks not shown: those of {drivers}; {SHOW_ALL}.")?;
    }
    if let Some(line) = how_to_accept(view.difference, view.fail_on) {
        writeln!(out, "\n{}.", inline(&capitalized(&line)))?;
    }
    let shown: Vec<_> = grouped[..shown].iter().flatten().collect();
    let (mut items, folded) = budget.take(shown.iter().map(|entry| folded_item(entry)));
    if let left @ 1.. = shown.len() - folded {
        let left = counted(left, "more change");
        items = format!("{items}\nDetails not shown: those of {left}; {SHOW_ALL}.\n");
    }
    write_folded("details", &items, out)
}

/// The entries in their order; those that are equal but for the driver share the first one's row.
fn grouped<'e, 'c>(entries: &'e [Entry<'c>]) -> Vec<Row<'e, 'c>> {
    let mut rows: Vec<Row<'e, 'c>> = Vec::new();
    let mut numbers: BTreeMap<_, usize> = BTreeMap::new();
    for entry in entries {
        let number = match likeness(entry.change) {
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

/// All that a row shows of a change but the driver.
type Likeness<'c> = (
    Severity,
    bool,
    Option<BenchmarkProfile>,
    Field,
    Direction,
    [Option<&'c Value>; 2],
    &'static str,
    String,
);

/// The likeness of a change of a driver's fields or benchmarks; none of any other change.
fn likeness(change: &Change) -> Option<Likeness<'_>> {
    let profile = match &change.contract {
        Contract::Driver(_) if change.field == Field::Name => return None,
        Contract::Driver(_) => None,
        Contract::Benchmark(_, profile) => Some(*profile),
        Contract::Budget(..)
        | Contract::Workload(..)
        | Contract::Waiver(..)
        | Contract::Configuration(_) => return None,
    };
    let values = [change.old.as_ref(), change.new.as_ref()].map(|side| side?.value.as_ref());
    let accepted = change.accepted.is_some();
    let figures = figures(change).join("\n");
    let Change { severity, field, direction, meaning, .. } = change;
    Some((*severity, accepted, profile, *field, *direction, values, meaning, figures))
}

/// The paths of at most so many changes are shown in a row.
const MOST_PATHS: usize = 3;

fn row(entries: &Row<'_, '_>) -> String {
    let change = entries[0].change;
    let paths = entries.iter().take(MOST_PATHS).map(|entry| code(&entry.change.path()));
    let more = entries.len().checked_sub(MOST_PATHS).filter(|more| *more > 0);
    let paths: Vec<_> = paths.chain(more.map(|more| format!("and {more} more"))).collect();
    let [mut old, mut new] = [&change.old, &change.new].map(|side| cell(side.as_ref()));
    if change.is_whole() {
        let cell = if change.direction == Direction::Add { &mut new } else { &mut old };
        change.direction.label().clone_into(cell);
    }
    if let Contract::Configuration(setting) = &change.contract {
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

fn cell(side: Option<&Side>) -> String {
    let Some((side, shown)) = side.and_then(|side| Some((side, side.value.as_ref()?))) else {
        return String::new();
    };
    match shown {
        Value::Text(text) if !text.is_empty() => code(text),
        Value::Text(_) | Value::Number(..) | Value::Day(_) => inline(&value(side)),
    }
}

fn judgement(judgement: &Judgement<'_>) -> String {
    let turns = judgement.broken.iter().chain(&judgement.rescued);
    let turns = turns.map(|(turn, spot)| {
        format!("{}: {}", turned(turn.before, turn.after), code(&spot.shown()))
    });
    format!("- {}\n", inline(&impact(judgement.impact))) + &items(turns)
}

/// Lines as the items of a list within an item.
fn items(lines: impl Iterator<Item = String>) -> String {
    lines.fold(String::new(), |items, line| items + "  - " + &line + "\n")
}

/// A change with its places, its tokens and how it was accepted, as an item of a list.
fn folded_item(entry: &Entry<'_>) -> String {
    let change = entry.change;
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

/// Where a side is, with its token in the signature.
fn side(word: &str, spot: Option<&Spot>, side: Option<&Side>) -> Option<String> {
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
