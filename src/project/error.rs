//! Errors from opening and loading a project.

use std::{fmt, io, path::PathBuf};

use super::{CONFIGURATION, DEFAULT_FOLDER};
use crate::{boundary::Refusal, document, model::MaxFileBytes};

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
        /// The name of the configuration.
        configuration: String,
        /// The path in the configuration.
        path: String,
    },
    /// The configuration names a baseline that does not exist.
    NoBaseline {
        /// The name of the configuration.
        configuration: String,
        /// The name of the baseline.
        baseline: String,
    },
    /// A file that the configuration names is too large.
    TooLarge {
        /// The path relative to the folder of the project.
        name: String,
        /// The maximum size.
        limit: MaxFileBytes,
    },
    /// A glob of the configuration is not valid.
    InvalidGlob {
        /// The name of the configuration.
        configuration: String,
        /// The glob.
        glob: String,
        /// The reason.
        reason: String,
    },
    /// A glob of the configuration leads out of the folder of the configuration.
    GlobOutside {
        /// The name of the configuration.
        configuration: String,
        /// The glob.
        glob: String,
    },
    /// The baseline is a link that driverc does not follow.
    LinkedBaseline {
        /// The name of the configuration.
        configuration: String,
        /// The name of the baseline.
        baseline: String,
        /// Whether the link leads to no file.
        is_dangling: bool,
    },
    /// The configuration includes a document of another project.
    NestedProject {
        /// The path of the project's configuration, if the project has one.
        outer: Option<String>,
        /// The path of the document.
        document: String,
        /// The path of the document's own configuration.
        inner: String,
        /// The folder of the document's own configuration, relative to the project.
        folder: String,
    },
    /// Git cannot list the files of the repository.
    Git {
        /// The reason.
        message: String,
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

/// Returns the message about a file that is too large.
pub(crate) fn too_large(name: &str, limit: MaxFileBytes) -> String {
    let size = document::size(limit.get());
    format!("`{name}` is larger than {size}; allow more with `--max-file-size`")
}

fn linked_baseline(configuration: &str, baseline: &str, is_dangling: bool) -> String {
    if is_dangling {
        return format!(
            "`{baseline}` is a link to a file that does not exist; delete the link, then run \
             `driverc baseline`"
        );
    }
    format!(
        "`{baseline}` is a link, which driverc does not follow; replace it with the file, or name \
         the file itself as `baseline` in `{configuration}`"
    )
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
            Self::NotThere { configuration, path } => {
                write!(formatter, "`{configuration}` includes `{path}`, which does not exist")
            }
            Self::NoBaseline { configuration, baseline } => write!(
                formatter,
                "`{configuration}` names the baseline `{baseline}`, which does not exist; create \
                 it with `driverc baseline`"
            ),
            Self::LinkedBaseline { configuration, baseline, is_dangling } => {
                formatter.write_str(&linked_baseline(configuration, baseline, *is_dangling))
            }
            Self::TooLarge { name, limit } => formatter.write_str(&too_large(name, *limit)),
            Self::InvalidGlob { configuration, glob, reason } => {
                write!(formatter, "`include` of `{configuration}`: `{glob}` {reason}")
            }
            Self::GlobOutside { configuration, glob } => write!(
                formatter,
                "`include` of `{configuration}`: the glob `{glob}` leads out of the project; name \
                 each folder without a glob"
            ),
            Self::NestedProject { outer: Some(outer), document, inner, folder } => write!(
                formatter,
                "`{outer}` includes `{document}`, which belongs to `{inner}`; add `{folder}` to \
                 `exclude` in `{outer}`, or delete `{inner}`"
            ),
            Self::NestedProject { outer: None, document, inner, .. } => write!(
                formatter,
                "`{document}` belongs to `{inner}`; choose that project with `--config {inner}`"
            ),
            Self::Git { message } => formatter.write_str(message),
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
            Self::NotThere { .. }
            | Self::NoBaseline { .. }
            | Self::LinkedBaseline { .. }
            | Self::TooLarge { .. }
            | Self::InvalidGlob { .. }
            | Self::GlobOutside { .. }
            | Self::NestedProject { .. }
            | Self::Git { .. }
            | Self::NoProject { .. }
            | Self::NoDocument { .. } => None,
        }
    }
}
