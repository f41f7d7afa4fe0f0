//! Reads the tree of a revision, and follows links only inside it.

use std::{
    collections::BTreeSet,
    path::{Component, Path, PathBuf},
};

use super::{Blob, Failure, Git, GitObject, Revision, error_text, slashed};
use crate::{
    model::MaxFileBytes,
    project::{is_configuration_name, normalized},
    repository::{is_hidden, path_of},
};

/// The maximum number of links in one path, the same as in Linux.
const MOST_LINKS: usize = 40;
/// The maximum length of a link's target path.
const MOST_LINK_BYTES: MaxFileBytes = match MaxFileBytes::new(1 << 16) {
    Ok(limit) => limit,
    Err(_) => MaxFileBytes::LEAST,
};

/// The kind of entry at a path of a revision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::cli) enum Found {
    /// The path does not exist.
    Nothing,
    /// A folder. All links in its path are resolved.
    Folder(PathBuf),
    /// A file. All links in its path are resolved.
    File(PathBuf),
    /// A submodule, whose files are in another repository.
    Submodule(PathBuf),
    /// A link to a path outside the repository.
    Outside,
}

/// An entry of a tree.
pub(super) struct Entry {
    kind: Kind,
    pub(super) object: String,
    pub(super) path: PathBuf,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    File,
    Link,
    Folder,
    Submodule,
}

