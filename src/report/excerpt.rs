//! What is shown of the sources for one finding, as miette reads it.
//!
//! Holds the lines around the places and nothing else of the sources, escaped and cropped, so its
//! size depends on the finding alone.

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

/// The frames of one finding, first the one that holds its primary place.
#[derive(Debug)]
pub(super) struct Excerpt {
    text: String,
    frames: Vec<Frame>,
    labels: Vec<Label>,
}

/// A place within an [`Excerpt`].
#[derive(Debug)]
pub(super) struct Label {
    /// The bytes in the text of the excerpt.
    pub(super) span: Range<usize>,
    /// What is said of the place, safe to show.
    pub(super) text: Option<String>,
    /// Whether this is the place of the finding, not a related one.
    pub(super) is_primary: bool,
    /// Where it starts in its source.
    position: Position,
}

/// A frame as it stands in the text of an [`Excerpt`].
#[derive(Debug)]
pub(super) struct View<'e> {
    /// The lines, each with its line end.
    pub(super) text: &'e str,
    /// The byte of the excerpt at which they start.
    pub(super) start: usize,
    /// The 0-based number of the first line in its source.
    pub(super) first_line: usize,
    /// The places in it, in the order of the source.
    pub(super) labels: Vec<&'e Label>,
    name: &'e str,
}

impl View<'_> {
    /// The place of the finding if it is in this frame, else the first one, as
    /// `path:line:column`; safe to show.
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
    /// The excerpt for one finding; `ellipsis` stands where lines are cropped.
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

    /// The places, in the order in which they are shown.
    pub(super) fn labels(&self) -> &[Label] {
        &self.labels
    }

    /// The frames, in the order in which they are shown.
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
        // A place at the start of the next frame must not be within reach of this one.
        self.text.push('\n');
    }

    /// Where the source has what the excerpt has at this place.
    fn position(&self, span: &Range<usize>) -> Option<Position> {
        let label = self.labels.iter().find(|label| label.span.start == span.start)?;
        Some(label.position)
    }
}

/// Frames are always handed out whole, and never two at once.
///
/// Asked without context, which is how miette asks for the place in the header of a frame, the
/// answer has the line and column in the source.
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
    use crate::report::samples::{Sample, UNKNOWN_KEY};

    /// The excerpt for `bad` in a text, with a related place at `first`.
    fn excerpt(text: &str) -> Excerpt {
        let mut sample = Sample::new();
        let id = sample.file("a.toml", text);
        let finding = UNKNOWN_KEY
            .finding(sample.find(id, "bad"), "unknown key")
            .also(sample.find(id, "first"), "here");
        let findings = [finding];
        Excerpt::of(&findings[0], &IndexedSources::of(&findings, &sample.sources), "…")
    }

    #[test]
    fn its_size_does_not_depend_on_the_source() {
        let text = |lines| format!("first = 1\n{0}bad = 1\n{0}", "key = \"value\"\n".repeat(lines));
        let (small, large) = (excerpt(&text(30)), excerpt(&text(100_000)));
        assert_eq!(small.text, large.text);
        assert_eq!(
            small.text,
            "key = \"value\"\nbad = 1\nkey = \"value\"\n\nfirst = 1\nkey = \"value\"\n\n"
        );
    }

    #[test]
    fn its_size_does_not_depend_on_the_length_of_lines() {
        let text = |length| format!("first = '{0}' bad = '{0}'\nc = '{0}'", "数".repeat(length));
        let (small, large) = (excerpt(&text(1000)), excerpt(&text(400_000)));
        assert_eq!(small.text, large.text);
        let ends = ["first", "'", " bad", "'"].map(str::len).iter().sum::<usize>();
        assert!(small.text.len() < 6 * 120 * 3 + ends + 60, "{}", small.text.len());
    }

    #[test]
    fn a_frame_is_handed_out_whole_and_alone() {
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
