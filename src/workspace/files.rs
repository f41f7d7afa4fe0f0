//! Reads and parses files, in parallel.

use std::{
    ffi::OsStr,
    fs::File,
    path::{Path, PathBuf},
    string::FromUtf8Error,
    sync::{Mutex, PoisonError, atomic::Ordering, mpsc},
    thread,
};

use super::{
    Progress,
    error::LoadError,
    walk::{Ignored, walk},
};
use crate::{
    boundary::{Boundary, Folder, Refusal, Violation},
    document::{self, Document},
    model::{MaxFileBytes, ProjectVocabulary},
    parallel::{joined, threads},
    source::{Source, regular},
    toml::syntax::may_be_wide,
};

/// The setting that keeps the texts of documents without findings in memory, or drops them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Texts {
    /// All texts stay in memory.
    #[default]
    Kept,
    /// Texts are dropped, and read again if they are needed. See [`Source::without_text`]. A text
    /// stays in memory if the name of its document is not the path of the file.
    Dropped,
}

/// The number of files per batch. If there is only one batch, a single thread reads it, because
/// starting threads would cost more than it saves.
const BATCH: usize = 64;
/// The initial buffer size in bytes, which is enough for most files.
const ROOM: usize = 1 << 16;

/// Options for reading files.
#[derive(Clone, Copy, Debug)]
pub struct Reading<'b> {
    /// The boundary of the files.
    pub boundary: &'b Boundary,
    /// The setting for the texts of documents without findings.
    pub texts: Texts,
    /// The maximum file size.
    pub limit: MaxFileBytes,
    /// The words that the project declares.
    pub vocabulary: &'b ProjectVocabulary,
}

/// Reads and parses files, in parallel if there are many. `name` returns the display name of a
/// file.
///
/// Returns the documents in the order of the paths. A file that is too large or outside the
/// boundary becomes a finding. Adds other failures to `errors`. A pipe or device is such a failure,
/// because only [`Content::of_named`](super::Content::of_named) reads pipes and devices.
pub fn load(
    paths: &[PathBuf],
    reading: Reading<'_>,
    name: impl Fn(&Path) -> String + Sync,
    progress: &Progress,
    errors: &mut Vec<LoadError>,
) -> Vec<(Source, Document)> {
    let name = |path: &Path| Some(name(path));
    in_batches(reading, name, progress, errors, |_, batches| {
        for path in paths {
            batches.add(path.clone());
        }
    })
}

/// Finds documents in a folder like [`find`](super::find), and reads and parses them at the same
/// time. Skips files for which `name` returns `None`.
///
/// The order of the documents is not specified. Adds failures to `errors`.
pub fn load_folder(
    folder: &Path,
    reading: Reading<'_>,
    name: impl Fn(&Path) -> Option<String> + Sync,
    progress: &Progress,
    errors: &mut Vec<LoadError>,
) -> Vec<(Source, Document)> {
    in_batches(reading, name, progress, errors, |errors, batches| {
        walk(folder, Ignored::LeftOut, reading.boundary, errors, |path| {
            match path.strip_prefix(".") {
                Ok(plain) => batches.add(plain.to_owned()),
                Err(_) => batches.add(path),
            }
        });
    })
}

type Loaded = Result<(Source, Document), LoadError>;

/// Reads the files that `find` finds. Starts additional threads when there is a second batch.
fn in_batches(
    reading: Reading<'_>,
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

/// The sender of paths to the threads that read them.
struct Batches<'a> {
    sender: mpsc::Sender<(usize, Vec<PathBuf>)>,
    /// The index of the current batch.
    number: usize,
    batch: Vec<PathBuf>,
    progress: &'a Progress,
    /// Starts the additional threads.
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
        // The receiver outlives this sender, so sending cannot fail.
        _ = self.sender.send((self.number, batch));
        self.number += 1;
    }

    /// Sends the last batch and closes the channel, which ends the threads.
    fn finish(mut self) {
        self.send();
    }
}

fn next<T>(receiver: &Mutex<mpsc::Receiver<T>>) -> Option<T> {
    let receiver = receiver.lock().unwrap_or_else(PoisonError::into_inner);
    receiver.recv().ok()
}

/// Reads files one after another into the same buffer.
struct Reader<'b> {
    reading: Reading<'b>,
    /// The folder of the previous file.
    folder: Option<(PathBuf, Folder)>,
    bytes: Vec<u8>,
    documents: document::Reader,
}

impl<'b> Reader<'b> {
    fn new(reading: Reading<'b>) -> Self {
        let documents = document::Reader::default();
        Self { reading, folder: None, bytes: Vec::with_capacity(ROOM), documents }
    }

    fn read(&mut self, path: PathBuf, name: String) -> Loaded {
        let Reading { texts, limit, vocabulary, .. } = self.reading;
        self.bytes.clear();
        match self.read_bytes(&path) {
            Ok(()) => {}
            Err(Refusal::Violation(violation)) => {
                return Ok((Source::new(name, ""), document::outside(violation)));
            }
            Err(Refusal::Io(error)) => return Err(LoadError { path, error }),
        }
        if self.bytes.len() as u64 > limit.get() {
            return Ok((Source::new(name, ""), document::too_large(limit)));
        }
        let bytes = std::mem::take(&mut self.bytes);
        // UTF-16 can be valid UTF-8, with a NUL in each character.
        let is_wide = may_be_wide(&bytes);
        let text = match String::from_utf8(bytes) {
            Ok(text) if !is_wide => text,
            other => {
                let bytes = other.map_or_else(FromUtf8Error::into_bytes, String::into_bytes);
                let (text, document) = document::read_bytes_with(bytes, vocabulary);
                return Ok((Source::new(name, text), document));
            }
        };
        let document = self.documents.read_with(&text, vocabulary);
        let drop = texts == Texts::Dropped && document.is_clean() && path == Path::new(&name);
        // Moves a large text instead of copying it.
        if !drop && text.len() > ROOM {
            return Ok((Source::new(name, text), document));
        }
        let source =
            if drop { Source::without_text(name, &text) } else { Source::new(name, text.as_str()) };
        self.bytes = text.into_bytes();
        Ok((source, document))
    }

    fn read_bytes(&mut self, path: &Path) -> Result<(), Refusal> {
        let file = self.open(path)?;
        let most = self.reading.limit.get() + 1;
        regular::read_opened(&file, most, &mut self.bytes).map_err(Refusal::Io)
    }

    /// Opens a file relative to its folder, or opens a link through the boundary.
    fn open(&mut self, path: &Path) -> Result<File, Refusal> {
        let name = path.file_name().unwrap_or(OsStr::new("."));
        let opened = match self.folder_of(path) {
            Ok(folder) => folder.open_file(name).map_err(Refusal::Io)?,
            // The command line can name the file, or git can track it.
            Err(Refusal::Violation(Violation::Outside | Violation::LinkToFolder)) => None,
            Err(refusal) => return Err(refusal),
        };
        match opened {
            Some(file) => Ok(file),
            None => self.reading.boundary.open(path),
        }
    }

    /// Opens the folder of a file. Usually, this is the folder of the previous file, which is
    /// already open.
    fn folder_of(&mut self, path: &Path) -> Result<&Folder, Refusal> {
        let parent = path.parent().filter(|parent| *parent != Path::new(""));
        let parent = parent.unwrap_or(Path::new("."));
        let known = self.folder.take().filter(|(known, _)| known == parent);
        let known = match known {
            Some(known) => known,
            None => (parent.to_owned(), self.reading.boundary.open_folder(parent)?),
        };
        Ok(&self.folder.insert(known).1)
    }
}
