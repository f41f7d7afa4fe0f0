//! Defines the rules about files that are not read.

use crate::finding::{Level, Rule, rule};

/// A file above the size limit.
pub(crate) static FILE_TOO_LARGE: Rule =
    rule!("file-too-large", Level::Error, "a file is larger than `max_file_bytes`").fixed();

/// A path to a file outside the project.
pub(crate) static PATH_OUTSIDE_PROJECT: Rule =
    rule!("path-outside-project", Level::Error, "a link or path leads out of the project").fixed();
