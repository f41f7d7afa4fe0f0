//! The revisions of the repository around the run, read with the `git` binary.
//!
//! Only reads: no hook, no filter, no lock, no network, and the work tree is never touched.

use std::{
    ffi::OsStr,
    fmt,
    io::Write,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
    thread,
};

use super::{Failure, project::Project};
use crate::{model::MaxFileBytes, workspace::Content};

/// What keeps git from running programs of the repository, whatever its configuration says.
const QUIET: [&str; 5] =
    ["--no-pager", "-c", "core.hooksPath=/dev/null", "-c", "core.fsmonitor=false"];
/// The branches that may be the default one, the likeliest first.
const DEFAULT_BRANCHES: [&str; 3] =
    ["refs/remotes/origin/HEAD", "refs/heads/main", "refs/heads/master"];
/// How many digits of an object are shown.
const SHORT: usize = 10;

/// A commit, and why it was chosen.
#[derive(Debug)]
pub(super) struct Revision {
    commit: String,
    label: String,
}

/// A file of a revision.
#[derive(Debug)]
pub(super) struct Blob {
    /// Its path relative to the root of the work tree.
    pub(super) path: PathBuf,
    /// What names it to git.
    object: String,
}

/// As it is shown: `1a2b3c4d5e (merge base with refs/heads/main)`.
impl fmt::Display for Revision {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let short = self.commit.get(..SHORT).unwrap_or(&self.commit);
        write!(formatter, "{short} ({})", self.label)
    }
}

/// The root of the work tree, absolute; that there is no repository is a failure.
pub(super) fn root(project: &Project) -> Result<PathBuf, Failure> {
    let output = git(&["rev-parse", "--show-cdup"])?;
    if !output.status.success() {
        let reason = said(&output);
        return Err(Failure::new(format!(
            "cannot find a git repository ({reason}); name a folder with `--against`"
        )));
    }
    let up = text(&output);
    let up = if up.is_empty() { "." } else { &up };
    Ok(project.absolute(Path::new(up)))
}

/// The commit that a text names.
pub(super) fn revision(name: &str) -> Result<Revision, Failure> {
    match commit(name)? {
        Some(commit) => Ok(Revision { commit, label: name.to_owned() }),
        None => {
            Err(missing(&format!("`{name}` is neither a folder nor a commit of this repository")))
        }
    }
}

/// Where `HEAD` left the default branch.
pub(super) fn merge_base() -> Result<Revision, Failure> {
    let Some(head) = commit("HEAD")? else {
        return Err(Failure::new("`HEAD` has no commit yet; name a base with `--against`"));
    };
    let Some((branch, tip)) = default_branch()? else {
        return Err(missing(
            "there is no `origin/HEAD`, `main` or `master`; name a base with `--against`",
        ));
    };
    let output = git(&["merge-base", &head, &tip])?;
    let name = branch.trim_start_matches("refs/remotes/").trim_start_matches("refs/heads/");
    if !output.status.success() {
        return Err(missing(&format!("`HEAD` and `{name}` have no common ancestor here")));
    }
    Ok(Revision { commit: text(&output), label: format!("merge base with {name}") })
}

/// The files of a revision below a path that is relative to the root of the work tree.
pub(super) fn files(revision: &Revision, below: &Path) -> Result<Vec<Blob>, Failure> {
    let below = slashed(below);
    let mut arguments = vec!["ls-tree", "-r", "-z", "--full-tree", &revision.commit];
    if !below.is_empty() {
        arguments.extend(["--", &below]);
    }
    let output = git(&arguments)?;
    if !output.status.success() {
        return Err(missing(&format!("git cannot list `{revision}` ({})", said(&output))));
    }
    let entries = output.stdout.split(|byte| *byte == 0).filter(|entry| !entry.is_empty());
    Ok(entries.filter_map(|entry| blob(entry, &revision.commit)).collect())
}

/// The contents of files, in their order; git is not asked for those beyond the limit.
pub(super) fn contents(blobs: &[Blob], limit: MaxFileBytes) -> Result<Vec<Content>, Failure> {
    let sizes = sizes(blobs)?;
    let is_small = |size: &u64| *size <= limit.get();
    let small: Vec<_> = blobs.iter().zip(&sizes).filter(|(_, size)| is_small(size)).collect();
    let output = cat_files("--batch", small.iter().map(|(blob, _)| *blob))?;
    let mut rest = &output[..];
    let mut contents = Vec::with_capacity(blobs.len());
    for (blob, size) in blobs.iter().zip(&sizes) {
        if !is_small(size) {
            contents.push(Content::TooLarge);
            continue;
        }
        let (content, after) = next_object(rest).ok_or_else(|| unreadable(&blob.path))?;
        contents.push(Content::Whole(content.to_vec()));
        rest = after;
    }
    Ok(contents)
}

/// How many bytes each of the files has.
fn sizes(blobs: &[Blob]) -> Result<Vec<u64>, Failure> {
    let output = cat_files("--batch-check", blobs)?;
    let mut rest = &output[..];
    let mut sizes = Vec::with_capacity(blobs.len());
    for blob in blobs {
        let (size, after) = next_head(rest).ok_or_else(|| unreadable(&blob.path))?;
        sizes.push(size);
        rest = after;
    }
    Ok(sizes)
}

