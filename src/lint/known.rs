//! Finds the findings that a run does not report as open, because their identities are known.

use std::{collections::BTreeSet, ops::Bound};

use super::{baseline::Baseline, identity::identities_at};
use crate::{finding::Finding, signature::split_figure, workspace::Workspace};

/// The findings that a run leaves out, and those that the baseline lists.
pub(super) struct Known<'a, 'w> {
    pub(super) left_out: &'a BTreeSet<String>,
    pub(super) baseline: Option<&'a Baseline<'w>>,
}

impl Known<'_, '_> {
    pub(super) fn contains(&self, workspace: &Workspace, finding: &Finding) -> bool {
        if self.left_out.is_empty() && self.baseline.is_none() {
            return false;
        }
        let identities = identities_at(workspace, finding, &finding.place);
        lists_all(self.left_out, &identities)
            || self.baseline.is_some_and(|baseline| baseline.lines.lists_all(&identities))
    }
}

/// Returns true if a set of lines lists all identities of a finding, at least one.
pub(super) fn lists_all(lines: &BTreeSet<String>, identities: &[String]) -> bool {
    let lists = |identity: &String| match split_figure(identity) {
        None => lines.contains(identity),
        Some((before, _)) => {
            let near = lines.range::<str, _>((Bound::Included(before), Bound::Unbounded));
            near.take_while(|line| line.starts_with(before)).any(|line| covers(line, identity))
        }
    };
    !identities.is_empty() && identities.iter().all(lists)
}

/// Returns true if a line lists an identity: they are equal, or differ only in a figure that is
/// greater in the line.
pub(super) fn covers(line: &str, identity: &str) -> bool {
    match (split_figure(line), split_figure(identity)) {
        (Some((line, most)), Some((identity, figure))) => line == identity && figure <= most,
        _ => line == identity,
    }
}
