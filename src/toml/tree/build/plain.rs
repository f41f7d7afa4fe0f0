//! Reads plain documents line by line without a lexer.
//!
//! A plain document has headers and keys without quotes, strings without escapes, decimal integers,
//! booleans, and arrays of these.
//!
//! This reader either accepts a document or leaves it to the grammar, and it never reports errors.
//! The grammar builds the same tree from every document that this reader accepts.

use std::borrow::Cow;

use super::{ArrayForm, ArrayOrTable, Builder, Children, ValueKind, events::is_remark};
use crate::source::{Span, offset};

/// The maximum number of digits of an integer. An integer with more digits can exceed 64 bits.
const MOST_DIGITS: usize = 18;

/// The flag for blank characters.
const BLANK: u8 = 1;
/// The flag for characters that an unquoted key can contain.
const KEY: u8 = 1 << 1;
/// The flag for decimal digits.
const DIGIT: u8 = 1 << 2;
/// The flag for characters that a comment can contain: all except ASCII control characters other
/// than tab.
const PRINTED: u8 = 1 << 3;
/// The flag for characters that a string without escapes can contain.
const QUOTED: u8 = 1 << 4;

/// The flags of every byte.
const CLASSES: [u8; 256] = {
    let mut classes = [0; 256];
    let mut byte = 0;
    while byte <= u8::MAX as usize {
        classes[byte] = classes_of(byte.to_le_bytes()[0]);
        byte += 1;
    }
    classes
};

const fn classes_of(byte: u8) -> u8 {
    let quoted = PRINTED | QUOTED;
    match byte {
        b' ' | b'\t' => BLANK | quoted,
        b'0'..=b'9' => KEY | DIGIT | quoted,
        b'A'..=b'Z' | b'a'..=b'z' | b'_' | b'-' => KEY | quoted,
        b'"' | b'\\' => PRINTED,
        b'!'..=b'~' | 0x80.. => quoted,
        _ => 0,
    }
}

/// Builds the tree of a plain document.
///
/// Returns `None` for other documents. The builder's state is then invalid.
pub(super) fn read<'s>(text: &'s str, builder: &mut Builder<'s>) -> Option<()> {
    let mut lines = Plain { text, bytes: text.as_bytes(), at: 0 };
    while lines.at < lines.bytes.len() {
        lines.expression(builder)?;
    }
    Some(())
}

/// A text and the current offset in it.
struct Plain<'s> {
    text: &'s str,
    bytes: &'s [u8],
    at: usize,
}

impl<'s> Plain<'s> {
    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn from(&self, start: usize) -> Span {
        Span::new(offset(start), offset(self.at))
    }

    /// Skips all bytes of a class.
    fn skip(&mut self, class: u8) {
        while let Some(byte) = self.bytes.get(self.at)
            && CLASSES[usize::from(*byte)] & class != 0
        {
            self.at += 1;
        }
    }

    fn skip_blanks(&mut self) {
        self.skip(BLANK);
    }

    /// Skips an expected byte.
    fn expect(&mut self, byte: u8) -> Option<()> {
        (self.peek()? == byte).then(|| self.at += 1)
    }

    /// Reads one line, or several lines if an array spans them.
    fn expression(&mut self, builder: &mut Builder<'s>) -> Option<()> {
        self.skip_blanks();
        match self.peek() {
            Some(b'[') => self.header(builder)?,
            Some(byte) if CLASSES[usize::from(byte)] & KEY != 0 => self.entry(builder)?,
            _ => {}
        }
        self.skip_blanks();
        self.comment(builder)?;
        self.line_end()
    }

    /// Reads the end of a line or of the text.
    fn line_end(&mut self) -> Option<()> {
        match self.bytes[self.at..] {
            [] => {}
            [b'\n', ..] => self.at += 1,
            [b'\r', b'\n', ..] => self.at += 2,
            _ => return None,
        }
        Some(())
    }

    /// Reads a comment, if a comment starts at the current offset.
    fn comment(&mut self, builder: &mut Builder<'s>) -> Option<()> {
        if self.peek() != Some(b'#') {
            return Some(());
        }
        let start = self.at;
        self.skip(PRINTED);
        // The caller checks that the line ends here. If it does not, the grammar reads the
        // document.
        if is_remark(self.text.get(start..self.at)?) {
            builder.tree.directives.push(self.from(start));
        }
        Some(())
    }

