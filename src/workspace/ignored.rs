//! Skips files that `.gitignore` matches, except files that git tracks.

use std::{
    borrow::Cow,
    fs, io,
    path::{Path, PathBuf, absolute},
    sync::{Arc, Mutex, PoisonError},
};

use ignore::{
    DirEntry, WalkBuilder,
    gitignore::{Gitignore, GitignoreBuilder},
};

use super::error::LoadError;
use crate::{
    boundary::Boundary,
    repository::{Repository, Tracked},
    source::regular,
};

const NAME: &str = ".gitignore";
/// The maximum size of a `.gitignore` file, in bytes.
const MOST_BYTES: u64 = 1 << 24;

/// The errors of folders that a walk skips because their patterns cannot be read.
#[derive(Clone, Default)]
pub(super) struct UnreadFolders {
    errors: Arc<Mutex<Vec<LoadError>>>,
}

impl UnreadFolders {
    /// Makes a walk skip ignored files, and skip folders whose patterns cannot be read. Fails if
    /// the patterns of the walked folder or its parents cannot be read.
    pub(super) fn of_walk(
        walk: &mut WalkBuilder,
        folder: &Path,
        boundary: &Boundary,
    ) -> Result<Self, LoadError> {
        let left_out = Self::default();
        let Some(levels) = Levels::above(folder, boundary)? else { return Ok(left_out) };
        let (levels, errors) = (Mutex::new(levels), left_out.clone());
        walk.filter_entry(move |entry| {
            let mut levels = levels.lock().unwrap_or_else(PoisonError::into_inner);
            levels.keep(entry).unwrap_or_else(|error| {
                errors.push(error);
                false
            })
        });
        Ok(left_out)
    }

    fn push(&self, error: LoadError) {
        self.errors.lock().unwrap_or_else(PoisonError::into_inner).push(error);
    }

