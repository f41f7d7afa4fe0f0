//! The bytes of a file or a stream, of which no more is read than is allowed.

use std::{
    fs::{self, File},
    io::{self, Read},
    path::Path,
};

use crate::{
    boundary::{Boundary, Refusal},
    document::{self, Document},
    model::MaxFileBytes,
    source::{Source, regular},
};

/// The bytes of a file, unless there are too many.
#[derive(Debug, PartialEq, Eq)]
pub enum Content {
    /// All of them.
    Whole(Vec<u8>),
    /// There are more than allowed.
    TooLarge,
}

impl Content {
    /// Reads a regular file inside a boundary.
    pub fn inside(boundary: &Boundary, path: &Path, limit: MaxFileBytes) -> Result<Self, Refusal> {
        Self::of_opened(boundary.open(path)?, limit).map_err(Refusal::Io)
    }

    /// Reads an open file. If the system knows that it is too large, nothing of it is read.
    pub fn of_opened(file: File, limit: MaxFileBytes) -> io::Result<Self> {
        let size = file.metadata()?.len();
        if size > limit.get() {
            return Ok(Self::TooLarge);
        }
        Self::of_stream(file, size, limit)
    }

    /// Reads a regular file that the command line names. A pipe and a device are errors, and are
    /// not waited for.
    pub fn of_file(path: &Path, limit: MaxFileBytes) -> io::Result<Self> {
        let file = regular::open(path)?;
        let metadata = file.metadata()?;
        if !metadata.is_file() && !metadata.is_dir() {
            return Err(regular::no_file());
        }
        Self::of_opened(file, limit)
    }

    /// Reads what the command line names: a file, or a pipe or a device up to the limit.
    ///
    /// A pipe is waited for, as its writer may only begin.
    pub fn of_named(path: &Path, limit: MaxFileBytes) -> io::Result<Self> {
        let existing = fs::metadata(path)?;
        if existing.is_file() || existing.is_dir() {
            return Self::of_file(path, limit);
        }
        Self::of_stream(File::open(path)?, 0, limit)
    }

    /// Reads a stream, which may never end, up to the limit; `expected` bytes are likely to come.
    pub fn of_stream(stream: impl Read, expected: u64, limit: MaxFileBytes) -> io::Result<Self> {
        let limit = limit.get();
        let mut bytes = Vec::new();
        bytes.try_reserve_exact(usize::try_from(expected.min(limit)).unwrap_or(0))?;
        stream.take(limit + 1).read_to_end(&mut bytes)?;
        let is_whole = bytes.len() as u64 <= limit;
        Ok(if is_whole { Self::Whole(bytes) } else { Self::TooLarge })
    }

    /// The text, named like this, with what it declares.
    pub fn read(self, name: impl Into<String>, limit: MaxFileBytes) -> (Source, Document) {
        match self {
            Self::Whole(bytes) => {
                let (text, document) = document::read_bytes(bytes);
                (Source::new(name, text), document)
            }
            Self::TooLarge => (Source::new(name, ""), document::too_large(limit)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A stream that fails the test when more is read of it than this.
    struct Only(u64);

    impl Read for Only {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let taken = buffer.len().min(7);
            self.0 = self.0.checked_sub(taken as u64).expect("more is read than is allowed");
            buffer[..taken].fill(b'#');
            Ok(taken)
        }
    }

    #[test]
    fn as_many_bytes_as_allowed_are_read_and_no_more() {
        let limit = MaxFileBytes::new(10).unwrap();
        let read = |text: &str| Content::of_stream(text.as_bytes(), 0, limit).unwrap();
        assert_eq!(read("0123456789"), Content::Whole(b"0123456789".to_vec()));
        assert_eq!(read("0123456789a"), Content::TooLarge);
        assert_eq!(Content::of_stream(Only(11), u64::MAX, limit).unwrap(), Content::TooLarge);
    }
}
