//! A session of the documents of a project, on the disk and in open buffers.

use std::{io, path::Path};

use super::{Checked, Project, Session, guides::TuningGuides};
use crate::{
    boundary::Refusal,
    document,
    model::Date,
    source::Source,
    workspace::{Content, LoadError},
};

impl Project {
    /// Checks a session of documents of this project, whose names are those of [`Self::display`].
    pub fn check_session(&self, session: &Session, today: Date) -> Checked {
        let workspace = session.workspace();
        let guides = TuningGuides::of(&workspace, self);
        let findings = self.findings(&workspace, &guides, today);
        Checked { workspace, findings }
    }

    /// Reads one document again from the disk. One that is not there any more, or that the
    /// configuration leaves out, is removed.
    pub fn reload(&self, session: &mut Session, path: &Path) -> Result<(), LoadError> {
        let (path, name) = (self.absolute(path), self.display(path));
        if self.excludes(&path) {
            session.remove(&name);
            return Ok(());
        }
        let limit = self.configuration.max_file_bytes;
        let (source, document) = match Content::inside(&self.boundary, &path, limit) {
            Ok(content) => content.read(name, limit),
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
