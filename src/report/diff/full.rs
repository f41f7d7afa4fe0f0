//! Writes changes grouped by contract, for a terminal.

use std::{
    collections::BTreeMap,
    io::{self, Write},
};

use super::{
    view::{ChangeView, Spot, View},
    wording::{acceptance, details, impact, subject, turned},
};
use crate::{
    diff::{ChangedItem, Severity},
    report::{Style, escape::escaped, page::colored},
};

/// Writes the changes, starting with the contract that has the most severe change, then the impact
/// on benchmarks.
pub(super) fn write(view: &View<'_>, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let mut groups: Vec<(&ChangedItem, Vec<&ChangeView<'_>>)> = Vec::new();
    let mut numbers: BTreeMap<&ChangedItem, usize> = BTreeMap::new();
    for entry in &view.entries {
        let contract = &entry.change.contract;
        let number = *numbers.entry(contract).or_insert(groups.len());
        if number == groups.len() {
            groups.push((contract, Vec::new()));
        }
        groups[number].1.push(entry);
    }
    for (contract, entries) in groups {
        writeln!(out, "{}", escaped(&heading(contract)))?;
        entries.into_iter().try_for_each(|entry| write_entry(entry, style, out))?;
        writeln!(out)?;
    }
    write_judgements(view, out)
}

fn heading(contract: &ChangedItem) -> String {
    let text = subject(contract);
    let text = text.strip_prefix("a ").or_else(|| text.strip_prefix("the ")).unwrap_or(&text);
    format!("{text}:")
}

fn write_entry(entry: &ChangeView<'_>, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let change = &*entry.change;
    let severity = format!("{}[{}]", change.severity, escaped(&change.path()));
    let severity = colored(&severity, color(change.severity), style);
    writeln!(out, "  {severity}: {}", escaped(&entry.message))?;
    writeln!(out, "    {}", change.meaning)?;
    for line in details(change) {
        writeln!(out, "    {}", escaped(&line))?;
    }
    write_side(
        '-',
        entry.old.as_ref(),
        change.old.as_ref().and_then(|side| side.token.as_deref()),
        out,
    )?;
    write_side(
        '+',
        entry.new.as_ref(),
        change.new.as_ref().and_then(|side| side.token.as_deref()),
        out,
    )?;
    if let Some(accepted) = &change.accepted {
        let place = entry.waiver.as_ref().map(|spot| format!(" ({})", spot.shown()));
        let line = acceptance(accepted);
        writeln!(out, "    {}{}", escaped(&line), place.unwrap_or_default())?;
    }
    Ok(())
}

/// Writes the location of one side, with its token in the signature.
fn write_side(
    sign: char,
    spot: Option<&Spot>,
    token: Option<&str>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let Some(spot) = spot else { return Ok(()) };
    let token = token.map(|token| format!("  {token}")).unwrap_or_default();
    writeln!(out, "    {sign} {}{token}", spot.shown())
}

const fn color(severity: Severity) -> &'static str {
    match severity {
        Severity::Breaking => "31",
        Severity::Risky => "33",
        Severity::Compatible => "32",
    }
}

fn write_judgements(view: &View<'_>, out: &mut dyn Write) -> io::Result<()> {
    if view.judgements.is_empty() {
        return Ok(());
    }
    writeln!(out, "benchmarks, before → now:")?;
    for judgement in &view.judgements {
        writeln!(out, "  {}", escaped(&impact(judgement.impact)))?;
        for (turn, spot) in judgement.broken.iter().chain(&judgement.rescued) {
            writeln!(out, "    {}: {}", turned(turn.before, turn.after), spot.shown())?;
        }
    }
    writeln!(out)
}
