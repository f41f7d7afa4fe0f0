//! Which files `.gitignore` leaves out of a walk: as in git, never one that git tracks.

use std::{
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
/// Far more than any list of patterns.
const MOST_BYTES: u64 = 1 << 24;

/// The folders that were left out because nothing can read their patterns; safe to fill during a
/// walk.
#[derive(Clone, Default)]
pub(super) struct LeftOut {
    errors: Arc<Mutex<Vec<LoadError>>>,
}

impl LeftOut {
    /// Leaves ignored files out of a walk, and every folder whose patterns cannot be read. Those
    /// of the walked folder and of the folders above it must be readable.
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

    /// Why they were left out.
    pub(super) fn errors(&self) -> Vec<LoadError> {
        std::mem::take(&mut self.errors.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// The patterns of the folders around the entry that a walk has come to.
struct Levels {
    /// The folder that is walked, as the walk names it and without links.
    walked: (PathBuf, PathBuf),
    tracked: Arc<Tracked>,
    /// The folders above the walked one, from the root of the work tree on.
    above: usize,
    stack: Vec<Level>,
    /// Whether it was said that git does not answer.
    failed: bool,
}

/// One folder.
struct Level {
    patterns: Option<Gitignore>,
    /// Whether the folder itself is ignored, and what git does not track in it, too.
    ignored: bool,
}

impl Levels {
    /// Those of the walked folder and the folders above it; none without git.
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
            walked: (folder.to_owned(), real.clone()),
            tracked,
            above,
            stack,
            failed: false,
        }))
    }

    /// Whether the walk goes on with an entry below the walked folder.
    fn keep(&mut self, entry: &DirEntry) -> Result<bool, LoadError> {
        self.stack.truncate(self.above + entry.depth());
        let is_folder = entry.file_type().is_some_and(|kind| kind.is_dir());
        let ignored = self.ignores(entry.path(), is_folder);
        if ignored && !self.tracks(entry.path(), is_folder) {
            let Some(failure) = self.tracked.failure().filter(|_| !self.failed) else {
                return Ok(false);
            };
            // Once is enough: the file may be a contract, or not.
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

    /// The path without links of an entry, in which only the walked folder's own path has any.
    fn real(&self, path: &Path) -> PathBuf {
        let (walked, real) = &self.walked;
        path.strip_prefix(walked).map_or_else(|_| path.to_owned(), |below| real.join(below))
    }
}

/// What git tracks in the work tree around a folder; none without git.
fn tracked(folder: &Path, boundary: &Boundary) -> Option<Arc<Tracked>> {
    let repository = Repository::around(folder)?;
    match boundary.tracked() {
        Some(tracked) if *tracked.repository() == repository => Some(Arc::clone(tracked)),
        Some(_) | None => Some(Arc::new(Tracked::new(repository))),
    }
}

/// The patterns of one folder. As in git, a link is no list of patterns.
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
        // As in git, a line that is no pattern matches nothing.
        _ = builder.add_line(None, line);
    }
    Ok(builder.build().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_and_folders_are_no_patterns() {
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
