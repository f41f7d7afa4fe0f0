//! Fixes in documents that several projects read: every project must have the same finding.

use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet},
};

use super::FixedProject;
use crate::{
    cli::{arguments::Reporting, input},
    finding::{EditAction, Finding, Level},
    fix,
    project::is_about_unused,
    source::{Location, Source, SourceId, Span},
    workspace::Workspace,
};

/// The projects of the run that read the same documents as the fixed project.
pub(super) struct Others<'p> {
    /// The projects that read a document of the fixed project.
    sharing: Vec<&'p FixedProject>,
    /// Whether all projects of the run were read completely.
    is_complete: bool,
    reporting: &'p Reporting,
}

impl<'p> Others<'p> {
    /// Returns the other projects that share a document with the project at this index. `workspace`
    /// is the state of this project.
    pub(super) fn of(
        (projects, index): (&'p [FixedProject], usize),
        workspace: &Workspace,
        is_complete: bool,
        reporting: &'p Reporting,
    ) -> Self {
        let names: BTreeSet<_> = documents(workspace).map(|(_, source)| source.name()).collect();
        let shares = |it: &FixedProject| {
            documents(&it.workspace).any(|(_, source)| names.contains(source.name()))
        };
        let others = projects.iter().enumerate().filter(|(number, _)| *number != index);
        let sharing = others.map(|(_, other)| other).filter(|other| shares(other)).collect();
        Self { sharing, is_complete, reporting }
    }

    /// Removes each fix in a shared document that another project does not suggest.
    pub(super) fn retain_agreed(&self, workspace: &Workspace, findings: &mut [Finding<Location>]) {
        self.judge(workspace, findings);
    }

    /// Removes each fix in a shared document that another project does not suggest. Also adds the
    /// errors of the other projects, so that a fix that causes an error in another project is
    /// refused.
    pub(super) fn with_errors(
        &self,
        workspace: &Workspace,
        mut findings: Vec<Finding<Location>>,
    ) -> Vec<Finding<Location>> {
        let errors = self.judge(workspace, &mut findings);
        findings.extend(errors);
        findings
    }

    /// Removes each fix that another project does not suggest, and returns the errors of the other
    /// projects.
    fn judge(
        &self,
        workspace: &Workspace,
        findings: &mut [Finding<Location>],
    ) -> Vec<Finding<Location>> {
        if !self.is_complete {
            // The missing documents can use what seems to be unused.
            let unused = findings.iter_mut().filter(|finding| is_about_unused(finding.rule));
            unused.for_each(|finding| finding.fix = None);
        }
        let texts: BTreeMap<_, _> = if self.sharing.is_empty() {
            BTreeMap::new()
        } else {
            documents(workspace).map(|(_, it)| (it.name(), it.text().unwrap_or_default())).collect()
        };
        let mut errors = Vec::new();
        for other in &self.sharing {
            let found = self.found(other, &texts);
            let names = documents(&other.workspace).map(|(_, source)| source.name()).collect();
            remove_disputed(workspace, findings, (&other.workspace, &names, &found));
            let severe = found.iter().filter(|finding| finding.level == Level::Error).cloned();
            errors.extend(severe.map(|finding| Finding { fix: None, ..finding }));
        }
        errors
    }

    /// Returns the findings that another project would have if the shared documents contained these
    /// texts.
    fn found<'o>(
        &self,
        other: &'o FixedProject,
        texts: &BTreeMap<&str, &str>,
    ) -> Cow<'o, [Finding<Location>]> {
        let new = |(id, source): (SourceId, &Source)| {
            let text = *texts.get(source.name())?;
            (source.text().ok() != Some(text)).then_some((id, text))
        };
        let changed: BTreeMap<_, _> = documents(&other.workspace).filter_map(new).collect();
        if changed.is_empty() {
            return Cow::Borrowed(&other.found);
        }
        let state = fix::with_texts(&other.workspace, |source| changed.get(&source).copied());
        Cow::Owned(input::findings_everywhere(&other.input, &state, self.reporting).open)
    }
}

/// Removes each fix that changes a document of another project, unless the other project suggests
/// the same fix.
fn remove_disputed(
    workspace: &Workspace,
    findings: &mut [Finding<Location>],
    (other, names, found): (&Workspace, &BTreeSet<&str>, &[Finding<Location>]),
) {
    let mut there: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for finding in found.iter().filter(|finding| finding.fix.is_some()) {
        there.entry(key(other, finding)).or_default().push(edits(other, finding));
    }
    for finding in findings {
        let own = edits(workspace, finding);
        let is_shared = own.iter().any(|(name, ..)| names.contains(name));
        let has_same = || there.get(&key(workspace, finding)).is_some_and(|it| it.contains(&own));
        if is_shared && !has_same() {
            finding.fix = None;
        }
    }
}

/// Returns the document, rule and location of a finding.
pub(super) fn key<'w>(
    workspace: &'w Workspace,
    finding: &Finding<Location>,
) -> (&'w str, &'static str, Span) {
    let Location { source, span } = finding.place;
    (workspace.sources().source(source).name(), finding.rule.name, span)
}

/// Returns the edits of a finding with the names of their documents.
fn edits<'f>(
    workspace: &'f Workspace,
    finding: &Finding<Location>,
) -> Vec<(&'f str, Span, EditAction)> {
    let edits = finding.fix.iter().flat_map(|fix| &fix.edits);
    let named = edits.map(|edit| {
        let name = workspace.sources().source(edit.place.source).name();
        (name, edit.place.span, edit.change.clone())
    });
    named.collect()
}

fn documents(workspace: &Workspace) -> impl Iterator<Item = (SourceId, &Source)> {
    workspace.sources().iter()
}
