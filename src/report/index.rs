//! Lines and columns of the sources that have findings, each indexed once a report.

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

/// A column is counted from the last multiple of this many bytes, never from farther away.
const CHUNK: usize = 4096;
/// How many sources a thread indexes at once. Fewer sources than this are indexed by one thread.
const SOURCES_A_TASK: usize = 128;

/// A source with what is needed to name its places.
#[derive(Debug)]
pub(super) struct IndexedSource<'s> {
    /// The source.
    pub(super) source: &'s Source,
    /// The starts of its lines.
    pub(super) lines: LineIndex<'s>,
    /// How many characters begin before each [`CHUNK`].
    characters: Vec<usize>,
}

impl<'s> IndexedSource<'s> {
    /// Reads the whole text, once.
    pub(super) fn new(source: &'s Source) -> Self {
        let chunks = source.text().as_bytes().chunks_exact(CHUNK);
        let counts = chunks.scan(0, |before, chunk| {
            *before += characters_in(chunk);
            Some(*before)
        });
        let characters = std::iter::once(0).chain(counts).collect();
        Self { source, lines: source.lines(), characters }
    }

    /// The line and column of a byte, at a cost that does not depend on the length of its line.
    ///
    /// Inside a character this is the character, behind the end of the text its end.
    pub(super) fn position(&self, offset: u32) -> Position {
        let line = self.lines.line_of(offset);
        let start = self.lines.span_of(line).start;
        let before = self.source.text().as_bytes().get(start as usize..offset as usize);
        let characters = match before {
            // Most lines are short, and start nearer than a chunk does.
            Some(before) if before.len() < CHUNK && self.is_at_character(offset) => {
                characters_in(before)
            }
            _ => self.characters_before(offset).saturating_sub(self.characters_before(start)),
        };
        Position { line: line + 1, column: characters + 1 }
    }

    fn is_at_character(&self, offset: u32) -> bool {
        self.source.text().is_char_boundary(offset as usize)
    }

    fn characters_before(&self, offset: u32) -> usize {
        let text = self.source.text();
        let offset = text.floor_char_boundary(offset as usize);
        let chunk = offset / CHUNK;
        self.characters[chunk] + characters_in(&text.as_bytes()[chunk * CHUNK..offset])
    }
}

/// How many characters begin in these bytes of UTF-8.
fn characters_in(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| *byte & 0b1100_0000 != 0b1000_0000).count()
}

/// The sources of all places of some findings.
#[derive(Debug)]
pub(super) struct IndexedSources<'s> {
    sources: &'s Sources,
    /// The folder, relative to the root of the repository, from which names lead to files; empty
    /// if paths stay as they are named.
    directory: &'s str,
    by_id: BTreeMap<SourceId, IndexedSource<'s>>,
}

impl<'s> IndexedSources<'s> {
    /// Indexes each source that a finding or its fix names.
    pub(super) fn of<'f>(
        findings: impl IntoIterator<Item = &'f Finding<Location>>,
        sources: &'s Sources,
    ) -> Self {
        let places = findings.into_iter().flat_map(places);
        let ids: BTreeSet<_> = places.map(|place| place.source).collect();
        let ids: Vec<_> = ids.into_iter().collect();
        let index = |id: &SourceId| (*id, IndexedSource::new(sources.source(*id)));
        let tasks: Vec<_> = ids.chunks(SOURCES_A_TASK).collect();
        let indexed = parallel::all(&tasks, |ids| ids.iter().map(index).collect::<Vec<_>>());
        Self { sources, directory: "", by_id: indexed.into_iter().flatten().collect() }
    }

    /// The same with paths from the root of the repository; names are relative to `directory`.
    pub(super) fn in_repository(self, directory: &'s str) -> Self {
        Self { directory, ..self }
    }

    /// All sources, those without findings too.
    pub(super) const fn sources(&self) -> &'s Sources {
        self.sources
    }

    /// Every indexed source, in the order in which they were added.
    pub(super) fn iter(&self) -> impl Iterator<Item = (SourceId, &IndexedSource<'s>)> {
        self.by_id.iter().map(|(id, indexed)| (*id, indexed))
    }

    /// Where a place starts, as `path:line:column`, safe to show.
    pub(super) fn start(&self, place: Location) -> String {
        let indexed = self.of_place(place);
        let Position { line, column } = indexed.position(place.span.start);
        format!("{}:{line}:{column}", escaped(&self.path(place.source)))
    }

    /// The path of a source as the format shows it.
    pub(super) fn path(&self, source: SourceId) -> Cow<'s, str> {
        path_in_repository(self.directory, self.sources.source(source).name())
    }

    /// The source of a place of these findings.
    pub(super) fn of_place(&self, place: Location) -> &IndexedSource<'s> {
        &self.by_id[&place.source]
    }
}

fn places(finding: &Finding<Location>) -> impl Iterator<Item = Location> {
    let related = finding.related.iter().map(|related| related.place);
    let edits = finding.fix.iter().flat_map(|fix| &fix.edits).map(|edit| edit.place);
    std::iter::once(finding.place).chain(related).chain(edits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_are_those_of_the_line_index() {
        let text = format!("\u{feff}{}\r\nö = 1\n{}", "数a🦀".repeat(3000), "é".repeat(5000));
        let source = Source::new("a.toml", text.as_str());
        let indexed = IndexedSource::new(&source);
        for (offset, _) in text.char_indices().skip(1).step_by(7) {
            let offset = u32::try_from(offset).unwrap();
            assert_eq!(indexed.position(offset), indexed.lines.position(offset), "{offset}");
        }
        let end = u32::try_from(text.len()).unwrap();
        assert_eq!(indexed.position(end), Position { line: 3, column: 5001 });
    }

    #[test]
    fn places_outside_of_characters_are_rounded() {
        let source = Source::new("a.toml", "\u{feff}é");
        let indexed = IndexedSource::new(&source);
        let columns = [0, 1, 3, 4, 5, 99].map(|offset| indexed.position(offset).column);
        assert_eq!(columns, [1, 1, 1, 1, 2, 2]);
    }

    #[test]
    fn a_text_may_end_with_a_chunk() {
        let source = Source::new("a.toml", "a".repeat(2 * CHUNK));
        let indexed = IndexedSource::new(&source);
        assert_eq!(indexed.position(8192).column, 8193);
    }
}
