//! Resolves output paths. A file is written to the named folder, and never through a link in the
//! work tree.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use crate::{
    project::normalized,
    repository::{Repository, is_entry, work_trees_around},
};

/// Returns the absolute path of an output, without `..`.
///
/// The content of a work tree comes from other people's commits. Below the root of a work tree,
/// driverc therefore refuses an output if a folder in its path is a link or belongs to Git.
pub(super) fn of_output(path: &Path) -> io::Result<PathBuf> {
    let target = normalized(&std::path::absolute(path)?);
    // Use the outermost work tree, because a link inside it can lead to another one.
    let Some(root) = target.parent().and_then(|folder| work_trees_around(folder).last()) else {
        return Ok(target);
    };
    let below = target.strip_prefix(root).unwrap_or(&target);
    let in_git = || Err(io::Error::other("it is in the git directory"));
    if below.iter().any(is_entry) {
        return in_git();
    }
    let mut folders = folder(&target).ancestors().take_while(|folder| *folder != root);
    if folders.any(is_link) {
        return Err(io::Error::other(
            "a folder in its path is a link, which driverc does not follow",
        ));
    }
    if is_kept(&root.canonicalize()?.join(below)) {
        return in_git();
    }
    Ok(target)
}

/// Returns true if a path is in the Git directory of any repository that contains the path. All
/// links in the path must be resolved.
fn is_kept(path: &Path) -> bool {
    Repository::all_around(folder(path)).any(|repository| repository.keeps(path))
}

/// Returns the folder that contains a file.
pub(super) fn folder(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    }
}

fn is_link(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok_and(|existing| existing.is_symlink())
}
