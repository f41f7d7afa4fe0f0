//! Finds revisions in the repository of the project.

mod changes;
mod moves;
mod objects;
mod tree;

use std::{
    collections::BTreeSet,
    fmt,
    path::{Path, PathBuf},
    process::Output,
};

pub(super) use self::{changes::FileChange, objects::GitObject, tree::Found};
use super::Failure;
use crate::{project::Project, repository::Repository};

/// The possible names of the default branch, the likeliest first. The branches of `origin` come
/// first, because the local branches of a fork can have any name.
const DEFAULT_BRANCHES: [&str; 5] = [
    "refs/remotes/origin/HEAD",
    "refs/remotes/origin/main",
    "refs/remotes/origin/master",
    "refs/heads/main",
    "refs/heads/master",
];
/// The number of digits of an object name that are shown.
const SHORT: usize = 10;
/// The message if no base is found.
const NO_DEFAULT: &str =
    "no default branch (`main` or `master`, here or of `origin`); name a base with `--against`";

/// The Git repository of a project.
#[derive(Clone, Copy)]
pub(super) struct Git<'p> {
    repository: &'p Repository,
    /// The absolute path of the working directory.
    directory: &'p Path,
}

/// A commit, and the reason for choosing it.
#[derive(Clone, Debug)]
pub(super) struct Revision {
    commit: String,
    label: String,
}

/// A file of a revision.
#[derive(Clone, Debug)]
pub(super) struct Blob {
    /// The path relative to the root of the work tree.
    pub(super) path: PathBuf,
    /// The object name to pass to Git.
    object: String,
}

/// Displayed as `1a2b3c4d5e (merge base with refs/heads/main)`.
impl fmt::Display for Revision {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} ({})", self.short(), self.label)
    }
}

impl Revision {
    /// Returns the full name of the commit.
    pub(super) fn commit(&self) -> &str {
        &self.commit
    }

    /// Returns the first digits of the commit.
    pub(super) fn short(&self) -> &str {
        self.commit.get(..SHORT).unwrap_or(&self.commit)
    }
}

impl<'p> Git<'p> {
    /// Opens the repository that contains the project.
    pub(super) fn of(project: &'p Project) -> Result<Self, Failure> {
        match project.boundary.repository() {
            Some(repository) if repository.is_whole() => {
                Ok(Self { repository, directory: project.directory() })
            }
            Some(_) | None => Err(Failure::new(
                "the project is not in a git repository; name a folder with `--against-path`",
            )),
        }
    }

    /// Opens the repository around a working directory.
    pub(super) const fn around(repository: &'p Repository, directory: &'p Path) -> Self {
        Self { repository, directory }
    }

    /// Returns the commit that `name` refers to or, without a name, the merge base.
    pub(super) fn base(self, name: Option<&str>) -> Result<Revision, Failure> {
        name.map_or_else(|| self.merge_base(), |name| self.revision(name))
    }

    /// Returns the merge base of `HEAD` and the commit that `name` refers to.
    pub(super) fn merge_base_with(self, name: &str) -> Result<Revision, Failure> {
        let Some(head) = self.commit("HEAD")? else {
            return Err(Failure::new("`HEAD` has no commit yet"));
        };
        let Some(tip) = self.commit(name)? else {
            return Err(self.missing(&format!("`{name}` is not a commit of this repository")));
        };
        self.merge_base_of([&head, &tip], ["HEAD", name])
    }

    /// Returns the merge base of two commits with these names.
    ///
    /// Fails if the clone is too shallow to be sure of the merge base.
    fn merge_base_of(
        self,
        commits: [&str; 2],
        [head, name]: [&str; 2],
    ) -> Result<Revision, Failure> {
        let output = self.git(&["merge-base", commits[0], commits[1]])?;
        if !output.status.success() {
            return Err(
                self.missing(&format!("`{head}` and `{name}` have no common ancestor here"))
            );
        }
        let commit = text(&output);
        if !self.is_certain(commits, &commit)? {
            let message = format!("the merge base of `{head}` and `{name}` is not certain");
            return Err(self.missing(&message));
        }
        Ok(Revision { commit, label: format!("merge base with {name}") })
    }

    /// Returns false if the clone lacks the parents of a commit between these commits and their
    /// merge base. The missing history can contain a later common ancestor.
    fn is_certain(self, commits: [&str; 2], base: &str) -> Result<bool, Failure> {
        let Some(shallow) = self.repository.shallow() else { return Ok(true) };
        let cut: BTreeSet<_> = shallow.lines().collect();
        let output = self.git(&["rev-list", commits[0], commits[1], &format!("^{base}")])?;
        let is_cut = text(&output).lines().any(|commit| cut.contains(commit));
        Ok(output.status.success() && !is_cut)
    }

