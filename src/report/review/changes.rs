//! Finds the changed line on which a comment about a line can be.

use std::ops::Range;

use serde::Serialize;

/// Lines that replace other lines. Lines start at 1, and an empty range is before its start.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hunk {
    /// The lines in the old text.
    pub old: Range<usize>,
    /// The lines in the new text.
    pub new: Range<usize>,
}

/// A file that a pull request adds, changes or renames.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ChangedFile {
    /// The changes of the pull request, in the order of the lines.
    pub hunks: Vec<Hunk>,
    /// The changes between the last commit of the pull request and the text that was checked, in
    /// the order of the lines. A merge with the base branch makes such changes.
    pub since_head: Vec<Hunk>,
}

/// The text to which a line number belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub(super) enum Side {
    /// The new text.
    Right,
    /// The old text, for removed lines.
    Left,
}

/// The line of a comment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Anchor {
    pub(super) side: Side,
    pub(super) line: usize,
}

impl ChangedFile {
    /// Returns the first of these lines of the checked text that the pull request changes.
    pub(super) fn changed(&self, mut lines: Range<usize>) -> Option<Anchor> {
        lines.find_map(|line| {
            let line = self.in_head(line).ok()?;
            let next = self.hunks.partition_point(|hunk| hunk.new.end <= line);
            let is_changed = self.hunks.get(next).is_some_and(|hunk| hunk.new.contains(&line));
            is_changed.then_some(Anchor { side: Side::Right, line })
        })
    }

    /// Returns the changed line that is nearest to a line of the checked text. Returns a removed
    /// line only if it is nearer than every other changed line. Returns `None` if no line changed.
    pub(super) fn nearest(&self, line: usize) -> Option<Anchor> {
        let line = self.in_head(line).unwrap_or_else(|nearest| nearest);
        let next = self.hunks.partition_point(|hunk| hunk.new.end <= line);
        let around = next.saturating_sub(1)..self.hunks.len().min(next + 1);
        let candidates = self.hunks[around].iter().map(|hunk| hunk.nearest(line));
        candidates.min_by_key(|(distance, anchor)| (*distance, anchor.side)).map(|(_, it)| it)
    }

    /// Converts a line of the checked text to a line of the pull request's last commit. Returns the
    /// nearest line as an error if the commit does not have the line.
    fn in_head(&self, line: usize) -> Result<usize, usize> {
        let before = self.since_head.partition_point(|hunk| hunk.new.end <= line);
        if let Some(hunk) = self.since_head.get(before).filter(|hunk| hunk.new.contains(&line)) {
            return Err(hunk.old.start);
        }
        let last = before.checked_sub(1).map(|last| &self.since_head[last]);
        Ok(last.map_or(line, |hunk| line - hunk.new.end + hunk.old.end))
    }
}

impl Hunk {
    /// Returns the line of this change that is nearest to a line of the new text, and the distance.
    fn nearest(&self, line: usize) -> (usize, Anchor) {
        let Self { old, new } = self;
        if !new.is_empty() {
            let nearest = line.clamp(new.start, new.end - 1);
            return (line.abs_diff(nearest), Anchor { side: Side::Right, line: nearest });
        }
        // The removed lines were between two lines of the new text.
        if line < new.start {
            return (new.start - line, Anchor { side: Side::Left, line: old.start });
        }
        let last = old.end.saturating_sub(1).max(old.start);
        (line - new.start + 1, Anchor { side: Side::Left, line: last })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hunk(old: Range<usize>, new: Range<usize>) -> Hunk {
        Hunk { old, new }
    }

    const fn right(line: usize) -> Anchor {
        Anchor { side: Side::Right, line }
    }

    const fn left(line: usize) -> Anchor {
        Anchor { side: Side::Left, line }
    }

    fn nearest<const N: usize>(file: &ChangedFile, lines: [usize; N]) -> [Anchor; N] {
        lines.map(|line| file.nearest(line).unwrap())
    }

    #[test]
    fn changed_line_is_chosen_before_nearest_line() {
        let file = ChangedFile { hunks: vec![hunk(3..4, 3..5), hunk(9..9, 10..12)], ..default() };
        assert_eq!(file.changed(4..5), Some(right(4)));
        assert_eq!(file.changed(1..12), Some(right(3)));
        assert_eq!(file.changed(5..10), None);
        assert_eq!(nearest(&file, [1, 6, 8, 40]), [3, 4, 10, 11].map(right));
        assert_eq!(ChangedFile::default().nearest(1), None);
    }

    #[test]
    fn removed_line_is_chosen_if_it_is_nearest() {
        // Lines 5 and 6 are removed, and line 20 is changed.
        let file = ChangedFile { hunks: vec![hunk(5..7, 5..5), hunk(22..23, 20..21)], ..default() };
        assert_eq!(nearest(&file, [1, 4, 5, 11]), [5, 5, 6, 6].map(left));
        assert_eq!(nearest(&file, [12, 20, 99]), [20; 3].map(right));
        assert_eq!(file.changed(1..20), None);
    }

    #[test]
    fn lines_of_checked_text_become_lines_of_head() {
        // The merge adds lines 2 and 3, and removes the line that was line 6.
        let since_head = vec![hunk(2..2, 2..4), hunk(6..7, 8..8)];
        let file = ChangedFile { hunks: vec![hunk(2..3, 2..3), hunk(7..8, 7..8)], since_head };
        assert_eq!(file.changed(4..5), Some(right(2)));
        assert_eq!(file.changed(8..9), Some(right(7)));
        assert_eq!(
            [1, 2, 3, 4, 7, 8].map(|line| file.in_head(line)),
            [Ok(1), Err(2), Err(2), Ok(2), Ok(5), Ok(7)]
        );
    }

    fn default() -> ChangedFile {
        ChangedFile::default()
    }
}
