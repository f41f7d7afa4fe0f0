//! Folds equal findings of a file, and chooses the line of their comment.

use std::collections::BTreeMap;

use super::{Review, changes::Anchor};
use crate::{
    finding::{Finding, Level},
    report::{FindingsReport, fingerprint::FindingFingerprints, index::IndexedSources},
    source::{Location, Position},
};

/// Equal findings of a file.
#[derive(Debug)]
pub(super) struct Group<'r> {
    /// The finding that the comment shows.
    pub(super) finding: &'r Finding<Location>,
    /// The fingerprint of the finding.
    pub(super) fingerprint: String,
    /// The line of the comment. `None` if no line of the file has changed.
    pub(super) placed: Option<Placed>,
    /// The locations of the other findings.
    pub(super) others: Vec<Location>,
}

/// The line of a comment.
#[derive(Debug)]
pub(super) struct Placed {
    /// The path from the repository root.
    pub(super) path: String,
    pub(super) anchor: Anchor,
    /// The reason for choosing the line.
    pub(super) reason: Reason,
}

/// The reason for choosing a line, the best one first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Reason {
    /// The line of the finding has changed.
    Own,
    /// A line to which the finding refers has changed.
    Related,
    /// No such line has changed, and this changed line is the nearest.
    Nearest,
}

/// The texts of a finding, which are the same for equal findings.
type Texts<'r> = (&'static str, Level, &'r str, Option<&'r str>, Option<&'r str>);

fn texts(finding: &Finding<Location>) -> Texts<'_> {
    let Finding { rule, level, message, label, help, .. } = finding;
    (rule.name, *level, message, label.as_deref(), help.as_deref())
}

/// Returns the groups, in the order of their first findings.
pub(super) fn groups<'r>(
    run: &FindingsReport<'r>,
    sources: &IndexedSources<'_>,
    review: &Review,
) -> Vec<Group<'r>> {
    let mut members: Vec<Vec<usize>> = Vec::new();
    let mut known = BTreeMap::new();
    for (index, finding) in run.findings.iter().enumerate() {
        let group = *known.entry((finding.place.source, texts(finding))).or_insert(members.len());
        if group == members.len() {
            members.push(Vec::new());
        }
        members[group].push(index);
    }
    let fingerprints = FindingFingerprints::of(run, sources).open;
    let group = |members: Vec<usize>| {
        let all = members.into_iter().map(|it| (it, place(&run.findings[it], sources, review)));
        let mut all: Vec<_> = all.collect();
        let best = all.iter().enumerate();
        let best = best
            .min_by_key(|(_, (_, placed))| placed.as_ref().map_or(Reason::Nearest, |it| it.reason));
        let best = best.map_or(0, |(best, _)| best);
        let (shown, placed) = all.remove(best);
        let others = all.into_iter().map(|(other, _)| run.findings[other].place).collect();
        let fingerprint = fingerprints[shown].clone();
        Group { finding: &run.findings[shown], fingerprint, placed, others }
    };
    members.into_iter().map(group).collect()
}

/// Returns the line for a comment about a finding: its own line, else a line to which it refers,
/// else the nearest line of its file. Only lines that the pull request changes are possible.
fn place(
    finding: &Finding<Location>,
    sources: &IndexedSources<'_>,
    review: &Review,
) -> Option<Placed> {
    let changed = |location: Location, reason: Reason| {
        let path = sources.path(location.source);
        let file = review.files.get(&*path)?;
        let indexed = sources.of_place(location);
        let start = indexed.position(location.span.start).line;
        let Position { line: last, column } = indexed.position(location.span.end);
        // A span that ends at the start of a line does not include that line.
        let end = if column == 1 && last > start { last } else { last + 1 };
        let anchor = match reason {
            Reason::Own | Reason::Related => file.changed(start..end)?,
            Reason::Nearest => file.nearest(start)?,
        };
        Some(Placed { path: path.into_owned(), anchor, reason })
    };
    let related = || {
        let mut places = finding.related.iter().map(|related| related.place);
        places.find_map(|place| changed(place, Reason::Related))
    };
    changed(finding.place, Reason::Own)
        .or_else(related)
        .or_else(|| changed(finding.place, Reason::Nearest))
}
