//! Lists the documents that git tracks. The list is created only once, and only if it is needed.

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
    /// Creates the list for a repository. Git runs when the list is first needed.
    pub(crate) const fn new(repository: Repository) -> Self {
        Self { repository, files: OnceLock::new() }
    }

    pub(crate) const fn repository(&self) -> &Repository {
        &self.repository
    }

    /// Returns true if git can read the repository.
    pub(crate) const fn is_known(&self) -> bool {
        self.repository.is_whole()
    }

    /// Returns the error from listing the files of a readable repository.
    pub(crate) fn failure(&self) -> Option<&str> {
        let files = self.is_known().then(|| self.files.get_or_init(|| self.ask()));
        files?.as_ref().err().map(String::as_str)
    }

    /// Returns true if git tracks the file at an absolute path.
    pub(crate) fn contains(&self, file: &Path) -> bool {
        self.files().is_some_and(|files| files.contains(file))
    }

    /// Returns true if git tracks a file below the folder at an absolute path.
    pub(crate) fn contains_below(&self, folder: &Path) -> bool {
        let behind = (Bound::Excluded(folder), Bound::Unbounded);
        let next = self.files().and_then(|files| files.range::<Path, _>(behind).next());
        next.is_some_and(|file| file.starts_with(folder))
    }

    /// Returns the files with this name that git tracks, sorted.
    pub(crate) fn named(&self, name: &str) -> impl Iterator<Item = &Path> {
        let files = self.files().into_iter().flatten().map(PathBuf::as_path);
        files.filter(move |path| path.file_name().is_some_and(|found| found == name))
    }

    fn files(&self) -> Option<&BTreeSet<PathBuf>> {
        self.files.get_or_init(|| self.ask()).as_ref().ok()
    }

    fn ask(&self) -> Result<BTreeSet<PathBuf>, String> {
        let output = self.repository.git(&["ls-files", "-z", "--cached"], Vec::new());
        let output = output.map_err(|error| format!("cannot run `git`: {error}"))?;
        if !output.status.success() {
            let message = String::from_utf8_lossy(&output.stderr);
            let message = message.lines().next().unwrap_or_default().trim_start_matches("fatal: ");
            return Err(format!("git cannot list the files that it tracks: {message}"));
        }
        let paths = output.stdout.split(|byte| *byte == 0).filter(|path| path.ends_with(b".toml"));
        Ok(paths.map(|path| self.repository.work_tree.join(path_of(path))).collect())
    }
}

/// Converts a path that git prints.
#[cfg(unix)]
pub(crate) fn path_of(bytes: &[u8]) -> PathBuf {
    use std::{ffi::OsStr, os::unix::ffi::OsStrExt};
    PathBuf::from(OsStr::from_bytes(bytes))
}

/// Converts a path that git prints.
#[cfg(not(unix))]
pub(crate) fn path_of(bytes: &[u8]) -> PathBuf {
    PathBuf::from(String::from_utf8_lossy(bytes).into_owned())
}
