//! Converts byte offsets to lines and columns, and back.

use super::{Span, offset};

const BOM: &str = "\u{feff}";
/// The size of a chunk in bytes. Columns are counted from the start of a chunk.
const CHUNK: usize = 4096;

/// A 1-based line and column.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// The 1-based line.
    pub line: usize,
    /// The 1-based column, in the units of an [`Encoding`].
    pub column: usize,
}

/// The units in which columns are counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Encoding {
    /// Unicode scalar values, for people. A byte order mark is not counted.
    #[default]
    Scalars,
    /// Bytes, including the byte order mark.
    Utf8,
    /// UTF-16 code units, including the byte order mark.
    Utf16,
}

impl Encoding {
    /// Returns the number of units that start in these bytes of UTF-8.
    fn count(self, bytes: &[u8]) -> usize {
        let begins = |byte: &&u8| **byte & 0b1100_0000 != 0b1000_0000;
        match self {
            Self::Scalars => bytes.iter().filter(begins).count(),
            Self::Utf8 => bytes.len(),
            // A character of four bytes has two units.
            Self::Utf16 => {
                let pairs = bytes.iter().filter(|byte| **byte >= 0b1111_0000).count();
                bytes.iter().filter(begins).count() + pairs
            }
        }
    }

    const fn width(self, character: char) -> usize {
        match self {
            Self::Scalars => 1,
            Self::Utf8 => character.len_utf8(),
            Self::Utf16 => character.len_utf16(),
        }
    }
}

/// The line starts of a text.
///
/// The cost of a look-up does not depend on the length of the line.
#[derive(Clone, Debug)]
pub struct LineIndex<'t> {
    text: &'t str,
    starts: Vec<u32>,
    /// The number of scalar values and of UTF-16 units before each chunk of [`CHUNK`] bytes.
    before: Vec<[usize; 2]>,
}

impl<'t> LineIndex<'t> {
    /// Creates an index in one pass over the text.
    pub fn new(text: &'t str) -> Self {
        let ends = text.bytes().zip(1_u32..).filter(|(byte, _)| *byte == b'\n');
        let starts = std::iter::once(0).chain(ends.map(|(_, next)| next)).collect();
        let chunks = text.as_bytes().chunks_exact(CHUNK);
        let counts = chunks.scan([0, 0], |[scalars, units], chunk| {
            *scalars += Encoding::Scalars.count(chunk);
            *units += Encoding::Utf16.count(chunk);
            Some([*scalars, *units])
        });
        let before = std::iter::once([0, 0]).chain(counts).collect();
        Self { text, starts, before }
    }

    /// Returns the number of lines. If the text ends with a line end, the last line is empty.
    pub fn count(&self) -> usize {
        self.starts.len()
    }

    /// Returns the 0-based line that contains a byte.
    pub fn line_of(&self, offset: u32) -> usize {
        self.starts.partition_point(|start| *start <= offset).saturating_sub(1)
    }

    /// Returns the span of a 0-based line, without its line end and byte order mark.
    pub fn span_of(&self, line: usize) -> Span {
        let start = self.start_of(line, Encoding::Scalars);
        let end = self.starts.get(line + 1).copied().unwrap_or_else(|| offset(self.text.len()));
        let text = &self.text[start as usize..end as usize];
        let text = text.strip_suffix('\n').unwrap_or(text);
        let text = text.strip_suffix('\r').unwrap_or(text);
        Span::new(start, start + offset(text.len()))
    }

    /// Returns the line and column of a byte, in scalar values.
    pub fn position(&self, offset: u32) -> Position {
        self.position_in(offset, Encoding::Scalars)
    }

    /// Returns the line and column of a byte, in units of an encoding.
    ///
    /// An offset inside a character is rounded down to the start of the character. An offset after
    /// the end of the text is rounded down to the end.
    pub fn position_in(&self, offset: u32, encoding: Encoding) -> Position {
        let line = self.line_of(offset);
        let start = self.start_of(line, encoding) as usize;
        let offset = self.text.floor_char_boundary(offset as usize).max(start);
        // Most lines are short, so their start is nearer than the start of the chunk.
        let units = if offset - start < CHUNK {
            encoding.count(&self.text.as_bytes()[start..offset])
        } else {
            self.units_before(offset, encoding) - self.units_before(start, encoding)
        };
        Position { line: line + 1, column: units + 1 }
    }

    /// Returns the byte at a line and column.
    ///
    /// A column inside a character is rounded down to the first byte of the character. A column
    /// after the end of a line is rounded down to the line end. A line after the last line is
    /// treated as the end of the text.
    pub fn offset(&self, position: Position, encoding: Encoding) -> u32 {
        let line = position.line.saturating_sub(1);
        if line >= self.count() {
            return offset(self.text.len());
        }
        let (start, end) = (self.start_of(line, encoding), self.span_of(line).end as usize);
        let wanted = self.units_before(start as usize, encoding) + position.column.max(1) - 1;
        let mut at = self.chunk_of(wanted, encoding).max(start as usize);
        let mut units = self.units_before(at, encoding);
        for character in self.text[at..end.max(at)].chars() {
            units += encoding.width(character);
            if units > wanted {
                break;
            }
            at += character.len_utf8();
        }
        offset(at.min(end))
    }

