//! From paths to documents: walking folders, reading and parsing files.

use std::{
    fmt, io,
    path::{Path, PathBuf},
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
        mpsc,
    },
    thread,
};

use ignore::{DirEntry, WalkBuilder};

use super::ignored::{self, LeftOut};
use crate::{
    document::{self, Document},
    model::MaxFileBytes,
    parallel::{joined, threads},
    source::{Source, regular},
};

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

/// What becomes of the text of a document that has no findings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Texts {
    /// It is kept.
    Kept,
    /// It is dropped, and read again if somebody asks for it: [`Source::without_text`]. Texts of
    /// files that are not named by their paths are kept all the same.
    Dropped,
}

/// How many files a thread takes at once. Fewer files than this are read by one thread: starting
/// more costs more than it saves.
const BATCH: usize = 64;
/// The bytes that most files have room in.
const ROOM: usize = 1 << 16;

/// The `*.toml` files in a folder and below, sorted; `.gitignore` is respected.
///
/// Hidden files and folders are left out: editors keep their own files there.
///
/// What cannot be walked is in the errors, and the rest is found all the same.
pub fn find(folder: &Path, errors: &mut Vec<LoadError>) -> Vec<PathBuf> {
    let mut found = Vec::new();
    walk(folder, errors, |path| found.push(path));
    found.sort();
    found
}

/// Hands over the documents in a folder and below, those of each folder by name.
fn walk(folder: &Path, errors: &mut Vec<LoadError>, mut found: impl FnMut(PathBuf)) {
    if let Some(error) = ignored::unreadable_around(folder) {
        errors.push(error);
        return;
    }
    let mut walk = WalkBuilder::new(folder);
    let left_out = LeftOut::of_walk(&mut walk);
    // What one user alone has set up leaves nothing out: a verdict is everybody's.
    walk.git_global(false).git_exclude(false).ignore(false);
    let by_bytes = |left: &Path, right: &Path| left.as_os_str().cmp(right.as_os_str());
    for entry in walk.sort_by_file_path(by_bytes).build() {
        match entry {
            Ok(entry) if is_document(&entry) => found(entry.into_path()),
            Ok(_) => {}
            Err(error) => errors.push(walk_error(folder, error)),
        }
    }
    errors.extend(left_out.errors());
}

