//! From paths to documents: walking folders, reading and parsing files.

use std::{
    fmt, io,
    path::{Path, PathBuf},
    sync::atomic::{AtomicUsize, Ordering},
    thread,
};

use ignore::{DirEntry, WalkBuilder};

use super::Content;
use crate::{document::Document, model::MaxFileBytes, source::Source};

/// A file or folder that could not be read.
#[derive(Debug)]
pub struct LoadError {
    /// The file or folder, as it was asked for.
    pub path: PathBuf,
    /// What the system says.
    pub error: io::Error,
}

impl fmt::Display for LoadError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "cannot read `{}`: {}", self.path.display(), self.error)
    }
}

impl std::error::Error for LoadError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.error)
    }
}

/// How far reading has come; safe to look at from another thread.
#[derive(Debug, Default)]
pub struct Progress {
    /// How many files were read.
    pub done: AtomicUsize,
    /// How many files there are.
    pub total: AtomicUsize,
}

/// Fewer files than this are read by one thread: starting more costs more than it saves.
const PARALLEL_FROM: usize = 64;
/// How many files a thread takes at once.
const BATCH: usize = 32;

/// The `*.toml` files in a folder and below, sorted; `.gitignore` is respected.
///
/// Hidden files and folders are left out: editors keep their own files there.
///
/// What cannot be walked is in the errors, and the rest is found all the same.
pub fn find(folder: &Path, errors: &mut Vec<LoadError>) -> Vec<PathBuf> {
    let mut walk = WalkBuilder::new(folder);
    // What one user alone has set up leaves nothing out: a verdict is everybody's.
    walk.git_global(false).git_exclude(false).ignore(false);
    let mut found = Vec::new();
    for entry in walk.build() {
        match entry {
            Ok(entry) if is_document(&entry) => found.push(entry.into_path()),
            Ok(_) => {}
            Err(error) => errors.push(walk_error(folder, error)),
        }
    }
    found.sort();
    found
}

/// A file, or a link to one. A link that leads nowhere counts: reading says what is wrong.
fn is_document(entry: &DirEntry) -> bool {
    let is_toml = entry.path().extension().is_some_and(|extension| extension == "toml");
    // A file that was asked for may have any name.
    let Some(kind) = entry.file_type().filter(|_| is_toml || entry.depth() == 0) else {
        return false;
    };
    if kind.is_symlink() {
        return std::fs::metadata(entry.path()).map_or(true, |target| target.is_file());
    }
    kind.is_file()
}

fn walk_error(folder: &Path, error: ignore::Error) -> LoadError {
    let path = path_of(&error).unwrap_or(folder).to_owned();
    let text = error.to_string();
    let error = error.into_io_error().map(cause);
    LoadError { path, error: error.unwrap_or_else(|| io::Error::other(text)) }
}

/// What the system says, without the path that the walk has put around it.
fn cause(error: io::Error) -> io::Error {
    let inner = error.get_ref().and_then(|wrapper| wrapper.source());
    let inner = inner.and_then(|inner| inner.downcast_ref::<io::Error>());
    match inner.and_then(io::Error::raw_os_error) {
        Some(code) => io::Error::from_raw_os_error(code),
        None => error,
    }
}

/// The file or folder at which a walk failed.
fn path_of(error: &ignore::Error) -> Option<&Path> {
    if let ignore::Error::WithPath { path, .. } = error {
        return Some(path);
    }
    if let ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } = error
    {
        return path_of(err);
    }
    None
}

/// Reads and parses files, named by `name`, in parallel where there are many; what is larger than
/// `limit` is a finding.
///
/// The documents come in the order of the paths; what cannot be read is in the errors.
pub fn load(
    paths: &[PathBuf],
    name: impl Fn(&Path) -> String + Sync,
    limit: MaxFileBytes,
    progress: &Progress,
    errors: &mut Vec<LoadError>,
) -> Vec<(Source, Document)> {
    progress.total.store(paths.len(), Ordering::Relaxed);
    let read = |path: &PathBuf| {
        let document = load_one(path, &name, limit);
        progress.done.fetch_add(1, Ordering::Relaxed);
        document
    };
    let loaded = if paths.len() < PARALLEL_FROM {
        paths.iter().map(read).collect()
    } else {
        in_parallel(paths, &read)
    };
    let mut documents = Vec::with_capacity(loaded.len());
    for result in loaded {
        match result {
            Ok(document) => documents.push(document),
            Err(error) => errors.push(error),
        }
    }
    documents
}

type Loaded = Result<(Source, Document), LoadError>;

fn load_one(path: &Path, name: impl Fn(&Path) -> String, limit: MaxFileBytes) -> Loaded {
    match Content::of_file(path, limit) {
        Ok(content) => Ok(content.read(name(path), limit)),
        Err(error) => Err(LoadError { path: path.to_owned(), error }),
    }
}

fn in_parallel(paths: &[PathBuf], read: &(impl Fn(&PathBuf) -> Loaded + Sync)) -> Vec<Loaded> {
    let threads = thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let batches: Vec<_> = paths.chunks(BATCH).collect();
    let next = AtomicUsize::new(0);
    let work = || {
        let mut results = Vec::new();
        while let Some((number, batch)) = take(&batches, &next) {
            results.push((number, batch.iter().map(read).collect::<Vec<_>>()));
        }
        results
    };
    let mut results: Vec<_> = thread::scope(|scope| {
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        workers.into_iter().flat_map(|worker| join(worker.join())).collect()
    });
    results.sort_by_key(|(number, _)| *number);
    results.into_iter().flat_map(|(_, batch)| batch).collect()
}

fn take<'p>(batches: &[&'p [PathBuf]], next: &AtomicUsize) -> Option<(usize, &'p [PathBuf])> {
    let number = next.fetch_add(1, Ordering::Relaxed);
    batches.get(number).map(|batch| (number, *batch))
}

/// A panic of a worker goes on here, as it would with one thread.
fn join<T>(result: thread::Result<T>) -> T {
    result.unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}
