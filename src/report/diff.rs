//! Writes the results of `driverc diff`.

mod concise;
mod fold;
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
    diff::{Difference, JoinedDifference, Severity},
    model::Vocabulary,
    workspace::Workspace,
};

/// An output format for a difference.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum DiffFormat {
    /// Changes grouped by contract, for a terminal.
    #[default]
    Full,
    /// One line per change.
    Concise,
    /// One JSON document with a documented schema.
    Json,
    /// A Markdown table with folded details, for a pull request.
    Markdown,
    /// GitHub Actions workflow commands.
    GitHub,
}

impl DiffFormat {
    /// Returns the name on the command line.
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

/// The formats, in the order of the documentation.
impl Vocabulary for DiffFormat {
    const NOUN: &'static str = "format";
    const ALL: &'static [Self] =
        &[Self::Full, Self::Concise, Self::Json, Self::Markdown, Self::GitHub];

    fn word(&self) -> &str {
        self.label()
    }
}

/// A difference with the documents of both sides.
#[derive(Clone, Copy, Debug)]
pub struct DiffReport<'c> {
    /// The changes.
    pub difference: &'c Difference,
    /// The documents of the base.
    pub old: &'c Workspace,
    /// The current documents.
    pub new: &'c Workspace,
    /// The name of the base in messages: a revision or a folder.
    pub against: &'c str,
    /// The working directory relative to the repository root, with `/` as separator. Empty at the
    /// root. [`DiffFormat::GitHub`] shows paths from the root.
    pub directory: &'c str,
    /// The lowest severity that fails the run.
    pub fail_on: Severity,
}

/// The joined differences of several projects with the documents of each.
#[derive(Clone, Copy, Debug)]
pub struct JoinedReport<'c> {
    /// The changes.
    pub joined: &'c JoinedDifference,
    /// The documents of each project, at least one. The `difference` of each report is the joined
    /// difference.
    pub sides: &'c [DiffReport<'c>],
}

/// Writes the joined differences of several projects like [`write()`].
pub fn write_joined(
    format: DiffFormat,
    report: &JoinedReport<'_>,
    style: &Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    match format {
        DiffFormat::Full => full::write(&View::joined(report, true), style, out),
        DiffFormat::Concise => concise::write(&View::joined(report, false), out),
        DiffFormat::Json => json::write(&View::joined(report, false), out),
        DiffFormat::Markdown => markdown::write(&View::joined(report, true), MOST_OF_COMMENT, out),
        DiffFormat::GitHub => github::write(&View::joined(report, false), out),
    }
}

/// Writes the joined differences of several projects like [`write_step_summary`].
pub fn write_joined_step_summary(report: &JoinedReport<'_>, out: &mut dyn Write) -> io::Result<()> {
    markdown::write(&View::joined(report, true), MOST_OF_SUMMARY, out)
}

/// Writes a difference. Fails only if `out` fails.
pub fn write(
    format: DiffFormat,
    comparison: &DiffReport<'_>,
    style: &Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    let view = View::new(comparison);
    match format {
        DiffFormat::Full => full::write(&view.folded(), style, out),
        DiffFormat::Concise => concise::write(&view, out),
        DiffFormat::Json => json::write(&view, out),
        DiffFormat::Markdown => markdown::write(&view.folded(), MOST_OF_COMMENT, out),
        DiffFormat::GitHub => github::write(&view, out),
    }
}

/// Writes [`DiffFormat::Markdown`] for a step summary, which can be longer than a comment.
pub fn write_step_summary(comparison: &DiffReport<'_>, out: &mut dyn Write) -> io::Result<()> {
    markdown::write(&View::new(comparison).folded(), MOST_OF_SUMMARY, out)
}

/// Returns a line that says how to accept the changes that fail the run, if there are any.
pub fn how_to_accept(comparison: &DiffReport<'_>) -> Option<String> {
    wording::how_to_accept(comparison.difference, comparison.fail_on)
}

/// Returns the number of changes per severity as a sentence, without a full stop.
pub fn summary(difference: &Difference) -> String {
    wording::summary(difference)
}
