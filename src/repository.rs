//! The git repository around a project: found by looking for `.git` upwards, read with the `git`
//! binary.
//!
//! Only reads: no hook, no filter, no lock, no network, and the work tree is never touched. Git is
//! told which repository is meant, so neither a file of the work tree nor a variable of the
//! environment can name another one.

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

/// The entry of a work tree's root that is its repository, or names it.
const ENTRY: &str = ".git";
/// The file of a repository that every repository has.
const HEAD: &str = "HEAD";
/// What a file `.git` starts with.
const LINK: &str = "gitdir:";
/// A file `.git` holds one path, as long as a path can be.
const MOST_LINK_BYTES: u64 = 1 << 16;

/// A configuration that holds nothing.
const NOWHERE: &str = if cfg!(windows) { "NUL" } else { "/dev/null" };

/// What keeps git from running programs of the repository, whatever its configuration says.
const QUIET: [&str; 5] =
    ["--no-pager", "-c", "core.hooksPath=/dev/null", "-c", "core.fsmonitor=false"];

/// A repository with a work tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Repository {
    work_tree: PathBuf,
    /// What is particular to the work tree: `HEAD` and the index.
    git_dir: PathBuf,
    /// What all work trees share: objects and branches.
    common_dir: PathBuf,
    /// Whether git can read it.
    is_whole: bool,
}

impl Repository {
    /// The repository of the nearest work tree around an absolute folder. All of its paths are
    /// free of links.
    pub(crate) fn around(folder: &Path) -> Option<Self> {
        Self::of_work_tree(work_trees_around(folder).next()?)
    }

    /// The repositories of all work trees around an absolute folder, the nearest first.
    pub(crate) fn all_around(folder: &Path) -> impl Iterator<Item = Self> {
        work_trees_around(folder).filter_map(Self::of_work_tree)
    }

    fn of_work_tree(root: &Path) -> Option<Self> {
        let entry = root.join(ENTRY);
        let work_tree = root.canonicalize().ok()?;
        let git_dir = git_dir(&entry).unwrap_or(entry);
        // What a file `.git` names may be elsewhere, as with a work tree in a container.
        let git_dir = git_dir.canonicalize().unwrap_or(git_dir);
        let common_dir = common_dir(&git_dir).unwrap_or_else(|| git_dir.clone());
        let is_whole = git_dir.join(HEAD).is_file();
        Some(Self { work_tree, git_dir, common_dir, is_whole })
    }

    /// Whether git can read it: an empty folder `.git`, or a file that names a folder that is not
    /// here, marks the root of a project, and no more.
    pub(crate) const fn is_whole(&self) -> bool {
        self.is_whole
    }

    /// The root of the work tree.
    pub(crate) fn work_tree(&self) -> &Path {
        &self.work_tree
    }

    /// A folder without links relative to the root of the work tree, with `/`; empty at the root.
    pub(crate) fn below(&self, folder: &Path) -> String {
        let below = folder.strip_prefix(&self.work_tree).unwrap_or(Path::new(""));
        let parts: Vec<_> = below.iter().map(OsStr::to_string_lossy).collect();
        parts.join("/")
    }

    /// Whether a path without links lies in what git keeps for itself.
    pub(crate) fn keeps(&self, path: &Path) -> bool {
        path.starts_with(&self.git_dir) || path.starts_with(&self.common_dir)
    }

    /// Runs git in the root of the work tree, with this on its standard input.
    pub(crate) fn git(&self, arguments: &[&str], input: Vec<u8>) -> io::Result<Output> {
        let mut command = Command::new("git");
        for variable in env::vars_os().map(|(name, _)| name).filter(binds_git) {
            command.env_remove(variable);
        }
        command.arg("--git-dir").arg(&self.git_dir).arg("--work-tree").arg(&self.work_tree);
        command.args(QUIET).args(arguments).current_dir(&self.work_tree);
        command.env("GIT_OPTIONAL_LOCKS", "0").env("GIT_TERMINAL_PROMPT", "0");
        // No verdict depends on what one user has set up.
        command.env("GIT_CONFIG_GLOBAL", NOWHERE).env("GIT_CONFIG_NOSYSTEM", "1");
        // What a partial clone lacks is not fetched; older versions know only the second.
        command.env("GIT_NO_LAZY_FETCH", "1").env("GIT_ALLOW_PROTOCOL", "");
        command.env("GIT_NO_REPLACE_OBJECTS", "1").env("GIT_LITERAL_PATHSPECS", "1");
        // Messages are shown as they are, in one language.
        command.env("LC_ALL", "C");
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn()?;
        let stdin = child.stdin.take();
        thread::scope(|scope| {
            // Git answers while it reads: writing must not wait for the end of that.
            scope.spawn(move || stdin.map(|mut stdin| stdin.write_all(&input)));
            child.wait_with_output()
        })
    }
}

/// Whether a name is that of a repository in its work tree, in letters of any case.
pub(crate) fn is_entry(name: &OsStr) -> bool {
    name.eq_ignore_ascii_case(ENTRY)
}

/// The roots of the work trees around an absolute folder, the nearest first.
pub(crate) fn work_trees_around(folder: &Path) -> impl Iterator<Item = &Path> {
    folder.ancestors().filter(|folder| folder.join(ENTRY).exists())
}

/// Variables that name a repository, an index, objects or a configuration. Hooks set some of them
/// for git itself.
fn binds_git(variable: &OsString) -> bool {
    variable.as_encoded_bytes().starts_with(b"GIT_")
}

/// The repository that a file `.git` names.
fn git_dir(entry: &Path) -> Option<PathBuf> {
    Some(entry.parent()?.join(first_path(entry, LINK)?))
}

/// The folder that the work trees of one repository share.
fn common_dir(git_dir: &Path) -> Option<PathBuf> {
    git_dir.join(first_path(&git_dir.join("commondir"), "")?).canonicalize().ok()
}

/// The path that a small regular file holds, after a prefix.
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
    fn folder_is_relative_to_the_nearest_work_tree() {
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
        // A linked work tree and a submodule have a file of this name, also where the repository
        // that it names is not.
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
