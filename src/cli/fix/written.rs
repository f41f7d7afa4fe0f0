//! Writes the fixed documents to their files.

use std::collections::{BTreeMap, BTreeSet};

use super::{Change, FixedProject};
use crate::{
    cli::{
        Outcome,
        failure::say,
        output::{self, Writer},
    },
    fix,
    workspace::Workspace,
};

/// The results of writing the changed files.
pub(super) struct Written<'p> {
    pub(super) outcome: Outcome,
    /// The documents that this run did not write.
    pub(super) missed: BTreeSet<&'p str>,
    /// The unwritten documents whose files still have their original content.
    pub(super) unchanged: BTreeSet<&'p str>,
}

impl<'p> Written<'p> {
    /// Writes every changed file. If a file cannot be written, reports it and continues.
    pub(super) fn of(changes: &[Change<'p>]) -> Self {
        let (missed, unchanged) = Default::default();
        let mut written = Self { outcome: Outcome::Clean, missed, unchanged };
        let files = || changes.iter().filter(|change| !change.is_overlay);
        output::remove_left_over(files().map(|change| change.path));
        for change in files() {
            written.add(change);
        }
        written
    }

    fn add(&mut self, change: &Change<'p>) {
        let path = change.path;
        let is_link = path.symlink_metadata().is_ok_and(|existing| existing.is_symlink());
        match output::renew(path, change.before.as_bytes(), change.after.as_bytes()) {
            Ok(Writer::This) if is_link => {
                say(format_args!("`{}` was a link and is now a file", change.name));
            }
            Ok(Writer::This) => {}
            Ok(Writer::Other) => {
                self.missed.insert(change.name);
            }
            Err(failure) => {
                say(format_args!("error: {failure}"));
                self.missed.insert(change.name);
                self.unchanged.insert(change.name);
                self.outcome = Outcome::Incomplete;
            }
        }
    }

    /// Returns the number of fixes whose documents were all written.
    pub(super) fn number_of_whole(&self, projects: &[FixedProject]) -> usize {
        let is_whole =
            |names: &&BTreeSet<String>| !names.iter().any(|name| self.missed.contains(&**name));
        projects.iter().flat_map(|project| &project.changed).filter(is_whole).count()
    }

    /// Returns the documents with the current content of their files: a document that could not be
    /// written gets its original text again. Returns `None` if there is no such document.
    pub(super) fn workspace(
        &self,
        FixedProject { workspace, before, .. }: &FixedProject,
    ) -> Option<Workspace> {
        if self.unchanged.is_empty() {
            return None;
        }
        let sources = workspace.sources().iter().zip(before);
        let unchanged = sources.filter(|((_, source), _)| self.unchanged.contains(source.name()));
        let texts: BTreeMap<_, _> = unchanged.map(|((id, _), before)| (id, &**before)).collect();
        Some(fix::with_texts(workspace, |source| texts.get(&source).copied()))
    }
}
