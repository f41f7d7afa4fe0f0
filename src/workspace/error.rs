//! The error from reading a file or folder.

use std::{fmt, io, path::PathBuf};

/// A file or folder that could not be read.
#[derive(Debug)]
pub struct LoadError {
    /// The path, as requested.
    pub path: PathBuf,
    /// The error of the operating system.
    pub error: io::Error,
}

impl fmt::Display for LoadError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "cannot read `{}`: {}", self.path.display(), self.error)
    }
}

impl std::error::Error for LoadError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.error)
    }
}
