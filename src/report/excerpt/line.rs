//! Escapes a line and crops it to the parts around the marks.

use std::ops::Range;

use crate::report::{escape::push_visible, index::IndexedSource};

/// The number of characters shown on each side of an anchor. The rest of the line is cropped.
const REACH: usize = 120;

/// One line of an excerpt.
#[derive(Debug)]
pub(super) struct ExcerptLine {
    /// The offsets in the source and in the excerpt, for each shown character and for the end.
    offsets: Vec<(usize, usize)>,
}

impl ExcerptLine {
    /// Appends the shown parts of the line with this 0-based line number, then a line end.
    ///
    /// Only parts near an anchor are shown. The anchors are offsets in the source.
    pub(super) fn push(
        indexed: &IndexedSource<'_>,
        number: usize,
        anchors: &[u32],
        ellipsis: &str,
        excerpt: &mut String,
    ) -> Self {
        let span = indexed.lines.span_of(number);
        let (line, start) = (indexed.source.slice(span), span.start as usize);
        let mut offsets = Vec::new();
        let mut shown_to = 0;
        for range in shown_ranges(
            line,
            anchors.iter().map(|anchor| (*anchor as usize).saturating_sub(start)),
        ) {
            if range.start > shown_to {
                excerpt.push_str(ellipsis);
            }
            for (offset, character) in line[range.clone()].char_indices() {
                offsets.push((start + range.start + offset, excerpt.len()));
                push_shown(excerpt, character);
            }
            shown_to = range.end;
        }
        offsets.push((start + shown_to, excerpt.len()));
        if shown_to < line.len() {
            excerpt.push_str(ellipsis);
        }
        excerpt.push('\n');
        Self { offsets }
    }

    /// Converts an offset in the source to an offset in the excerpt: the offset of the last shown
    /// character at or before this place in the source.
    pub(super) fn offset_of(&self, offset: u32) -> usize {
        let after = self.offsets.partition_point(|(source, _)| *source <= offset as usize);
        self.offsets[after.saturating_sub(1)].1
    }
}

/// Returns true if the part of a line that would be shown is blank.
pub(super) fn is_blank(line: &str) -> bool {
    line.chars().take(REACH).all(char::is_whitespace)
}

/// Appends a character or its escape. Preserves tabs, because miette expands them.
fn push_shown(excerpt: &mut String, character: char) {
    if character == '\t' {
        excerpt.push(character);
    } else {
        push_visible(excerpt, character);
    }
}

/// Returns the byte ranges of a line near the anchors, in order and without overlaps.
fn shown_ranges(line: &str, anchors: impl Iterator<Item = usize>) -> Vec<Range<usize>> {
    let mut anchors: Vec<_> = anchors.map(|anchor| line.floor_char_boundary(anchor)).collect();
    anchors.sort_unstable();
    if anchors.is_empty() {
        anchors.push(0);
    }
    let mut ranges: Vec<Range<usize>> = Vec::new();
    for range in anchors.into_iter().map(|anchor| around(line, anchor)) {
        match ranges.last_mut().filter(|last| range.start <= last.end) {
            Some(last) => last.end = range.end,
            None => ranges.push(range),
        }
    }
    ranges
}

fn around(line: &str, anchor: usize) -> Range<usize> {
    let (before, after) = line.split_at(anchor);
    let start = before.char_indices().rev().take(REACH).last().map_or(anchor, |(start, _)| start);
    let end = after.char_indices().nth(REACH).map_or(line.len(), |(end, _)| anchor + end);
    start..end
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Source;

    fn shown(line: &str, anchors: &[usize]) -> (String, Vec<usize>) {
        let anchors: Vec<_> =
            anchors.iter().map(|anchor| u32::try_from(*anchor).unwrap()).collect();
        let source = Source::new("a.toml", line);
        let mut text = String::new();
        let line = ExcerptLine::push(&IndexedSource::new(&source), 0, &anchors, "…", &mut text);
        (text, anchors.iter().map(|anchor| line.offset_of(*anchor)).collect())
    }

    #[test]
    fn offsets_include_escapes() {
        let (text, offsets) = shown("a\u{202e}b\tc\u{0}", &[0, 1, 4, 6, 7, 99]);
        assert_eq!(text, "a\\u{202e}b\tc\\u{0}\n");
        assert_eq!(offsets, [0, 1, 9, 11, 12, 17]);
    }

    #[test]
    fn byte_order_mark_is_left_out() {
        assert_eq!(shown("\u{feff}a", &[0, 3, 4]), ("a\n".to_owned(), vec![0, 0, 1]));
    }

    #[test]
    fn short_line_is_not_cropped() {
        let line = "a".repeat(120);
        assert_eq!(shown(&line, &[]).0, format!("{line}\n"));
        assert_eq!(shown(&format!("{line}b"), &[]).0, format!("{line}…\n"));
        let line = format!("{line}b{line}");
        assert_eq!(shown(&line, &[120]).0, format!("{}…\n", &line[..240]));
        assert_eq!(shown(&line, &[120, 121]).0, format!("{line}\n"));
    }

    #[test]
    fn long_line_is_cropped_between_anchors() {
        let line = "é".repeat(1000);
        let (text, offsets) = shown(&line, &[600, 1600]);
        let shown = "é".repeat(240);
        assert_eq!(text, format!("…{shown}…{shown}…\n"));
        assert_eq!(offsets, [3 + 240, 3 + 480 + 3 + 240]);
    }

    #[test]
    fn anchor_inside_character_rounds_down() {
        assert_eq!(shown("é", &[1]), ("é\n".to_owned(), vec![0]));
    }
}
