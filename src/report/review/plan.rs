//! Compares the comments of a run with the host's comments.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Review,
    comment::{Comment, GeneralComment},
    host::{OwnComment, normalised},
};

/// The comments to add, and the ids of the comments to keep and to remove.
#[derive(Debug)]
pub(super) struct Plan<T> {
    pub(super) add: Vec<T>,
    pub(super) keep: Vec<u64>,
    pub(super) remove: Vec<u64>,
}

/// Plans the comments on lines.
pub(super) fn of_lines(wanted: Vec<Comment>, review: &Review) -> Plan<Comment> {
    plan(wanted, review, |comment| (&comment.key, &comment.body), |own| own.is_on_line)
}

/// Plans the comment on the pull request itself.
pub(super) fn of_pull_request(
    wanted: Vec<GeneralComment>,
    review: &Review,
) -> Plan<GeneralComment> {
    plan(wanted, review, |comment| (&comment.key, &comment.body), |own| !own.is_on_line)
}

/// Keeps driverc's comments that are up to date and still shown, and comments that people answered.
/// Removes all other comments of driverc.
fn plan<T>(
    wanted: Vec<T>,
    review: &Review,
    key_and_body: impl Fn(&T) -> (&String, &String),
    is_of_kind: impl Fn(&OwnComment<'_>) -> bool,
) -> Plan<T> {
    let wanted_body = |comment: &T| {
        let (key, body) = key_and_body(comment);
        (key.clone(), normalised(body))
    };
    let bodies: BTreeMap<_, _> = wanted.iter().map(wanted_body).collect();
    let is_current = |own: &OwnComment<'_>| {
        !own.is_outdated && bodies.get(own.key).is_some_and(|body| *body == own.body)
    };
    let (mut keep, mut remove) = (Vec::new(), Vec::new());
    let mut known = BTreeSet::new();
    for own in review.host.own(review.job.as_ref()).iter().filter(|own| is_of_kind(own)) {
        let is_first = is_current(own) && known.insert(own.key.to_owned());
        if is_first || own.is_answered || !review.is_complete {
            keep.push(own.id);
        } else {
            remove.push(own.id);
        }
    }
    let add = wanted.into_iter().filter(|it| !known.contains(key_and_body(it).0));
    Plan { add: add.collect(), keep, remove }
}
