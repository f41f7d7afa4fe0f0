//! Which places of a finding are shown together.

use crate::{
    finding::Finding,
    report::index::{IndexedSource, IndexedSources},
    source::{Location, SourceId, Span},
};

/// Places at most this many lines apart share a frame: less is hidden than a frame takes.
const NEAR: usize = 4;

/// A place of more lines than this is shown by its first one.
const MAX_LINES: usize = 12;

/// A place to show.
#[derive(Clone, Debug)]
pub(super) struct Mark<'f> {
    /// The source, indexed.
    pub(super) indexed: &'f IndexedSource<'f>,
    /// The bytes in it.
    pub(super) span: Span,
    /// The 0-based line in which it starts.
    pub(super) first_line: usize,
    /// The 0-based line in which it ends.
    pub(super) last_line: usize,
    /// What is said of it.
    pub(super) label: Option<&'f str>,
    source: SourceId,
    /// 0 for the primary place, then the related ones in their order.
    order: usize,
}

/// All places of a finding, first the primary one.
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

/// The places that share frames, frame by frame; within a frame in the order of the source.
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
        // A line end belongs to the line that it ends.
        let mut last_line = lines.line_of(span.end.saturating_sub(1)).max(first_line);
        if last_line - first_line >= MAX_LINES {
            span.end = lines.span_of(first_line).end.max(span.start);
            last_line = first_line;
        }
        let label = label.filter(|label| !label.is_empty());
        Self { indexed, span, first_line, last_line, label, source, order }
    }

    /// Whether this is the place of the finding, not a related one.
    pub(super) const fn is_primary(&self) -> bool {
        self.order == 0
    }

    /// Whether a place that follows these in the source can be shown with them.
    fn fits(&self, frame: &[Self]) -> bool {
        let is_near =
            |mark: &Self| mark.source == self.source && self.first_line <= mark.last_line + NEAR;
        frame.iter().any(is_near) && !frame.iter().any(|mark| mark.collides(self))
    }

    /// Whether this place and one that follows it cannot be underlined in one line.
    ///
    /// Underlines are not drawn over each other; and where a label is to the right of an underline
    /// without one, miette draws a bar from that underline down to nothing.
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
