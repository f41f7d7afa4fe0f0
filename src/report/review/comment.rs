//! Selects the comments of a run: on lines up to a limit, and one on the pull request itself.

use std::cmp::Reverse;

use serde::Serialize;

use super::{
    Review, body,
    changes::Side,
    group::{Group, Placed},
    host::SUMMARY,
};
use crate::report::index::IndexedSources;

/// A comment on a line.
#[derive(Debug, Serialize)]
pub(super) struct Comment {
    pub(super) path: String,
    pub(super) side: Side,
    pub(super) line: usize,
    pub(super) body: String,
    pub(super) key: String,
}

/// The comment on the pull request itself.
#[derive(Debug, Serialize)]
pub(super) struct GeneralComment {
    pub(super) body: String,
    pub(super) key: String,
}

/// The groups that are only in the summary.
#[derive(Debug, Default)]
pub(super) struct Unplaced<'r> {
    /// The groups in files without changed lines.
    pub(super) elsewhere: Vec<Group<'r>>,
    /// The groups above the maximum number of comments.
    pub(super) above_limit: Vec<Group<'r>>,
}

/// Returns the comments on lines, the most severe first, and the summary of all other findings.
pub(super) fn comments(
    groups: Vec<Group<'_>>,
    sources: &IndexedSources<'_>,
    review: &Review,
) -> (Vec<Comment>, Option<GeneralComment>) {
    let (mut placed, mut left) = (Vec::new(), Unplaced::default());
    for mut group in groups {
        match group.placed.take() {
            Some(place) => placed.push((place, group)),
            None => left.elsewhere.push(group),
        }
    }
    placed.sort_by(|left, right| order(left).cmp(&order(right)));
    let above_limit = placed.split_off(placed.len().min(review.max_comments));
    left.above_limit = above_limit.into_iter().map(|(_, group)| group).collect();
    left.elsewhere.sort_by_key(|group| Reverse(group.finding.level));
    let comments = placed.into_iter().map(|(place, group)| comment(place, group, sources, review));
    let summary = body::of_summary(&left, sources, review);
    let general = summary.map(|body| GeneralComment { body, key: SUMMARY.to_owned() });
    (comments.collect(), general)
}

fn order<'g>((place, group): &'g (Placed, Group<'_>)) -> impl Ord + use<'g> {
    let Placed { path, anchor, .. } = place;
    (Reverse(group.finding.level), path, anchor.line, anchor.side)
}

fn comment(
    place: Placed,
    group: Group<'_>,
    sources: &IndexedSources<'_>,
    review: &Review,
) -> Comment {
    let body = body::of_line(&place, &group, sources, review);
    let Placed { path, anchor, .. } = place;
    Comment { path, side: anchor.side, line: anchor.line, body, key: group.fingerprint }
}
