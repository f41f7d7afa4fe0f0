//! Splits the output of other tools into lines and words, with their positions.

use super::error::ImportRefusal;

/// A word of a line.
#[derive(Clone, Copy, Debug)]
pub(super) struct LineWord<'t> {
    pub(super) text: &'t str,
    /// The line number, from 1.
    pub(super) line: usize,
    /// The column, from 1, in bytes.
    pub(super) column: usize,
}

impl LineWord<'_> {
    /// Returns an error that points at this word.
    pub(super) fn refused(&self, message: impl Into<String>) -> ImportRefusal {
        ImportRefusal::shape(message).at(self.line, self.column)
    }

    /// Parses the word as a whole number.
    pub(super) fn whole(&self, what: &str) -> Result<u64, ImportRefusal> {
        let digits = self.text.bytes().all(|byte| byte.is_ascii_digit());
        let number = if digits { self.text.parse().ok() } else { None };
        number.ok_or_else(|| self.refused(format!("expected {what}, found `{}`", self.text)))
    }
}

/// Returns the text. Fails at the first byte that is not UTF-8.
pub(super) fn utf8(bytes: &[u8]) -> Result<&str, ImportRefusal> {
    std::str::from_utf8(bytes).map_err(|error| {
        let before = &bytes[..error.valid_up_to()];
        let line = before.split(|byte| *byte == b'\n').count();
        let column = before.rsplit(|byte| *byte == b'\n').next().map_or(1, |rest| rest.len() + 1);
        ImportRefusal::shape("the file is not UTF-8 text").at(line, column)
    })
}

/// Returns the lines without their ends, with their numbers from 1.
pub(super) fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    (1..).zip(text.lines())
}

/// Returns the words of a line, separated by blanks and by any given separators.
pub(super) fn words(
    line: usize,
    text: &str,
    separator: Option<char>,
) -> impl Iterator<Item = LineWord<'_>> {
    let separates =
        move |character: char| character.is_ascii_whitespace() || Some(character) == separator;
    text.split(separates).filter(|word| !word.is_empty()).map(move |word| LineWord {
        text: word,
        line,
        column: word.as_ptr() as usize - text.as_ptr() as usize + 1,
    })
}
