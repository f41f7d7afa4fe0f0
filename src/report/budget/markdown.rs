//! Writes verdicts as Markdown tables.

use std::io::{self, Write};

use super::{BudgetResults, assumption, provenance, rank, summary};
use crate::{
    budget::{BenchmarkVerdict, Comparison, DriverProfile, Figure, JudgedBenchmark},
    model::{Verdict, Vocabulary},
    report::{
        self, Format, Style,
        markdown::{text::inline, write_folded},
    },
};

/// Writes the table, the reasons, the sources of the benchmarks, and the findings.
pub(super) fn write(results: &BudgetResults<'_>, out: &mut dyn Write) -> io::Result<()> {
    let (confidence, fold) = (results.confidence, results.fold.word());
    writeln!(
        out,
        "**driverc: {}** (at {confidence} confidence, the {fold} benchmark decides)\n",
        summary(results.pairs)
    )?;
    if let Some(assumption) = assumption(results.pairs) {
        writeln!(out, "p95 latency: {assumption}.\n")?;
    }
    write!(out, "| verdict | driver | profile | origin |")?;
    let figures = figures(results.pairs);
    for figure in &figures {
        write!(out, " {} {} |", figure.name(), figure.unit())?;
    }
    writeln!(
        out,
        " lowest headroom |\n| --- | --- | --- | --- |{} --: |",
        " --: |".repeat(figures.len())
    )?;
    for pair in results.pairs {
        for assessed in &pair.benchmarks {
            writeln!(out, "{}", row(pair, assessed, &figures))?;
        }
    }
    write_reasons(results, out)?;
    let origin = |(name, assessed): (String, &JudgedBenchmark)| {
        format!("- {name}: {}\n", inline(&provenance(&assessed.sample)))
    };
    let origins: Vec<String> = each(results).map(origin).collect();
    write_folded("benchmarks", &origins.concat(), out)?;
    if results.run.findings.is_empty() && results.run.accepted.is_empty() {
        return Ok(());
    }
    writeln!(out)?;
    report::write(Format::Markdown, &results.run, &Style::default(), out).map(drop)
}

/// Returns each benchmark with its title.
fn each<'r>(results: &BudgetResults<'r>) -> impl Iterator<Item = (String, &'r JudgedBenchmark)> {
    let fold = results.fold;
    results.pairs.iter().flat_map(move |pair| {
        pair.benchmarks.iter().enumerate().map(move |(number, assessed)| {
            let rank = rank(pair, number, fold);
            let rank = if rank.is_empty() { rank } else { format!(" ({rank})") };
            (format!("`{}` `{}`{rank}", pair.driver, pair.profile.label()), assessed)
        })
    })
}

fn write_reasons(results: &BudgetResults<'_>, out: &mut dyn Write) -> io::Result<()> {
    let lines = each(results).flat_map(|(name, assessed)| {
        assessed.judgement.reasons().map(move |reason| format!("- {name}: {}\n", inline(&reason)))
    });
    let lines: String = lines.collect();
    if lines.is_empty() { Ok(()) } else { write!(out, "\n{lines}") }
}

/// Returns the figures that have a column. p99 has a column only if at least one benchmark is
/// judged by p99.
fn figures(pairs: &[DriverProfile]) -> Vec<Figure> {
    let judged = |judgement: &BenchmarkVerdict, figure: Figure| {
        let figures = judgement.figures.iter().map(|judged| judged.comparison.figure);
        figures.chain(judgement.missing.map(|missing| missing.figure)).any(|it| it == figure)
    };
    let all = pairs.iter().flat_map(|pair| &pair.benchmarks);
    let is_shown = |figure: &Figure| {
        figure.is_always_shown() || all.clone().any(|it| judged(&it.judgement, *figure))
    };
    Figure::ALL.into_iter().filter(is_shown).collect()
}

fn row(pair: &DriverProfile, assessed: &JudgedBenchmark, figures: &[Figure]) -> String {
    let judgement = &assessed.judgement;
    let several = pair.benchmarks.len() > 1;
    let decides = several && std::ptr::eq(pair.deciding(), assessed);
    let verdict = judgement.verdict();
    let names = [
        format!("{}{}", marked(verdict, verdict.label()), if decides { ", decides" } else { "" }),
        format!("`{}`", pair.driver),
        format!("`{}`", pair.profile.label()),
        super::origin(&assessed.sample).to_owned(),
    ];
    let figures = figures.iter().map(|figure| cell(assessed, *figure));
    let least = judgement.headroom_percent().map(crate::report::bench::factor);
    let cells: Vec<_> =
        names.into_iter().chain(figures).chain([least.unwrap_or_else(|| "-".to_owned())]).collect();
    format!("| {} |", cells.join(" | "))
}

fn cell(assessed: &JudgedBenchmark, figure: Figure) -> String {
    let mut figures = assessed.judgement.figures.iter();
    let Some(judged) = figures.find(|judged| judged.comparison.figure == figure) else {
        return "-".to_owned();
    };
    let Comparison { value, limit, latency_unit, .. } = judged.comparison;
    let limit = figure.limited_short(limit, latency_unit);
    format!("{} {limit}", marked(judged.verdict, &judged.comparison.shown(value)))
}

/// Formats a text in bold for a failure, and in italics for an inconclusive verdict.
fn marked(verdict: Verdict, text: &str) -> String {
    match verdict {
        Verdict::Pass => text.to_owned(),
        Verdict::Fail => format!("**{text}**"),
        Verdict::Inconclusive => format!("*{text}*"),
    }
}
