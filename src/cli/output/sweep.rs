//! Removes temporary files of interrupted runs from a folder before the next write to this folder.

use std::{
    fs,
    path::Path,
    time::{Duration, SystemTime},
};

use crate::source::regular;

/// The prefix of a temporary file's name.
pub(super) const PREFIX: &str = ".driverc-";
/// The number of random letters in the name, which is large enough that no other program's file
/// matches.
pub(super) const RANDOM: usize = 16;
/// The suffix of the name.
pub(super) const SUFFIX: &str = ".tmp";
/// The minimum age of a file to remove. A younger file can belong to a run that has not locked it
/// yet.
const MIN_AGE: Duration = Duration::from_mins(1);

/// Removes the temporary files in a folder, except files that a run still uses.
pub(super) fn remove_left_over(folder: &Path) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        if is_temporary(&entry.file_name().to_string_lossy()) && is_left_over(&entry) {
            // A file that cannot be removed does no harm.
            _ = fs::remove_file(entry.path());
        }
    }
}

fn is_temporary(name: &str) -> bool {
    let random = name.strip_prefix(PREFIX).and_then(|name| name.strip_suffix(SUFFIX));
    random.is_some_and(|random| {
        random.len() == RANDOM && random.bytes().all(|byte| byte.is_ascii_alphanumeric())
    })
}

fn is_left_over(entry: &fs::DirEntry) -> bool {
    let Ok(metadata) = entry.metadata() else { return false };
    let age = metadata.modified().ok().and_then(|time| SystemTime::now().duration_since(time).ok());
    let is_old = age.is_some_and(|age| age >= MIN_AGE);
    let is_unlocked = || regular::open(&entry.path()).is_ok_and(|file| file.try_lock().is_ok());
    metadata.is_file() && is_old && is_unlocked()
}

#[cfg(test)]
mod tests {
    use std::fs::File;

    use super::*;

    #[test]
    fn only_old_unlocked_temporary_files_are_removed() {
        let folder = tempfile::tempdir().unwrap();
        let make = |name: &str, age: Duration| {
            let file = File::create(folder.path().join(name)).unwrap();
            file.set_modified(SystemTime::now() - age).unwrap();
            file
        };
        let old = MIN_AGE + Duration::from_secs(5);
        make(".driverc-aB3xyz0123456789.tmp", old);
        make(".driverc-notes1", old);
        make(".driverc-young12345678901.tmp", Duration::ZERO);
        let used = make(".driverc-used123456789012.tmp", old);
        used.lock().unwrap();
        remove_left_over(folder.path());
        let mut left: Vec<_> = fs::read_dir(folder.path())
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        left.sort();
        assert_eq!(
            left,
            [".driverc-notes1", ".driverc-used123456789012.tmp", ".driverc-young12345678901.tmp",]
        );
    }
}