    /// Removes the errors and returns them.
    pub(super) fn errors(&self) -> Vec<LoadError> {
        std::mem::take(&mut self.errors.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// The patterns that apply to the current entry of a walk.
struct Levels {
    /// The path of the walked folder as written, and its path with all links resolved. `None` if
    /// the two paths are equal.
    linked: Option<(PathBuf, PathBuf)>,
    tracked: Arc<Tracked>,
    /// The depth of the walked folder below the root of the work tree: 0 if the walked folder is
    /// the root.
    above: usize,
    stack: Vec<Level>,
    /// Whether a failure of git was already reported.
    failed: bool,
}

/// The patterns of one folder.
struct Level {
    patterns: Option<Gitignore>,
    /// Whether the folder is ignored, with everything in it that git does not track.
    ignored: bool,
}

impl Levels {
    /// Reads the patterns of the walked folder and its parents. Returns `None` if there is no git
    /// repository.
    fn above(folder: &Path, boundary: &Boundary) -> Result<Option<Self>, LoadError> {
        let Ok(real) = folder.canonicalize() else { return Ok(None) };
        let Some(tracked) = tracked(&real, boundary) else { return Ok(None) };
        let mut current = tracked.repository().work_tree().to_owned();
        let Ok(below) = real.strip_prefix(&current) else { return Ok(None) };
        let (mut stack, above) = (Vec::new(), below.components().count());
        for component in below.components().map(Some).chain([None]) {
            stack.push(Level { patterns: patterns(&current)?, ignored: false });
            current.extend(component);
        }
        Ok(Some(Self {
            linked: (folder != real).then(|| (folder.to_owned(), real.clone())),
            tracked,
            above,
            stack,
            failed: false,
        }))
    }

    /// Returns true if the walk includes an entry.
    fn keep(&mut self, entry: &DirEntry) -> Result<bool, LoadError> {
        self.stack.truncate(self.above + entry.depth());
        let is_folder = entry.file_type().is_some_and(|kind| kind.is_dir());
        let ignored = self.ignores(entry.path(), is_folder);
        if ignored && !self.tracks(entry.path(), is_folder) {
            let Some(failure) = self.tracked.failure().filter(|_| !self.failed) else {
                return Ok(false);
            };
            // Reports only the first file, because every ignored file would fail.
            let error = io::Error::other(failure.to_owned());
            self.failed = true;
            return Err(LoadError { path: entry.path().to_owned(), error });
        }
        if is_folder {
            let patterns = patterns(entry.path())?;
            self.stack.push(Level { patterns, ignored });
        }
        Ok(true)
    }

    fn ignores(&self, path: &Path, is_folder: bool) -> bool {
        if self.stack.last().is_some_and(|level| level.ignored) {
            return true;
        }
        if self.stack.iter().all(|level| level.patterns.is_none()) {
            return false;
        }
        let path = self.real(path);
        let patterns = self.stack.iter().rev().filter_map(|level| level.patterns.as_ref());
        let decisive = patterns.map(|patterns| patterns.matched(&path, is_folder));
        decisive.into_iter().find(|found| !found.is_none()).is_some_and(|found| found.is_ignore())
    }

    fn tracks(&self, path: &Path, is_folder: bool) -> bool {
        let path = self.real(path);
        if is_folder { self.tracked.contains_below(&path) } else { self.tracked.contains(&path) }
    }

    /// Returns the path of an entry with all links resolved. Only the path of the walked folder
    /// itself can contain links.
    fn real<'p>(&self, path: &'p Path) -> Cow<'p, Path> {
        let linked = self.linked.as_ref();
        let below = linked.and_then(|(walked, real)| Some((real, path.strip_prefix(walked).ok()?)));
        below.map_or(Cow::Borrowed(path), |(real, below)| Cow::Owned(real.join(below)))
    }
}

/// Returns the files that git tracks in the work tree that contains a folder. Returns `None` if
/// there is no git repository.
fn tracked(folder: &Path, boundary: &Boundary) -> Option<Arc<Tracked>> {
    let repository = Repository::around(folder)?;
    match boundary.tracked() {
        Some(tracked) if *tracked.repository() == repository => Some(Arc::clone(tracked)),
        Some(_) | None => Some(Arc::new(Tracked::new(repository))),
    }
}

/// Reads the patterns of one folder. Ignores a `.gitignore` that is a link, as git does.
fn patterns(folder: &Path) -> Result<Option<Gitignore>, LoadError> {
    let path = folder.join(NAME);
    let failed = |error| LoadError { path: path.clone(), error };
    match fs::symlink_metadata(&path) {
        Ok(metadata) if metadata.is_dir() || metadata.is_symlink() => return Ok(None),
        Ok(metadata) if !metadata.is_file() => return Err(failed(regular::no_file())),
        Ok(metadata) if metadata.len() > MOST_BYTES => {
            return Err(failed(io::Error::other("it is larger than 16 MiB")));
        }
        Ok(_) => {}
        Err(_) => return Ok(None),
    }
    let mut bytes = Vec::new();
    regular::read(&path, MOST_BYTES, &mut bytes).map_err(failed)?;
    let text = String::from_utf8_lossy(&bytes);
    let real = folder.canonicalize().or_else(|_| absolute(folder)).map_err(failed)?;
    let mut builder = GitignoreBuilder::new(real);
    for line in text.trim_start_matches('\u{feff}').lines() {
        // Like git, skips lines that are not valid patterns.
        _ = builder.add_line(None, line);
    }
    Ok(builder.build().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folder_named_gitignore_is_ignored() {
        let folder = tempfile::tempdir().unwrap();
        let read = || patterns(folder.path()).unwrap().is_some();
        assert!(!read());
        fs::create_dir(folder.path().join(NAME)).unwrap();
        assert!(!read());
        fs::remove_dir(folder.path().join(NAME)).unwrap();
        fs::write(folder.path().join(NAME), "a\n").unwrap();
        assert!(read());
    }
}
