//! Converts paths to the letter case of the disk on case-insensitive file systems.
//!
//! Without this conversion, a file whose name is written in two letter cases would be read twice.

use std::{
    collections::BTreeSet,
    ffi::{OsStr, OsString},
    fs,
    path::{Path, PathBuf},
};

/// Returns the path with each name below the root in the letter case of the disk. `is_same` returns
/// true if two paths refer to the same file.
pub(super) fn spelled(
    path: PathBuf,
    root: &Path,
    is_same: impl Fn(&Path, &Path) -> bool,
) -> PathBuf {
    let Ok(below) = path.strip_prefix(root) else { return path };
    below.components().fold(root.to_owned(), |folder, name| {
        let name = own_name(&folder, name.as_os_str(), &is_same);
        folder.join(name)
    })
}

fn own_name(folder: &Path, written: &OsStr, is_same: impl Fn(&Path, &Path) -> bool) -> OsString {
    let path = folder.join(written);
    // Lists the folder only if the name in another case leads to the same file.
    if !is_same(&path, &folder.join(other_case(written))) {
        return written.to_owned();
    }
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let names: BTreeSet<_> = entries.map(|entry| entry.file_name()).collect();
    if names.contains(written) {
        return written.to_owned();
    }
    let own = names.into_iter().find(|name| is_same(&folder.join(name), &path));
    own.unwrap_or_else(|| written.to_owned())
}

fn other_case(name: &OsStr) -> OsString {
    let name = name.to_string_lossy();
    let upper = name.to_uppercase();
    if upper == name { name.to_lowercase().into() } else { upper.into() }
}

/// Returns true if two paths refer to the same directory entry, without following links.
#[cfg(unix)]
pub(super) fn is_same(left: &Path, right: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let place = |path| fs::symlink_metadata(path).map(|entry| (entry.dev(), entry.ino())).ok();
    place(left).is_some_and(|left| place(right) == Some(left))
}

/// Returns true if two paths refer to the same file.
#[cfg(not(unix))]
pub(super) fn is_same(left: &Path, right: &Path) -> bool {
    let place = |path: &Path| path.canonicalize().ok();
    place(left).is_some_and(|left| place(right) == Some(left))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Creates a folder with files, and returns the spelling of a path below this folder. `is_same`
    /// simulates the file system.
    fn below(path: &str, is_same: impl Fn(&str, &str) -> bool) -> String {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        fs::create_dir(root.join("Contracts")).unwrap();
        for name in ["Contracts/a.toml", "Contracts/Ö.toml", "Contracts/Ab.toml"] {
            fs::write(root.join(name), "").unwrap();
        }
        let is_same = |left: &Path, right: &Path| {
            let [left, right] = [left, right].map(|path| path.strip_prefix(root).unwrap());
            is_same(left.to_str().unwrap(), right.to_str().unwrap())
        };
        let spelled = spelled(root.join(path), root, is_same);
        spelled.strip_prefix(root).unwrap().to_str().unwrap().to_owned()
    }

    #[test]
    fn paths_get_letter_case_of_file_system() {
        let by_letters = |left: &str, right: &str| left.to_lowercase() == right.to_lowercase();
        let below = |path| below(path, by_letters);
        assert_eq!(below("contracts/A.TOML"), "Contracts/a.toml");
        assert_eq!(below("CONTRACTS/ö.toml"), "Contracts/Ö.toml");
        assert_eq!(below("Contracts/a.toml"), "Contracts/a.toml");
        assert_eq!(below("contracts"), "Contracts");
        assert_eq!(below("contracts/B.toml"), "Contracts/B.toml", "a missing file");
        assert_eq!(below(""), "");
    }

    #[test]
    fn paths_outside_project_and_case_sensitive_paths_stay_unchanged() {
        let by_bytes = |left: &str, right: &str| left == right;
        assert_eq!(below("contracts/A.TOML", by_bytes), "contracts/A.TOML");
        let folder = tempfile::tempdir().unwrap();
        let outside = PathBuf::from("/elsewhere/A.toml");
        assert_eq!(spelled(outside.clone(), folder.path(), |_, _| true), outside);
    }

    #[test]
    fn is_same_returns_true_only_for_paths_of_same_file() {
        let folder = tempfile::tempdir().unwrap();
        let [one, other, none] = ["one", "other", "none"].map(|name| folder.path().join(name));
        fs::write(&one, "").unwrap();
        fs::write(&other, "").unwrap();
        assert!(is_same(&one, &one));
        assert!(!is_same(&one, &other) && !is_same(&one, &none) && !is_same(&none, &none));
    }
}
