//! Converts the paths of a project's files between absolute, relative and displayed paths.

use std::path::{Component, MAIN_SEPARATOR, Path, PathBuf};

use super::{Project, spelling};

impl Project {
    /// Returns true if the configuration excludes a file.
    pub fn excludes(&self, path: &Path) -> bool {
        self.configuration.excludes(&self.relative_to_root(path))
    }

    /// Returns a path relative to [`Self::root`], with `/`.
    pub fn relative_to_root(&self, path: &Path) -> String {
        relative(&self.absolute(path), &self.root)
    }

    /// Returns a path relative to [`Self::directory`], with `/`.
    pub fn display(&self, path: &Path) -> String {
        relative(&self.absolute(path), &self.directory)
    }

    /// Returns the absolute path of a file, without `.` and `..`.
    ///
    /// If an absolute path reaches the project through a link, resolves that link, so that the
    /// paths from an editor and from a folder walk are equal.
    pub fn absolute(&self, path: &Path) -> PathBuf {
        let written = normalized(&self.directory.join(path));
        if path.is_relative() || written.starts_with(&self.root) {
            return written;
        }
        let Some((folder, name)) = written.parent().zip(written.file_name()) else {
            return written;
        };
        let real = folder.canonicalize().map(|folder| folder.join(name));
        real.ok().filter(|real| real.starts_with(&self.root)).unwrap_or(written)
    }

    /// Converts a path that a user typed to an [absolute](Self::absolute) path in the letter case
    /// of the disk.
    pub(crate) fn spelled(&self, path: &Path) -> PathBuf {
        spelling::spelled(self.absolute(path), &self.root, spelling::is_same)
    }

    /// Returns the path from which to walk a folder. Below the working directory, the path is
    /// relative, so that the paths of files are their display names.
    pub(super) fn walked(&self, folder: &Path) -> PathBuf {
        // Resolves a link to the folder itself, as for files in the folder.
        let inside = self.absolute(&folder.join("inside"));
        let absolute = inside.parent().unwrap_or(folder);
        match absolute.strip_prefix(&self.directory) {
            Ok(relative) if relative == Path::new("") => PathBuf::from("."),
            Ok(relative) => relative.to_owned(),
            Err(_) => absolute.to_owned(),
        }
    }

    /// Returns the display name of a file from a [walk](Self::walked), or `None` if the
    /// configuration excludes the file.
    pub(super) fn name_of_found(&self, path: &Path) -> Option<String> {
        if !self.configuration.exclude.is_empty() && self.excludes(path) || self.is_of_nested(path)
        {
            return None;
        }
        // Fast path for nearly every file: the path is the name.
        let own = path.to_str().filter(|_| path.is_relative());
        match own.map(|own| own.strip_prefix("./").unwrap_or(own)) {
            Some(own) if MAIN_SEPARATOR == '/' => Some(own.to_owned()),
            Some(_) | None => Some(self.display(path)),
        }
    }
}

/// Removes `.` and `..` from a path, without resolving links.
pub(crate) fn normalized(path: &Path) -> PathBuf {
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

/// Returns an absolute path relative to an absolute folder, with `/`.
pub(crate) fn relative(path: &Path, directory: &Path) -> String {
    let path: Vec<_> = path.components().collect();
    let directory: Vec<_> = directory.components().collect();
    let common = path.iter().zip(&directory).take_while(|(left, right)| left == right).count();
    let up = directory[common..].iter().map(|_| "..".to_owned());
    let down = path[common..].iter().map(|part| part.as_os_str().to_string_lossy().into_owned());
    let parts: Vec<String> = up.chain(down).collect();
    if parts.is_empty() { ".".to_owned() } else { parts.join("/") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_shown_relative_to_working_directory() {
        let show = |path| relative(&normalized(Path::new(path)), Path::new("/a/b"));
        assert_eq!(show("/a/b/contracts/./x.toml"), "contracts/x.toml");
        assert_eq!(show("/a/c/../b/x.toml"), "x.toml");
        assert_eq!(show("/a/c/x.toml"), "../c/x.toml");
        assert_eq!(show("/a/b"), ".");
    }
}
