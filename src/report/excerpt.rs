//! Extracts the source lines that a report shows for one finding.
//!
//! An excerpt contains only the lines around the finding's locations, escaped and cropped. Its size
//! depends only on the finding.

mod frame;
mod line;
mod mark;

use std::ops::Range;

use miette::{MietteError, MietteSpanContents, SourceCode, SourceSpan, SpanContents};

use self::{
    frame::Frame,
    mark::{Mark, frames_of, marks_of},
};
use super::{escape::escaped, index::IndexedSources};
use crate::{
    finding::Finding,
    source::{Location, Position},
};

/// The frames of one finding. The first frame contains the primary location.
#[derive(Debug)]
pub(super) struct Excerpt {
    text: String,
    frames: Vec<Frame>,
    labels: Vec<Label>,
}

/// A labelled span in an [`Excerpt`].
#[derive(Debug)]
pub(super) struct Label {
    /// The byte range in the excerpt.
    pub(super) span: Range<usize>,
    /// The label text, escaped for display.
    pub(super) text: Option<String>,
    /// Whether this is the primary location instead of a related location.
    pub(super) is_primary: bool,
    /// The start position in the source.
    position: Position,
}

/// A frame of an [`Excerpt`], with its text and labels.
#[derive(Debug)]
pub(super) struct View<'e> {
    /// The lines with their line ends.
    pub(super) text: &'e str,
    /// The byte offset of the frame in the excerpt.
    pub(super) start: usize,
    /// The 0-based line number of the first line in the source.
    pub(super) first_line: usize,
    /// The labels in the frame, in source order.
    pub(super) labels: Vec<&'e Label>,
    name: &'e str,
}

impl View<'_> {
    /// Returns the primary location if it is in this frame, otherwise the first location. The text
    /// is `path:line:column`, escaped for display.
    pub(super) fn place(&self) -> String {
        let primary = self.labels.iter().find(|label| label.is_primary);
        let label = primary.or(self.labels.first());
        label.map_or_else(String::new, |label| {
            let Position { line, column } = label.position;
            format!("{}:{line}:{column}", self.name)
        })
    }
}

impl Excerpt {
    /// Creates the excerpt for one finding. `ellipsis` replaces the cropped parts of lines.
    pub(super) fn of(
        finding: &Finding<Location>,
        sources: &IndexedSources<'_>,
        ellipsis: &'static str,
    ) -> Self {
        let mut excerpt = Self { text: String::new(), frames: Vec::new(), labels: Vec::new() };
        for marks in frames_of(marks_of(finding, sources)) {
            excerpt.push_frame(&marks, ellipsis);
        }
        excerpt
    }

    /// Returns the labels, in display order.
    pub(super) fn labels(&self) -> &[Label] {
        &self.labels
    }

    /// Returns the frames, in display order.
    pub(super) fn views(&self) -> impl Iterator<Item = View<'_>> {
        self.frames.iter().map(|frame| View {
            text: &self.text[frame.range.clone()],
            start: frame.range.start,
            first_line: frame.first_line,
            labels: self.labels.iter().filter(|label| frame.holds(&label.span)).collect(),
            name: &frame.name,
        })
    }

    fn push_frame(&mut self, marks: &[Mark<'_>], ellipsis: &str) {
        let Some(frame) = Frame::push(marks, ellipsis, &mut self.text) else { return };
        self.labels.extend(marks.iter().map(|mark| Label {
            span: frame.span_of(mark),
            text: mark.label.map(|label| escaped(label).into()),
            is_primary: mark.is_primary(),
            position: mark.indexed.position(mark.span.start),
        }));
        self.frames.push(frame);
        // Separates the frames, so that the end of this one is not the start of the next.
        self.text.push('\n');
    }

    /// Returns the position in the source that a span in the excerpt corresponds to.
    fn position(&self, span: &Range<usize>) -> Option<Position> {
        let label = self.labels.iter().find(|label| label.span.start == span.start)?;
        Some(label.position)
    }
}

/// Returns one complete frame per request.
///
/// miette requests a span without context to find the position that a frame's header shows. The
/// result then contains the line and column in the source.
impl SourceCode for Excerpt {
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        lines_before: usize,
        lines_after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let range = span.offset()..span.offset() + span.len();
        let frame = self.frames.iter().find(|frame| frame.holds(&range));
        let frame = frame.ok_or(MietteError::OutOfBounds)?;
        let place = if lines_before + lines_after == 0 { self.position(&range) } else { None };
        let (line, column) =
            place.map_or((frame.first_line, 0), |place| (place.line - 1, place.column - 1));
        Ok(Box::new(MietteSpanContents::new_named(
            frame.name.clone(),
            &self.text.as_bytes()[frame.range.clone()],
            (frame.range.start, frame.range.len()).into(),
            line,
            column,
            frame.line_count(),
        )))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::samples::{ExampleReport, UNKNOWN_KEY};

    /// Returns the excerpt for `bad` in a text, with a related location at `first`.
    fn excerpt(text: &str) -> Excerpt {
        let mut sample = ExampleReport::new();
        let id = sample.file("a.toml", text);
        let finding = UNKNOWN_KEY
            .finding(sample.find(id, "bad"), "unknown key")
            .also(sample.find(id, "first"), "here");
        let findings = [finding];
        Excerpt::of(&findings[0], &IndexedSources::of(&findings, &sample.sources), "…")
    }

    #[test]
    fn excerpt_size_is_independent_of_source_size() {
        let text = |lines| format!("first = 1\n{0}bad = 1\n{0}", "key = \"value\"\n".repeat(lines));
        let (small, large) = (excerpt(&text(30)), excerpt(&text(100_000)));
        assert_eq!(small.text, large.text);
        assert_eq!(
            small.text,
            "key = \"value\"\nbad = 1\nkey = \"value\"\n\nfirst = 1\nkey = \"value\"\n\n"
        );
    }

    #[test]
    fn excerpt_size_is_independent_of_line_length() {
        let text = |length| format!("first = '{0}' bad = '{0}'\nc = '{0}'", "数".repeat(length));
        let (small, large) = (excerpt(&text(1000)), excerpt(&text(400_000)));
        assert_eq!(small.text, large.text);
        let ends = ["first", "'", " bad", "'"].map(str::len).iter().sum::<usize>();
        assert!(small.text.len() < 6 * 120 * 3 + ends + 60, "{}", small.text.len());
    }

    #[test]
    fn read_span_returns_one_complete_frame() {
        let lines = "key = 1\n".repeat(9);
        let excerpt = excerpt(&format!("first = 1\n{lines}bad = 1\n"));
        let [primary, related] = excerpt.labels() else { panic!("two labels") };
        let read = |span: Range<usize>, context| {
            let span = (span.start, span.len()).into();
            let contents = excerpt.read_span(&span, context, context).ok()?;
            Some((contents.line(), contents.column(), contents.data().len()))
        };
        assert_eq!(read(primary.span.clone(), 1), Some((9, 0, 16)));
        assert_eq!(read(related.span.clone(), 1), Some((0, 0, 18)));
        assert_eq!(read(related.span.clone(), 0), Some((0, 0, 18)));
        assert_eq!(read(primary.span.start..related.span.end, 1), None);
        assert_eq!(read(0..99, 1), None);
    }
}
