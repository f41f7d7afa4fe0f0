//! Maps spans in the generated lines to spans in the arguments of `--set`.

use std::ops::Range;

use crate::source::{Span, offset};

/// The separator of path and value in a generated line.
const BETWEEN: &str = " = ";

/// All arguments of `--set`, joined to one text.
pub(super) struct OverrideText {
    pub(super) text: String,
    /// The total length of the generated lines, in bytes.
    pub(super) read: usize,
    /// The spans of each argument.
    pub(super) lines: Vec<Line>,
}

/// The spans of one argument.
pub(super) struct Line {
    /// The generated line, with its line ending.
    pub(super) read: Range<usize>,
    /// The span of the path in the generated line, and its span in the joined text.
    path: [Range<usize>; 2],
    /// The span of the value in the generated line, and its span in the joined text.
    value: [Range<usize>; 2],
}

impl Line {
    pub(super) fn has_no_value(&self) -> bool {
        self.value[1].is_empty()
    }
}

impl OverrideText {
    /// Builds the text from each argument and its generated line.
    pub(super) fn new<'a>(assignments: impl Iterator<Item = (&'a str, &'a str)>) -> Self {
        let mut written = Self { text: String::new(), read: 0, lines: Vec::new() };
        for (argument, line) in assignments {
            let (path, value) = argument.split_once('=').unwrap_or((argument, ""));
            let [start, end] = [written.read, written.read + line.len()];
            let base = written.text.len();
            let within = |part: &str, from: usize| {
                let start = base + from + (part.len() - part.trim_start().len());
                start..start + part.trim().len()
            };
            let path_end = start + path.trim().len();
            written.lines.push(Line {
                read: start..end + 1,
                path: [start..path_end, within(path, 0)],
                value: [path_end + BETWEEN.len()..end, within(value, path.len() + 1)],
            });
            written.text.extend([argument, "\n"]);
            written.read = end + 1;
        }
        written
    }

    /// Maps a span in the generated lines to a span in the joined text.
    pub(super) fn place(&self, span: Span) -> Span {
        let place = span.range();
        let line = self.lines.iter().find(|line| line.read.contains(&place.start));
        let Some(Line { path, value, .. }) = line else { return span };
        let [read, written] = if place.start < value[0].start { path } else { value };
        // A value that was given without quotes is marked in full.
        let is_same = read.len() == written.len() && place.end <= read.end;
        let shown = if is_same {
            let start = written.start + (place.start - read.start);
            start..start + place.len()
        } else {
            written.clone()
        };
        Span::new(offset(shown.start), offset(shown.end))
    }
}
