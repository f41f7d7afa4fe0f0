//! What a change of contracts means, as text: for people, for `grep`, for machines.

mod concise;
mod full;
mod github;
mod json;
mod markdown;
mod view;
mod wording;

use std::io::{self, Write};

use self::view::View;
use super::{MOST_OF_COMMENT, MOST_OF_SUMMARY, Style};
use crate::{
    diff::{Difference, Severity},
    model::Vocabulary,
    workspace::Workspace,
};

/// The shapes in which a difference is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Format {
    /// Contract by contract, for people.
    #[default]
    Full,
    /// One line a change.
    Concise,
    /// One JSON document, of a documented shape.
    Json,
    /// One Markdown table with the details folded, for the top of a pull request.
    Markdown,
    /// Workflow commands of GitHub Actions.
    GitHub,
}

impl Format {
    /// The word as it is written on the command line.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Full => "full",
            Self::Concise => "concise",
            Self::Json => "json",
            Self::Markdown => "markdown",
            Self::GitHub => "github",
        }
    }
}

/// In the order in which they are documented.
impl Vocabulary for Format {
    const NOUN: &'static str = "format";
    const ALL: &'static [Self] =
        &[Self::Full, Self::Concise, Self::Json, Self::Markdown, Self::GitHub];

    fn word(self) -> &'static str {
        self.label()
    }
}

/// A difference with the documents of both sides.
#[derive(Clone, Copy, Debug)]
pub struct Comparison<'c> {
    /// What differs.
    pub difference: &'c Difference,
    /// The documents of the base.
    pub old: &'c Workspace,
    /// The documents now.
    pub new: &'c Workspace,
    /// The name of the base, for people: a revision or a folder.
    pub against: &'c str,
    /// The working directory relative to the root of the repository, with `/`; empty at the root.
    /// [`Format::GitHub`] shows paths from that root.
    pub directory: &'c str,
    /// The lowest severity that fails the run.
    pub fail_on: Severity,
}

/// Writes a difference; fails only where `out` fails.
pub fn write(
    format: Format,
    comparison: &Comparison<'_>,
    style: &Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    let view = View::new(comparison);
    match format {
        Format::Full => full::write(&view, style, out),
        Format::Concise => concise::write(&view, out),
        Format::Json => json::write(&view, out),
        Format::Markdown => markdown::write(&view, MOST_OF_COMMENT, out),
        Format::GitHub => github::write(&view, out),
    }
}

/// Writes [`Format::Markdown`] for the summary of a step, which can be longer than a comment.
pub fn write_step_summary(comparison: &Comparison<'_>, out: &mut dyn Write) -> io::Result<()> {
    markdown::write(&View::new(comparison), MOST_OF_SUMMARY, out)
}

/// One line that says how to accept the changes that fail the run; none if there are none.
pub fn how_to_accept(comparison: &Comparison<'_>) -> Option<String> {
    wording::how_to_accept(comparison.difference, comparison.fail_on)
}

/// How many changes there are, as a sentence without its end.
pub fn summary(difference: &Difference) -> String {
    wording::summary(difference)
}
