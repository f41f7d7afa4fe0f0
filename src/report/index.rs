//! Indexes the lines of sources that have findings, once per report.

use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet},
};

use super::{escape::escaped, repository::path_in_repository};
use crate::{
    finding::Finding,
    parallel,
    source::{LineIndex, Location, Position, Source, SourceId, Sources},
};

/// The number of sources per thread. If there are fewer sources, a single thread indexes all of
/// them.
const SOURCES_PER_CHUNK: usize = 128;

/// A source with its line index.
#[derive(Debug)]
pub(super) struct IndexedSource<'s> {
    /// The source.
    pub(super) source: &'s Source,
    /// The line index.
    pub(super) lines: LineIndex<'s>,
}

impl<'s> IndexedSource<'s> {
    /// Indexes a source. Reads its whole text.
    pub(super) fn new(source: &'s Source) -> Self {
        Self { source, lines: source.lines() }
    }

    /// Returns the line and column of a byte. Columns count Unicode scalar values.
    pub(super) fn position(&self, offset: u32) -> Position {
        self.lines.position(offset)
    }
}

/// The indexed sources of a report's findings.
#[derive(Debug)]
pub(super) struct IndexedSources<'s> {
    sources: &'s Sources,
    /// The folder to which source names are relative, as a path from the repository root. If it is
    /// empty, names are unchanged.
    directory: &'s str,
    by_id: BTreeMap<SourceId, IndexedSource<'s>>,
}

impl<'s> IndexedSources<'s> {
    /// Indexes each source that a finding or its fix refers to.
    pub(super) fn of<'f>(
        findings: impl IntoIterator<Item = &'f Finding<Location>>,
        sources: &'s Sources,
    ) -> Self {
        let places = findings.into_iter().flat_map(places);
        let ids: BTreeSet<_> = places.map(|place| place.source).collect();
        let ids: Vec<_> = ids.into_iter().collect();
        let index = |id: &SourceId| (*id, IndexedSource::new(sources.source(*id)));
        let tasks: Vec<_> = ids.chunks(SOURCES_PER_CHUNK).collect();
        let indexed = parallel::all(&tasks, |ids| ids.iter().map(index).collect::<Vec<_>>());
        Self { sources, directory: "", by_id: indexed.into_iter().flatten().collect() }
    }

    /// Returns the same index, with paths from the repository root. Source names are relative to
    /// `directory`.
    pub(super) fn in_repository(self, directory: &'s str) -> Self {
        Self { directory, ..self }
    }

    /// Returns all sources, including sources without findings.
    pub(super) const fn sources(&self) -> &'s Sources {
        self.sources
    }

    /// Returns the indexed sources, in the order in which they were added.
    pub(super) fn iter(&self) -> impl Iterator<Item = (SourceId, &IndexedSource<'s>)> {
        self.by_id.iter().map(|(id, indexed)| (*id, indexed))
    }

    /// Returns the start of a location as `path:line:column`, escaped for display.
    pub(super) fn start(&self, place: Location) -> String {
        let indexed = self.of_place(place);
        let Position { line, column } = indexed.position(place.span.start);
        format!("{}:{line}:{column}", escaped(&self.path(place.source)))
    }

    /// Returns the path of a source, relative to the folder that the format requires.
    pub(super) fn path(&self, source: SourceId) -> Cow<'s, str> {
        path_in_repository(self.directory, self.sources.source(source).name())
    }

    /// Returns the indexed source of a location, which must be in one of the findings.
    pub(super) fn of_place(&self, place: Location) -> &IndexedSource<'s> {
        &self.by_id[&place.source]
    }
}

fn places(finding: &Finding<Location>) -> impl Iterator<Item = Location> {
    let related = finding.related.iter().map(|related| related.place);
    let edits = finding.fix.iter().flat_map(|fix| &fix.edits).map(|edit| edit.place);
    std::iter::once(finding.place).chain(related).chain(edits)
}
