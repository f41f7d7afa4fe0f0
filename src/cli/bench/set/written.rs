//! Where the places in the lines that are read stand in the arguments as they were given.

use std::ops::Range;

use crate::source::{Span, offset};

/// What stands between the path and the value in a line that is read.
const BETWEEN: &str = " = ";

/// The arguments as a text, one after another.
pub(super) struct OverrideText {
    pub(super) text: String,
    /// The bytes of all lines that are read.
    pub(super) read: usize,
    /// The places of each argument.
    pub(super) lines: Vec<Line>,
}

/// The places of one argument.
pub(super) struct Line {
    /// The line that is read, with its line end.
    pub(super) read: Range<usize>,
    /// The path in the line that is read, and in the text.
    path: [Range<usize>; 2],
    /// The value there, and in the text.
    value: [Range<usize>; 2],
}

impl Line {
    pub(super) fn has_no_value(&self) -> bool {
        self.value[1].is_empty()
    }
}

impl OverrideText {
    /// From each argument and the line that is read for it.
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

    /// A place in the lines that are read, in the text.
    pub(super) fn place(&self, span: Span) -> Span {
        let place = span.range();
        let line = self.lines.iter().find(|line| line.read.contains(&place.start));
        let Some(Line { path, value, .. }) = line else { return span };
        let [read, written] = if place.start < value[0].start { path } else { value };
        // A value that was given without quotes is shown as a whole.
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
