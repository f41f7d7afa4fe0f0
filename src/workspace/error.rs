//! Why a file or folder could not be read.

use std::{fmt, io, path::PathBuf};

/// A file or folder that could not be read.
#[derive(Debug)]
pub struct LoadError {
    /// The file or folder, as it was requested.
    pub path: PathBuf,
    /// What the system says.
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
