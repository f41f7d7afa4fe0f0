//! Where an output goes: into the folder that was named, and never over a link of the work tree.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use crate::{cli::project::normalized, repository::Repository};

const GIT: &str = ".git";

/// The path of an output, absolute and without `..`.
///
/// A work tree holds what others have committed: below its root, an output is refused where a
/// folder on the way is a link, or belongs to git.
pub(super) fn of_output(path: &Path) -> io::Result<PathBuf> {
    let target = normalized(&std::path::absolute(path)?);
    // The outermost one: a link inside may lead to another work tree.
    let root = target.ancestors().skip(1).filter(|folder| folder.join(GIT).exists()).last();
    let Some(below) = root.and_then(|root| target.strip_prefix(root).ok()) else {
        return Ok(target);
    };
    let mut current = root.map(Path::to_owned).unwrap_or_default();
    let count = below.components().count();
    for (number, component) in below.components().enumerate() {
        if component.as_os_str().eq_ignore_ascii_case(GIT) {
            return Err(io::Error::other("it lies in the git directory"));
        }
        current.push(component);
        if number + 1 < count && is_link(&current) {
            return Err(io::Error::other("a folder on the way is a link, which is not followed"));
        }
    }
    let real = root.and_then(|root| root.canonicalize().ok()).map(|root| root.join(below));
    if real.is_some_and(|real| is_kept(&real)) {
        return Err(io::Error::other("it lies in the git directory"));
    }
    Ok(target)
}

/// Whether a path without links lies in what git keeps for itself, of any repository around it.
fn is_kept(path: &Path) -> bool {
    let around = path.ancestors().skip(1).filter(|folder| folder.join(GIT).exists());
    let mut repositories = around.filter_map(Repository::around);
    repositories.any(|repository| repository.keeps(path))
}

/// The folder that holds a file.
pub(super) fn folder(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    }
}

fn is_link(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok_and(|existing| existing.is_symlink())
}