    fn header(&mut self, builder: &mut Builder<'s>) -> Option<()> {
        let start = self.at;
        self.at += 1;
        let shape = match self.peek()? {
            b'[' => ArrayOrTable::Array,
            _ => ArrayOrTable::Table,
        };
        if shape == ArrayOrTable::Array {
            self.at += 1;
        }
        self.key(builder)?;
        while self.peek()? == b'.' {
            self.at += 1;
            self.key(builder)?;
        }
        self.expect(b']')?;
        if shape == ArrayOrTable::Array {
            self.expect(b']')?;
        }
        builder.open_table(shape, self.from(start));
        Some(())
    }

    fn key(&mut self, builder: &mut Builder<'s>) -> Option<()> {
        let start = self.at;
        self.skip(KEY);
        let key = self.text.get(start..self.at).filter(|key| !key.is_empty())?;
        builder.path.push((Cow::Borrowed(key), self.from(start)));
        Some(())
    }

    fn entry(&mut self, builder: &mut Builder<'s>) -> Option<()> {
        self.key(builder)?;
        self.skip_blanks();
        self.expect(b'=')?;
        self.skip_blanks();
        if self.peek()? == b'[' {
            return self.array(builder);
        }
        self.scalar(builder)
    }

    fn array(&mut self, builder: &mut Builder<'s>) -> Option<()> {
        let start = self.at;
        self.at += 1;
        let empty = ValueKind::Array(ArrayForm::Bracketed, Children::default());
        let array = builder.put(self.from(start), empty);
        builder.open.push(array);
        self.space(builder)?;
        while self.peek()? != b']' {
            self.scalar(builder)?;
            self.space(builder)?;
            if self.peek()? != b',' {
                break;
            }
            self.at += 1;
            self.space(builder)?;
        }
        let end = self.at;
        self.expect(b']')?;
        builder.close(self.from(end));
        Some(())
    }

    /// Skips blanks, comments and line ends between the items of an array.
    fn space(&mut self, builder: &mut Builder<'s>) -> Option<()> {
        loop {
            self.skip_blanks();
            match self.peek()? {
                b'#' => self.comment(builder)?,
                b'\n' | b'\r' => self.line_end()?,
                _ => return Some(()),
            }
        }
    }

    fn scalar(&mut self, builder: &mut Builder<'s>) -> Option<()> {
        let start = self.at;
        let kind = match self.peek()? {
            b'"' => self.string()?,
            b'0'..=b'9' => self.integer()?,
            b't' | b'f' => self.boolean()?,
            _ => return None,
        };
        builder.put(self.from(start), kind);
        Some(())
    }

    fn string(&mut self) -> Option<ValueKind<'s>> {
        self.at += 1;
        let start = self.at;
        self.skip(QUOTED);
        let text = self.text.get(start..self.at)?;
        self.expect(b'"')?;
        // Three quotes start a multi-line string.
        if text.is_empty() && self.peek() == Some(b'"') {
            return None;
        }
        Some(ValueKind::String(Cow::Borrowed(text)))
    }

    fn integer(&mut self) -> Option<ValueKind<'s>> {
        let start = self.at;
        self.skip(DIGIT);
        let digits = self.text.get(start..self.at)?;
        let is_plain =
            digits.len() <= MOST_DIGITS && (digits.len() == 1 || !digits.starts_with('0'));
        // A longer word is something else, such as a date or a float.
        if !is_plain || !self.is_word_end() {
            return None;
        }
        digits.parse().ok().map(|number| ValueKind::Integer(Some(number)))
    }

    fn boolean(&mut self) -> Option<ValueKind<'s>> {
        let start = self.at;
        self.skip(KEY);
        let flag = self.text.get(start..self.at)?.parse().ok()?;
        self.is_word_end().then_some(ValueKind::Boolean(flag))
    }

    /// Returns true if a value without quotes can end here.
    fn is_word_end(&self) -> bool {
        matches!(self.peek(), None | Some(b' ' | b'\t' | b'\r' | b'\n' | b'#' | b',' | b']'))
    }
}
