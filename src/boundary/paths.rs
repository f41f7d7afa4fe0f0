//! Resolves and opens every file that a document, `driverc.toml` or a folder walk names.
//! A path is resolved one component at a time, and
//! the disk is never asked about a path that has left the boundary: not even whether it exists.

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

/// As many links as the system follows in one path.
const MOST_LINKS: usize = 40;

/// The folders in which files may lie.
///
/// The first is the root of the git work tree that holds the project, or the project's own root
/// without git. The command line can add others.
#[derive(Debug)]
pub struct Boundary {
    /// The work tree or the project's root, without links.
    root: PathBuf,
    /// Folders that the command line adds with `--root`, without links. Links that end below one
    /// of them are followed.
    added: Vec<PathBuf>,
    /// Paths that the command line names and that lie elsewhere, as written and without links.
    named: Vec<(PathBuf, PathBuf)>,
    tracked: Option<Arc<Tracked>>,
}

/// A path without links, and whether a link led there.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Resolved {
    pub(crate) path: PathBuf,
    pub(crate) linked: bool,
}

impl Boundary {
    /// The boundary of a project whose root is this folder.
    ///
    /// The folder must exist: otherwise no path lies inside.
    pub fn of_project(folder: &Path) -> Self {
        let written = std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned());
        let real = folder.canonicalize().unwrap_or_else(|_| written.clone());
        let repository = Repository::around(&real);
        let root = repository.as_ref().map_or(&*real, Repository::work_tree).to_owned();
        let named = if written == real { Vec::new() } else { vec![(written, real)] };
        Self { root, added: Vec::new(), named, tracked: repository.map(Tracked::new).map(Arc::new) }
    }

    /// Adds a folder below which links are followed. It must exist.
    pub fn add_root(&mut self, folder: &Path) -> io::Result<()> {
        let written = std::path::absolute(folder)?;
        let real = folder.canonicalize()?;
        if written != real {
            self.named.push((written, real.clone()));
        }
        self.added.push(real);
        Ok(())
    }

    /// Adds a file or folder that the command line names, with all that lies below it.
    ///
    /// A path inside the boundary adds nothing, unless it is a link that stays inside: what is in
    /// the work tree is not the command line's choice.
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

    /// The path with the links above its last component resolved, if that leads inside.
    fn within(&self, written: &Path) -> PathBuf {
        if self.is_inside(written) {
            return written.to_owned();
        }
        let (folder, name) = (written.parent(), written.file_name());
        let real = folder.and_then(|folder| folder.canonicalize().ok());
        let real = real.zip(name).map(|(folder, name)| folder.join(name));
        real.filter(|real| self.is_inside(real)).unwrap_or_else(|| written.to_owned())
    }

    /// The repository that holds the project, if there is one.
    pub(crate) fn repository(&self) -> Option<&Repository> {
        self.tracked.as_deref().map(Tracked::repository)
    }

    /// The documents that git tracks; none without git.
    pub(crate) const fn tracked(&self) -> Option<&Arc<Tracked>> {
        self.tracked.as_ref()
    }

    /// The root of the git work tree, or the project's own root without git.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Opens a regular file for reading, without waiting for a pipe.
    ///
    /// What was opened is compared with what lies at the resolved path, so nothing can take the
    /// file's place in between.
    pub fn open(&self, path: &Path) -> Result<File, Refusal> {
        let resolved = self.resolve(path)?;
        self.allow_link(&resolved)?;
        let file = regular::open(&resolved.path).map_err(Refusal::Io)?;
        if !file.metadata().map_err(Refusal::Io)?.is_file() {
            return Err(Refusal::Io(regular::no_file()));
        }
        let opened = regular::identity_of(&file).map_err(Refusal::Io)?;
        let unchanged = self.resolve(path)? == resolved
            && regular::identity(&resolved.path).is_ok_and(|there| there == opened);
        if unchanged { Ok(file) } else { Err(Refusal::Io(replaced())) }
    }

    /// Whether a link is followed: only to a document that git tracks, or below an added root.
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

    /// Refuses the start of a folder walk: a folder that is reached over a link, unless that is
    /// below an added root. A file may be the start, too, and is looked at once it is read.
    pub(crate) fn allow_walk(&self, path: &Path) -> Result<(), Refusal> {
        match self.resolve_folder(path) {
            Err(Refusal::Violation(Violation::LinkToFolder)) if !path.is_dir() => Ok(()),
            resolved => resolved.map(|_| ()),
        }
    }

    /// Resolves a folder that is not named on the command line: links are followed only below an
    /// added root.
    pub(crate) fn resolve_folder(&self, path: &Path) -> Result<PathBuf, Refusal> {
        let resolved = self.resolve(path)?;
        if resolved.linked && !self.is_added(&resolved.path) {
            return Err(Refusal::Violation(Violation::LinkToFolder));
        }
        Ok(resolved.path)
    }

    /// The path without links, `.` and `..`. Every component of it must exist.
    pub(crate) fn resolve(&self, path: &Path) -> Result<Resolved, Refusal> {
        let path = std::path::absolute(path).map_err(Refusal::Io)?;
        let path = self.as_named(&path);
        let mut resolved = PathBuf::new();
        let mut pending = Vec::new();
        push_components(&path, &mut pending);
        let mut links = 0;
        // A link that leads out and back depends on where the work tree lies.
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
                        return Err(Refusal::Io(io::Error::other("it leads over too many links")));
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

    /// The path below what the command line names, with the links up to there resolved.
    fn as_named(&self, path: &Path) -> PathBuf {
        let longest = self.named.iter().filter_map(|(written, real)| {
            Some((written.components().count(), real, path.strip_prefix(written).ok()?))
        });
        match longest.max_by_key(|(length, ..)| *length) {
            Some((_, real, rest)) => real.join(rest),
            None => path.to_owned(),
        }
    }

    /// Whether a path without links lies inside.
    fn holds(&self, path: &Path) -> bool {
        self.real_paths().any(|root| path.starts_with(root))
    }

    /// Returns true if links to folders are followed somewhere.
    pub(crate) const fn follows_links(&self) -> bool {
        !self.added.is_empty()
    }

    /// Whether a path without links lies below a folder that the command line adds.
    fn is_added(&self, path: &Path) -> bool {
        self.added.iter().any(|root| path.starts_with(root))
    }

    /// The folders below which files may lie.
    fn roots(&self) -> impl Iterator<Item = &PathBuf> {
        std::iter::once(&self.root).chain(&self.added)
    }

    /// The same, and what the command line names elsewhere, all without links.
    fn real_paths(&self) -> impl Iterator<Item = &PathBuf> {
        self.roots().chain(self.named.iter().map(|(_, real)| real))
    }

    /// Refuses a path without links that lies outside, or in what git keeps for itself.
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

    /// Whether a path as written lies inside, links aside.
    fn is_inside(&self, path: &Path) -> bool {
        let plain = path.components().all(|component| component != Component::ParentDir);
        plain && self.roots().any(|root| path.starts_with(root))
    }

    /// Whether a folder has one of the roots, or what is named, below it: such folders are known
    /// to be free of links.
    fn is_above(&self, folder: &Path) -> bool {
        self.real_paths().any(|path| path != folder && path.starts_with(folder))
            || self.root == folder
    }
}

/// Puts the components of a path on a stack, the first on top. An absolute path starts anew.
fn push_components(path: &Path, pending: &mut Vec<PathBuf>) {
    let components = path.components().filter(|component| *component != Component::CurDir);
    let components: Vec<_> =
        components.map(|component| PathBuf::from(component.as_os_str())).collect();
    pending.extend(components.into_iter().rev());
}

pub(super) fn replaced() -> io::Error {
    io::Error::other("it was replaced while it was opened; run again")
}
