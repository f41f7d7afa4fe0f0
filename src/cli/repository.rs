//! The place of the working directory in the git repository.

use std::path::Path;

/// The working directory relative to the root of its git repository, with `/`.
///
/// Empty at the root. Without a repository the working directory is the root.
pub(super) fn directory_in_repository(directory: &Path) -> String {
    let root = directory.ancestors().find(|folder| folder.join(".git").exists());
    let below = root.and_then(|root| directory.strip_prefix(root).ok());
    let parts = below.into_iter().flat_map(Path::components);
    let parts: Vec<_> = parts.map(|part| part.as_os_str().to_string_lossy()).collect();
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn directory_is_relative_to_the_nearest_repository() {
        let folder = tempfile::tempdir().unwrap();
        let deep = folder.path().join("services/a");
        fs::create_dir_all(&deep).unwrap();
        assert_eq!(directory_in_repository(&deep), "");
        fs::create_dir(folder.path().join(".git")).unwrap();
        assert_eq!(directory_in_repository(&deep), "services/a");
        assert_eq!(directory_in_repository(folder.path()), "");
        // A linked work tree and a submodule have a file of this name.
        fs::write(folder.path().join("services/.git"), "gitdir: elsewhere\n").unwrap();
        assert_eq!(directory_in_repository(&deep), "a");
    }
}
