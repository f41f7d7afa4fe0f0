//! Writes findings as GitHub Actions workflow commands, which annotate their lines.
//!
//! GitHub shows only the first ten annotations of a step, so the most severe findings come first.

use std::{
    cmp::Reverse,
    io::{self, Write},
};

use super::{details::details, escape::escaped, index::IndexedSources};
use crate::{
    finding::{Finding, Level},
    source::{Location, Position},
};

/// Writes one command per line, the most severe findings first.
pub(super) fn write(
    findings: &[Finding<Location>],
    sources: &IndexedSources<'_>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut ordered: Vec<_> = findings.iter().collect();
    ordered.sort_by_key(|finding| Reverse(finding.level));
    ordered.into_iter().try_for_each(|finding| write_command(finding, sources, out))
}

fn write_command(
    finding: &Finding<Location>,
    sources: &IndexedSources<'_>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let indexed = sources.of_place(finding.place);
    let start = indexed.position(finding.place.span.start);
    let end = indexed.position(finding.place.span.end);
    let file = property(&escaped(&sources.path(finding.place.source)));
    write!(out, "::{} file={file},line={}", command(finding.level), start.line)?;
    write_range(start, end, out)?;
    write!(out, ",title={}::{}", finding.rule.name, data(&escaped(&finding.message)))?;
    for line in details(finding, sources) {
        write!(out, "%0A{}", data(&line))?;
    }
    writeln!(out)
}

/// Writes columns only for ranges on a single line, because GitHub rejects columns for other
/// ranges.
fn write_range(start: Position, end: Position, out: &mut dyn Write) -> io::Result<()> {
    if start.line == end.line {
        return write!(out, ",col={},endLine={},endColumn={}", start.column, end.line, end.column);
    }
    write!(out, ",endLine={}", end.line)
}

const fn command(level: Level) -> &'static str {
    match level {
        Level::Error => "error",
        Level::Warn => "warning",
        Level::Info => "notice",
    }
}

/// Escapes the text after the second `::`.
pub(super) fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// Escapes a property value, including the characters that would end it.
pub(super) fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
