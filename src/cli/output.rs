//! Writes standard output, and replaces files completely or not at all.

mod sweep;
mod target;

use std::{
    collections::{BTreeMap, BTreeSet},
    env,
    ffi::OsStr,
    fs::{self, File, OpenOptions, TryLockError},
    io::{self, IsTerminal, Write},
    path::{Path, PathBuf},
    thread,
    time::Duration,
};

use tempfile::NamedTempFile;

use super::{Failure, Outcome, arguments::Color};
use crate::{report::Style, source::regular};

/// The text width for a file or a pipe.
const WIDTH: usize = 100;
/// The maximum number of attempts to lock a file. Another run holds the lock only while it compares
/// and renames the file, which takes far less time than all attempts.
const LOCK_TRIES: usize = 200;
const LOCK_WAIT: Duration = Duration::from_millis(10);
/// The narrowest terminal for which frames are drawn.
const NARROWEST: usize = 40;

/// Replaces the file, or writes to standard output if no file is given.
pub(super) fn write(file: Option<&Path>, bytes: &[u8]) -> Result<(), Failure> {
    match file {
        Some(path) => replace(path, bytes).map_err(|error| Failure::write(path, &error)),
        None => to_stdout(bytes).map(|_| ()),
    }
}

/// Writes several outputs: first the regular files, each completely or not at all, then standard
/// output, devices and pipes. If a regular file cannot be prepared, writes nothing.
pub(super) fn write_all(outputs: &[(Option<&Path>, Vec<u8>)]) -> Result<(), Failure> {
    let files = outputs.iter().filter_map(|(file, _)| *file);
    remove_left_over(files);
    write_batch(outputs)
}

/// Writes outputs as [`write_all`] does, but leaves temporary files of interrupted runs.
pub(super) fn write_batch(outputs: &[(Option<&Path>, Vec<u8>)]) -> Result<(), Failure> {
    let (mut renewals, mut streams) = (Vec::new(), Vec::new());
    for (file, bytes) in outputs {
        match file.filter(|path| !is_stream(path)) {
            Some(path) => {
                let target = target::of_output(path);
                let renewal = target.and_then(|target| Renewal::prepare(target, bytes));
                let renewal = renewal.map_err(|error| Failure::write(path, &error))?;
                renewals.push((path, renewal));
            }
            None => streams.push((*file, bytes)),
        }
    }
    // A file system writes several files to the disk faster if all of them are complete before.
    for (path, renewal) in &renewals {
        renewal.sync().map_err(|error| Failure::write(path, &error))?;
    }
    for (path, renewal) in renewals {
        renewal.complete().map_err(|error| Failure::write(path, &error))?;
    }
    streams.into_iter().try_for_each(|(file, bytes)| write(file, bytes))
}

/// Returns a failure if no output can be written to a path.
pub(super) fn allow(path: &Path) -> Result<(), Failure> {
    if is_stream(path) {
        return Ok(());
    }
    target::of_output(path).map(|_| ()).map_err(|error| Failure::write(path, &error))
}

/// Finds the real places of output files. Looks up each folder once.
#[derive(Debug, Default)]
pub(super) struct Places<'p> {
    folders: BTreeMap<&'p Path, Option<PathBuf>>,
}

impl<'p> Places<'p> {
    /// Returns a path that is the same for all names of an output file.
    pub(super) fn of(&mut self, file: &'p Path) -> PathBuf {
        let folder = target::folder(file);
        let real = self.folders.entry(folder).or_insert_with(|| folder.canonicalize().ok());
        match (real, file.file_name()) {
            (Some(folder), Some(name)) => folder.join(name),
            _ => file.to_owned(),
        }
    }
}

/// Writes to standard output. A closed pipe is not a failure.
pub(super) fn to_stdout(bytes: &[u8]) -> Result<Outcome, Failure> {
    let mut stdout = io::stdout().lock();
    match stdout.write_all(bytes).and_then(|()| stdout.flush()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(Outcome::Clean),
        Err(error) => Err(Failure::io("cannot write to standard output", &error)),
        Ok(()) => Ok(Outcome::Clean),
    }
}

/// Replaces the content of a file atomically. Replaces a link instead of following it. Writes
/// directly to a device, pipe or terminal.
pub(super) fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    if is_stream(path) {
        return OpenOptions::new().append(true).open(path)?.write_all(bytes);
    }
    renewal(path, bytes)?.complete()
}

