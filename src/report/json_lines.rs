//! Writes one JSON object per finding, each on its own line, with the keys of
//! [`json`](super::json).

use std::io::{self, Write};

use super::{
    index::IndexedSources,
    json::{Finding, SCHEMA_VERSION},
    json_text::compact,
};
use crate::{finding, source::Location};

/// Writes one line per finding, with the schema version.
pub(super) fn write(
    findings: &[finding::Finding<Location>],
    sources: &IndexedSources<'_>,
    out: &mut dyn Write,
) -> io::Result<()> {
    findings.iter().try_for_each(|finding| {
        let mut line = Finding::of(finding, sources);
        line.schema_version = Some(SCHEMA_VERSION);
        writeln!(out, "{}", compact(&line)?)
    })
}
