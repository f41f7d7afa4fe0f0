//! Standard output and files: written whole or not at all.

mod sweep;
mod target;

use std::{
    collections::BTreeSet,
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

/// The width of text that goes to a file or a pipe.
const WIDTH: usize = 100;
/// A lock is held while a file is compared and renamed, which takes far less than all of this.
const LOCK_TRIES: usize = 200;
const LOCK_WAIT: Duration = Duration::from_millis(10);
/// The narrowest terminal that frames are drawn for.
const NARROWEST: usize = 40;

/// Writes to a file, replaced as a whole, or else to standard output.
pub(super) fn write(file: Option<&Path>, bytes: &[u8]) -> Result<(), Failure> {
    match file {
        Some(path) => replace(path, bytes).map_err(|error| Failure::write(path, &error)),
        None => to_stdout(bytes).map(|_| ()),
    }
}

/// Writes to standard output. If nobody reads it any more, that is no failure.
pub(super) fn to_stdout(bytes: &[u8]) -> Result<Outcome, Failure> {
    let mut stdout = io::stdout().lock();
    match stdout.write_all(bytes).and_then(|()| stdout.flush()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(Outcome::Clean),
        Err(error) => Err(Failure::io("cannot write to standard output", &error)),
        Ok(()) => Ok(Outcome::Clean),
    }
}

/// Puts new content into a file: the old content or the new is there, never a part. A link is
/// replaced, not followed; a device, pipe or terminal is written to.
pub(super) fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    if is_stream(path) {
        return OpenOptions::new().append(true).open(path)?.write_all(bytes);
    }
    let target = target::of_output(path)?;
    sweep::remove_left_over(target::folder(&target));
    Renewal::prepare(target, bytes)?.complete()
}

/// Whether a path is a device, a pipe, or one of the system's links to such, as `/dev/stdout` is.
fn is_stream(path: &Path) -> bool {
    let Ok(existing) = fs::symlink_metadata(path) else { return false };
    if existing.is_symlink() {
        let folder = target::folder(path).canonicalize();
        return folder
            .is_ok_and(|folder| folder.starts_with("/dev") || folder.starts_with("/proc"));
    }
    // A pipe or a device is not replaced, or `/dev/null` would become a file.
    !existing.is_file() && !existing.is_dir()
}

/// Who put content into the place of other content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Writer {
    /// This run.
    This,
    /// Another run, which wrote the same.
    Other,
}

/// Puts content that was made out of what is in a file into its place, unless another program has
/// changed the file meanwhile. A link is replaced, not followed.
pub(super) fn renew(path: &Path, before: &[u8], after: &[u8]) -> Result<Writer, Failure> {
    let renewal = target::of_output(path).and_then(|target| Renewal::prepare(target, after));
    let renewal = renewal.map_err(|error| Failure::write(path, &error))?;
    renewal.complete_of(path, before, after)
}

/// Removes what interrupted runs have left in the folders of these files.
pub(super) fn remove_left_over<'p>(paths: impl Iterator<Item = &'p Path>) {
    let folders: BTreeSet<_> = paths.map(target::folder).collect();
    folders.into_iter().for_each(sweep::remove_left_over);
}

/// New content beside the file whose place it takes.
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

    /// Takes the place of whatever is there.
    fn complete(self) -> io::Result<()> {
        self.file.persist(&self.target)?;
        Ok(())
    }

    /// Takes the place of this content only; it is looked at last, when all else is done.
    fn complete_of(self, path: &Path, before: &[u8], after: &[u8]) -> Result<Writer, Failure> {
        let failed = |error: io::Error| Failure::write(path, &error);
        // Another run that replaces the same file waits for the lock, and then finds it replaced.
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

/// The permissions to read, write and execute, without the right to act as somebody else.
#[cfg(unix)]
fn plain(permissions: &fs::Permissions) -> fs::Permissions {
    use std::os::unix::fs::PermissionsExt;
    fs::Permissions::from_mode(permissions.mode() & 0o777)
}

/// The permissions as they are.
#[cfg(not(unix))]
fn plain(permissions: &fs::Permissions) -> fs::Permissions {
    permissions.clone()
}

/// Locks a file against other runs until it is closed. File systems without locks go without.
fn lock(file: &File) -> io::Result<()> {
    for _ in 0..LOCK_TRIES {
        match file.try_lock() {
            Ok(()) | Err(TryLockError::Error(_)) => return Ok(()),
            Err(TryLockError::WouldBlock) => thread::sleep(LOCK_WAIT),
        }
    }
    Err(io::Error::other("another program has locked it"))
}

/// Puts content into a file that does not exist yet; nothing is overwritten.
pub(super) fn create(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let target = target::of_output(path)?;
    sweep::remove_left_over(target::folder(&target));
    prepared(&target, bytes)?.persist_noclobber(&target)?;
    Ok(())
}

/// A temporary file with this content, beside the file that it will become.
fn prepared(target: &Path, bytes: &[u8]) -> io::Result<NamedTempFile> {
    let folder = target::folder(target);
    fs::metadata(folder)?;
    let mut builder = tempfile::Builder::new();
    builder.prefix(sweep::PREFIX).suffix(sweep::SUFFIX).rand_bytes(sweep::RANDOM);
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    // The error would name the temporary file, of which nobody knows.
    let file = builder.tempfile_in(folder).map_err(|error| io::Error::from(error.kind()))?;
    // What is locked is in use, and no other run removes it.
    _ = file.as_file().try_lock();
    file.as_file().write_all(bytes)?;
    file.as_file().sync_all()?;
    Ok(file)
}

/// Adds to the end of a file, which is created if it is not there.
pub(super) fn append(path: &Path, bytes: &[u8]) -> io::Result<()> {
    OpenOptions::new().append(true).create(true).open(path)?.write_all(bytes)
}

/// What the place of output can show.
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

/// The conventions of `NO_COLOR` and `CLICOLOR_FORCE`.
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
    fn unseen_change_is_not_overwritten() {
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
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0, "no part is left");
    }

    #[test]
    fn the_same_change_by_another_run_is_not_claimed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.toml");
        fs::write(&path, "before").unwrap();
        let [one, other] = [0, 1].map(|_| Renewal::prepare(path.clone(), b"after").unwrap());
        assert_eq!(one.complete_of(&path, b"before", b"after").unwrap(), Writer::This);
        assert_eq!(other.complete_of(&path, b"before", b"after").unwrap(), Writer::Other);
    }
}
