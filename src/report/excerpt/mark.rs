//! Groups the locations of a finding into frames.

use crate::{
    finding::Finding,
    report::index::{IndexedSource, IndexedSources},
    source::{Location, SourceId, Span},
};

/// The maximum distance between marks that share a frame, in lines. Up to this distance, two frames
/// would take more lines than one frame.
const NEAR: usize = 4;

/// The maximum number of lines of a mark. A longer mark is reduced to its first line.
const MAX_LINES: usize = 12;

/// A location to show.
#[derive(Clone, Debug)]
pub(super) struct Mark<'f> {
    /// The indexed source.
    pub(super) indexed: &'f IndexedSource<'f>,
    /// The bytes in the source.
    pub(super) span: Span,
    /// The 0-based line number of the start.
    pub(super) first_line: usize,
    /// The 0-based line number of the end.
    pub(super) last_line: usize,
    /// The label.
    pub(super) label: Option<&'f str>,
    source: SourceId,
    /// The display order: 0 for the primary location, then the related locations in order.
    order: usize,
}

/// Returns all locations of a finding, starting with the primary location.
pub(super) fn marks_of<'f>(
    finding: &'f Finding<Location>,
    sources: &'f IndexedSources<'_>,
) -> Vec<Mark<'f>> {
    let primary = (finding.place, finding.label.as_deref());
    let related = finding.related.iter().map(|other| (other.place, Some(other.label.as_str())));
    std::iter::once(primary)
        .chain(related)
        .enumerate()
        .map(|(order, (place, label))| Mark::new(order, place, label, sources))
        .collect()
}

/// Groups the marks by frame. The marks of a frame are in source order.
pub(super) fn frames_of(mut marks: Vec<Mark<'_>>) -> Vec<Vec<Mark<'_>>> {
    marks.sort_by_key(|mark| (mark.source, mark.span, mark.order));
    let mut frames: Vec<Vec<Mark<'_>>> = Vec::new();
    for mark in marks {
        match frames.last_mut().filter(|frame| mark.fits(frame)) {
            Some(frame) => frame.push(mark),
            None => frames.push(vec![mark]),
        }
    }
    frames.sort_by_key(|frame| frame.iter().map(|mark| mark.order).min());
    frames
}

impl<'f> Mark<'f> {
    fn new(
        order: usize,
        place: Location,
        label: Option<&'f str>,
        sources: &'f IndexedSources<'_>,
    ) -> Self {
        let Location { source, mut span } = place;
        let indexed = sources.of_place(place);
        let lines = &indexed.lines;
        let first_line = lines.line_of(span.start);
        // A line end is part of the line before it.
        let mut last_line = lines.line_of(span.end.saturating_sub(1)).max(first_line);
        if last_line - first_line >= MAX_LINES {
            span.end = lines.span_of(first_line).end.max(span.start);
            last_line = first_line;
        }
        let label = label.filter(|label| !label.is_empty());
        Self { indexed, span, first_line, last_line, label, source, order }
    }

    /// Returns true for the primary location of the finding.
    pub(super) const fn is_primary(&self) -> bool {
        self.order == 0
    }

    /// Returns true if this mark can share a frame with earlier marks.
    fn fits(&self, frame: &[Self]) -> bool {
        let is_near =
            |mark: &Self| mark.source == self.source && self.first_line <= mark.last_line + NEAR;
        frame.iter().any(is_near) && !frame.iter().any(|mark| mark.collides(self))
    }

    /// Returns true if this mark and a later mark cannot be underlined on the same line.
    ///
    /// Underlines must not overlap. If an underline without a label comes before an underline with
    /// a label, miette draws a connector from the first underline that leads to no label.
    fn collides(&self, other: &Self) -> bool {
        let of_line = |mark: &Self| mark.first_line == self.first_line && mark.is_in_one_line();
        let overlaps = other.span.start < self.span.end.max(self.span.start.saturating_add(1));
        let leaves_bar = self.label.is_none() && other.label.is_some();
        of_line(self) && of_line(other) && (overlaps || leaves_bar)
    }

    const fn is_in_one_line(&self) -> bool {
        self.first_line == self.last_line
    }
}
