//! Applies fixes: exact bytes are replaced, and all other bytes stay as they are.
//!
//! Fixes that touch each other are applied in rounds, those of the reader first, since only a
//! contract that was read is checked. A fix that would bring a new error is not applied.

mod edit;
mod renamed;
mod round;

use std::collections::{BTreeMap, BTreeSet};

pub use self::edit::Replacement;
use self::{
    renamed::Renamed,
    round::{Planned, Trials, Tried, plan},
};
use crate::{
    document,
    finding::{Edit, Finding, Fix, Rule, Safety},
    source::{Location, Source, SourceId, Sources, Span},
    toml::rules::{FILE_TOO_LARGE, INVALID_UTF8, PATH_OUTSIDE_PROJECT, SYNTAX},
    workspace::Workspace,
};

/// More rounds than any chain of fixes needs; what is left then stays a finding.
const MOST_ROUNDS: usize = 20;
/// What is said of documents whose bytes are not those of their text.
const NOT_READ_IN_FULL: [&Rule; 3] = [&FILE_TOO_LARGE, &INVALID_UTF8, &PATH_OUTSIDE_PROJECT];
/// How often a round is tried with fewer fixes, to find those that cannot be applied.
const MOST_TRIALS: usize = 64;

/// A workspace after its fixes.
#[derive(Debug)]
pub struct Fixed {
    /// The documents as they are now; sources keep their ids and names.
    pub workspace: Workspace,
    /// What is left to say of them.
    pub findings: Vec<Finding<Location>>,
    /// How many fixes were applied.
    pub applied: usize,
    /// The documents that each of them changed.
    pub changed: Vec<BTreeSet<SourceId>>,
    /// How many fixes were left out because they would bring a new error.
    pub refused: usize,
    /// How many fixes were left for another run, since they are about a key that was renamed in
    /// this one.
    pub postponed: usize,
}

/// Applies every fix that is allowed, until none is left.
///
/// `check` says what is wrong with a workspace; only documents that `may_change` are changed. A
/// fix that would bring a new error is left out, and all others are applied. A fix is not built
/// upon a key that another fix has renamed in the same run.
pub fn fix(
    mut workspace: Workspace,
    allowed: Safety,
    check: impl Fn(&Workspace) -> Vec<Finding<Location>>,
    may_change: impl Fn(SourceId) -> bool,
) -> Fixed {
    let mut findings = check(&workspace);
    let mut renamed = Renamed::default();
    let mut refused = BTreeSet::new();
    let mut postponed = BTreeSet::new();
    let mut changed = Vec::new();
    for _ in 0..MOST_ROUNDS {
        let mut planned = plan(&workspace, &findings, allowed, &may_change);
        planned.retain(|fix| !refused.contains(&fix.identity));
        let (built, planned) = planned.into_iter().partition(|fix| renamed.concerns(fix));
        let built: Vec<Planned> = built;
        postponed.extend(built.into_iter().map(|fix| fix.identity));
        let mut trials =
            Trials { workspace: &workspace, findings: &findings, check: &check, left: MOST_TRIALS };
        let Some(Tried { round, workspace: next, findings: left, refused: bad }) =
            trials.run(planned)
        else {
            break;
        };
        refused.extend(bad);
        if round.fixes.is_empty() {
            continue;
        }
        renamed.follow(&round, &workspace);
        changed.extend(round.fixes.iter().map(Planned::sources));
        (workspace, findings) = (next, left);
    }
    let applied = changed.len();
    let (refused, postponed) = (refused.len(), postponed.len());
    Fixed { workspace, findings, applied, changed, refused, postponed }
}
/// The workspace with other texts; a source without one keeps its own.
///
/// A document that was not read in full, such as one that is not UTF-8, keeps what is said of it.
pub fn with_texts<'t>(
    workspace: &Workspace,
    text: impl Fn(SourceId) -> Option<&'t str>,
) -> Workspace {
    let mut said: BTreeMap<SourceId, Vec<Finding<Span>>> = BTreeMap::new();
    let is_lost = |finding: &&Finding<_>| NOT_READ_IN_FULL.contains(&finding.rule);
    let lost = workspace.findings().iter().filter(is_lost);
    let lost: BTreeSet<_> = lost.map(|finding| finding.place.source).collect();
    let of_text = |finding: &&Finding<_>| is_lost(finding) || finding.rule == &SYNTAX;
    let findings = workspace.findings().iter().filter(of_text);
    for finding in findings.filter(|finding| lost.contains(&finding.place.source)) {
        let kept = finding.clone().map_places(|location| location.span);
        said.entry(finding.place.source).or_default().push(kept);
    }
    let documents = workspace.sources().iter().map(|(id, source)| {
        let (text, kept) = (text(id), said.remove(&id));
        let read = text.or(source.text().ok()).unwrap_or_default();
        let document = match (text, kept) {
            (None, Some(findings)) => document::unread(read, findings),
            (Some(_), _) | (None, None) => document::read(read),
        };
        (Source::new(source.name(), read), document)
    });
    Workspace::new(documents.collect())
}

/// What a fix does to the texts; none where the texts are not what it was made for.
pub fn replacements(
    sources: &Sources,
    fix: &Fix<Location>,
) -> Option<Vec<(SourceId, Replacement)>> {
    let edits = fix.edits.iter();
    let replacement = |edit: &Edit<Location>| {
        let Location { source, span } = edit.place;
        let text = sources.source(source).text().ok()?;
        Some((source, edit::replacement(text, span, &edit.change)?))
    };
    edits.map(replacement).collect()
}
