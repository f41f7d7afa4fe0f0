//! A file's text, byte spans, and lines and columns.
//!
//! Knows nothing of what the text means.

mod lines;
#[cfg(feature = "fs")]
pub(crate) mod regular;
pub(crate) mod visible;

#[cfg(feature = "fs")]
use std::path::Path;
use std::{
    fmt, io,
    ops::Range,
    sync::{Arc, OnceLock},
};

pub use self::lines::{Encoding, LineIndex, Position};

/// A range of bytes in one source, end excluded.
///
/// Offsets are 32 bit: a source is at most 4 GiB − 1, which [`Source::new`] holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// Offset of the first byte.
    pub start: u32,
    /// Offset after the last byte.
    pub end: u32,
}

impl Span {
    /// The bytes from `start` up to, not including, `end`.
    pub const fn new(start: u32, end: u32) -> Self {
        Self { start, end }
    }

    /// The same range for indexing a string.
    pub const fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }

    /// From the start of this span to the end of the other.
    #[must_use]
    pub const fn to(self, other: Self) -> Self {
        Self { start: self.start, end: other.end }
    }
}

/// Where in [`Sources`] a text is kept; the default is the first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SourceId(u32);

/// A place in one source.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Location {
    /// The source.
    pub source: SourceId,
    /// The bytes in it.
    pub span: Span,
}

/// One text with the name under which it is shown.
///
/// Most files of a large run are never shown: their texts are dropped, and read again on demand.
#[derive(Clone, Debug)]
pub struct Source {
    name: Box<str>,
    /// The text, or why it could not be read again; empty until it is needed.
    text: OnceLock<Result<Arc<String>, ReloadError>>,
    /// Of the text when it was read first.
    hash: u64,
    /// The bytes of the text when it was read first.
    length: u32,
}

/// Why a text could not be read again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ReloadError {
    /// The system cannot read the file.
    Unreadable(io::ErrorKind),
    /// The file has another content, or is not a regular file any more.
    Changed,
}

impl ReloadError {
    fn of(error: &io::Error) -> Self {
        let kind = error.kind();
        if kind == io::ErrorKind::Other { Self::Changed } else { Self::Unreadable(kind) }
    }
}

impl fmt::Display for ReloadError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreadable(kind) => io::Error::from(*kind).fmt(formatter),
            Self::Changed => formatter.write_str("it has changed since it was read; run again"),
        }
    }
}

impl std::error::Error for ReloadError {}

impl Source {
    /// A text and the name it is shown under, such as a path with `/`.
    ///
    /// Text beyond 4 GiB − 1 has no spans; callers refuse such files before.
    pub fn new(name: impl Into<String>, text: impl Into<String>) -> Self {
        let mut text = text.into();
        text.shrink_to_fit();
        let text = OnceLock::from(Ok(Arc::new(text)));
        Self { name: name.into().into_boxed_str(), text, hash: 0, length: 0 }
    }

    /// A file whose name is its path, without its text.
    ///
    /// The text is read again when it is needed.
    #[cfg(feature = "fs")]
    pub fn without_text(path: impl Into<String>, text: &str) -> Self {
        let hash = hash(text.as_bytes());
        let (name, length) = (path.into().into_boxed_str(), offset(text.len()));
        Self { name, text: OnceLock::new(), hash, length }
    }

    /// The name under which the text is shown.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The whole text, with its byte order mark if it has one; an error if it was
    /// [dropped](Self::without_text) and cannot be read again.
    pub fn text(&self) -> Result<&str, ReloadError> {
        match self.text.get_or_init(|| self.read_again()) {
            Ok(text) => Ok(text),
            Err(error) => Err(*error),
        }
    }

    #[cfg(feature = "fs")]
    fn read_again(&self) -> Result<Arc<String>, ReloadError> {
        let mut bytes = Vec::with_capacity(self.length as usize + 1);
        let most = u64::from(self.length) + 1;
        regular::read(Path::new(&*self.name), most, &mut bytes)
            .map_err(|error| ReloadError::of(&error))?;
        if hash(&bytes) != self.hash {
            return Err(ReloadError::Changed);
        }
        String::from_utf8(bytes).map(Arc::new).map_err(|_| ReloadError::Changed)
    }