fn renewal(path: &Path, bytes: &[u8]) -> io::Result<Renewal> {
    let target = target::of_output(path)?;
    sweep::remove_left_over(target::folder(&target));
    Renewal::prepare(target, bytes)
}

/// Returns true if a path is a device, a pipe, or a system link to a device or pipe, such as
/// `/dev/stdout`.
fn is_stream(path: &Path) -> bool {
    let Ok(existing) = fs::symlink_metadata(path) else { return false };
    if existing.is_symlink() {
        let folder = target::folder(path).canonicalize();
        return folder
            .is_ok_and(|folder| folder.starts_with("/dev") || folder.starts_with("/proc"));
    }
    // Replacing `/dev/null` would turn it into a regular file.
    !existing.is_file() && !existing.is_dir()
}

/// The run that wrote the new content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Writer {
    /// This run.
    This,
    /// Another run, which wrote the same content.
    Other,
}

/// Replaces the content of a file with `after`, which was made from `before`. Fails if the file now
/// has a different content than `before` and `after`. Replaces a link instead of following it.
pub(super) fn renew(path: &Path, before: &[u8], after: &[u8]) -> Result<Writer, Failure> {
    let renewal = target::of_output(path).and_then(|target| Renewal::prepare(target, after));
    let renewal = renewal.map_err(|error| Failure::write(path, &error))?;
    renewal.complete_of(path, before, after)
}

/// Removes temporary files of interrupted runs from the folders of these files.
pub(super) fn remove_left_over<'p>(paths: impl Iterator<Item = &'p Path>) {
    let files = paths.filter(|path| !is_stream(path));
    let folders: BTreeSet<_> = files.map(target::folder).collect();
    folders.into_iter().for_each(sweep::remove_left_over);
}

/// A temporary file with the new content, next to the file that it will replace.
struct Renewal {
    file: NamedTempFile,
    target: PathBuf,
}

impl Renewal {
    fn prepare(target: PathBuf, bytes: &[u8]) -> io::Result<Self> {
        let file = prepared(&target, bytes)?;
        if let Some(existing) = fs::symlink_metadata(&target).ok().filter(fs::Metadata::is_file) {
            file.as_file().set_permissions(plain(&existing.permissions()))?;
        }
        Ok(Self { file, target })
    }

    /// Writes the new content to the disk.
    fn sync(&self) -> io::Result<()> {
        self.file.as_file().sync_all()
    }

    /// Replaces the target, regardless of its content.
    fn complete(self) -> io::Result<()> {
        self.sync()?;
        self.file.persist(&self.target)?;
        Ok(())
    }

    /// Replaces the target only if its content is `before`. Compares the content as late as
    /// possible.
    fn complete_of(self, path: &Path, before: &[u8], after: &[u8]) -> Result<Writer, Failure> {
        let failed = |error: io::Error| Failure::write(path, &error);
        // Another run that replaces the same file waits for the lock and then finds the file
        // replaced.
        let current = regular::open(&self.target).map_err(failed)?;
        if !current.metadata().map_err(failed)?.is_file() {
            return Err(failed(regular::no_file()));
        }
        lock(&current).map_err(failed)?;
        let there = regular::identity(&self.target).map_err(failed)?;
        let is_there = regular::identity_of(&current).map_err(failed)? == there;
        let current =
            if is_there { current } else { regular::open(&self.target).map_err(failed)? };
        let mut content = Vec::with_capacity(before.len() + 1);
        let most = before.len().max(after.len()) as u64 + 1;
        regular::read_opened(&current, most, &mut content).map_err(failed)?;
        if is_there && content == before {
            return self.complete().map(|()| Writer::This).map_err(failed);
        }
        if content == after {
            return Ok(Writer::Other);
        }
        Err(Failure::new(format!("`{}` has changed since it was read; run again", path.display())))
    }
}

/// Returns the read, write and execute permissions without special bits, such as set-user-ID.
#[cfg(unix)]
fn plain(permissions: &fs::Permissions) -> fs::Permissions {
    use std::os::unix::fs::PermissionsExt;
    fs::Permissions::from_mode(permissions.mode() & 0o777)
}

/// Returns the permissions, unchanged.
#[cfg(not(unix))]
fn plain(permissions: &fs::Permissions) -> fs::Permissions {
    permissions.clone()
}

