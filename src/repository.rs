//! Finds the git repository of a project and reads it with the `git` binary.
//!
//! Only reads: git runs no hooks or filters, takes no locks and uses no network. Its arguments name
//! the repository, so files and environment variables cannot select another one.

mod tracked;

use std::{
    env,
    ffi::{OsStr, OsString},
    fs, io,
    io::Write,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
    thread,
};

pub(crate) use self::tracked::{Tracked, path_of};

/// The name of the git directory, or of the file that names it, in a work tree.
const ENTRY: &str = ".git";
/// A file that every repository has.
const HEAD: &str = "HEAD";
/// The file of a shallow clone that lists commits.
const SHALLOW: &str = "shallow";
/// The start of a `.git` file.
const LINK: &str = "gitdir:";
/// The maximum size of a `.git` file, which contains one path.
const MOST_LINK_BYTES: u64 = 1 << 16;

/// An empty configuration file.
const NOWHERE: &str = if cfg!(windows) { "NUL" } else { "/dev/null" };

/// Options that keep git from running programs of the repository.
const QUIET: [&str; 5] =
    ["--no-pager", "-c", "core.hooksPath=/dev/null", "-c", "core.fsmonitor=false"];

/// A repository with a work tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Repository {
    work_tree: PathBuf,
    /// The git directory of the work tree, with `HEAD` and the index.
    git_dir: PathBuf,
    /// The git directory that all work trees share, with objects and branches.
    common_dir: PathBuf,
    /// Whether git can read the repository.
    is_whole: bool,
}

impl Repository {
    /// Returns the repository of the nearest work tree that contains `folder`, an absolute path.
    /// The paths in the repository contain no links.
    pub(crate) fn around(folder: &Path) -> Option<Self> {
        Self::of_work_tree(work_trees_around(folder).next()?)
    }

    /// Returns the repositories of all work trees that contain `folder`, an absolute path, nearest
    /// first.
    pub(crate) fn all_around(folder: &Path) -> impl Iterator<Item = Self> {
        work_trees_around(folder).filter_map(Self::of_work_tree)
    }

    fn of_work_tree(root: &Path) -> Option<Self> {
        let entry = root.join(ENTRY);
        let work_tree = root.canonicalize().ok()?;
        let git_dir = git_dir(&entry).unwrap_or(entry);
        // The folder that a `.git` file names can be missing, as in a container.
        let git_dir = git_dir.canonicalize().unwrap_or(git_dir);
        let common_dir = common_dir(&git_dir).unwrap_or_else(|| git_dir.clone());
        let is_whole = git_dir.join(HEAD).is_file();
        Some(Self { work_tree, git_dir, common_dir, is_whole })
    }

    /// Returns true if git can read the repository. An empty `.git` folder, or a `.git` file that
    /// names a missing folder, only marks the root of a project.
    pub(crate) const fn is_whole(&self) -> bool {
        self.is_whole
    }

    /// Returns the root of the work tree.
    pub(crate) fn work_tree(&self) -> &Path {
        &self.work_tree
    }

    /// Returns the path of a folder relative to the root of the work tree, with `/`. Empty for the
    /// root. The folder must have no links.
    pub(crate) fn below(&self, folder: &Path) -> String {
        let below = folder.strip_prefix(&self.work_tree).unwrap_or(Path::new(""));
        let parts: Vec<_> = below.iter().map(OsStr::to_string_lossy).collect();
        parts.join("/")
    }

    /// Returns true if a path without links is in a git directory.
    pub(crate) fn keeps(&self, path: &Path) -> bool {
        path.starts_with(&self.git_dir) || path.starts_with(&self.common_dir)
    }

    /// Returns the names of the commits whose parents a shallow clone lacks, one per line. `None` if
    /// the clone is complete.
    pub(crate) fn shallow(&self) -> Option<String> {
        fs::read_to_string(self.common_dir.join(SHALLOW)).ok()
    }

