//! Retains findings about unused items only if every project that reads the document agrees.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    finding::{Finding, Rule},
    lint::Findings,
    source::{Location, Span},
    workspace::Workspace,
};

/// The rules about unused items. An item that one project does not use can be used by another
/// project.
const UNUSED: [&str; 5] = [
    "baseline-unused",
    "suppression-unused",
    "template-unused",
    "vocabulary-unused",
    "waiver-unused",
];

/// The document, rule and place of a finding.
type Key = (String, &'static str, Span);

/// Returns true if a rule reports items that a project does not use.
pub(crate) fn is_about_unused(rule: &Rule) -> bool {
    UNUSED.contains(&rule.name)
}

/// Removes a finding about an unused item if another project reads the document and does not report
/// the same finding. `workspaces` and `findings` have one item per project, in the same order.
pub(crate) fn retain_agreed(workspaces: &[&Workspace], findings: &mut [Findings]) {
    let mut reporters: BTreeMap<Key, usize> = BTreeMap::new();
    for (workspace, findings) in workspaces.iter().zip(&*findings) {
        let accepted = findings.accepted.iter().map(|accepted| &accepted.finding);
        let all = findings.open.iter().chain(accepted);
        let own: BTreeSet<_> = all.filter_map(|finding| key(workspace, finding)).collect();
        for key in own {
            *reporters.entry(key).or_default() += 1;
        }
    }
    let mut readers: BTreeMap<&str, usize> = BTreeMap::new();
    for workspace in workspaces {
        let documents = workspace.sources().iter().map(|(_, source)| source);
        let baseline = workspace.baseline().map(|id| workspace.sources().source(id));
        for source in documents.chain(baseline) {
            *readers.entry(source.name()).or_default() += 1;
        }
    }
    for (workspace, findings) in workspaces.iter().zip(findings) {
        let is_agreed = |finding: &Finding<Location>| {
            let Some(key) = key(workspace, finding) else { return true };
            // A configuration is never read as a document.
            let readers = readers.get(&*key.0).copied().unwrap_or_default();
            reporters.get(&key).is_some_and(|reporters| *reporters >= readers)
        };
        findings.open.retain(is_agreed);
        findings.accepted.retain(|accepted| is_agreed(&accepted.finding));
    }
}

/// Returns the key of a finding, if the finding is about an unused item.
fn key(workspace: &Workspace, finding: &Finding<Location>) -> Option<Key> {
    let Location { source, span } = finding.place;
    let name = || workspace.sources().source(source).name().to_owned();
    is_about_unused(finding.rule).then(|| (name(), finding.rule.name, span))
}
