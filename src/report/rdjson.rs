//! Writes findings for reviewdog (`RDFormat`).
//!
//! Columns count bytes of the line, including a byte order mark.

use std::io::{self, Write};

use serde::Serialize;

use super::{
    details::{owner_line, with_block},
    escape::escaped,
    index::{IndexedSource, IndexedSources},
    json_text,
};
use crate::{
    finding::{Finding, Fix, Level},
    fix,
    source::{self, Encoding, Span},
};

#[derive(Debug, Serialize)]
struct Report {
    source: Tool,
    diagnostics: Vec<Diagnostic>,
}

#[derive(Debug, Serialize)]
struct Tool {
    name: &'static str,
    url: &'static str,
}

#[derive(Debug, Serialize)]
struct Diagnostic {
    message: String,
    location: Location,
    severity: Severity,
    code: Code,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    suggestions: Vec<Suggestion>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related_locations: Vec<Related>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "UPPERCASE")]
enum Severity {
    Error,
    Warning,
    Info,
}

#[derive(Debug, Serialize)]
struct Code {
    value: &'static str,
    url: String,
}

#[derive(Debug, Serialize)]
struct Related {
    message: String,
    location: Location,
}

#[derive(Debug, Serialize)]
struct Suggestion {
    range: Range,
    text: String,
}

#[derive(Debug, Serialize)]
struct Location {
    path: String,
    range: Range,
}

#[derive(Debug, Serialize)]
struct Range {
    start: Position,
    end: Position,
}

#[derive(Debug, Serialize)]
struct Position {
    line: usize,
    column: usize,
}

/// Writes one indented document with a final newline.
pub(super) fn write(
    findings: &[Finding<source::Location>],
    sources: &IndexedSources<'_>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let report = Report {
        source: Tool { name: "driverc", url: env!("CARGO_PKG_REPOSITORY") },
        diagnostics: findings.iter().map(|finding| Diagnostic::of(finding, sources)).collect(),
    };
    writeln!(out, "{}", json_text::pretty(&report)?)
}

impl Diagnostic {
    fn of(finding: &Finding<source::Location>, sources: &IndexedSources<'_>) -> Self {
        let suggestion = finding.fix.as_ref().and_then(|fix| Suggestion::of(fix, sources));
        let related = finding.related.iter().map(|related| Related {
            message: escaped(&related.label).into_owned(),
            location: Location::of(related.place, sources),
        });
        Self {
            message: message(finding),
            location: Location::of(finding.place, sources),
            severity: Severity::from(finding.level),
            code: Code { value: finding.rule.name, url: finding.rule.url() },
            suggestions: suggestion.into_iter().collect(),
            related_locations: related.collect(),
        }
    }
}

fn message(finding: &Finding<source::Location>) -> String {
    let message = escaped(&finding.message).into_owned();
    let help = finding.help.as_ref().map(|help| format!("help: {}", with_block(help)));
    let lines: Vec<_> = [message].into_iter().chain(help).chain(owner_line(finding)).collect();
    lines.join("\n")
}

impl Suggestion {
    /// Converts a fix into one suggestion, because reviewdog offers each suggestion separately.
    /// Returns `None` if the fix changes several files.
    fn of(fix: &Fix<source::Location>, sources: &IndexedSources<'_>) -> Option<Self> {
        let mut replacements = fix::replacements(sources.sources(), fix)?;
        replacements.sort_by_key(|(source, replacement)| (*source, replacement.span));
        let (source, first) = replacements.first()?;
        let text = sources.sources().source(*source);
        let mut whole = Span::new(first.span.start, first.span.start);
        let mut new = String::new();
        for (other, replacement) in &replacements {
            if other != source || replacement.span.start < whole.end {
                return None;
            }
            new.push_str(text.slice(Span::new(whole.end, replacement.span.start)));
            new.push_str(&replacement.text);
            whole = whole.to(replacement.span);
        }
        let place = source::Location { source: *source, span: whole };
        Some(Self { range: Range::of(whole, sources.of_place(place)), text: new })
    }
}

impl Location {
    fn of(place: source::Location, sources: &IndexedSources<'_>) -> Self {
        let indexed = sources.of_place(place);
        let path = sources.path(place.source).into_owned();
        Self { path, range: Range::of(place.span, indexed) }
    }
}

impl Range {
    fn of(span: Span, indexed: &IndexedSource<'_>) -> Self {
        let position = |offset| Position::of(offset, indexed);
        Self { start: position(span.start), end: position(span.end) }
    }
}

impl Position {
    fn of(offset: u32, indexed: &IndexedSource<'_>) -> Self {
        let source::Position { line, column } = indexed.lines.position_in(offset, Encoding::Utf8);
        Self { line, column }
    }
}

impl From<Level> for Severity {
    fn from(level: Level) -> Self {
        match level {
            Level::Error => Self::Error,
            Level::Warn => Self::Warning,
            Level::Info => Self::Info,
        }
    }
}