/// What git writes of these files.
fn cat_files<'b>(
    what: &str,
    blobs: impl IntoIterator<Item = &'b Blob>,
) -> Result<Vec<u8>, Failure> {
    let mut names = String::new();
    for blob in blobs {
        if blob.object.contains('\n') {
            return Err(unreadable(&blob.path));
        }
        names += &blob.object;
        names.push('\n');
    }
    Ok(git_with(&["cat-file", what, "--follow-symlinks"], names.into_bytes())?.stdout)
}

/// The commit that a text names, if it is here.
fn commit(name: &str) -> Result<Option<String>, Failure> {
    // No revision starts like an option.
    if name.starts_with('-') {
        return Ok(None);
    }
    let output = git(&["rev-parse", "--verify", "--quiet", &format!("{name}^{{commit}}")])?;
    Ok(output.status.success().then(|| text(&output)))
}

/// The default branch and its commit.
fn default_branch() -> Result<Option<(&'static str, String)>, Failure> {
    for branch in DEFAULT_BRANCHES {
        if let Some(tip) = commit(branch)? {
            return Ok(Some((branch, tip)));
        }
    }
    Ok(None)
}

/// A failure for want of a commit, with the reason that a shallow clone gives.
fn missing(message: &str) -> Failure {
    let shallow = git(&["rev-parse", "--is-shallow-repository"]);
    let is_shallow = shallow.is_ok_and(|output| text(&output) == "true");
    let reason = "; the clone is shallow: fetch more of its history (`fetch-depth: 0` in a \
                  checkout of GitHub Actions)";
    Failure::new(format!("{message}{}", if is_shallow { reason } else { "" }))
}

fn unreadable(path: &Path) -> Failure {
    Failure::new(format!("git cannot read `{}` of the base", path.display()))
}

/// An entry of `ls-tree`: mode, kind, object, a tab, the path.
fn blob(entry: &[u8], commit: &str) -> Option<Blob> {
    let tab = entry.iter().position(|byte| *byte == b'\t')?;
    let path = String::from_utf8_lossy(&entry[tab + 1..]).into_owned();
    let head = std::str::from_utf8(&entry[..tab]).ok()?;
    let mut parts = head.split(' ');
    let object = match (parts.next()?, parts.next()?, parts.next()?) {
        // A link: git looks for what it leads to.
        ("120000", "blob", _) => format!("{commit}:{path}"),
        (_, "blob", object) => object.to_owned(),
        _ => return None,
    };
    Some(Blob { path: PathBuf::from(path), object })
}

/// The next object that `cat-file --batch` wrote, and what follows it.
fn next_object(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (size, rest) = next_head(bytes)?;
    let content = rest.get(..usize::try_from(size).ok()?)?;
    Some((content, rest.get(content.len() + 1..)?))
}

/// The size of the next object, and what follows its line.
fn next_head(bytes: &[u8]) -> Option<(u64, &[u8])> {
    let end = bytes.iter().position(|byte| *byte == b'\n')?;
    let head = std::str::from_utf8(&bytes[..end]).ok()?;
    let (_, size) = head.split_once(" blob ")?;
    Some((size.parse().ok()?, &bytes[end + 1..]))
}

fn git(arguments: &[&str]) -> Result<Output, Failure> {
    git_with(arguments, Vec::new())
}

/// Runs git with this on its standard input.
fn git_with(arguments: &[&str], input: Vec<u8>) -> Result<Output, Failure> {
    let mut command = Command::new("git");
    command.args(QUIET).args(arguments);
    command.env("GIT_OPTIONAL_LOCKS", "0").env("GIT_TERMINAL_PROMPT", "0");
    // What a partial clone lacks is not fetched; older versions know only the second.
    command.env("GIT_NO_LAZY_FETCH", "1").env("GIT_ALLOW_PROTOCOL", "");
    // Messages are shown as they are, in one language.
    command.env("LC_ALL", "C");
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let cannot_run = |error: std::io::Error| Failure::io("cannot run `git`", &error);
    let mut child = command.spawn().map_err(cannot_run)?;
    let stdin = child.stdin.take();
    thread::scope(|scope| {
        // Git answers while it reads: writing must not wait for the end of that.
        scope.spawn(move || stdin.map(|mut stdin| stdin.write_all(&input)));
        child.wait_with_output().map_err(cannot_run)
    })
}

/// What git wrote, without the line end.
fn text(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).trim_end_matches(['\n', '\r']).to_owned()
}

/// The first line of what git complains of.
fn said(output: &Output) -> String {
    let text = String::from_utf8_lossy(&output.stderr);
    let line = text.lines().next().unwrap_or_default();
    line.trim_start_matches("fatal: ").trim_end_matches('.').to_owned()
}

/// A relative path as git writes it.
fn slashed(path: &Path) -> String {
    let parts = path.components().map(|part| part.as_os_str().to_string_lossy());
    let parts: Vec<_> = parts.filter(|part| *part != OsStr::new(".").to_string_lossy()).collect();
    parts.join("/")
}
