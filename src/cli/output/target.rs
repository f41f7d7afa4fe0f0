//! Where an output goes: into the folder that was named, and never over a link of the work tree.

use std::{
    fs, io,
    path::{Component, Path, PathBuf},
};

use crate::repository::Repository;

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
    let keeps = |repository: Repository| {
        let real = repository.work_tree().join(below);
        repository.keeps(&real)
    };
    if root.and_then(Repository::around).is_some_and(keeps) {
        return Err(io::Error::other("it lies in the git directory"));
    }
    Ok(target)
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

fn normalized(path: &Path) -> PathBuf {
    let mut normal = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir => _ = normal.pop(),
            Component::Prefix(_) | Component::RootDir | Component::Normal(_) => {
                normal.push(component);
            }
        }
    }
    normal
}
