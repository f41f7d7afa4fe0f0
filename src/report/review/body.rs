//! Writes the Markdown of comments.
//!
//! The text of a comment has no line numbers, so it stays the same when lines move. Text of
//! contracts is escaped, so only the Markdown in this file is markup.

use std::collections::BTreeSet;

use super::{
    Review,
    comment::Unplaced,
    group::{Group, Placed, Reason},
    host::{SUMMARY, marker},
};
use crate::{
    finding::{Finding, Safety},
    fix,
    report::{
        counted,
        details::one_line,
        fingerprint::{header_above, line_text},
        index::IndexedSources,
        markdown::{
            OutputBudget,
            text::{code, inline},
        },
    },
    source::{Location, Span, visible::is_unseen},
};

/// The maximum number of characters of a text in a comment, before escapes.
const MOST_OF_TEXT: usize = 1_000;
/// The maximum number of characters of a quoted line.
const MOST_OF_LINE: usize = 120;
/// The maximum number of related locations, and of tables with equal findings, in a comment.
const MOST_LISTED: usize = 5;
/// The maximum number of equal findings whose tables are searched for.
const MOST_SEARCHED: usize = 100;
/// The maximum size of the list in a summary, in bytes.
const MOST_OF_LIST: usize = 30_000;

/// Returns the text of a comment on a line.
pub(super) fn of_line(
    place: &Placed,
    group: &Group<'_>,
    sources: &IndexedSources<'_>,
    review: &Review,
) -> String {
    let Group { finding, others, fingerprint, .. } = group;
    let mut parts = vec![headline(finding)];
    if place.reason != Reason::Own {
        parts.push(subject(place, finding.place, sources));
    }
    parts.extend(labels(place, finding, sources));
    parts.extend(finding.help.as_deref().map(|help| format!("help: {}", text(one_line(help)))));
    parts.extend(finding.owner.as_deref().map(|owner| format!("owner: {}", text(owner))));
    parts.extend(equal_findings(finding, others, sources));
    if place.reason == Reason::Own && others.is_empty() {
        parts.extend(suggestion(finding, sources));
    }
    parts.push(marker(fingerprint, review.job.as_ref()));
    parts.join("\n\n")
}

