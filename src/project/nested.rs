//! Separates the documents of a project from the documents of projects in its folders.

use std::{
    collections::BTreeMap,
    path::{self, Path, PathBuf},
};

use super::{CONFIGURATION, Project, ProjectError, is_configuration};
use crate::{document::Document, source::Source};

impl Project {
    /// Returns true if a document belongs to another project of the run.
    pub(super) fn is_of_nested(&self, path: &Path) -> bool {
        if self.nested.is_empty() {
            return false;
        }
        let path = self.absolute(path);
        self.nested.iter().any(|folder| path.starts_with(folder))
    }

    /// Fails if `include` reads a document below a folder that has its own configuration. `named`
    /// contains the documents that the command line names.
    pub(super) fn refuse_nested(
        &self,
        documents: &[(Source, Document)],
        named: &[PathBuf],
    ) -> Result<(), ProjectError> {
        let mut configured = BTreeMap::new();
        // Most documents are in the same folder as the one before.
        let mut last = None;
        for (source, _) in documents {
            let folder = source.name().rfind(path::is_separator).map(|end| &source.name()[..end]);
            if last == Some(folder) {
                continue;
            }
            let path = self.absolute(Path::new(source.name()));
            let Some(folder) = path.parent().and_then(|it| self.nested_in(it, &mut configured))
            else {
                last = Some(folder);
                continue;
            };
            if !named.contains(&path) {
                return Err(ProjectError::NestedProject {
                    outer: self.configuration_source().map(|outer| outer.name().to_owned()),
                    document: source.name().to_owned(),
                    inner: self.display(&folder.join(CONFIGURATION)),
                    folder: super::relative(&folder, &self.root),
                });
            }
        }
        Ok(())
    }

    /// Returns the nearest folder that has its own configuration, from `folder` upwards and below
    /// the root.
    fn nested_in(
        &self,
        folder: &Path,
        known: &mut BTreeMap<PathBuf, Option<PathBuf>>,
    ) -> Option<PathBuf> {
        if folder == self.root || !folder.starts_with(&self.root) {
            return None;
        }
        if let Some(known) = known.get(folder) {
            return known.clone();
        }
        let found = if is_configuration(&folder.join(CONFIGURATION)) {
            Some(folder.to_owned())
        } else {
            folder.parent().and_then(|parent| self.nested_in(parent, known))
        };
        known.insert(folder.to_owned(), found.clone());
        found
    }
}
