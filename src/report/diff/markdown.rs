//! One table for the top of a pull request (GitHub Flavored Markdown), the details folded.

use std::io::{self, Write};

use super::{
    view::{Entry, Judgement, Spot, View},
    wording::{acceptance, details, impact, summary, value},
};
use crate::{
    diff::{Change, Severity, Side},
    model::Field,
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
| | contract | field | was | is | what it means |
| --- | --- | --- | --- | --- | --- |
";

/// Writes the count, a row a change, what it means for samples, and the details, folded.
///
/// Has at most about `most` bytes, and says how many changes are left out.
pub(super) fn write(view: &View<'_>, most: usize, out: &mut dyn Write) -> io::Result<()> {
    let count = summary(view.difference);
    writeln!(out, "**driverc: {count}** against {}", inline(view.against))?;
    let mut budget = Budget::new(most);
    let (rows, shown) = budget.take(view.entries.iter().map(row));
    if shown > 0 {
        write!(out, "\n{HEAD}{rows}")?;
    }
    if let left @ 1.. = view.entries.len() - shown {
        writeln!(out, "\nNot shown: {}.", counted(left, "more change"))?;
    }
    let samples = budget.take(view.judgements.iter().map(judgement)).0;
    if !samples.is_empty() {
        write!(out, "\n{samples}")?;
    }
    let folded = budget.take(view.entries[..shown].iter().map(folded)).0;
    write_folded("details", &folded, out)
}

fn row(entry: &Entry<'_>) -> String {
    let change = entry.change;
    let [old, new] = [&change.old, &change.new].map(|side| cell(side.as_ref()));
    let contract = code(&change.contract.to_string());
    let field = match change.field {
        Field::Benchmark | Field::Waiver => String::new(),
        field => code(field.path()),
    };
    let meaning = inline(change.meaning);
    let figures: String =
        figures(change).iter().map(|line| format!("<br>{}", inline(line))).collect();
    format!(
        "| {} | {contract} | {field} | {old} | {new} | {meaning}{figures} |\n",
        severity(change)
    )
}

/// What a row says besides its meaning: the drivers stand with the details.
fn figures(change: &Change) -> Vec<String> {
    let bare = Change { drivers: Vec::new(), ..change.clone() };
    details(&bare)
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
    side.filter(|side| side.value.is_some()).map_or_else(String::new, |side| inline(&value(side)))
}

fn judgement(judgement: &Judgement<'_>) -> String {
    format!("- {}\n", inline(&impact(judgement.impact)))
        + &turned("failed, and passes now", &judgement.rescued)
        + &turned("passed, and fails now", &judgement.broken)
}

fn turned(what: &str, spots: &[Spot]) -> String {
    spots.iter().map(|spot| format!("  - {what}: {}\n", code(&spot.shown()))).collect()
}

/// A change with its places, its tokens and how it was accepted, as an item of a list.
fn folded(entry: &Entry<'_>) -> String {
    let change = entry.change;
    let mut item = format!("- {}: {}\n", change.severity, inline(&entry.message));
    for line in details(change) {
        item += &format!("  - {}\n", inline(&line));
    }
    item += &side("was", entry.old.as_ref(), change.old.as_ref());
    item += &side("is", entry.new.as_ref(), change.new.as_ref());
    if let Some(accepted) = &change.accepted {
        let place = entry.waiver.as_ref().map(|spot| format!(" ({})", code(&spot.shown())));
        let place = place.unwrap_or_default();
        item += &format!("  - {}{place}\n", inline(&acceptance(accepted)));
    }
    item
}

fn side(word: &str, spot: Option<&Spot>, side: Option<&Side>) -> String {
    let Some(spot) = spot else { return String::new() };
    let token = side.and_then(|side| side.token.as_deref());
    let token = token.map(|token| format!(", {}", code(token))).unwrap_or_default();
    format!("  - {word} at {}{token}\n", code(&spot.shown()))
}
