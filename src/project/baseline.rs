//! Reads the baseline of a project: the file that `baseline` in the configuration names.

use std::{
    io,
    path::{Path, PathBuf},
};

use super::{Loaded, Project, ProjectError, normalized};
use crate::{
    boundary::{Refusal, Violation},
    finding::Finding,
    lint::{self, Findings},
    source::{Location, Source},
    workspace::{Content, Workspace},
};

impl Project {
    /// Returns the absolute path of the baseline, if the configuration names one.
    pub fn baseline_path(&self) -> Option<PathBuf> {
        let file = self.configuration.baseline.as_ref()?;
        Some(normalized(&self.root.join(file.as_str())))
    }

    /// Returns true if a path is the path of the baseline.
    pub(crate) fn is_baseline(&self, path: &Path) -> bool {
        self.baseline_path().is_some_and(|baseline| self.absolute(path) == baseline)
    }

    /// Ignores the baseline, so that no finding is accepted by it.
    pub fn ignore_baseline(&mut self) {
        self.baseline = None;
        self.ignores_baseline = true;
    }

    /// Returns the text of the baseline. `None` if the project has none, ignores it or has not read
    /// it yet.
    pub const fn baseline(&self) -> Option<&Source> {
        self.baseline.as_ref()
    }

    /// Replaces the text of the baseline, for example with the text of an open buffer. Has no effect
    /// if the configuration names no baseline, or if the project ignores it.
    pub fn set_baseline(&mut self, text: impl Into<String>) {
        if let Some(path) = self.baseline_path().filter(|_| !self.ignores_baseline) {
            self.baseline = Some(Source::new(self.display(&path), text));
        }
    }

    /// Reads the baseline again. [`Self::read`] reads it too, unless the baseline was set.
    pub fn read_baseline(&mut self) -> Result<(), ProjectError> {
        let Some(path) = self.baseline_path().filter(|_| !self.ignores_baseline) else {
            return Ok(());
        };
        let limit = self.configuration.max_file_bytes;
        match Content::inside(&self.boundary, &path, limit) {
            Ok(content) => self.set_baseline_content(content),
            Err(refusal) => Err(self.unread_baseline(&path, refusal)),
        }
    }

    fn unread_baseline(&self, path: &Path, refusal: Refusal) -> ProjectError {
        let (configuration, baseline) = (self.configuration_name(), self.display(path));
        match refusal {
            Refusal::Io(error) if error.kind() == io::ErrorKind::NotFound => {
                if path.is_symlink() {
                    ProjectError::LinkedBaseline { configuration, baseline, is_dangling: true }
                } else {
                    ProjectError::NoBaseline { configuration, baseline }
                }
            }
            Refusal::Violation(Violation::LinkToOther | Violation::LinkToUntracked) => {
                ProjectError::LinkedBaseline { configuration, baseline, is_dangling: false }
            }
            refusal @ (Refusal::Io(_) | Refusal::Violation(_)) => {
                ProjectError::Refused { name: baseline, refusal }
            }
        }
    }

    /// Replaces the text of the baseline by a file or stream. Bytes that are not UTF-8 become
    /// characters that no valid line contains.
    pub(super) fn set_baseline_content(&mut self, content: Content) -> Result<(), ProjectError> {
        match content {
            Content::Whole(bytes) => self.set_baseline(String::from_utf8_lossy(&bytes)),
            Content::TooLarge => {
                let name = self.baseline_path().map(|path| self.display(&path));
                let limit = self.configuration.max_file_bytes;
                return Err(ProjectError::TooLarge { name: name.unwrap_or_default(), limit });
            }
        }
        Ok(())
    }

    /// Adds the baseline to a workspace with documents of the project.
    pub(super) fn add_baseline(&self, workspace: &mut Workspace) {
        if let Some(source) = &self.baseline {
            workspace.set_baseline(source.clone());
        }
    }
}

impl Loaded {
    /// Returns the findings about the lines of the baseline that match none of these findings of all
    /// documents. Returns `None` if there is no baseline, or if not all documents could be read.
    pub fn unused_baseline_lines(&self, findings: &Findings) -> Option<Vec<Finding<Location>>> {
        let path = |name: &str| self.project.relative_to_root(Path::new(name));
        let configuration = &self.project.configuration;
        let unused = lint::unused_baseline_lines(&self.workspace, configuration, findings, path)?;
        self.errors.is_empty().then_some(unused)
    }
}
