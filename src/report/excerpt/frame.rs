//! Builds a frame from consecutive lines of one source.

use std::ops::{Range, RangeInclusive};

use super::{
    line::{ExcerptLine, is_blank},
    mark::Mark,
};
use crate::{
    report::{escape::escaped, index::IndexedSource},
    source::Span,
};

/// Consecutive lines of one source.
#[derive(Debug)]
pub(super) struct Frame {
    /// The name of the source, escaped for display.
    pub(super) name: String,
    /// The byte range in the excerpt.
    pub(super) range: Range<usize>,
    /// The 0-based line number of the first line.
    pub(super) first_line: usize,
    lines: Vec<ExcerptLine>,
}

impl Frame {
    /// Appends the lines around marks in one source. Returns `None` if there are no marks.
    pub(super) fn push(marks: &[Mark<'_>], ellipsis: &str, text: &mut String) -> Option<Self> {
        let indexed = marks.first()?.indexed;
        let shown = shown_lines(indexed, marks)?;
        let (start, first_line) = (text.len(), *shown.start());
        let push =
            |number| ExcerptLine::push(indexed, number, &anchors(marks, number), ellipsis, text);
        let lines = shown.map(push).collect();
        let name = escaped(indexed.source.name()).into();
        Some(Self { name, range: start..text.len(), first_line, lines })
    }

    /// Returns the number of lines.
    pub(super) const fn line_count(&self) -> usize {
        self.lines.len()
    }

    /// Returns true if a range of the excerpt starts and ends in this frame.
    pub(super) fn holds(&self, range: &Range<usize>) -> bool {
        self.range.contains(&range.start) && range.end <= self.range.end
    }

    /// Returns the byte range of a mark in the excerpt.
    pub(super) fn span_of(&self, mark: &Mark<'_>) -> Range<usize> {
        let Span { start, end } = mark.span;
        let start = self.lines[mark.first_line - self.first_line].offset_of(start);
        let end = self.lines[mark.last_line - self.first_line].offset_of(end);
        start..end.max(start)
    }
}

/// Returns the lines of the marks, with the line before and the line after them unless these are
/// blank.
fn shown_lines(indexed: &IndexedSource<'_>, marks: &[Mark<'_>]) -> Option<RangeInclusive<usize>> {
    let first = marks.iter().map(|mark| mark.first_line).min()?;
    let last = marks.iter().map(|mark| mark.last_line).max()?;
    let lines = &indexed.lines;
    let has_text = |line: &usize| !is_blank(indexed.source.slice(lines.span_of(*line)));
    let before = first.checked_sub(1).filter(has_text);
    let after = Some(last + 1).filter(|line| *line < lines.count()).filter(has_text);
    Some(before.unwrap_or(first)..=after.unwrap_or(last))
}

/// Returns the byte offsets in a line where marks start or end.
fn anchors(marks: &[Mark<'_>], line: usize) -> Vec<u32> {
    let starts = marks.iter().filter(|mark| mark.first_line == line).map(|mark| mark.span.start);
    let ends = marks.iter().filter(|mark| mark.last_line == line).map(|mark| mark.span.end);
    starts.chain(ends).collect()
}
