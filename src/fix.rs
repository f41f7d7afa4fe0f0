//! Applies fixes: exact bytes are replaced, and all other bytes stay as they are.
//!
//! Fixes that touch each other are applied in rounds, those of the reader first, since only a
//! contract that was read is checked. A fix that would bring a new error is not applied.

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

/// More rounds than any chain of fixes needs; what is left then stays a finding.
const MOST_ROUNDS: usize = 20;
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
