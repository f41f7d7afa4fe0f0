//! Finds folders that moved between a revision and the work tree.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
};

use super::{Failure, Git, Revision, changes::OPTIONS, error_text};
use crate::repository::path_of;

impl Git<'_> {
    /// Returns the folder of a revision whose files moved to a folder of the work tree. If files of
    /// several folders moved there, returns the folder with the most of these files. All paths are
    /// absolute. Git must track the moved files.
    ///
    /// Git pairs files of equal content at random, so files whose content only one of the folders has
    /// decide first.
    pub(in crate::cli) fn moved_from(
        self,
        revision: &Revision,
        folder: &Path,
        candidates: &[&PathBuf],
    ) -> Result<Option<PathBuf>, Failure> {
        let mut moved: BTreeMap<&PathBuf, Vec<PathBuf>> = BTreeMap::new();
        if candidates.is_empty() {
            return Ok(None);
        }
        for [old, new] in self.renames(revision)? {
            let Ok(below) = new.strip_prefix(folder) else { continue };
            for from in candidates.iter().filter(|from| from.join(below) == old) {
                moved.entry(from).or_default().push(old.clone());
            }
        }
        if moved.len() < 2 {
            return Ok(moved.into_keys().next().cloned());
        }
        let unique = self.unique_files(revision, candidates)?;
        let score = |files: &[PathBuf]| {
            (files.iter().filter(|file| unique.contains(*file)).count(), files.len())
        };
        // Of several folders with the same files, the first one counts.
        let best = moved.into_iter().rev().max_by_key(|(_, files)| score(files));
        Ok(best.map(|(from, _)| from.clone()))
    }

    /// Returns the absolute paths of the files in these folders whose content occurs only once there.
    fn unique_files(
        self,
        revision: &Revision,
        folders: &[&PathBuf],
    ) -> Result<BTreeSet<PathBuf>, Failure> {
        let mut by_object: BTreeMap<String, Vec<PathBuf>> = BTreeMap::new();
        for entry in self.entries(revision, &["-r"], Path::new(""), "")? {
            let path = self.root().join(entry.path);
            if folders.iter().any(|folder| path.starts_with(folder)) {
                by_object.entry(entry.object).or_default().push(path);
            }
        }
        let unique = by_object.into_values().filter(|paths| paths.len() == 1);
        Ok(unique.flatten().collect())
    }

    /// Returns the old and the new absolute path of each file that was renamed since a revision.
    fn renames(self, revision: &Revision) -> Result<Vec<[PathBuf; 2]>, Failure> {
        let command = ["diff-index", "--name-status", "-z", "-M", "-l1000", "--diff-filter=R"];
        let names = ["--no-relative", revision.commit(), "--"];
        let output = self.git(&[&command[..], &OPTIONS, &names].concat())?;
        if !output.status.success() {
            let message = format!("git cannot find moved files ({})", error_text(&output));
            return Err(self.not_here(&message, revision, None));
        }
        let parts: Vec<_> = output.stdout.split(|byte| *byte == 0).collect();
        let path = |part: &[u8]| self.root().join(path_of(part));
        Ok(parts.chunks_exact(3).map(|parts| [path(parts[1]), path(parts[2])]).collect())
    }
}
