//! The work that no checker can avoid: finding and reading files, and parsing them as TOML.

use std::{
    fs::{self, File},
    io::{self, Read},
    path::{Path, PathBuf},
    sync::atomic::{AtomicUsize, Ordering},
    thread,
};

use toml::de::DeTable;

/// Reads every file below `contracts`, and parses it if `parse` is true. Returns the number of
/// bytes.
pub(crate) fn read(parse: bool) -> io::Result<usize> {
    let folders = folders(Path::new("contracts"))?;
    let next = AtomicUsize::new(0);
    let work = || -> io::Result<usize> {
        let mut bytes = 0;
        let mut buffer = Vec::new();
        while let Some(folder) = folders.get(next.fetch_add(1, Ordering::Relaxed)) {
            for entry in fs::read_dir(folder)? {
                let entry = entry?;
                if !entry.file_type()?.is_file() {
                    continue;
                }
                buffer.clear();
                File::open(entry.path())?.read_to_end(&mut buffer)?;
                bytes += buffer.len();
                if parse {
                    let text = str::from_utf8(&buffer).map_err(io::Error::other)?;
                    DeTable::parse(text).map_err(io::Error::other)?;
                }
            }
        }
        Ok(bytes)
    };
    let threads = thread::available_parallelism().map_or(1, std::num::NonZero::get);
    thread::scope(|scope| {
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        let ended = workers.into_iter().map(|worker| match worker.join() {
            Ok(bytes) => bytes,
            Err(panic) => std::panic::resume_unwind(panic),
        });
        ended.sum()
    })
}

/// Returns a folder and its direct subfolders.
fn folders(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut folders = vec![folder.to_owned()];
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            folders.push(entry.path());
        }
    }
    Ok(folders)
}
