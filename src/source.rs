//! Source texts, byte spans, lines and columns.

pub(crate) mod escape;
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

pub use self::{
    escape::escaped,
    lines::{Encoding, LineIndex, Position},
};

/// A range of bytes in one source, end excluded.
///
/// Offsets have 32 bits, so a source has at most 4 GiB − 1. See [`Source::new`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The offset of the first byte.
    pub start: u32,
    /// The offset after the last byte.
    pub end: u32,
}

impl Span {
    /// Creates a span of the bytes from `start` up to, but not including, `end`.
    pub const fn new(start: u32, end: u32) -> Self {
        Self { start, end }
    }

    /// Returns the same range for indexing a string.
    pub const fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }

    /// Returns the span from the start of this span to the end of the other span.
    #[must_use]
    pub const fn to(self, other: Self) -> Self {
        Self { start: self.start, end: other.end }
    }
}

/// The index of a text in [`Sources`]. The default is the first text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SourceId(u32);

/// A source and a span in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Location {
    /// The source.
    pub source: SourceId,
    /// The bytes in the source.
    pub span: Span,
}

/// A text and its display name.
///
/// To save memory, a run drops the texts of most files and reads them again on demand.
#[derive(Clone, Debug)]
pub struct Source {
    name: Box<str>,
    /// The text, or the error from reading it again. Empty until the text is needed.
    text: OnceLock<Result<Arc<String>, ReloadError>>,
    /// The hash of the text when it was first read.
    hash: u64,
    /// The number of bytes of the text when it was first read.
    length: u32,
}

/// An error from reading a text again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ReloadError {
    /// The file cannot be read.
    Unreadable(io::ErrorKind),
    /// The file has changed, or is no longer a regular file.
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
    /// Creates a source with a display name, such as a path with `/`.
    ///
    /// Spans cannot refer to text beyond 4 GiB − 1, so callers must reject larger files.
    pub fn new(name: impl Into<String>, text: impl Into<String>) -> Self {
        let mut text = text.into();
        text.shrink_to_fit();
        let text = OnceLock::from(Ok(Arc::new(text)));
        Self { name: name.into().into_boxed_str(), text, hash: 0, length: 0 }
    }

    /// Creates a source for a file without its text. The name must be the path.
    ///
    /// The text is read again when it is needed.
    #[cfg(feature = "fs")]
    pub fn without_text(path: impl Into<String>, text: &str) -> Self {
        let hash = hash(text.as_bytes());
        let (name, length) = (path.into().into_boxed_str(), offset(text.len()));
        Self { name, text: OnceLock::new(), hash, length }
    }

    /// Returns the display name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns the text, including its byte order mark. Fails if the text was
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

    /// Returns an error. Without the feature `fs`, no text is dropped, so there is no text to read
    /// again.
    #[cfg(not(feature = "fs"))]
    fn read_again(&self) -> Result<Arc<String>, ReloadError> {
        Err(ReloadError::Changed)
    }

    /// Returns the error from reading the text again, if that was tried and failed.
    pub fn failure(&self) -> Option<ReloadError> {
        self.text.get()?.as_ref().err().copied()
    }

    /// Returns the text of a span. Empty if the span is out of range or the text cannot be read.
    pub fn slice(&self, span: Span) -> &str {
        self.text().ok().and_then(|text| text.get(span.range())).unwrap_or_default()
    }

    /// Creates a line index, for many position look-ups. It is empty if the text cannot be read.
    pub fn lines(&self) -> LineIndex<'_> {
        LineIndex::new(self.text().unwrap_or_default())
    }
}

/// Returns a hash that is equal on all runs and platforms. Not collision-resistant.
pub(crate) fn hash(bytes: &[u8]) -> u64 {
    let (words, rest) = bytes.as_chunks::<8>();
    let length = bytes.len() as u64;
    let hash = words.iter().fold(length, |hash, word| mix(hash, u64::from_le_bytes(*word)));
    let mut last = [0; 8];
    last[..rest.len()].copy_from_slice(rest);
    mix(hash, u64::from_le_bytes(last))
}

/// Mixes a word into a hash. The high bits of the result are better mixed than the low bits.
fn mix(hash: u64, word: u64) -> u64 {
    /// The golden ratio as a fraction of 2^64, for multiplicative hashing (Knuth, volume 3).
    const FACTOR: u64 = 0x9e37_79b9_7f4a_7c15;
    (hash.rotate_left(26) ^ word).wrapping_mul(FACTOR)
}

/// Converts an offset in a text that is at most as long as [`Source::new`] allows.
pub(crate) fn offset(offset: usize) -> u32 {
    u32::try_from(offset).unwrap_or(u32::MAX)
}

/// All texts of a run, in insertion order.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    items: Vec<Source>,
    /// Texts that are not documents, such as the configuration.
    beside: Vec<Source>,
}

impl Sources {
    /// Adds a document and returns its id.
    pub fn add(&mut self, source: Source) -> SourceId {
        let id = SourceId(u32::try_from(self.items.len()).unwrap_or(u32::MAX));
        self.items.push(source);
        id
    }

    /// Adds a text that is not a document and returns its id. [`Self::iter`] and [`Self::len`] do
    /// not include it. Its id is greater than every document's id.
    pub fn add_beside(&mut self, source: Source) -> SourceId {
        let id = SourceId(u32::MAX - u32::try_from(self.beside.len()).unwrap_or(0));
        self.beside.push(source);
        id
    }

    /// Returns the text with this id.
    pub fn source(&self, id: SourceId) -> &Source {
        let beside = || &self.beside[(u32::MAX - id.0) as usize];
        self.items.get(id.0 as usize).unwrap_or_else(beside)
    }

    /// Returns the documents with their ids, in insertion order.
    pub fn iter(&self) -> impl Iterator<Item = (SourceId, &Source)> {
        self.items.iter().zip(0..).map(|(source, id)| (SourceId(id), source))
    }

    /// Returns the number of documents.
    pub fn len(&self) -> usize {
        self.items.len()
    }

    /// Returns true if there are no documents.
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn dropped_text_is_read_again_unless_changed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.toml");
        let source = || Source::without_text(path.to_str().unwrap(), "a = 1\n");
        fs::write(&path, "a = 1\n").unwrap();
        let same = source();
        assert_eq!((same.text(), same.failure()), (Ok("a = 1\n"), None));
        for changed in ["a = 2\n", "a = 1\n# and more"] {
            fs::write(&path, changed).unwrap();
            let source = source();
            assert_eq!(source.failure(), None, "the text was not read yet");
            assert_eq!(source.text(), Err(ReloadError::Changed));
            assert_eq!(source.failure(), Some(ReloadError::Changed));
        }
        fs::remove_file(&path).unwrap();
        let gone = ReloadError::Unreadable(io::ErrorKind::NotFound);
        assert_eq!(source().text(), Err(gone));
    }
}
