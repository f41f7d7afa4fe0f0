//! One table for the top of a pull request (GitHub Flavored Markdown), the details folded.

use std::io::{self, Write};

use super::{
    view::{Entry, Judgement, Spot, View},
    wording::{acceptance, details, impact, summary, value},
};
use crate::{
    diff::{Change, Severity, Side, Value},
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
    let field = if change.is_whole() {
        change.direction.label().to_owned()
    } else {
        code(change.field.path())
    };
    let meaning = std::iter::once(change.meaning.to_owned()).chain(figures(change));
    let meaning: Vec<_> = meaning.map(|line| inline(&line)).collect();
    let (severity, meaning) = (severity(change), meaning.join("<br>"));
    format!("| {severity} | {contract} | {field} | {old} | {new} | {meaning} |\n")
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
    let Some((side, shown)) = side.and_then(|side| Some((side, side.value.as_ref()?))) else {
        return String::new();
    };
    match shown {
        Value::Text(text) if !text.is_empty() => code(text),
        Value::Text(_) | Value::Number(..) | Value::Day(_) => inline(&value(side)),
    }
}

fn judgement(judgement: &Judgement<'_>) -> String {
    format!("- {}\n", inline(&impact(judgement.impact)))
        + &turned("failed, and passes now", &judgement.rescued)
        + &turned("passed, and fails now", &judgement.broken)
}

fn turned(what: &str, spots: &[Spot]) -> String {
    items(spots.iter().map(|spot| format!("{what}: {}", code(&spot.shown()))))
}

/// Lines as the items of a list within an item.
fn items(lines: impl Iterator<Item = String>) -> String {
    lines.fold(String::new(), |items, line| items + "  - " + &line + "\n")
}

/// A change with its places, its tokens and how it was accepted, as an item of a list.
fn folded(entry: &Entry<'_>) -> String {
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

/// Where a side is, with what stands for it in a signature.
fn side(word: &str, spot: Option<&Spot>, side: Option<&Side>) -> Option<String> {
    let place = code(&spot?.shown());
    let token = side.and_then(|side| side.token.as_deref());
    let token = token.map(|token| format!(", {}", code(token))).unwrap_or_default();
    Some(format!("{word} at {place}{token}"))
}
