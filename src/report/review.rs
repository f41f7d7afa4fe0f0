//! Writes findings as comments on a pull request: which to add, keep and remove.
//!
//! Posts nothing and uses no network. Texts of contracts and of the host's comments belong to
//! strangers. A comment is removed only if it has driverc's marker and the expected author.

mod body;
mod changes;
mod comment;
mod group;
mod host;
mod plan;

use std::{
    collections::BTreeMap,
    io::{self, Write},
};

use serde::Serialize;

pub use self::{
    changes::{ChangedFile, Hunk},
    host::{HostComment, HostComments, JobName},
};
use self::{
    comment::{Comment, GeneralComment},
    plan::Plan,
};
use super::{FindingsReport, index::IndexedSources, json_text};

/// The default maximum number of comments on lines.
pub const MAX_COMMENTS: usize = 30;

const SCHEMA_VERSION: u32 = 1;

/// The pull request that a review is about.
#[derive(Clone, Debug, Default)]
pub struct Review {
    /// The commit where the pull request left its base.
    pub base: String,
    /// The last commit of the pull request.
    pub head: String,
    /// The changed files, by path from the repository root. Files without findings can be missing.
    pub files: BTreeMap<String, ChangedFile>,
    /// The existing comments of the pull request.
    pub host: HostComments,
    /// The name that separates these comments from the comments of other jobs.
    pub job: Option<JobName>,
    /// The maximum number of comments on lines.
    pub max_comments: usize,
    /// Whether driverc read every document. Otherwise no comment is removed.
    pub is_complete: bool,
}

#[derive(Debug, Serialize)]
struct Document<'d> {
    schema_version: u32,
    base: &'d str,
    head: &'d str,
    add: Vec<Comment>,
    keep: Vec<u64>,
    remove: Vec<u64>,
    summary: Summary,
}

/// The comment on the pull request itself.
#[derive(Debug, Serialize)]
struct Summary {
    add: Option<GeneralComment>,
    keep: Vec<u64>,
    remove: Vec<u64>,
}

/// Writes one indented document with a final newline.
///
/// Without a [`Review`], no line has changed, and all findings are in the summary.
pub(super) fn write(
    run: &FindingsReport<'_>,
    sources: &IndexedSources<'_>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let nothing = Review::default();
    let review = run.review.unwrap_or(&nothing);
    let groups = group::groups(run, sources, review);
    let (comments, summary) = comment::comments(groups, sources, review);
    let Plan { add, keep, remove } = plan::of_lines(comments, review);
    let general = plan::of_pull_request(summary.into_iter().collect(), review);
    let document = Document {
        schema_version: SCHEMA_VERSION,
        base: &review.base,
        head: &review.head,
        add,
        keep,
        remove,
        summary: Summary {
            add: general.add.into_iter().next(),
            keep: general.keep,
            remove: general.remove,
        },
    };
    writeln!(out, "{}", json_text::pretty(&document)?)
}