/// Locks a file against other runs until it is closed. Succeeds without a lock if the file system
/// does not support locks.
fn lock(file: &File) -> io::Result<()> {
    for _ in 0..LOCK_TRIES {
        match file.try_lock() {
            Ok(()) | Err(TryLockError::Error(_)) => return Ok(()),
            Err(TryLockError::WouldBlock) => thread::sleep(LOCK_WAIT),
        }
    }
    Err(io::Error::other("another program has locked it"))
}

/// Creates a file with this content. Never overwrites a file.
pub(super) fn create(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let target = target::of_output(path)?;
    sweep::remove_left_over(target::folder(&target));
    let file = prepared(&target, bytes)?;
    file.as_file().sync_all()?;
    file.persist_noclobber(&target)?;
    Ok(())
}

/// Returns a temporary file with this content, next to the file that it will replace.
fn prepared(target: &Path, bytes: &[u8]) -> io::Result<NamedTempFile> {
    let folder = target::folder(target);
    fs::metadata(folder)?;
    let mut builder = tempfile::Builder::new();
    builder.prefix(sweep::PREFIX).suffix(sweep::SUFFIX).rand_bytes(sweep::RANDOM);
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    // The error would name the temporary file, which the user does not know.
    let file = builder.tempfile_in(folder).map_err(|error| io::Error::from(error.kind()))?;
    // The lock marks the file as in use, so no other run removes it.
    _ = file.as_file().try_lock();
    file.as_file().write_all(bytes)?;
    Ok(file)
}

/// Appends to a file, and creates it if it does not exist.
pub(super) fn append(path: &Path, bytes: &[u8]) -> io::Result<()> {
    OpenOptions::new().append(true).create(true).open(path)?.write_all(bytes)
}

/// Returns the style that the output destination supports.
pub(super) fn style(color: Color, file: Option<&Path>) -> Style {
    let terminal = file.is_none() && io::stdout().is_terminal();
    let color = match color {
        Color::Always => true,
        Color::Never => false,
        Color::Auto => file.is_none() && wants_color(terminal),
    };
    let columns = terminal_size::terminal_size().map(|(width, _)| usize::from(width.0));
    let width = if terminal { columns.unwrap_or(WIDTH).max(NARROWEST) } else { WIDTH };
    Style { color, links: color && terminal, width, unicode: true }
}

/// Returns true if output is coloured, by the conventions of `NO_COLOR` and `CLICOLOR_FORCE`.
fn wants_color(terminal: bool) -> bool {
    let set = |name| env::var_os(name).filter(|value| !value.is_empty());
    if set("NO_COLOR").is_some() {
        return false;
    }
    if set("CLICOLOR_FORCE").is_some_and(|value| value != OsStr::new("0")) {
        return true;
    }
    terminal && env::var_os("TERM").is_none_or(|term| term != OsStr::new("dumb"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn change_by_another_program_is_not_overwritten() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.toml");
        let now = || fs::read_to_string(&path).unwrap();
        for change in ["", "bef", "beforehand", "behind"] {
            fs::write(&path, "before").unwrap();
            let renewal = Renewal::prepare(path.clone(), b"after").unwrap();
            fs::write(&path, change).unwrap();
            let failure = renewal.complete_of(&path, b"before", b"after").unwrap_err().to_string();
            assert!(failure.ends_with("a.toml` has changed since it was read; run again"));
            assert_eq!(now(), change);
        }
        let renewal = Renewal::prepare(path.clone(), b"after").unwrap();
        assert_eq!(renewal.complete_of(&path, b"behind", b"after").unwrap(), Writer::This);
        assert_eq!(now(), "after");
        let renewal = Renewal::prepare(path.clone(), b"later").unwrap();
        fs::remove_file(&path).unwrap();
        let failure = renewal.complete_of(&path, b"after", b"later").unwrap_err().to_string();
        assert!(failure.starts_with("cannot write `"), "{failure}");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0, "no partial file remains");
    }

    #[test]
    fn same_change_by_another_run_is_attributed_to_that_run() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.toml");
        fs::write(&path, "before").unwrap();
        let [one, other] = [0, 1].map(|_| Renewal::prepare(path.clone(), b"after").unwrap());
        assert_eq!(one.complete_of(&path, b"before", b"after").unwrap(), Writer::This);
        assert_eq!(other.complete_of(&path, b"before", b"after").unwrap(), Writer::Other);
    }
}
