//! Contract by contract, for people.

use std::io::{self, Write};

use super::{
    view::{Entry, Spot, View},
    wording::{acceptance, details, impact, subject},
};
use crate::{
    diff::{Contract, Severity},
    report::{Style, escape::escaped, page::colored},
};

/// Writes what differs, the contract with the gravest change first, then what it means for samples.
pub(super) fn write(view: &View<'_>, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let mut contracts: Vec<&Contract> = Vec::new();
    for entry in &view.entries {
        if !contracts.contains(&&entry.change.contract) {
            contracts.push(&entry.change.contract);
        }
    }
    for contract in contracts {
        writeln!(out, "{}", escaped(&heading(contract)))?;
        let own = view.entries.iter().filter(|entry| entry.change.contract == *contract);
        own.into_iter().try_for_each(|entry| write_entry(entry, style, out))?;
        writeln!(out)?;
    }
    write_judgements(view, out)
}

fn heading(contract: &Contract) -> String {
    let text = subject(contract);
    let text = text.strip_prefix("a ").or_else(|| text.strip_prefix("the ")).unwrap_or(&text);
    format!("{text}:")
}

fn write_entry(entry: &Entry<'_>, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let change = entry.change;
    let severity = colored(change.severity.label(), color(change.severity), style);
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

/// Where one side is, with what stands for it in a signature.
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
    writeln!(out, "samples, under the budgets before and now:")?;
    for judgement in &view.judgements {
        writeln!(out, "  {}", escaped(&impact(judgement.impact)))?;
        for spot in &judgement.rescued {
            writeln!(out, "    failed, and passes now: {}", spot.shown())?;
        }
        for spot in &judgement.broken {
            writeln!(out, "    passed, and fails now: {}", spot.shown())?;
        }
    }
    writeln!(out)
}