    /// Returns the offset from which the columns of a 0-based line are counted. If columns are in
    /// scalar values, this offset is after the byte order mark.
    fn start_of(&self, line: usize, encoding: Encoding) -> u32 {
        let skips_mark = line == 0 && encoding == Encoding::Scalars && self.text.starts_with(BOM);
        if skips_mark { offset(BOM.len()) } else { self.starts[line] }
    }

    /// Returns the number of units before a byte that starts a character.
    fn units_before(&self, offset: usize, encoding: Encoding) -> usize {
        let chunk = offset / CHUNK;
        let [scalars, units] = self.before[chunk];
        let before = match encoding {
            Encoding::Scalars => scalars,
            Encoding::Utf8 => return offset,
            Encoding::Utf16 => units,
        };
        before + encoding.count(&self.text.as_bytes()[chunk * CHUNK..offset])
    }

    /// Returns the start of the last chunk that has at most `units` units before it.
    fn chunk_of(&self, units: usize, encoding: Encoding) -> usize {
        let chunks = match encoding {
            Encoding::Scalars => self.before.partition_point(|[scalars, _]| *scalars <= units),
            Encoding::Utf8 => (units / CHUNK + 1).min(self.before.len()),
            Encoding::Utf16 => self.before.partition_point(|[_, before]| *before <= units),
        };
        self.text.floor_char_boundary(chunks.saturating_sub(1) * CHUNK)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const ENCODINGS: [Encoding; 3] = [Encoding::Scalars, Encoding::Utf8, Encoding::Utf16];

    /// Returns texts with characters of all lengths, both kinds of line end, and an optional byte
    /// order mark.
    fn texts() -> impl Strategy<Value = String> {
        const PIECES: [&str; 10] =
            ["a", "é", "数", "🦀", "\t", "\r", "\n", "\r\n", "\u{feff}", "key = 1"];
        let piece =
            (prop::sample::select(&PIECES[..]), prop_oneof![4 => 1..3_usize, 1 => 1..3000_usize]);
        let text = prop::collection::vec(piece, 0..12);
        (any::<bool>(), text).prop_map(|(mark, pieces)| {
            let text = pieces.into_iter().map(|(piece, times)| piece.repeat(times));
            std::iter::once(if mark { BOM.to_owned() } else { String::new() }).chain(text).collect()
        })
    }

    /// Computes the position by counting characters from the start of the text.
    fn naive(text: &str, offset: usize, encoding: Encoding) -> Position {
        let (mut line, mut column) = (1, 1);
        for (at, character) in text.char_indices() {
            if at + character.len_utf8() > offset {
                break;
            }
            let is_mark = at == 0 && character == '\u{feff}' && encoding == Encoding::Scalars;
            match character {
                '\n' => (line, column) = (line + 1, 1),
                _ if is_mark => {}
                _ => column += encoding.width(character),
            }
        }
        Position { line, column }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn positions_match_naive_count_and_convert_back(
            text in texts(),
            places in prop::collection::vec(any::<prop::sample::Index>(), 16),
        ) {
            let index = LineIndex::new(&text);
            for place in places {
                let at = place.index(text.len() + 2);
                for encoding in ENCODINGS {
                    let position = index.position_in(offset(at), encoding);
                    prop_assert_eq!(position, naive(&text, at, encoding));
                    let begin = text.floor_char_boundary(at);
                    let end = index.span_of(position.line - 1).end as usize;
                    let first = index.start_of(position.line - 1, encoding) as usize;
                    let back = index.offset(position, encoding) as usize;
                    prop_assert_eq!(back, begin.max(first).min(end), "{:?}", encoding);
                }
            }
        }
    }

    #[test]
    fn scalar_columns_skip_byte_order_mark() {
        let text = "\u{feff}é = 1\r\nb = 2\n";
        let lines = LineIndex::new(text);
        assert_eq!(lines.position(3), Position { line: 1, column: 1 });
        assert_eq!(lines.position(5), Position { line: 1, column: 2 });
        assert_eq!(lines.position(11), Position { line: 2, column: 1 });
        assert_eq!(lines.position_in(5, Encoding::Utf8), Position { line: 1, column: 6 });
        assert_eq!(lines.position_in(5, Encoding::Utf16), Position { line: 1, column: 3 });
        assert_eq!(&text[lines.span_of(0).range()], "é = 1");
        assert_eq!(lines.count(), 3);
    }

    #[test]
    fn offset_inside_character_is_rounded_down() {
        let lines = LineIndex::new("\u{feff}é");
        let columns = [0, 1, 3, 4, 5, 99].map(|offset| lines.position(offset).column);
        assert_eq!(columns, [1, 1, 1, 1, 2, 2]);
        let inside = Position { line: 1, column: 3 };
        assert_eq!(LineIndex::new("a🦀").offset(inside, Encoding::Utf16), 1);
    }

    #[test]
    fn text_that_ends_at_chunk_boundary_is_indexed() {
        let text = "a".repeat(2 * CHUNK);
        assert_eq!(LineIndex::new(&text).position(8192).column, 8193);
    }
}
