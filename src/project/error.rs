//! Errors from opening and loading a project.

use std::{fmt, io, path::PathBuf};

use super::{CONFIGURATION, DEFAULT_FOLDER};
use crate::boundary::Refusal;

/// An error from opening or loading a project.
#[derive(Debug)]
#[non_exhaustive]
pub enum ProjectError {
    /// The working directory is unknown.
    Folder(io::Error),
    /// A folder that `--root` names cannot be used.
    Root {
        /// The folder.
        folder: PathBuf,
        /// The error of the operating system.
        error: io::Error,
    },
    /// A file or folder that the project needs cannot be read.
    Refused {
        /// The path relative to the folder of the project.
        name: String,
        /// The reason.
        refusal: Refusal,
    },
    /// The configuration includes a path that does not exist.
    NotThere {
        /// The path in the configuration.
        path: String,
    },
    /// There is no configuration and no folder with contracts.
    NoProject {
        /// A parent folder that contains contracts.
        above: Option<String>,
    },
    /// None of the folders contains a document.
    NoDocument {
        /// The paths of the folders.
        folders: Vec<String>,
    },
}

impl fmt::Display for ProjectError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Folder(error) => write!(formatter, "cannot find the working directory: {error}"),
            Self::Root { folder, error } => {
                write!(formatter, "cannot use `--root {}`: {error}", folder.display())
            }
            Self::Refused { name, refusal: Refusal::Violation(violation) } => {
                write!(formatter, "`{name}` {violation}; {}", violation.help())
            }
            Self::Refused { name, refusal: Refusal::Io(error) } => {
                write!(formatter, "cannot read `{name}`: {error}")
            }
            Self::NotThere { path } => {
                write!(formatter, "`{CONFIGURATION}` includes `{path}`, which does not exist")?;
                if path.contains(['*', '?', '[', '{']) {
                    formatter
                        .write_str("; `include` does not support globs, so name each folder")?;
                }
                Ok(())
            }
            Self::NoProject { above: Some(folder) } => write!(
                formatter,
                "there is no folder `{DEFAULT_FOLDER}` here; run in `{folder}`, which has one"
            ),
            Self::NoProject { above: None } => write!(
                formatter,
                "there is no `{CONFIGURATION}` and no folder `{DEFAULT_FOLDER}` here; run at the \
                 root of the project, name a folder or file, or start with `driverc init`"
            ),
            Self::NoDocument { folders } => {
                let folders: Vec<_> = folders.iter().map(|name| format!("`{name}`")).collect();
                write!(
                    formatter,
                    "no document (`*.toml`) in {}; name a folder or file, or start with `driverc \
                     init`",
                    folders.join(", ")
                )
            }
        }
    }
}

impl std::error::Error for ProjectError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Folder(error) | Self::Root { error, .. } => Some(error),
            Self::Refused { refusal, .. } => Some(refusal),
            Self::NotThere { .. } | Self::NoProject { .. } | Self::NoDocument { .. } => None,
        }
    }
}
