//! Resolves and opens files of a project inside its boundary.
//!
//! Resolves paths one component at a time. Never accesses the disk for a path outside the boundary,
//! not even to check whether it exists.

use std::{
    ffi::OsStr,
    fs::{self, File},
    io,
    path::{Component, Path, PathBuf},
    sync::Arc,
};

use super::{Refusal, Violation};
use crate::{
    repository::{self, Repository, Tracked},
    source::regular,
};

/// The maximum number of links to follow in one path.
const MOST_LINKS: usize = 40;

/// The folders from which a project can read files.
///
/// The first folder is the root of the git work tree or, without git, of the project. The command
/// line can add folders.
#[derive(Clone, Debug)]
pub struct Boundary {
    /// The root of the work tree or of the project, with all links resolved.
    root: PathBuf,
    /// The folders that `--root` adds, with all links resolved. Links into these folders are
    /// followed.
    added: Vec<PathBuf>,
    /// The paths that the command line names, if they are outside the root and the added folders.
    /// Each path is stored twice: as written, and with all links resolved.
    named: Vec<(PathBuf, PathBuf)>,
    tracked: Option<Arc<Tracked>>,
}

/// A path with all links resolved.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Resolved {
    pub(crate) path: PathBuf,
    /// Whether the original path contained a link.
    pub(crate) linked: bool,
}

