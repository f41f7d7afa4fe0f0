//! Applies fixes to the texts of documents, and reads a workspace with other texts.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use super::edit::{self, Replacement};
use crate::{
    document,
    document::rules::{FILE_TOO_LARGE, PATH_OUTSIDE_PROJECT},
    finding::{Edit, Finding, Fix, Rule},
    source::{Location, Source, SourceId, Sources, Span},
    toml::rules::{INVALID_UTF8, SYNTAX},
    workspace::Workspace,
};

/// The rules about documents whose text differs from their bytes.
const NOT_READ_IN_FULL: [&Rule; 3] = [&FILE_TOO_LARGE, &INVALID_UTF8, &PATH_OUTSIDE_PROJECT];

/// Returns the workspace with the texts that `text` returns for its sources. If `text` returns
/// `None`, the source is unchanged.
///
/// A document that was not read completely, such as a document that is not UTF-8, retains its
/// findings.
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
            (Some(_), _) | (None, None) => document::read_with(read, workspace.vocabulary()),
        };
        (Source::new(source.name(), read), document)
    });
    let documents = documents.collect();
    let mut changed = Workspace::with_vocabulary(documents, Arc::clone(workspace.vocabulary()))
        .partial(workspace.is_partial());
    if let Some(source) = workspace.configuration() {
        let findings = workspace.configuration_findings().iter().cloned();
        let findings = findings.map(|finding| finding.map_places(|location| location.span));
        changed.add_configuration(workspace.sources().source(source).clone(), findings.collect());
    }
    if let Some(source) = workspace.baseline() {
        changed.set_baseline(workspace.sources().source(source).clone());
    }
    changed
}

/// Returns the replacements of a fix, or `None` if the fix does not match the texts.
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
