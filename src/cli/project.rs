//! The project around a run: its root, its configuration, the names of its files.

use std::{
    env,
    path::{Component, Path, PathBuf},
};

use super::Failure;
use crate::settings::Settings;

/// The name of the configuration file.
pub(super) const CONFIGURATION: &str = "driverc.toml";
/// Where contracts are without a configuration.
const DEFAULT_FOLDER: &str = "contracts";

/// Where a run takes place.
#[derive(Debug)]
pub(super) struct Project {
    /// The working directory, absolute.
    directory: PathBuf,
    /// The folder of the configuration, else the working directory; absolute.
    pub(super) root: PathBuf,
    /// What the project has decided.
    pub(super) settings: Settings,
}

impl Project {
    /// Finds the project of the working directory.
    pub(super) fn find() -> Result<Self, Failure> {
        let directory = env::current_dir()
            .map_err(|error| Failure::io("cannot find the working directory", error))?;
        let root = configured_root(&directory).unwrap_or_else(|| directory.clone());
        Ok(Self { directory, root, settings: Settings::default() })
    }

    /// The folders and files that form the workspace where none is named; those that exist.
    pub(super) fn default_inputs(&self) -> Vec<PathBuf> {
        let folder = self.root.join(DEFAULT_FOLDER);
        if folder.exists() { vec![folder] } else { Vec::new() }
    }

    /// The absolute path, without `.` and `..`, under which a file is known.
    pub(super) fn absolute(&self, path: &Path) -> PathBuf {
        normalized(&self.directory.join(path))
    }

    /// The path relative to the working directory, with `/`.
    pub(super) fn display(&self, path: &Path) -> String {
        relative(&self.absolute(path), &self.directory)
    }
}

/// The nearest folder with a configuration, from the working directory up to the root of the git
/// repository; without a repository only the working directory counts.
fn configured_root(directory: &Path) -> Option<PathBuf> {
    let repository = directory.ancestors().find(|folder| folder.join(".git").exists());
    let last = repository.unwrap_or(directory);
    directory
        .ancestors()
        .take_while(|folder| folder.starts_with(last))
        .find(|folder| folder.join(CONFIGURATION).is_file())
        .map(Path::to_owned)
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

fn relative(path: &Path, directory: &Path) -> String {
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
    fn paths_are_shown_relative_to_the_working_directory() {
        let show = |path| relative(&normalized(Path::new(path)), Path::new("/a/b"));
        assert_eq!(show("/a/b/contracts/./x.toml"), "contracts/x.toml");
        assert_eq!(show("/a/c/../b/x.toml"), "x.toml");
        assert_eq!(show("/a/c/x.toml"), "../c/x.toml");
        assert_eq!(show("/a/b"), ".");
    }
}
