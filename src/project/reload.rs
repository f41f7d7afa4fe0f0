//! Reloads and checks the documents of a session.

use std::{collections::BTreeSet, io, path::Path};

use super::{Checked, Project, Session, guides::TuningGuides};
use crate::{
    boundary::Refusal,
    document,
    model::Date,
    source::Source,
    workspace::{Content, LoadError},
};

impl Project {
    /// Checks a session with documents of this project. The names of the documents must come from
    /// [`Self::display`].
    pub fn check_session(&self, session: &Session, today: Date) -> Checked {
        let mut workspace = session.workspace();
        if workspace.baseline().is_none() {
            self.add_baseline(&mut workspace);
        }
        let guides = TuningGuides::of(&workspace, self);
        let findings = self.findings(&workspace, &guides, today, &BTreeSet::new());
        Checked { workspace, findings }
    }

    /// Reads a document from the disk again. Removes the document from the session if its file no
    /// longer exists or cannot be read, or if the configuration excludes the file.
    pub fn reload(&self, session: &mut Session, path: &Path) -> Result<(), LoadError> {
        let (path, name) = (self.absolute(path), self.display(path));
        if self.excludes(&path) {
            session.remove(&name);
            return Ok(());
        }
        let limit = self.configuration.max_file_bytes;
        let (source, document) = match Content::inside(&self.boundary, &path, limit) {
            Ok(content) => content.read(name, limit, &self.configuration.vocabulary),
            Err(Refusal::Violation(violation)) => {
                (Source::new(name, ""), document::outside(violation))
            }
            Err(Refusal::Io(error)) => {
                session.remove(&name);
                let is_gone = error.kind() == io::ErrorKind::NotFound;
                return if is_gone { Ok(()) } else { Err(LoadError { path, error }) };
            }
        };
        session.set(source, document);
        Ok(())
    }
}
