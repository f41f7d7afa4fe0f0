//! Resolves `include`: folders, files and globs of documents.

use std::path::{Component, Path, PathBuf};

use super::{
    CONFIGURATION, DEFAULT_FOLDER, Project, ProjectError, paths::normalized, relative, spelling,
};
use crate::{
    boundary::Refusal,
    configuration::{Configuration, Glob},
    model::Prose,
    source::Source,
};

/// A folder or file to search for documents.
#[derive(Clone, Debug)]
pub(crate) struct Included {
    /// The absolute path of the folder or file.
    pub(crate) path: PathBuf,
    /// The glob that documents in the folder must match, and the folder that the glob is relative
    /// to.
    glob: Option<(Glob, PathBuf)>,
}

impl Included {
    /// Creates an entry for all documents in a folder, or for a file.
    pub(crate) const fn all(path: PathBuf) -> Self {
        Self { path, glob: None }
    }

    /// Returns true if the entry includes a document. The absolute path of the document must be
    /// below the path of the entry.
    pub(crate) fn matches(&self, path: &Path) -> bool {
        self.glob.as_ref().is_none_or(|(glob, root)| glob.matches(&relative(path, root)))
    }

    /// Returns true if the entry includes only the documents that match a glob.
    pub(crate) const fn is_glob(&self) -> bool {
        self.glob.is_some()
    }

    /// Returns the same entry with another path.
    fn at(&self, path: PathBuf) -> Self {
        Self { path, glob: self.glob.clone() }
    }
}

/// The reason why a text of `include` is not a valid glob.
pub(crate) enum GlobFault {
    /// The pattern has a syntax error, which the text describes.
    Invalid(String),
    /// The pattern matches paths outside the folder of the configuration.
    Outside,
}

/// Returns each text of a configuration's `include` with its entry.
///
/// A text with special characters is a glob, unless it is the path of a folder or file.
pub(crate) fn included<'c>(
    configuration: &'c Configuration,
    root: &'c Path,
    exists: impl Fn(&Path) -> bool + 'c,
) -> impl Iterator<Item = (&'c str, Result<Included, GlobFault>)> {
    let include = configuration.include.as_deref().map(|paths| paths.iter().map(Prose::as_str));
    let default = configuration.include.is_none().then_some(DEFAULT_FOLDER);
    let names = include.into_iter().flatten().chain(default);
    names.map(move |name| {
        let path = normalized(&root.join(name));
        let is_glob = Glob::is_special(name) && !exists(&path);
        (name, if is_glob { of_glob(name, root) } else { Ok(Included::all(path)) })
    })
}

fn of_glob(name: &str, root: &Path) -> Result<Included, GlobFault> {
    let leaves = |component| !matches!(component, Component::Normal(_) | Component::CurDir);
    if Path::new(name).components().any(leaves) {
        return Err(GlobFault::Outside);
    }
    let glob = Glob::new(name).map_err(|reason| GlobFault::Invalid(reason.to_string()))?;
    let path = normalized(&root.join(Glob::literal_folder(name)));
    Ok(Included { path, glob: Some((glob, root.to_owned())) })
}

impl Project {
    /// Returns the folders and files that the project includes. A glob that matches nothing is not
    /// an error.
    pub(super) fn included(&self) -> Result<Vec<Included>, ProjectError> {
        let mut inputs = Vec::new();
        let entries = included(&self.configuration, &self.root, |path| self.is_there(path));
        for (name, entry) in entries {
            let entry = entry.map_err(|fault| self.invalid_glob(name, fault))?;
            // Must not resolve links outside the boundary, unlike paths of the command line.
            let path = spelling::spelled(entry.path.clone(), &self.root, spelling::is_same);
            if self.exists(&path)? {
                inputs.push(entry.at(path));
            } else if self.configuration.include.is_some() && !entry.is_glob() {
                let (configuration, path) = (self.configuration_name(), name.to_owned());
                return Err(ProjectError::NotThere { configuration, path });
            }
        }
        Ok(inputs)
    }

    fn invalid_glob(&self, glob: &str, fault: GlobFault) -> ProjectError {
        let (configuration, glob) = (self.configuration_name(), glob.to_owned());
        match fault {
            GlobFault::Invalid(reason) => ProjectError::InvalidGlob { configuration, glob, reason },
            GlobFault::Outside => ProjectError::GlobOutside { configuration, glob },
        }
    }

    pub(super) fn configuration_name(&self) -> String {
        self.configuration_source().map_or(CONFIGURATION, Source::name).to_owned()
    }

    fn is_there(&self, path: &Path) -> bool {
        self.boundary.allow_walk(path).is_ok()
    }

    /// Returns true if a path from the configuration exists. Fails if the path is outside the
    /// boundary.
    fn exists(&self, path: &Path) -> Result<bool, ProjectError> {
        match self.boundary.allow_walk(path) {
            Ok(()) => Ok(true),
            Err(Refusal::Io(_)) => Ok(false),
            Err(refusal @ Refusal::Violation(_)) => {
                Err(ProjectError::Refused { name: self.display(path), refusal })
            }
        }
    }

    /// Returns true if the configuration includes a document.
    pub(crate) fn includes(&self, path: &Path) -> bool {
        let path = self.absolute(path);
        let entries = self.included().unwrap_or_default();
        let is_in = |it: &Included| path.starts_with(self.absolute(&it.path)) && it.matches(&path);
        !self.excludes(&path) && !self.is_of_nested(&path) && entries.iter().any(is_in)
    }

    /// Returns the paths and globs that the project includes, relative to the working directory.
    pub(super) fn included_names(&self) -> Vec<String> {
        let entries = included(&self.configuration, &self.root, |path| self.is_there(path));
        entries.map(|(name, _)| self.display(&self.root.join(name))).collect()
    }
}
