//! What stays of a finding when lines move: the same finding has the same fingerprint in the next
//! run.
//!
//! Made of the rule, the file, the table, and the text of the line; neither of the message, which
//! a new version may word anew, nor of numbers of lines. Findings that are alike in all of this
//! are counted.

use std::{collections::BTreeMap, fmt::Write};

use sha2::{Digest, Sha256};

use super::{
    Run,
    index::{IndexedSource, IndexedSources},
};
use crate::{
    finding::Finding,
    source::{Location, SourceId},
};

/// The bytes of a digest that are kept.
const KEPT: usize = 16;
/// The bytes of a line that are read, so that a file of one line costs no more than others.
const READ: usize = 1000;

/// The fingerprints of a run, in the order of its findings.
#[derive(Debug)]
pub(super) struct Fingerprints {
    /// Those of the findings that count.
    pub(super) open: Vec<String>,
    /// Those of the accepted ones.
    pub(super) accepted: Vec<String>,
}

impl Fingerprints {
    /// Each is unique within the run, and the same whether a finding is accepted or not.
    pub(super) fn of(run: &Run<'_>, sources: &IndexedSources<'_>) -> Self {
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

/// The 0-based lines of each source that begin a table.
type Headers = BTreeMap<SourceId, Vec<usize>>;

fn headers(sources: &IndexedSources<'_>) -> Headers {
    let lines = |indexed: &IndexedSource<'_>| {
        let lines = 0..indexed.lines.count();
        lines.filter(|line| line_text(indexed, *line).starts_with('[')).collect()
    };
    sources.iter().map(|(id, indexed)| (id, lines(indexed))).collect()
}

fn line_text<'s>(indexed: &IndexedSource<'s>, line: usize) -> &'s str {
    indexed.source.slice(indexed.lines.span_of(line)).trim()
}

fn digest(finding: &Finding<Location>, sources: &IndexedSources<'_>, headers: &Headers) -> String {
    let indexed = sources.of_place(finding.place);
    let line = indexed.lines.line_of(finding.place.span.start);
    let headers = &headers[&finding.place.source];
    let before = headers.partition_point(|header| *header <= line);
    let header = before.checked_sub(1).map_or("", |last| line_text(indexed, headers[last]));
    let path = sources.path(finding.place.source);
    let mut hash = Sha256::new();
    for part in [finding.rule.name, &*path, header, line_text(indexed, line)] {
        let read = part.floor_char_boundary(READ);
        hash.update(u64::try_from(read).unwrap_or(u64::MAX).to_le_bytes());
        hash.update(&part[..read]);
    }
    let mut digits = String::with_capacity(2 * KEPT);
    for byte in &hash.finalize()[..KEPT] {
        // Writing to a string does not fail.
        _ = write!(digits, "{byte:02x}");
    }
    digits
}