    /// Without a disk every text is there.
    #[cfg(not(feature = "fs"))]
    fn read_again(&self) -> Result<Arc<String>, ReloadError> {
        Err(ReloadError::Changed)
    }

    /// Why the text could not be read again; none if it could, or was not needed.
    pub fn failure(&self) -> Option<ReloadError> {
        self.text.get()?.as_ref().err().copied()
    }

    /// The text of a span; empty if the span is not in the text, or the text is not there.
    pub fn slice(&self, span: Span) -> &str {
        self.text().ok().and_then(|text| text.get(span.range())).unwrap_or_default()
    }

    /// An index of the starts of the lines, for many look-ups of positions; of no text if the text
    /// is not there.
    pub fn lines(&self) -> LineIndex<'_> {
        LineIndex::new(self.text().unwrap_or_default())
    }
}

/// The hash of bytes, the same on every run and platform; not collision-resistant.
pub(crate) fn hash(bytes: &[u8]) -> u64 {
    let (words, rest) = bytes.as_chunks::<8>();
    let length = bytes.len() as u64;
    let hash = words.iter().fold(length, |hash, word| mix(hash, u64::from_le_bytes(*word)));
    let mut last = [0; 8];
    last[..rest.len()].copy_from_slice(rest);
    mix(hash, u64::from_le_bytes(last))
}

/// The high bits of the result depend on all that went in, the low ones less.
fn mix(hash: u64, word: u64) -> u64 {
    /// The golden ratio as a fraction of 2^64, as in multiplicative hashing (Knuth, volume 3).
    const FACTOR: u64 = 0x9e37_79b9_7f4a_7c15;
    (hash.rotate_left(26) ^ word).wrapping_mul(FACTOR)
}

/// An offset in a text, which is no longer than [`Source::new`] allows.
pub(crate) fn offset(offset: usize) -> u32 {
    u32::try_from(offset).unwrap_or(u32::MAX)
}

/// All texts of a run, in the order in which they were added.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    items: Vec<Source>,
    /// Texts beside the documents, such as the configuration.
    beside: Vec<Source>,
}

impl Sources {
    /// Keeps a text and says where.
    pub fn add(&mut self, source: Source) -> SourceId {
        let id = SourceId(u32::try_from(self.items.len()).unwrap_or(u32::MAX));
        self.items.push(source);
        id
    }

    /// Keeps a text that is not a document, and says where. Only its id leads to it, and it comes
    /// after all documents.
    pub fn add_beside(&mut self, source: Source) -> SourceId {
        let id = SourceId(u32::MAX - u32::try_from(self.beside.len()).unwrap_or(0));
        self.beside.push(source);
        id
    }

    /// The text kept under an id of this set.
    pub fn source(&self, id: SourceId) -> &Source {
        let beside = || &self.beside[(u32::MAX - id.0) as usize];
        self.items.get(id.0 as usize).unwrap_or_else(beside)
    }

    /// Every document with its id, in the order added.
    pub fn iter(&self) -> impl Iterator<Item = (SourceId, &Source)> {
        self.items.iter().zip(0..).map(|(source, id)| (SourceId(id), source))
    }

    /// How many documents there are.
    pub fn len(&self) -> usize {
        self.items.len()
    }

    /// Whether there is no document.
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn dropped_text_is_read_again_unless_it_has_changed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.toml");
        let source = || Source::without_text(path.to_str().unwrap(), "a = 1\n");
        fs::write(&path, "a = 1\n").unwrap();
        let same = source();
        assert_eq!((same.text(), same.failure()), (Ok("a = 1\n"), None));
        for changed in ["a = 2\n", "a = 1\n# and more"] {
            fs::write(&path, changed).unwrap();
            let source = source();
            assert_eq!(source.failure(), None, "it is not needed yet");
            assert_eq!(source.text(), Err(ReloadError::Changed));
            assert_eq!(source.failure(), Some(ReloadError::Changed));
        }
        fs::remove_file(&path).unwrap();
        let gone = ReloadError::Unreadable(io::ErrorKind::NotFound);
        assert_eq!(source().text(), Err(gone));
    }
}
