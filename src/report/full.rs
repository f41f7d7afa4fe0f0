//! Writes findings with source excerpts in frames, drawn by miette.

use std::{
    error::Error,
    fmt,
    io::{self, Write},
};

use miette::{
    Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, Severity, SourceCode,
    ThemeStyles,
};

use super::{
    FindingsReport, OmittedFindings, Style, counted,
    details::{owner_line, with_block},
    escape::escaped,
    excerpt::{Excerpt, Label},
    fold::Folded,
    group::grouped,
    index::IndexedSources,
    order::most_severe_last,
    page::wrapped,
};
use crate::{
    finding::{Finding, Level, Rule},
    model::DriverName,
    source::Location,
};

/// The minimum width. Narrower terminals are treated as if they had this width.
const MIN_WIDTH: usize = 40;

/// The indentation of the lines below a frame.
const INDENT: &str = "  ";

/// Writes at most `max_findings` findings with a blank line between them, the most severe last.
/// Findings that differ only in the driver are written once. Returns the number of findings that are
/// left out.
pub(super) fn write(
    run: &FindingsReport<'_>,
    folded: &Folded<'_>,
    style: &Style,
    out: &mut dyn Write,
) -> io::Result<OmittedFindings> {
    let groups = grouped(run.findings, run.sources);
    let groups = most_severe_last(groups, run.max_findings, |group| group.finding.level);
    let sources = IndexedSources::of(groups.iter().map(|group| group.finding), run.sources);
    for (number, group) in groups.iter().enumerate() {
        if number > 0 {
            writeln!(out)?;
        }
        let report = Report::of(group.finding, &sources, style);
        write_trimmed(&report.drawn(style).map_err(io::Error::other)?, out)?;
        let owner = owner_line(group.finding);
        let others = others_line(&group.others, style);
        owner.into_iter().chain(others).try_for_each(|line| writeln!(out, "{INDENT}{line}"))?;
    }
    let shown: usize =
        groups.iter().map(|group| group.others.len() + folded.count(group.index)).sum();
    let total = folded.count_before(run.findings.len());
    Ok(OmittedFindings { beyond_limit: total - shown, grouped: shown - groups.len() })
}

/// The maximum number of drivers that a group names, after its first driver.
const MOST_NAMES: usize = 3;

/// Returns a line with the number of other drivers in a group, and the first of them.
fn others_line(others: &[DriverName], style: &Style) -> Option<String> {
    let names = others.iter().take(MOST_NAMES).map(|name| format!("`{name}`"));
    let names = names.collect::<Vec<_>>().join(", ");
    let more =
        if others.len() > MOST_NAMES { format!(", {}", style.ellipsis()) } else { String::new() };
    let line = || format!("and {}: {names}{more}", counted(others.len(), "more driver"));
    (!others.is_empty())
        .then(|| wrapped(&line(), style.width.max(MIN_WIDTH) - INDENT.len(), "    "))
}

/// Removes the indentation before the header and the trailing spaces that miette writes.
fn write_trimmed(drawn: &str, out: &mut dyn Write) -> io::Result<()> {
    drawn.trim_start().lines().try_for_each(|line| writeln!(out, "{}", line.trim_end()))
}

/// One finding as a miette diagnostic, escaped for display.
#[derive(Debug)]
struct Report {
    rule: &'static Rule,
    level: Level,
    message: String,
    help: Option<String>,
    excerpt: Excerpt,
}

impl Report {
    fn of(finding: &Finding<Location>, sources: &IndexedSources<'_>, style: &Style) -> Self {
        Self {
            rule: finding.rule,
            level: finding.level,
            message: escaped(&finding.message).into(),
            help: finding.help.as_deref().map(with_block),
            excerpt: Excerpt::of(finding, sources, style.ellipsis()),
        }
    }

    fn drawn(&self, style: &Style) -> Result<String, fmt::Error> {
        let handler = GraphicalReportHandler::new_themed(self.theme(style))
            .with_width(style.width.max(MIN_WIDTH))
            .with_break_words(false)
            .without_syntax_highlighting();
        let mut drawn = String::new();
        handler.render_report(&mut drawn, self)?;
        Ok(drawn)
    }

    fn theme(&self, style: &Style) -> GraphicalTheme {
        let mut theme =
            if style.unicode { GraphicalTheme::unicode() } else { GraphicalTheme::none() };
        theme.styles = if style.color { self.colors() } else { ThemeStyles::none() };
        // Level and rule replace the icon, so that the header is a single line.
        let header = self.header(style);
        theme.characters.error.clone_from(&header);
        theme.characters.warning.clone_from(&header);
        theme.characters.advice = header;
        theme
    }

    fn header(&self, style: &Style) -> String {
        let Rule { name, .. } = self.rule;
        if style.links {
            let url = self.rule.url();
            return format!("{}[\u{1b}]8;;{url}\u{1b}\\{name}\u{1b}]8;;\u{1b}\\]:", self.level);
        }
        format!("{}[{name}]:", self.level)
    }

    /// Colours the primary location according to the level. Related locations have another colour.
    fn colors(&self) -> ThemeStyles {
        let plain = ThemeStyles::none().link;
        let mut styles = ThemeStyles::ansi();
        styles.error = styles.error.bold();
        styles.warning = styles.warning.bold();
        styles.advice = styles.advice.bold();
        styles.help = styles.help.bold();
        styles.link = plain.cyan();
        let primary = match self.level {
            Level::Error => styles.error,
            Level::Warn => styles.warning,
            Level::Info => styles.advice,
        };
        let labels = self.excerpt.labels().iter();
        styles.highlights = labels
            .map(|label| if label.is_primary { primary } else { plain.blue().bold() })
            .collect();
        styles
    }
}

impl fmt::Display for Report {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}

impl Error for Report {}

impl Diagnostic for Report {
    fn severity(&self) -> Option<Severity> {
        Some(match self.level {
            Level::Error => Severity::Error,
            Level::Warn => Severity::Warning,
            Level::Info => Severity::Advice,
        })
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.help.as_ref().map(|help| Box::new(help) as Box<dyn fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(&self.excerpt)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        Some(Box::new(self.excerpt.labels().iter().map(labeled_span)))
    }
}

fn labeled_span(label: &Label) -> LabeledSpan {
    let span = (label.span.start, label.span.len());
    if label.is_primary {
        return LabeledSpan::new_primary_with_span(label.text.clone(), span);
    }
    LabeledSpan::new_with_span(label.text.clone(), span)
}

#[cfg(test)]
mod tests;
