//! Creates the documents to read from paths.

use std::path::PathBuf;

use super::{BUILTIN, Inputs, Roots};

impl Inputs {
    /// Creates inputs from paths.
    pub(in crate::cli) const fn of(paths: Vec<PathBuf>, roots: Roots) -> Self {
        Self {
            paths,
            stdin_filename: None,
            force_exclude: false,
            max_file_size: None,
            roots,
            quiet: false,
        }
    }

    /// Returns true if `builtin:` is the only path.
    pub(in crate::cli) fn is_builtin(&self) -> bool {
        self.paths.iter().all(|path| path.as_os_str() == BUILTIN) && !self.paths.is_empty()
    }
}
