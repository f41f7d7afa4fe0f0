//! What is said of a finding besides its message, for formats that have one text for all of it.

use super::{escape::escaped, index::IndexedSources};
use crate::{finding::Finding, source::Location};

/// Lines that are safe to show: each place with its label, how to repair it, and the page.
pub(super) fn details(finding: &Finding<Location>, sources: &IndexedSources<'_>) -> Vec<String> {
    let mut lines = labelled(finding, sources);
    lines.extend(finding.help.as_ref().map(|help| format!("help: {}", with_block(help))));
    lines.push(format!("see {}", finding.rule.url()));
    lines
}

/// Each place that has a label, as `path:line:column: label`.
fn labelled(finding: &Finding<Location>, sources: &IndexedSources<'_>) -> Vec<String> {
    let primary = finding.label.iter().map(|label| (finding.place, label));
    let related = finding.related.iter().map(|related| (related.place, &related.label));
    let line =
        |(place, label): (_, &String)| format!("{}: {}", sources.start(place), escaped(label));
    primary.chain(related).map(line).collect()
}

/// A help text as one line: what is there to be pasted is left out.
pub(super) fn one_line(help: &str) -> &str {
    help.split_once(BLOCK).map_or(help, |(line, _)| line)
}

/// A help text as safe lines, with what is there to be pasted.
pub(super) fn with_block(help: &str) -> String {
    let Some((line, block)) = help.split_once(BLOCK) else { return escaped(help).into_owned() };
    let block: Vec<_> = block.split('\n').map(escaped).collect();
    format!("{}, such as\n\n{}", escaped(line), block.join("\n"))
}

/// What parts the sentence of a help text from the lines to paste.
const BLOCK: &str = ", such as\n\n";
