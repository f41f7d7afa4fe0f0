//! The reasons why a file cannot be opened.

use std::{fmt, io};

/// The reason why a file cannot be opened.
#[derive(Debug)]
pub enum Refusal {
    /// The path violates the boundary.
    Violation(Violation),
    /// The file cannot be opened, or is not a regular file.
    Io(io::Error),
}

/// A way in which a path violates the boundary.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Violation {
    /// The path leaves the boundary.
    Outside,
    /// The path is inside the git directory.
    Git,
    /// The path contains a link to a folder.
    LinkToFolder,
    /// The path is a link to a file that is not a document.
    LinkToOther,
    /// The path is a link to a document that git does not track.
    LinkToUntracked,
}

/// Writes the end of a message that starts with the path.
impl fmt::Display for Violation {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Outside => "leads out of the project",
            Self::Git => "leads into the git directory",
            Self::LinkToFolder => "leads through a link to a folder",
            Self::LinkToOther => "is a link to a file that is not `*.toml`",
            Self::LinkToUntracked => "is a link to a file that git does not track",
        })
    }
}

impl Violation {
    /// Returns the help text, in lower case and without a full stop.
    pub const fn help(self) -> &'static str {
        match self {
            Self::Outside | Self::Git => {
                "move the file into the project, or add its folder with `--root`"
            }
            Self::LinkToFolder => {
                "name the folder that the link leads to, or add that folder with `--root`"
            }
            Self::LinkToOther => "replace the link with a `*.toml` file",
            Self::LinkToUntracked => "add the file to git, or replace the link with the file",
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Violation(violation) => violation.fmt(formatter),
            Self::Io(error) => error.fmt(formatter),
        }
    }
}

impl std::error::Error for Refusal {}

impl Refusal {
    /// Converts the refusal to an I/O error.
    pub fn into_error(self) -> io::Error {
        match self {
            Self::Violation(violation) => io::Error::other(format!("it {violation}")),
            Self::Io(error) => error,
        }
    }
}
