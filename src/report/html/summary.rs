//! Writes the top of the page: counts, and links to the sections.

use super::{BenchmarkSection, Page, markup::Markup};
use crate::{
    model::Verdict,
    report::{Summary, counted},
};

/// The section that only pages with declared consumers have.
const CONSUMERS: &str = "#consumers";

/// The sections of the page.
const SECTIONS: [(&str, &str); 8] = [
    ("#contracts", "Contracts"),
    ("#capabilities", "Capabilities"),
    (CONSUMERS, "Consumers"),
    ("#budgets", "Budgets"),
    ("#latency", "Latency"),
    ("#benchmarks", "Benchmarks"),
    ("#findings", "Findings"),
    ("#signatures", "Signatures"),
];

pub(super) fn write(page: &Page<'_>, body: &mut Markup) {
    body.element("header", &[("class", "top")], |header| {
        header.leaf("h1", &[], "Driver contracts");
        header.leaf("p", &[("class", "lead")], &lead(page));
        header.element("ul", &[("class", "tiles")], |tiles| write_tiles(page, tiles));
    });
    body.element("nav", &[("aria-label", "Sections")], |nav| {
        nav.element("ul", &[], |list| {
            let is_there = |target: &str| target != CONSUMERS || !page.consumers.is_empty();
            for (target, name) in SECTIONS.into_iter().filter(|(target, _)| is_there(target)) {
                list.element("li", &[], |item| item.leaf("a", &[("href", target)], name));
            }
        });
    });
}

/// Describes the documents that were read, and whether figures are simulated.
fn lead(page: &Page<'_>) -> String {
    let read = format!(
        "Based on {} and {}.",
        counted(page.drivers.len(), "contract"),
        counted(page.budgets.len(), "budget")
    );
    let simulated = if page.pairs.iter().any(|pair| pair.simulation.is_some()) {
        "Figures marked simulated were not measured. Each comes from its worst seed."
    } else if page.simulated {
        "No workload is declared, so nothing was simulated."
    } else {
        "Nothing was simulated: simulation was turned off."
    };
    format!("{read} {simulated}")
}

fn write_tiles(page: &Page<'_>, tiles: &mut Markup) {
    let summary = Summary::of(page.run.findings);
    tile(page.drivers.len(), "contract", "plain", "#contracts", tiles);
    tile(
        summary.errors,
        "error",
        if summary.errors > 0 { "bad" } else { "good" },
        "#findings",
        tiles,
    );
    let warnings = if summary.warnings > 0 { "doubtful" } else { "good" };
    tile(summary.warnings, "warning", warnings, "#findings", tiles);
    if !page.unread.is_empty() {
        tile(page.unread.len(), "unreadable path", "bad", "#findings", tiles);
    }
    let samples = || page.pairs.iter().flat_map(|pair| &pair.samples);
    budgets_tile("simulated", samples().filter(|sample| sample.is_simulated()), tiles);
    budgets_tile("recorded", samples().filter(|sample| !sample.is_simulated()), tiles);
}

fn tile(number: usize, noun: &'static str, class: &'static str, target: &str, tiles: &mut Markup) {
    let text = counted(number, noun);
    let noun = text.split_once(' ').map_or("", |(_, noun)| noun);
    write_tile(&number.to_string(), noun, class, target, tiles);
}

/// Writes how many benchmarks of one kind, simulated or recorded, meet their budget. Writes nothing
/// if there are no verdicts.
fn budgets_tile<'s>(
    kind: &'static str,
    samples: impl Iterator<Item = &'s BenchmarkSection<'s>>,
    tiles: &mut Markup,
) {
    let verdicts: Vec<_> = samples.filter_map(|sample| sample.judgement.verdict).collect();
    if verdicts.is_empty() {
        return;
    }
    let kept = verdicts.iter().filter(|verdict| **verdict == Verdict::Pass).count();
    let class = match kept == verdicts.len() {
        true => "good",
        false if verdicts.contains(&Verdict::Fail) => "bad",
        false => "doubtful",
    };
    let number = format!("{kept}/{}", verdicts.len());
    write_tile(&number, &format!("budgets met, {kind}"), class, "#budgets", tiles);
}

fn write_tile(number: &str, words: &str, class: &str, target: &str, tiles: &mut Markup) {
    tiles.element("li", &[("class", class)], |tile| {
        tile.element("a", &[("href", target)], |link| {
            link.leaf("strong", &[], number);
            link.text(" ");
            link.leaf("span", &[], words);
        });
    });
}
