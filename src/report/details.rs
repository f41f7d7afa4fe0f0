//! Renders the labels, help text and link of a finding, for formats that have a single text per
//! finding.

use super::{escape::escaped, index::IndexedSources};
use crate::{finding::Finding, source::Location};

/// Returns escaped lines: each location with its label, then the help text, the owner and the link
/// to the rule page.
pub(super) fn details(finding: &Finding<Location>, sources: &IndexedSources<'_>) -> Vec<String> {
    let mut lines = labelled(finding, sources);
    lines.extend(finding.help.as_ref().map(|help| format!("help: {}", with_block(help))));
    lines.extend(owner_line(finding));
    lines.push(format!("see {}", finding.rule.url()));
    lines
}

/// Returns the owner as an escaped line.
pub(super) fn owner_line(finding: &Finding<Location>) -> Option<String> {
    finding.owner.as_ref().map(|owner| format!("owner: {}", escaped(owner)))
}

/// Returns each location with a label, as `path:line:column: label`.
fn labelled(finding: &Finding<Location>, sources: &IndexedSources<'_>) -> Vec<String> {
    let primary = finding.label.iter().map(|label| (finding.place, label));
    let related = finding.related.iter().map(|related| (related.place, &related.label));
    let line =
        |(place, label): (_, &String)| format!("{}: {}", sources.start(place), escaped(label));
    primary.chain(related).map(line).collect()
}

/// Returns the first line of a help text, without the lines to paste.
pub(super) fn one_line(help: &str) -> &str {
    help.split_once(BLOCK).map_or(help, |(line, _)| line)
}

/// Returns a help text as escaped lines, including the lines to paste.
pub(super) fn with_block(help: &str) -> String {
    let Some((line, block)) = help.split_once(BLOCK) else { return escaped(help).into_owned() };
    let block: Vec<_> = block.split('\n').map(escaped).collect();
    format!("{}, such as\n\n{}", escaped(line), block.join("\n"))
}

/// The separator between the sentence of a help text and the lines to paste.
const BLOCK: &str = ", such as\n\n";
