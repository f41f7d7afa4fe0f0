//! Reads the bytes of files and streams, up to a limit.

use std::{
    fs::{self, File},
    io::{self, Read},
    path::Path,
};

use crate::{
    boundary::{Boundary, Refusal},
    document::{self, Document},
    model::{MaxFileBytes, ProjectVocabulary},
    source::{Source, regular},
};

/// The bytes of a file or stream, unless it is too large.
#[derive(Debug, PartialEq, Eq)]
pub enum Content {
    /// All bytes.
    Whole(Vec<u8>),
    /// The file or stream is larger than the limit.
    TooLarge,
}

impl Content {
    /// Reads a regular file inside a boundary.
    pub fn inside(boundary: &Boundary, path: &Path, limit: MaxFileBytes) -> Result<Self, Refusal> {
        Self::of_opened(boundary.open(path)?, limit).map_err(Refusal::Io)
    }

    /// Reads an open file. Reads nothing if the file is larger than the limit.
    pub fn of_opened(file: File, limit: MaxFileBytes) -> io::Result<Self> {
        let size = file.metadata()?.len();
        if size > limit.get() {
            return Ok(Self::TooLarge);
        }
        Self::of_stream(file, size, limit)
    }

    /// Reads a regular file that the command line names. Fails for pipes and devices, without
    /// blocking.
    pub fn of_file(path: &Path, limit: MaxFileBytes) -> io::Result<Self> {
        let file = regular::open(path)?;
        let metadata = file.metadata()?;
        if !metadata.is_file() && !metadata.is_dir() {
            return Err(regular::no_file());
        }
        Self::of_opened(file, limit)
    }

    /// Reads a file, pipe or device that the command line names, up to the limit.
    ///
    /// Waits for the writer of a pipe.
    pub fn of_named(path: &Path, limit: MaxFileBytes) -> io::Result<Self> {
        let existing = fs::metadata(path)?;
        if existing.is_file() || existing.is_dir() {
            return Self::of_file(path, limit);
        }
        Self::of_stream(File::open(path)?, 0, limit)
    }

    /// Reads a possibly endless stream up to the limit. `expected` is its likely size in bytes.
    pub fn of_stream(stream: impl Read, expected: u64, limit: MaxFileBytes) -> io::Result<Self> {
        let limit = limit.get();
        let mut bytes = Vec::new();
        bytes.try_reserve_exact(usize::try_from(expected.min(limit)).unwrap_or(0))?;
        stream.take(limit + 1).read_to_end(&mut bytes)?;
        let is_whole = bytes.len() as u64 <= limit;
        Ok(if is_whole { Self::Whole(bytes) } else { Self::TooLarge })
    }

    /// Parses the bytes as a document with this name, in a project that declares these words.
    pub fn read(
        self,
        name: impl Into<String>,
        limit: MaxFileBytes,
        vocabulary: &ProjectVocabulary,
    ) -> (Source, Document) {
        match self {
            Self::Whole(bytes) => {
                let (text, document) = document::read_bytes_with(bytes, vocabulary);
                (Source::new(name, text), document)
            }
            Self::TooLarge => (Source::new(name, ""), document::too_large(limit)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A stream that panics if more than this number of bytes are read.
    struct Only(u64);

    impl Read for Only {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let taken = buffer.len().min(7);
            self.0 = self.0.checked_sub(taken as u64).expect("read beyond the limit");
            buffer[..taken].fill(b'#');
            Ok(taken)
        }
    }

    #[test]
    fn stream_is_read_up_to_limit() {
        let limit = MaxFileBytes::new(10).unwrap();
        let read = |text: &str| Content::of_stream(text.as_bytes(), 0, limit).unwrap();
        assert_eq!(read("0123456789"), Content::Whole(b"0123456789".to_vec()));
        assert_eq!(read("0123456789a"), Content::TooLarge);
        assert_eq!(Content::of_stream(Only(11), u64::MAX, limit).unwrap(), Content::TooLarge);
    }
}
