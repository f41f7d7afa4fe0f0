//! The documents that git tracks, asked for once and only where the answer decides something.

use std::{
    collections::BTreeSet,
    ops::Bound,
    path::{Path, PathBuf},
    sync::OnceLock,
};

use super::Repository;

/// The `*.toml` files in the index of a repository.
#[derive(Debug)]
pub(crate) struct Tracked {
    repository: Repository,
    files: OnceLock<Result<BTreeSet<PathBuf>, String>>,
}

impl Tracked {
    /// Those of this repository, which are not read yet.
    pub(crate) const fn new(repository: Repository) -> Self {
        Self { repository, files: OnceLock::new() }
    }

    pub(crate) const fn repository(&self) -> &Repository {
        &self.repository
    }

    /// Whether git can say what it tracks.
    pub(crate) const fn is_known(&self) -> bool {
        self.repository.is_whole()
    }

    /// Why git cannot say what it tracks in its repository, if that is so.
    pub(crate) fn failure(&self) -> Option<&str> {
        let files = self.is_known().then(|| self.files.get_or_init(|| self.ask()));
        files?.as_ref().err().map(String::as_str)
    }

    /// Whether git tracks a file, named by its absolute path.
    pub(crate) fn contains(&self, file: &Path) -> bool {
        self.files().is_some_and(|files| files.contains(file))
    }

    /// Whether git tracks a file below a folder, named by its absolute path.
    pub(crate) fn contains_below(&self, folder: &Path) -> bool {
        let behind = (Bound::Excluded(folder), Bound::Unbounded);
        let next = self.files().and_then(|files| files.range::<Path, _>(behind).next());
        next.is_some_and(|file| file.starts_with(folder))
    }

    fn files(&self) -> Option<&BTreeSet<PathBuf>> {
        self.files.get_or_init(|| self.ask()).as_ref().ok()
    }

    fn ask(&self) -> Result<BTreeSet<PathBuf>, String> {
        let output = self.repository.git(&["ls-files", "-z", "--cached"], Vec::new());
        let output = output.map_err(|error| format!("cannot run `git`: {error}"))?;
        if !output.status.success() {
            let said = String::from_utf8_lossy(&output.stderr);
            let said = said.lines().next().unwrap_or_default().trim_start_matches("fatal: ");
            return Err(format!("git cannot list the files that it tracks: {said}"));
        }
        let paths = output.stdout.split(|byte| *byte == 0).filter(|path| path.ends_with(b".toml"));
        Ok(paths.map(|path| self.repository.work_tree.join(path_of(path))).collect())
    }
}

/// A path as git writes it.
#[cfg(unix)]
pub(crate) fn path_of(bytes: &[u8]) -> PathBuf {
    use std::{ffi::OsStr, os::unix::ffi::OsStrExt};
    PathBuf::from(OsStr::from_bytes(bytes))
}

/// A path as git writes it.
#[cfg(not(unix))]
pub(crate) fn path_of(bytes: &[u8]) -> PathBuf {
    PathBuf::from(String::from_utf8_lossy(bytes).into_owned())
}
