//! Applies fixes by replacing bytes of documents.
//!
//! Fixes that touch each other are applied in separate rounds. Fixes of read errors come first,
//! because rules check only valid contracts. A fix that would cause a new error is not applied.

mod edit;
mod renamed;
mod round;
mod texts;

use std::collections::BTreeSet;

pub use self::{
    edit::Replacement,
    texts::{replacements, with_texts},
};
use self::{
    renamed::Renamed,
    round::{Planned, Trials, Tried, plan},
};
use crate::{
    finding::{Finding, Safety},
    source::{Location, SourceId},
    workspace::Workspace,
};

/// The maximum number of rounds, more than any chain of fixes needs.
const MOST_ROUNDS: usize = 20;
/// The maximum number of trials per round, to find fixes that cannot be applied.
const MOST_TRIALS: usize = 64;

/// A workspace after its fixes.
#[derive(Debug)]
pub struct Fixed {
    /// The fixed documents. Sources have the same ids and names as before.
    pub workspace: Workspace,
    /// The remaining findings.
    pub findings: Vec<Finding<Location>>,
    /// The number of applied fixes.
    pub applied: usize,
    /// The documents that each applied fix changed.
    pub changed: Vec<BTreeSet<SourceId>>,
    /// The number of fixes that would cause a new error, and were not applied.
    pub refused: usize,
    /// The number of fixes that are left for another run, because they concern a key that this run
    /// renamed.
    pub postponed: usize,
}

/// Applies all allowed fixes, until none are left.
///
/// `check` returns the findings of a workspace. Only documents for which `may_change` returns true
/// are changed. Skips fixes that would cause a new error, and fixes that concern a key that another
/// fix renamed in the same run.
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
    let left = plan(&workspace, &findings, allowed, &may_change);
    let refused = left.iter().filter(|fix| refused.contains(&fix.identity)).count();
    let postponed = postponed.len();
    Fixed { workspace, findings, applied, changed, refused, postponed }
}