/// Returns the text of the summary, or `None` if every finding has a comment on a line.
pub(super) fn of_summary(
    left: &Unplaced<'_>,
    sources: &IndexedSources<'_>,
    review: &Review,
) -> Option<String> {
    let Unplaced { elsewhere, above_limit } = left;
    let parts = [
        (elsewhere, "in files without changed lines"),
        (above_limit, "above the maximum number of comments"),
    ];
    let count =
        |groups: &[Group<'_>]| -> usize { groups.iter().map(|group| 1 + group.others.len()).sum() };
    let total = count(elsewhere) + count(above_limit);
    if total == 0 {
        return None;
    }
    let total = counted(total, "finding");
    let mut paragraphs = vec![format!("**driverc**: {total} without a comment on a line")];
    let mut budget = OutputBudget::new(MOST_OF_LIST);
    for (groups, reason) in parts.iter().filter(|(groups, _)| !groups.is_empty()) {
        paragraphs.push(format!("{} {reason}:", counted(count(groups), "finding")));
        let (mut items, listed) = budget.take(groups.iter().map(|group| item(group, sources)));
        if let left @ 1.. = count(&groups[listed..]) {
            items.push_str("- not listed: ");
            items.push_str(&counted(left, "more finding"));
        }
        paragraphs.push(items.trim_end().to_owned());
    }
    paragraphs.push(marker(SUMMARY, review.job.as_ref()));
    Some(paragraphs.join("\n\n"))
}

fn item(group: &Group<'_>, sources: &IndexedSources<'_>) -> String {
    let finding = group.finding;
    let path = code(&sources.path(finding.place.source));
    let times = match group.others.len() {
        0 => String::new(),
        others => format!(", {} times", others + 1),
    };
    let (level, rule, url) = (finding.level, finding.rule.name, finding.rule.url());
    format!("- {level} in {path}{times}: {} ([{rule}]({url}))\n", text(&finding.message))
}

fn headline(finding: &Finding<Location>) -> String {
    let (level, rule, url) = (finding.level, finding.rule.name, finding.rule.url());
    format!("**driverc {level}**: {} ([{rule}]({url}))", text(&finding.message))
}

/// Says which line the finding is about, if the comment is on another line.
fn subject(place: &Placed, location: Location, sources: &IndexedSources<'_>) -> String {
    let path = sources.path(location.source);
    let file = if *path == place.path { String::new() } else { format!(" of {}", code(&path)) };
    match quoted(location, sources) {
        Some(line) => format!(
            "The finding is about {line}{file}, a line that this pull request does not change."
        ),
        None => format!(
            "The finding is about a line of {} that this pull request does not change.",
            code(&path)
        ),
    }
}

/// Returns the labelled locations as a list.
fn labels(
    place: &Placed,
    finding: &Finding<Location>,
    sources: &IndexedSources<'_>,
) -> Option<String> {
    let own = match quoted(finding.place, sources) {
        Some(line) if place.reason != Reason::Own => line,
        Some(_) | None => "this line".to_owned(),
    };
    let own = finding.label.iter().map(|label| format!("- {own}: {}", text(label)));
    let related = finding.related.iter().take(MOST_LISTED).map(|related| {
        let path = code(&sources.path(related.place.source));
        let line = quoted(related.place, sources).map(|line| format!(", {line}"));
        format!("- {path}{}: {}", line.unwrap_or_default(), text(&related.label))
    });
    let lines: Vec<_> = own.chain(related).collect();
    (!lines.is_empty()).then(|| lines.join("\n"))
}

/// Says how often the file has the same finding, and in which tables.
fn equal_findings(
    finding: &Finding<Location>,
    others: &[Location],
    sources: &IndexedSources<'_>,
) -> Option<String> {
    if others.is_empty() {
        return None;
    }
    let mut known = BTreeSet::from_iter(table(finding.place, sources));
    let tables = others.iter().take(MOST_SEARCHED).filter_map(|place| table(*place, sources));
    let tables: Vec<_> = tables.filter(|table| known.insert(table.clone())).collect();
    let listed = tables[..tables.len().min(MOST_LISTED)].join(", ");
    let has_more = tables.len() > MOST_LISTED || others.len() > MOST_SEARCHED;
    let more = if has_more { " and other tables" } else { "" };
    let also = match &*listed {
        "" => String::new(),
        tables => format!(", also in {tables}{more}"),
    };
    Some(format!("This file has {} equal findings{also}.", others.len() + 1))
}

fn table(place: Location, sources: &IndexedSources<'_>) -> Option<String> {
    let indexed = sources.of_place(place);
    header_above(indexed, indexed.lines.line_of(place.span.start))
        .map(|line| code(&shortened(line)))
}

/// Quotes the line of a location, with the table that contains it. Returns `None` if it is blank.
fn quoted(place: Location, sources: &IndexedSources<'_>) -> Option<String> {
    let indexed = sources.of_place(place);
    let number = indexed.lines.line_of(place.span.start);
    let line = Some(line_text(indexed, number)).filter(|line| !line.is_empty())?;
    let header = header_above(indexed, number).filter(|header| *header != line);
    let table = header.map(|header| format!(" in {}", code(&shortened(header))));
    Some(format!("{}{}", code(&shortened(line)), table.unwrap_or_default()))
}

/// Returns a block with which the host offers the fixed line. Returns `None` unless a safe fix
/// changes only the line of the finding.
fn suggestion(finding: &Finding<Location>, sources: &IndexedSources<'_>) -> Option<String> {
    let fix = finding.fix.as_ref().filter(|fix| fix.safety == Safety::Safe)?;
    let indexed = sources.of_place(finding.place);
    let line = indexed.lines.span_of(indexed.lines.line_of(finding.place.span.start));
    let mut replacements = fix::replacements(sources.sources(), fix)?;
    replacements.sort_by_key(|(_, replacement)| replacement.span);
    let mut fixed = String::new();
    let mut end = line.start;
    for (source, replacement) in &replacements {
        let span = replacement.span;
        if *source != finding.place.source || span.start < end || span.end > line.end {
            return None;
        }
        fixed.push_str(indexed.source.slice(Span::new(end, span.start)));
        fixed.push_str(&replacement.text);
        end = span.end;
    }
    fixed.push_str(indexed.source.slice(Span::new(end, line.end)));
    let has_crlf = indexed.source.slice(Span::new(line.end, line.end.saturating_add(1))) == "\r";
    if fixed.trim().is_empty() || fixed.chars().any(is_unseen) || has_crlf {
        return None;
    }
    let fence = fence(&fixed);
    Some(format!("{fence}suggestion\n{fixed}\n{fence}"))
}

/// Returns a fence that is longer than any run of backticks in a text.
fn fence(text: &str) -> String {
    let longest = text.split(|character| character != '`').map(str::len).max().unwrap_or(0);
    "`".repeat(longest.max(2) + 1)
}

/// Escapes a text, cut to its maximum length.
fn text(text: &str) -> String {
    inline(&cut(text, MOST_OF_TEXT))
}

fn shortened(line: &str) -> String {
    cut(line, MOST_OF_LINE)
}

fn cut(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        None => text.to_owned(),
        Some((end, _)) => format!("{}…", &text[..end]),
    }
}
