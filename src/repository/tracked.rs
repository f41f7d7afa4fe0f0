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
    files: OnceLock<BTreeSet<PathBuf>>,
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

    /// Whether git tracks a file, named by its absolute path.
    pub(crate) fn contains(&self, file: &Path) -> bool {
        self.files().contains(file)
    }

    /// Whether git tracks a file below a folder, named by its absolute path.
    pub(crate) fn contains_below(&self, folder: &Path) -> bool {
        let behind = (Bound::Excluded(folder), Bound::Unbounded);
        let next = self.files().range::<Path, _>(behind).next();
        next.is_some_and(|file| file.starts_with(folder))
    }

    /// Where git cannot be run, or cannot read its index, it tracks nothing.
    fn files(&self) -> &BTreeSet<PathBuf> {
        self.files.get_or_init(|| {
            let output = self.repository.git(&["ls-files", "-z", "--cached"], Vec::new());
            let Ok(output) = output.map(|output| output.stdout) else { return BTreeSet::new() };
            let paths = output.split(|byte| *byte == 0).filter(|path| path.ends_with(b".toml"));
            paths.map(|path| self.repository.work_tree.join(path_of(path))).collect()
        })
    }
}

/// A path as git writes it.
#[cfg(unix)]
fn path_of(bytes: &[u8]) -> PathBuf {
    use std::{ffi::OsStr, os::unix::ffi::OsStrExt};
    PathBuf::from(OsStr::from_bytes(bytes))
}

/// A path as git writes it.
#[cfg(not(unix))]
fn path_of(bytes: &[u8]) -> PathBuf {
    PathBuf::from(String::from_utf8_lossy(bytes).into_owned())
}