/// A file, or a link to one. A link that leads nowhere counts: reading says what is wrong.
fn is_document(entry: &DirEntry) -> bool {
    let is_toml = entry.path().as_os_str().as_encoded_bytes().ends_with(b".toml");
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
/// The documents come in the order of the paths; what cannot be read is in the errors, and so are
/// pipes and devices, which [`Content::of_named`](super::Content::of_named) reads.
pub fn load(
    paths: &[PathBuf],
    name: impl Fn(&Path) -> String + Sync,
    limit: MaxFileBytes,
    progress: &Progress,
    errors: &mut Vec<LoadError>,
) -> Vec<(Source, Document)> {
    let name = |path: &Path| Some(name(path));
    in_batches(Reading { texts: Texts::Kept, limit }, name, progress, errors, |_, batches| {
        for path in paths {
            batches.add(path.clone());
        }
    })
}

/// Reads and parses the documents in a folder and below, as [`find`] finds them, while it is
/// walked; those for which `name` has no name are left out.
///
/// The documents come in no order; what cannot be walked or read is in the errors.
pub fn load_folder(
    folder: &Path,
    texts: Texts,
    name: impl Fn(&Path) -> Option<String> + Sync,
    limit: MaxFileBytes,
    progress: &Progress,
    errors: &mut Vec<LoadError>,
) -> Vec<(Source, Document)> {
    in_batches(Reading { texts, limit }, name, progress, errors, |errors, batches| {
        walk(folder, errors, |path| match path.strip_prefix(".") {
            Ok(plain) => batches.add(plain.to_owned()),
            Err(_) => batches.add(path),
        });
    })
}

type Loaded = Result<(Source, Document), LoadError>;

/// How files are read.
#[derive(Clone, Copy)]
struct Reading {
    texts: Texts,
    /// The largest file that is read.
    limit: MaxFileBytes,
}

/// Reads the files that `find` finds, in this thread and, from the second batch on, in others.
fn in_batches(
    reading: Reading,
    name: impl Fn(&Path) -> Option<String> + Sync,
    progress: &Progress,
    errors: &mut Vec<LoadError>,
    find: impl FnOnce(&mut Vec<LoadError>, &mut Batches<'_>),
) -> Vec<(Source, Document)> {
    let (sender, receiver) = mpsc::channel::<(usize, Vec<PathBuf>)>();
    let receiver = Mutex::new(receiver);
    let work = || {
        let mut reader = Reader::new(reading);
        let mut loaded = Vec::new();
        while let Some((number, batch)) = next(&receiver) {
            let read = |path: PathBuf| {
                let name = name(&path);
                let read = name.map(|name| reader.read(path, name));
                progress.done.fetch_add(1, Ordering::Relaxed);
                read
            };
            let batch: Vec<Loaded> = batch.into_iter().filter_map(read).collect();
            loaded.push((number, batch));
        }
        loaded
    };
    let mut loaded = thread::scope(|scope| {
        let mut workers = Vec::new();
        let mut start = || {
            workers.extend((1..threads()).map(|_| scope.spawn(work)));
        };
        let mut batches =
            Batches { sender, number: 0, batch: Vec::new(), progress, start: &mut start };
        find(errors, &mut batches);
        batches.finish();
        let mut loaded = work();
        loaded.extend(workers.into_iter().flat_map(|worker| joined(worker.join())));
        loaded
    });
    loaded.sort_unstable_by_key(|(number, _)| *number);
    let mut documents = Vec::with_capacity(progress.total.load(Ordering::Relaxed));
    for result in loaded.into_iter().flat_map(|(_, batch)| batch) {
        match result {
            Ok(document) => documents.push(document),
            Err(error) => errors.push(error),
        }
    }
    documents
}

/// Paths on their way to the threads that read them.
struct Batches<'a> {
    sender: mpsc::Sender<(usize, Vec<PathBuf>)>,
    /// The number of the batch that is being filled.
    number: usize,
    batch: Vec<PathBuf>,
    progress: &'a Progress,
    /// Starts the other threads.
    start: &'a mut dyn FnMut(),
}

impl Batches<'_> {
    fn add(&mut self, path: PathBuf) {
        self.batch.push(path);
        if self.batch.len() == BATCH {
            self.send();
            if self.number == 1 {
                (self.start)();
            }
        }
    }

    fn send(&mut self) {
        let batch = std::mem::replace(&mut self.batch, Vec::with_capacity(BATCH));
        self.progress.total.fetch_add(batch.len(), Ordering::Relaxed);
        // Nobody who receives is gone before this sender.
        _ = self.sender.send((self.number, batch));
        self.number += 1;
    }

    /// Sends what is left; the threads end when they have read it.
    fn finish(mut self) {
        self.send();
    }
}

fn next<T>(receiver: &Mutex<mpsc::Receiver<T>>) -> Option<T> {
    let receiver = receiver.lock().unwrap_or_else(PoisonError::into_inner);
    receiver.recv().ok()
}

/// Reads one file after another into the same memory.
struct Reader {
    reading: Reading,
    bytes: Vec<u8>,
    documents: document::Reader,
}

impl Reader {
    fn new(reading: Reading) -> Self {
        let documents = document::Reader::default();
        Self { reading, bytes: Vec::with_capacity(ROOM), documents }
    }

    fn read(&mut self, path: PathBuf, name: String) -> Loaded {
        let Reading { texts, limit } = self.reading;
        self.bytes.clear();
        if let Err(error) = regular::read(&path, limit.get() + 1, &mut self.bytes) {
            return Err(LoadError { path, error });
        }
        if self.bytes.len() as u64 > limit.get() {
            return Ok((Source::new(name, ""), document::too_large(limit)));
        }
        let text = match String::from_utf8(std::mem::take(&mut self.bytes)) {
            Ok(text) => text,
            Err(error) => {
                let (text, document) = document::read_bytes(error.into_bytes());
                return Ok((Source::new(name, text), document));
            }
        };
        let document = self.documents.read(&text);
        let drop = texts == Texts::Dropped && document.is_clean() && path == Path::new(&name);
        // A large text is handed over and not copied.
        if !drop && text.len() > ROOM {
            return Ok((Source::new(name, text), document));
        }
        let source =
            if drop { Source::without_text(name, &text) } else { Source::new(name, text.as_str()) };
        self.bytes = text.into_bytes();
        Ok((source, document))
    }
}