impl Boundary {
    /// Creates the boundary of the project with this root.
    ///
    /// If the folder does not exist, no path is inside the boundary.
    pub fn of_project(folder: &Path) -> Self {
        let written = std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned());
        let real = folder.canonicalize().unwrap_or_else(|_| written.clone());
        let repository = Repository::around(&real);
        let root = repository.as_ref().map_or(&*real, Repository::work_tree).to_owned();
        let named = if written == real { Vec::new() } else { vec![(written, real)] };
        Self { root, added: Vec::new(), named, tracked: repository.map(Tracked::new).map(Arc::new) }
    }

    /// Adds a folder, which must exist. Links into this folder are followed.
    pub fn add_root(&mut self, folder: &Path) -> io::Result<()> {
        let written = std::path::absolute(folder)?;
        let real = folder.canonicalize()?;
        if written != real {
            self.named.push((written, real.clone()));
        }
        self.added.push(real);
        Ok(())
    }

    /// Adds a file or folder from the command line, with everything below it.
    ///
    /// A path that is already inside the boundary adds nothing, unless it is a link to a path
    /// inside the boundary. Links in the work tree are not trusted, even if the command line names
    /// them.
    pub fn add_named(&mut self, path: &Path) -> Result<(), Refusal> {
        let written = std::path::absolute(path).map_err(Refusal::Io)?;
        let within = self.within(&written);
        if !self.is_inside(&within) {
            let real = path.canonicalize().map_err(Refusal::Io)?;
            self.named.push((written, real));
            return Ok(());
        }
        let resolved = self.resolve(&within)?;
        if resolved.linked || within != written {
            self.named.push((written, resolved.path));
        }
        Ok(())
    }

    /// Returns a path with the links of its parent folder resolved. Returns the path unchanged if
    /// the result would be outside the boundary.
    fn within(&self, written: &Path) -> PathBuf {
        if self.is_inside(written) {
            return written.to_owned();
        }
        let (folder, name) = (written.parent(), written.file_name());
        let real = folder.and_then(|folder| folder.canonicalize().ok());
        let real = real.zip(name).map(|(folder, name)| folder.join(name));
        real.filter(|real| self.is_inside(real)).unwrap_or_else(|| written.to_owned())
    }

    /// Returns the git repository of the project.
    pub(crate) fn repository(&self) -> Option<&Repository> {
        self.tracked.as_deref().map(Tracked::repository)
    }

    /// Returns the documents that git tracks, or `None` if there is no git repository.
    pub(crate) const fn tracked(&self) -> Option<&Arc<Tracked>> {
        self.tracked.as_ref()
    }

    /// Returns the root of the git work tree or, without git, of the project.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Opens a regular file for reading, without blocking on a pipe.
    ///
    /// Fails if another file replaces the file while the path is resolved and opened.
    pub fn open(&self, path: &Path) -> Result<File, Refusal> {
        let resolved = self.resolve(path)?;
        self.allow_link(&resolved)?;
        let file = regular::open(&resolved.path).map_err(Refusal::Io)?;
        let metadata = file.metadata().map_err(Refusal::Io)?;
        if metadata.is_dir() {
            return Err(Refusal::Io(io::Error::other("it is a folder")));
        }
        if !metadata.is_file() {
            return Err(Refusal::Io(regular::no_file()));
        }
        let opened = regular::identity_of(&file).map_err(Refusal::Io)?;
        let unchanged = self.resolve(path)? == resolved
            && regular::identity(&resolved.path).is_ok_and(|there| there == opened);
        if unchanged { Ok(file) } else { Err(Refusal::Io(replaced())) }
    }

    /// Fails if a path that the project names as an output is outside the boundary. The path must be
    /// absolute and without `..`. Its links are not resolved, because outputs never follow links.
    pub(crate) fn allow_output(&self, path: &Path) -> Result<(), Refusal> {
        self.refuse(&self.as_named(path))
    }

    /// Refuses a link, unless its target is a document that git tracks, or is below an added root.
    fn allow_link(&self, resolved: &Resolved) -> Result<(), Refusal> {
        let path = &resolved.path;
        if !resolved.linked || self.is_added(path) {
            return Ok(());
        }
        if path.extension() != Some(OsStr::new("toml")) {
            return Err(Refusal::Violation(Violation::LinkToOther));
        }
        match &self.tracked {
            Some(tracked) if tracked.is_known() && !tracked.contains(path) => {
                Err(Refusal::Violation(Violation::LinkToUntracked))
            }
            Some(_) | None => Ok(()),
        }
    }

    /// Fails if a folder walk must not start at a path, because a link in the path leads to a
    /// folder that is not below an added root. A walk can start at any file: the file is checked
    /// when it is opened.
    pub(crate) fn allow_walk(&self, path: &Path) -> Result<(), Refusal> {
        match self.resolve_folder(path) {
            Err(Refusal::Violation(Violation::LinkToFolder)) if !path.is_dir() => Ok(()),
            resolved => resolved.map(|_| ()),
        }
    }

    /// Resolves a folder that the command line does not name. Follows links only below an added
    /// root.
    pub(crate) fn resolve_folder(&self, path: &Path) -> Result<PathBuf, Refusal> {
        let resolved = self.resolve(path)?;
        if resolved.linked && !self.is_added(&resolved.path) {
            return Err(Refusal::Violation(Violation::LinkToFolder));
        }
        Ok(resolved.path)
    }

    /// Resolves links, `.` and `..` in a path. Every component must exist.
    pub(crate) fn resolve(&self, path: &Path) -> Result<Resolved, Refusal> {
        let path = std::path::absolute(path).map_err(Refusal::Io)?;
        let path = self.as_named(&path);
        let mut resolved = PathBuf::new();
        let mut pending = Vec::new();
        push_components(&path, &mut pending);
        let mut links = 0;
        // A link out of the boundary and back would depend on the location of the work tree.
        let mut left = false;
        while let Some(component) = pending.pop() {
            if component == Path::new("..") {
                resolved.pop();
                left |= links > 0 && !self.holds(&resolved);
                continue;
            }
            let next = resolved.join(&component);
            if !self.is_above(&next) {
                self.refuse(&next)?;
                let metadata = fs::symlink_metadata(&next).map_err(Refusal::Io)?;
                if metadata.is_symlink() {
                    links += 1;
                    if links > MOST_LINKS {
                        return Err(Refusal::Io(io::Error::other("it has too many links")));
                    }
                    let target = fs::read_link(&next).map_err(Refusal::Io)?;
                    left |= target.has_root();
                    push_components(&target, &mut pending);
                    continue;
                }
            }
            resolved = next;
        }
        self.refuse(&resolved)?;
        if left && !self.is_added(&resolved) {
            return Err(Refusal::Violation(Violation::Outside));
        }
        Ok(Resolved { path: resolved, linked: links > 0 })
    }

    /// Resolves the links in the longest prefix of a path that the command line names.
    fn as_named(&self, path: &Path) -> PathBuf {
        let longest = self.named.iter().filter_map(|(written, real)| {
            Some((written.components().count(), real, path.strip_prefix(written).ok()?))
        });
        match longest.max_by_key(|(length, ..)| *length) {
            Some((_, real, rest)) => real.join(rest),
            None => path.to_owned(),
        }
    }

    /// Returns true if a path whose links are resolved is inside the boundary.
    fn holds(&self, path: &Path) -> bool {
        self.real_paths().any(|root| path.starts_with(root))
    }

    /// Returns true if `--root` adds a folder, so that driverc follows links into it.
    pub(crate) const fn follows_links(&self) -> bool {
        !self.added.is_empty()
    }

    /// Returns true if a path whose links are resolved is below a folder that `--root` adds.
    fn is_added(&self, path: &Path) -> bool {
        self.added.iter().any(|root| path.starts_with(root))
    }

    /// Returns the root and the folders that `--root` adds.
    fn roots(&self) -> impl Iterator<Item = &PathBuf> {
        std::iter::once(&self.root).chain(&self.added)
    }

    /// Returns the root, the added folders and the paths that the command line names. All links in
    /// these paths are resolved.
    fn real_paths(&self) -> impl Iterator<Item = &PathBuf> {
        self.roots().chain(self.named.iter().map(|(_, real)| real))
    }

    /// Fails if a path whose links are resolved is outside the boundary or in the git directory.
    fn refuse(&self, path: &Path) -> Result<(), Refusal> {
        if !self.holds(path) {
            return Err(Refusal::Violation(Violation::Outside));
        }
        let keeps = self.repository().is_some_and(|repository| repository.keeps(path));
        if keeps || path.file_name().is_some_and(repository::is_entry) {
            return Err(Refusal::Violation(Violation::Git));
        }
        Ok(())
    }

    /// Returns true if a path is inside a root, without resolving its links.
    fn is_inside(&self, path: &Path) -> bool {
        let plain = path.components().all(|component| component != Component::ParentDir);
        plain && self.roots().any(|root| path.starts_with(root))
    }

    /// Returns true if a folder contains one of the [`real_paths`](Self::real_paths), or is the
    /// root. A path to such a folder contains no links.
    fn is_above(&self, folder: &Path) -> bool {
        self.real_paths().any(|path| path != folder && path.starts_with(folder))
            || self.root == folder
    }
}

/// Pushes the components of a path onto a stack, the first on top.
fn push_components(path: &Path, pending: &mut Vec<PathBuf>) {
    let components = path.components().filter(|component| *component != Component::CurDir);
    let components: Vec<_> =
        components.map(|component| PathBuf::from(component.as_os_str())).collect();
    pending.extend(components.into_iter().rev());
}

pub(super) fn replaced() -> io::Error {
    io::Error::other("it was replaced while it was opened; run again")
}
