//! Writes findings as a table in GitHub Flavored Markdown, for comments and summaries.
//!
//! Text is escaped, so it cannot end a cell, a link or a code span, or act as markup.

pub(super) mod text;

use std::io::{self, Write};

use self::text::{code, inline};
use super::{
    FindingsReport, MOST_OF_COMMENT, Summary,
    details::one_line,
    fold::{Folded, folded_accepted},
    index::IndexedSources,
    summary::counted,
};
use crate::{finding::Finding, lint::Accepted, source::Location};

/// The header of the table.
const HEAD: &str = "\
| level | location | rule | message | help |
| --- | --- | --- | --- | --- |
";
/// The header of the table if a finding has an owner.
const HEAD_WITH_OWNER: &str = "\
| level | location | rule | message | help | owner |
| --- | --- | --- | --- | --- | --- |
";

/// The number of bytes that are reserved for the lines that are always written.
const RESERVED: usize = 1_024;
/// A note about the command that shows everything.
const SHOW_ALL: &str = "to see all, run the same command with `--output-format full \
                        --max-diagnostics none`";

/// Writes the summary, one row per finding, and the folded details.
///
/// Writes at most `most` bytes, and states how many of all findings are omitted.
pub(super) fn write(
    run: &FindingsReport<'_>,
    (all, folded): (Summary, &Folded<'_>),
    sources: &IndexedSources<'_>,
    most: usize,
    out: &mut dyn Write,
) -> io::Result<()> {
    writeln!(out, "**driverc: {all}**")?;
    let mut budget = OutputBudget::new(most.saturating_sub(RESERVED));
    let has_owner = run.findings.iter().any(|finding| finding.owner.is_some());
    let head = if has_owner { HEAD_WITH_OWNER } else { HEAD };
    let rows = run.findings.iter().map(|finding| row(finding, has_owner, sources));
    let (rows, shown) = budget.take(rows);
    if shown > 0 {
        write!(out, "\n{head}{rows}")?;
    }
    if let left @ 1.. = all.total() - folded.count_before(shown) {
        writeln!(out, "\nNot shown: {}; {SHOW_ALL}.", counted(left, "more finding"))?;
    }
    let places = run.findings[..shown].iter().map(|finding| places(finding, sources));
    let (mut items, listed) = budget.take(places);
    if let left @ 1.. = folded.count_before(shown) - folded.count_before(listed) {
        let left = counted(left, "more finding");
        items = format!("{items}\nNot shown: the locations for {left}.\n");
    }
    write_folded("locations", &items, out)?;
    let all_accepted = folded_accepted(run.accepted);
    let accepted = all_accepted.iter().map(|accepted| acceptance(accepted, sources));
    let (mut items, listed) = budget.take(accepted);
    if let left @ 1.. = all_accepted.len() - listed {
        let left = counted(left, "more accepted finding");
        items = format!("{items}\nNot shown: {left}.\n");
    }
    write_folded("accepted", &items, out)
}

/// The number of bytes that can still be written.
pub(super) struct OutputBudget {
    left: usize,
}

impl OutputBudget {
    pub(super) const fn new(most: usize) -> Self {
        Self { left: most }
    }

    /// Concatenates as many texts as fit. Returns the result and the number of texts in it.
    pub(super) fn take(&mut self, texts: impl Iterator<Item = String>) -> (String, usize) {
        let mut taken = (String::new(), 0);
        for text in texts {
            let Some(left) = self.left.checked_sub(text.len()) else { break };
            self.left = left;
            taken = (taken.0 + &text, taken.1 + 1);
        }
        taken
    }
}

fn row(finding: &Finding<Location>, has_owner: bool, sources: &IndexedSources<'_>) -> String {
    let place = code(&sources.start(finding.place));
    let rule = rule(finding);
    let message = inline(&finding.message);
    let help = finding.help.as_deref().map(one_line).map(inline).unwrap_or_default();
    let owner = finding.owner.as_deref().map(inline).unwrap_or_default();
    let owner = if has_owner { format!(" {owner} |") } else { String::new() };
    format!("| {} | {place} | {rule} | {message} | {help} |{owner}\n", finding.level)
}

fn rule(finding: &Finding<Location>) -> String {
    format!("[{}]({})", finding.rule.name, finding.rule.url())
}

/// Returns the labelled locations of a finding, as a list.
fn places(finding: &Finding<Location>, sources: &IndexedSources<'_>) -> String {
    let primary = finding.label.iter().map(|label| (finding.place, label));
    let related = finding.related.iter().map(|related| (related.place, &related.label));
    let labelled = primary.chain(related);
    let item = |(place, label): (_, &String)| {
        format!("- {}: {} ({})\n", code(&sources.start(place)), inline(label), finding.rule.name)
    };
    labelled.map(item).collect()
}

fn acceptance(accepted: &Accepted, sources: &IndexedSources<'_>) -> String {
    let Accepted { finding, by, reason } = accepted;
    let place = code(&sources.start(finding.place));
    let (rule, message, reason) = (rule(finding), inline(&finding.message), inline(reason));
    let colon = if reason.is_empty() { "" } else { ": " };
    format!("- {place} {rule}: {message}; {}{colon}{reason}\n", by.words())
}

/// Writes the output of `write`. If the output is too long for a comment, cuts it after a line.
/// `show_all` is the command that shows the whole output.
pub(super) fn write_capped(
    show_all: &str,
    out: &mut dyn Write,
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> io::Result<()> {
    let mut text = Vec::new();
    write(&mut text)?;
    let text = String::from_utf8_lossy(&text);
    if text.len() <= MOST_OF_COMMENT {
        return out.write_all(text.as_bytes());
    }
    let end = text.floor_char_boundary(MOST_OF_COMMENT - RESERVED);
    let kept = text[..end].rfind('\n').map_or("", |end| &text[..=end]);
    out.write_all(kept.as_bytes())?;
    let is_open = kept.matches("<details>").count() > kept.matches("</details>").count();
    if is_open {
        writeln!(out, "\n</details>")?;
    }
    let left = text[kept.len()..].lines().count();
    writeln!(out, "\nNot shown: {}; `{show_all}` shows all.", counted(left, "more line"))
}

pub(super) fn write_folded(summary: &str, items: &str, out: &mut dyn Write) -> io::Result<()> {
    if items.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n<details>\n<summary>{summary}</summary>\n\n{items}\n</details>")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_text_is_cut_after_line_and_closes_details() {
        let written = |lines: usize| {
            let mut out = Vec::new();
            let text = format!("<details>\n{}</details>\n", "- one line\n".repeat(lines));
            let write = |out: &mut dyn Write| out.write_all(text.as_bytes());
            write_capped("driverc budget", &mut out, write).unwrap();
            (String::from_utf8(out).unwrap(), text)
        };
        let (short, text) = written(10);
        assert_eq!(short, text);
        let (long, _) = written(10_000);
        assert!(long.len() < MOST_OF_COMMENT, "{}", long.len());
        assert_eq!(long.matches("</details>").count(), 1);
        assert!(long.ends_with("more lines; `driverc budget` shows all.\n"), "{}", &long[64_000..]);
    }
}
