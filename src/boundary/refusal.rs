//! Why a file is not opened.

use std::{fmt, io};

/// Why a file is not opened.
#[derive(Debug)]
pub enum Refusal {
    /// The path may not be followed.
    Violation(Violation),
    /// The system cannot open it, or it is not a regular file.
    Io(io::Error),
}

/// Why a path may not be followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Violation {
    /// It leaves the boundary.
    Outside,
    /// It leads into what git keeps for itself.
    Git,
    /// It leads over a link to a folder.
    LinkToFolder,
    /// It is a link to a file that is not a document.
    LinkToOther,
    /// It is a link to a document that git does not track.
    LinkToUntracked,
}

/// What follows the path in a message: `contracts/a.toml` …
impl fmt::Display for Violation {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Outside => "leads out of the project",
            Self::Git => "leads into the git directory",
            Self::LinkToFolder => "leads over a link to a folder",
            Self::LinkToOther => "is a link to a file that is not `*.toml`",
            Self::LinkToUntracked => "is a link to a file that git does not track",
        })
    }
}

impl Violation {
    /// What to do about it.
    pub const fn help(self) -> &'static str {
        match self {
            Self::Outside | Self::Git => {
                "move the file into the project, or run with `--root` and the folder that holds it"
            }
            Self::LinkToFolder => {
                "name the folder that the link leads to, or run with `--root` and that folder"
            }
            Self::LinkToOther => "replace the link by a `*.toml` file",
            Self::LinkToUntracked => "add the file to git, or replace the link by the file",
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
    /// What the system says, or would say.
    pub fn into_error(self) -> io::Error {
        match self {
            Self::Violation(violation) => io::Error::other(format!("it {violation}")),
            Self::Io(error) => error,
        }
    }
}
