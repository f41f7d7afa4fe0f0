//! Computes fingerprints of findings. A fingerprint stays the same when lines move.
//!
//! A fingerprint depends on the rule, the file, the table and the text of the line. If the line is
//! in a template, the fingerprint also depends on the driver. If the line is in a `[[call]]`, it
//! also depends on the keys that identify the call. If a finding names a `[[requirement]]`, it also
//! depends on the consumer. A fingerprint does not depend on line numbers,
//! or on the message, whose wording can change between versions. A counter distinguishes findings
//! that are otherwise equal.

use std::{collections::BTreeMap, fmt::Write, ops::Range};

use sha2::{Digest, Sha256};

use super::{
    FindingsReport,
    index::{IndexedSource, IndexedSources},
};
use crate::{
    finding::Finding,
    model::{DriverName, Field},
    source::{Location, SourceId},
};

/// The number of digest bytes in a fingerprint.
const RETAINED_BYTES: usize = 16;
/// The maximum number of bytes to hash per line, which limits the cost of very long lines.
const READ: usize = 1000;

/// The fingerprints of a run, in the order of its findings.
#[derive(Debug)]
pub(super) struct FindingFingerprints {
    /// The fingerprints of the open findings.
    pub(super) open: Vec<String>,
    /// The fingerprints of the accepted findings.
    pub(super) accepted: Vec<String>,
}

impl FindingFingerprints {
    /// Computes fingerprints that are unique in the run. Accepting a finding does not change its
    /// fingerprint.
    pub(super) fn of(run: &FindingsReport<'_>, sources: &IndexedSources<'_>) -> Self {
        let headers = headers(sources);
        let all: Vec<_> = run.all().collect();
        let mut order: Vec<_> = (0..all.len()).collect();
        order.sort_by_key(|index| all[*index].place);
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        let mut open = vec![String::new(); all.len()];
        for index in order {
            let digest = digest(all[index], sources, &headers);
            let count = counts.entry(digest.clone()).or_default();
            *count += 1;
            open[index] = format!("{digest}:{count}");
        }
        let accepted = open.split_off(run.findings.len());
        Self { open, accepted }
    }
}

/// The 0-based numbers of the lines that start a table, for each source.
type Headers = BTreeMap<SourceId, Vec<usize>>;

fn headers(sources: &IndexedSources<'_>) -> Headers {
    let lines = |indexed: &IndexedSource<'_>| {
        let lines = 0..indexed.lines.count();
        lines.filter(|line| line_text(indexed, *line).starts_with('[')).collect()
    };
    sources.iter().map(|(id, indexed)| (id, lines(indexed))).collect()
}

/// Returns the text of a 0-based line, without the spaces at its ends.
pub(super) fn line_text<'s>(indexed: &IndexedSource<'s>, line: usize) -> &'s str {
    indexed.source.slice(indexed.lines.span_of(line)).trim()
}

/// Returns the last line that starts a table, at or above a 0-based line.
pub(super) fn header_above<'s>(indexed: &IndexedSource<'s>, line: usize) -> Option<&'s str> {
    (0..=line).rev().map(|line| line_text(indexed, line)).find(|text| text.starts_with('['))
}

/// Returns true if a line is the header of an item of an array of tables.
fn is_item_of(array: Field, header: &str) -> bool {
    let name = header.strip_prefix("[[").and_then(|rest| rest.split_once("]]"));
    name.is_some_and(|(name, _)| name.trim() == array.key())
}

/// Returns true if a line in a `[[call]]` sets one of the keys that identify the call.
fn names_end(line: &str) -> bool {
    [Field::From, Field::To, Field::Parallel].iter().any(|field| field.key() == key_of(line))
}

fn key_of(line: &str) -> &str {
    line.split_once('=').map_or("", |(key, _)| key.trim())
}

/// The header above a line, and the lines of its table.
fn table_around(
    (indexed, line): (&IndexedSource<'_>, usize),
    headers: &[usize],
) -> Option<(usize, Range<usize>)> {
    let before = headers.partition_point(|header| *header <= line);
    let header = headers[before.checked_sub(1)?];
    Some((header, header..headers.get(before).copied().unwrap_or_else(|| indexed.lines.count())))
}

/// Returns the lines with the consumers of the requirements that a finding names.
fn consumers<'s>(
    finding: &Finding<Location>,
    sources: &'s IndexedSources<'_>,
    headers: &Headers,
) -> Vec<&'s str> {
    let related = finding.related.iter().map(|related| related.place);
    let consumer = |place: Location| {
        let indexed = sources.of_place(place);
        let line = indexed.lines.line_of(place.span.start);
        let (header, mut table) = table_around((indexed, line), &headers[&place.source])?;
        let is_consumer = |line: &usize| key_of(line_text(indexed, *line)) == Field::Consumer.key();
        if !is_item_of(Field::Requirement, line_text(indexed, header)) {
            return None;
        }
        table.find(is_consumer).map(|line| line_text(indexed, line))
    };
    [finding.place].into_iter().chain(related).filter_map(consumer).collect()
}

fn digest(finding: &Finding<Location>, sources: &IndexedSources<'_>, headers: &Headers) -> String {
    let indexed = sources.of_place(finding.place);
    let line = indexed.lines.line_of(finding.place.span.start);
    let path = sources.path(finding.place.source);
    let around = table_around((indexed, line), &headers[&finding.place.source]);
    let header = around.as_ref().map_or("", |(header, _)| line_text(indexed, *header));
    let table = around.map_or(0..0, |(_, table)| table);
    let ends = table.filter(|_| is_item_of(Field::Call, header));
    let ends = ends.map(|line| line_text(indexed, line));
    let ends = ends.filter(|text| names_end(text) && *text != line_text(indexed, line));
    let mut hash = Sha256::new();
    let parts = [finding.rule.name, &*path, header, line_text(indexed, line)];
    let driver = finding.inherited_by.as_ref().map(DriverName::as_str);
    for part in
        parts.into_iter().chain(ends).chain(driver).chain(consumers(finding, sources, headers))
    {
        let read = part.floor_char_boundary(READ);
        hash.update(u64::try_from(read).unwrap_or(u64::MAX).to_le_bytes());
        hash.update(&part[..read]);
    }
    let mut digits = String::with_capacity(2 * RETAINED_BYTES);
    for byte in &hash.finalize()[..RETAINED_BYTES] {
        // Writing to a string does not fail.
        _ = write!(digits, "{byte:02x}");
    }
    digits
}
