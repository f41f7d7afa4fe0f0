//! Writes findings as a GitLab Code Quality report.

use std::io::{self, Write};

use serde::Serialize;

use super::{
    FindingsReport, details::owner_line, escape::escaped, fingerprint::FindingFingerprints,
    index::IndexedSources, json_text,
};
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

/// The first and last line of a location, both inclusive.
#[derive(Debug, Serialize)]
struct Lines {
    begin: usize,
    end: usize,
}

/// Writes one indented document with a final newline.
pub(super) fn write(
    run: &FindingsReport<'_>,
    sources: &IndexedSources<'_>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let fingerprints = FindingFingerprints::of(run, sources).open;
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
            description: description(finding),
            check_name: finding.rule.name,
            fingerprint,
            severity: Severity::from(finding.level),
            location: Place::of(finding.place, sources),
        }
    }
}

fn description(finding: &finding::Finding<Location>) -> String {
    let (message, rule) = (escaped(&finding.message), finding.rule.name);
    match owner_line(finding) {
        Some(owner) => format!("{message} ({rule}); {owner}"),
        None => format!("{message} ({rule})"),
    }
}

impl Place {
    fn of(place: Location, sources: &IndexedSources<'_>) -> Self {
        let indexed = sources.of_place(place);
        let begin = indexed.position(place.span.start).line;
        let end = indexed.position(place.span.end);
        // A span that ends at the start of a line does not include that line.
        let last = if end.column == 1 { end.line - 1 } else { end.line };
        let path = compared(&sources.path(place.source)).to_owned();
        Self { path, lines: Lines { begin, end: last.max(begin) } }
    }
}

/// Returns the path in the form that GitLab compares, without a leading `./` or `/`.
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