    /// Returns true if this handle reads the given repository.
    pub(super) fn is_of(self, repository: &Repository) -> bool {
        self.repository == repository
    }

    /// Returns the root of the work tree.
    pub(super) fn root(self) -> &'p Path {
        self.repository.work_tree()
    }

    /// Returns the commit that `name` refers to.
    fn revision(self, name: &str) -> Result<Revision, Failure> {
        match self.commit(name)? {
            Some(commit) => Ok(Revision { commit, label: name.to_owned() }),
            None if Path::new(name).is_dir() => Err(self.missing(&format!(
                "`{name}` is not a commit of this repository; compare with a folder by \
                 `--against-path {name}`"
            ))),
            None => Err(self.missing(&format!("`{name}` is not a commit of this repository"))),
        }
    }

    /// Returns the merge base of `HEAD` and the default branch.
    fn merge_base(self) -> Result<Revision, Failure> {
        let Some(head) = self.commit("HEAD")? else {
            return Err(Failure::new("`HEAD` has no commit yet; name a base with `--against`"));
        };
        let Some((branch, tip)) = self.default_branch()? else {
            return Err(self.missing(NO_DEFAULT));
        };
        self.merge_base_of([&head, &tip], ["HEAD", short_name(branch)])
    }

    /// Returns the commit that `name` refers to, or `None` if this clone does not have the commit.
    fn commit(self, name: &str) -> Result<Option<String>, Failure> {
        // A revision cannot start with `-`.
        if name.starts_with('-') {
            return Ok(None);
        }
        let output =
            self.git(&["rev-parse", "--verify", "--quiet", &format!("{name}^{{commit}}")])?;
        Ok(output.status.success().then(|| text(&output)))
    }

    /// Returns the default branch and its commit.
    fn default_branch(self) -> Result<Option<(&'static str, String)>, Failure> {
        for branch in DEFAULT_BRANCHES {
            if let Some(tip) = self.commit(branch)? {
                return Ok(Some((branch, tip)));
            }
        }
        Ok(None)
    }

    /// Returns the documents below these paths that a sparse checkout leaves out of the work tree.
    /// All paths are relative to the root of the work tree.
    pub(super) fn left_out(self, below: &[PathBuf]) -> Result<Vec<PathBuf>, Failure> {
        let below: Vec<_> = below.iter().map(|path| slashed(path)).collect();
        let mut arguments = vec!["ls-files", "-z", "-t", "--cached"];
        if below.iter().all(|path| !path.is_empty()) {
            arguments.push("--");
            arguments.extend(below.iter().map(String::as_str));
        }
        let output = self.git(&arguments)?.stdout;
        let entries = output.split(|byte| *byte == 0).filter_map(|entry| entry.strip_prefix(b"S "));
        let documents = entries.filter(|path| path.ends_with(b".toml"));
        Ok(documents.map(|path| String::from_utf8_lossy(path).into_owned().into()).collect())
    }

    /// Returns a failure about a missing object. The message says why the object is missing, if the
    /// state of the clone explains it.
    fn missing(self, message: &str) -> Failure {
        let shallow = self.git(&["rev-parse", "--is-shallow-repository"]);
        let is_shallow = shallow.is_ok_and(|output| text(&output) == "true");
        let reason = "; the clone is shallow: fetch more of its history (`fetch-depth: 0` in a \
                      checkout of GitHub Actions)";
        Failure::new(format!("{message}{}", if is_shallow { reason } else { "" }))
    }

    fn git(self, arguments: &[&str]) -> Result<Output, Failure> {
        self.git_with(arguments, Vec::new())
    }

    /// Runs Git with `input` on its standard input.
    fn git_with(self, arguments: &[&str], input: Vec<u8>) -> Result<Output, Failure> {
        let output = self.repository.git(arguments, input);
        output.map_err(|error| Failure::io("cannot run `git`", &error))
    }
}

/// Returns the name of a branch without its folder.
fn short_name(branch: &str) -> &str {
    branch.trim_start_matches("refs/remotes/").trim_start_matches("refs/heads/")
}

/// Returns the standard output of Git, without the line ending.
fn text(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).trim_end_matches(['\n', '\r']).to_owned()
}

/// Returns the first line of Git's error output.
fn error_text(output: &Output) -> String {
    let text = String::from_utf8_lossy(&output.stderr);
    let line = text.lines().next().unwrap_or_default();
    line.trim_start_matches("fatal: ").trim_end_matches('.').to_owned()
}

/// Returns a relative path with `/` separators, as Git writes it.
fn slashed(path: &Path) -> String {
    let parts = path.components().map(|part| part.as_os_str().to_string_lossy());
    let parts: Vec<_> = parts.filter(|part| part != ".").collect();
    parts.join("/")
}