    /// Runs git in the root of the work tree with this standard input.
    pub(crate) fn git(&self, arguments: &[&str], input: Vec<u8>) -> io::Result<Output> {
        let mut command = Command::new("git");
        for variable in env::vars_os().map(|(name, _)| name).filter(binds_git) {
            command.env_remove(variable);
        }
        command.arg("--git-dir").arg(&self.git_dir).arg("--work-tree").arg(&self.work_tree);
        command.args(QUIET).args(arguments).current_dir(&self.work_tree);
        command.env("GIT_OPTIONAL_LOCKS", "0").env("GIT_TERMINAL_PROMPT", "0");
        // Results must not depend on a user's configuration.
        command.env("GIT_CONFIG_GLOBAL", NOWHERE).env("GIT_CONFIG_NOSYSTEM", "1");
        // A partial clone must not fetch objects. Older versions know only the second variable.
        command.env("GIT_NO_LAZY_FETCH", "1").env("GIT_ALLOW_PROTOCOL", "");
        command.env("GIT_NO_REPLACE_OBJECTS", "1").env("GIT_LITERAL_PATHSPECS", "1");
        // driverc prints git's messages, so they must have one language.
        command.env("LC_ALL", "C");
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn()?;
        let stdin = child.stdin.take();
        thread::scope(|scope| {
            // Git answers while it reads, so writing needs its own thread.
            scope.spawn(move || stdin.map(|mut stdin| stdin.write_all(&input)));
            child.wait_with_output()
        })
    }
}

/// Returns true for `.git` in any letter case.
pub(crate) fn is_entry(name: &OsStr) -> bool {
    name.eq_ignore_ascii_case(ENTRY)
}

/// Returns true if a path has a hidden folder below another folder, which a folder walk skips.
pub(crate) fn is_hidden(folder: &Path, path: &Path) -> bool {
    let inside = path.strip_prefix(folder).unwrap_or(path);
    inside.components().any(|part| part.as_os_str().to_string_lossy().starts_with('.'))
}

/// Returns the roots of all work trees that contain `folder`, an absolute path, nearest first.
pub(crate) fn work_trees_around(folder: &Path) -> impl Iterator<Item = &Path> {
    folder.ancestors().filter(|folder| folder.join(ENTRY).exists())
}

/// Returns true for environment variables that can select a repository, an index, objects or a
/// configuration. Git sets some of them for hooks.
fn binds_git(variable: &OsString) -> bool {
    variable.as_encoded_bytes().starts_with(b"GIT_")
}

/// Returns the git directory that a `.git` file names.
fn git_dir(entry: &Path) -> Option<PathBuf> {
    Some(entry.parent()?.join(first_path(entry, LINK)?))
}

/// Returns the git directory that all work trees of a repository share.
fn common_dir(git_dir: &Path) -> Option<PathBuf> {
    git_dir.join(first_path(&git_dir.join("commondir"), "")?).canonicalize().ok()
}

/// Returns the path that follows a prefix in a small regular file.
fn first_path(file: &Path, prefix: &str) -> Option<PathBuf> {
    let metadata = fs::symlink_metadata(file).ok()?;
    if !metadata.is_file() || metadata.len() > MOST_LINK_BYTES {
        return None;
    }
    let text = fs::read_to_string(file).ok()?;
    let path = text.strip_prefix(prefix)?.trim();
    (!path.is_empty()).then(|| PathBuf::from(path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folder_is_relative_to_nearest_work_tree() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().canonicalize().unwrap();
        let deep = root.join("services/a");
        fs::create_dir_all(&deep).unwrap();
        let below = |folder: &Path| {
            let repository = Repository::around(folder);
            repository.map(|repository| repository.below(folder)).unwrap_or_default()
        };
        assert_eq!(below(&deep), "");
        fs::create_dir(root.join(".git")).unwrap();
        assert_eq!(below(&deep), "services/a");
        assert_eq!(below(&root), "");
        // Linked work trees and submodules have a `.git` file. Its repository can be missing.
        fs::write(root.join("services/.git"), "gitdir: elsewhere\n").unwrap();
        assert_eq!(below(&deep), "a");
        let repository = Repository::around(&deep).unwrap();
        assert_eq!(repository.work_tree(), root.join("services"));
        assert!(!repository.is_whole());
        let of_all: Vec<_> = Repository::all_around(&deep).collect();
        let roots: Vec<_> = of_all.iter().map(Repository::work_tree).collect();
        assert_eq!(roots, [&*root.join("services"), &*root]);
    }
}
