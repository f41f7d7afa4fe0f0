//! A Code Quality report of GitLab.

use std::io::{self, Write};

use serde::Serialize;

use super::{Run, escape::escaped, fingerprint::Fingerprints, index::IndexedSources, json_text};
use crate::{finding, source::Location};

#[derive(Debug, Serialize)]
struct Issue {
    description: String,
    check_name: &'static str,
    fingerprint: String,
    severity: Severity,
    location: Place,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "snake_case")]
enum Severity {
    Info,
    Minor,
    Major,
}

#[derive(Debug, Serialize)]
struct Place {
    path: String,
    lines: Lines,
}

/// The first and the last line, both of them in the place.
#[derive(Debug, Serialize)]
struct Lines {
    begin: usize,
    end: usize,
}

/// Writes one document, indented, with a line end.
pub(super) fn write(
    run: &Run<'_>,
    sources: &IndexedSources<'_>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let fingerprints = Fingerprints::of(run, sources).open;
    let findings = run.findings.iter().zip(fingerprints);
    let issues: Vec<_> =
        findings.map(|(finding, fingerprint)| Issue::of(finding, fingerprint, sources)).collect();
    writeln!(out, "{}", json_text::pretty(&issues)?)
}

impl Issue {
    fn of(
        finding: &finding::Finding<Location>,
        fingerprint: String,
        sources: &IndexedSources<'_>,
    ) -> Self {
        Self {
            description: format!("{} ({})", escaped(&finding.message), finding.rule.name),
            check_name: finding.rule.name,
            fingerprint,
            severity: Severity::from(finding.level),
            location: Place::of(finding.place, sources),
        }
    }
}

impl Place {
    fn of(place: Location, sources: &IndexedSources<'_>) -> Self {
        let indexed = sources.of_place(place);
        let begin = indexed.position(place.span.start).line;
        let end = indexed.position(place.span.end);
        // A place that ends where a line starts has nothing of that line.
        let last = if end.column == 1 { end.line - 1 } else { end.line };
        let path = compared(&sources.path(place.source)).to_owned();
        Self { path, lines: Lines { begin, end: last.max(begin) } }
    }
}

/// The path as GitLab compares it: never with `./`, never from the root of the file system.
fn compared(path: &str) -> &str {
    let mut rest = path;
    while let Some(shorter) = rest.strip_prefix("./").or_else(|| rest.strip_prefix('/')) {
        rest = shorter;
    }
    if rest.is_empty() { "." } else { rest }
}

impl From<finding::Level> for Severity {
    fn from(level: finding::Level) -> Self {
        match level {
            finding::Level::Error => Self::Major,
            finding::Level::Warn => Self::Minor,
            finding::Level::Info => Self::Info,
        }
    }
}