impl Git<'_> {
    /// Returns the entry at a path, which is relative to the root of the work tree.
    pub(in crate::cli) fn find(self, revision: &Revision, path: &Path) -> Result<Found, Failure> {
        let mut pending: Vec<PathBuf> = components(path);
        let mut resolved = PathBuf::new();
        let mut found = Kind::Folder;
        let mut links = 0;
        while let Some(component) = pending.pop() {
            if component == Path::new("..") {
                if !resolved.pop() {
                    return Ok(Found::Outside);
                }
                continue;
            }
            if found != Kind::Folder {
                return Ok(not_below(found, resolved));
            }
            resolved.push(&component);
            let Some(entry) = self.entry(revision, &resolved)? else { return Ok(Found::Nothing) };
            found = entry.kind;
            if found == Kind::Link {
                links += 1;
                let Some(target) = self.target(revision, &entry)?.filter(|_| links <= MOST_LINKS)
                else {
                    return Ok(Found::Outside);
                };
                resolved.pop();
                pending.extend(components(&target));
                found = Kind::Folder;
            }
        }
        Ok(match found {
            Kind::Folder => Found::Folder(resolved),
            Kind::File | Kind::Link => Found::File(resolved),
            Kind::Submodule => Found::Submodule(resolved),
        })
    }

    /// Returns the documents below a folder, and the submodules, which can contain further
    /// documents.
    pub(in crate::cli) fn documents(
        self,
        revision: &Revision,
        folder: &Path,
    ) -> Result<(Vec<Blob>, Vec<PathBuf>), Failure> {
        let entries = self.entries(revision, &["-r"], folder, "/")?;
        let (mut blobs, mut submodules) = (Vec::new(), Vec::new());
        for Entry { kind, object, path } in entries {
            match kind {
                _ if is_hidden(folder, &path) => {}
                Kind::Submodule => submodules.push(path),
                _ if is_configuration_name(&path) => {}
                Kind::File if is_toml(&path) => blobs.push(Blob { path, object }),
                // Git resolves a link when it reads the object.
                Kind::Link if is_toml(&path) => {
                    let object = format!("{}:{}", revision.commit, slashed(&path));
                    blobs.push(Blob { path, object });
                }
                Kind::File | Kind::Link | Kind::Folder => {}
            }
        }
        Ok((blobs, submodules))
    }

    /// Returns the absolute paths of all folders in a revision that contain a `driverc.toml`.
    pub(in crate::cli) fn configured_folders(
        self,
        revision: &Revision,
    ) -> Result<Vec<PathBuf>, Failure> {
        let entries = self.entries(revision, &["-r"], Path::new(""), "")?.into_iter();
        let files = entries.filter(|entry| matches!(entry.kind, Kind::File | Kind::Link));
        let paths = files.map(|entry| entry.path).filter(|path| is_configuration_name(path));
        let folders = paths.filter_map(|path| Some(self.root().join(path.parent()?)));
        Ok(folders.map(|folder| normalized(&folder)).collect())
    }

    /// Returns the paths of all files and links of a revision, relative to the root of the work
    /// tree.
    pub(in crate::cli) fn files(self, revision: &Revision) -> Result<BTreeSet<PathBuf>, Failure> {
        let entries = self.entries(revision, &["-r"], Path::new(""), "")?.into_iter();
        let files = entries.filter(|entry| matches!(entry.kind, Kind::File | Kind::Link));
        Ok(files.map(|entry| entry.path).collect())
    }

    /// Returns the file at a path. All links in the path must be resolved.
    pub(in crate::cli) fn file(
        self,
        revision: &Revision,
        path: &Path,
    ) -> Result<Option<Blob>, Failure> {
        let entry = self.entry(revision, path)?.filter(|entry| entry.kind == Kind::File);
        Ok(entry.map(|Entry { object, path, .. }| Blob { path, object }))
    }

    fn entry(self, revision: &Revision, path: &Path) -> Result<Option<Entry>, Failure> {
        Ok(self.entries(revision, &[], path, "")?.into_iter().next())
    }

    pub(super) fn entries(
        self,
        revision: &Revision,
        options: &[&str],
        below: &Path,
        end: &str,
    ) -> Result<Vec<Entry>, Failure> {
        let below = slashed(below);
        let path = format!("{below}{end}");
        let mut arguments = vec!["ls-tree", "-z", "--full-tree"];
        arguments.extend(options);
        arguments.push(&revision.commit);
        if !below.is_empty() {
            arguments.extend(["--", &path]);
        }
        let output = self.git(&arguments)?;
        if !output.status.success() {
            let message = format!("git cannot list `{revision}` ({})", error_text(&output));
            return Err(self.not_here(&message, revision, None));
        }
        let entries = output.stdout.split(|byte| *byte == 0).filter(|entry| !entry.is_empty());
        Ok(entries.filter_map(entry).collect())
    }

    /// Returns the target of a link. Returns `None` if the target is an absolute path or not valid
    /// text.
    fn target(self, revision: &Revision, link: &Entry) -> Result<Option<PathBuf>, Failure> {
        let blob = Blob { path: link.path.clone(), object: link.object.clone() };
        let objects = self.objects(revision, &[blob], MOST_LINK_BYTES)?;
        let Some(GitObject::Bytes(bytes)) = objects.into_iter().next() else { return Ok(None) };
        let target = String::from_utf8(bytes).ok().map(PathBuf::from);
        Ok(target.filter(|target| !target.has_root()))
    }
}

/// Returns the result for a path below an entry that is not a folder. A file has no entries, and
/// the entries of a submodule are unknown.
fn not_below(found: Kind, resolved: PathBuf) -> Found {
    if found == Kind::Submodule { Found::Submodule(resolved) } else { Found::Nothing }
}

/// Returns the components of a path, in reverse order.
fn components(path: &Path) -> Vec<PathBuf> {
    let parts = path.components().filter(|part| *part != Component::CurDir);
    parts.rev().map(|part| PathBuf::from(part.as_os_str())).collect()
}

fn is_toml(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "toml")
}

/// Parses an entry of `ls-tree`: mode, kind, object, tab and path.
fn entry(entry: &[u8]) -> Option<Entry> {
    let tab = entry.iter().position(|byte| *byte == b'\t')?;
    let path = path_of(&entry[tab + 1..]);
    let head = std::str::from_utf8(&entry[..tab]).ok()?;
    let mut parts = head.split(' ');
    let kind = match (parts.next()?, parts.next()?) {
        ("120000", _) => Kind::Link,
        (_, "blob") => Kind::File,
        (_, "tree") => Kind::Folder,
        (_, "commit") => Kind::Submodule,
        _ => return None,
    };
    Some(Entry { kind, object: parts.next()?.to_owned(), path })
}
