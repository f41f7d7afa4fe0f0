//! Opens regular files without blocking on a FIFO. A FIFO can replace a file at any time.

use std::{
    fs::File,
    io::{self, Read},
    path::Path,
};

use same_file::Handle;

/// Opens a file for reading. Does not block on a pipe without a writer.
pub(crate) fn open(path: &Path) -> io::Result<File> {
    #[cfg(unix)]
    {
        use rustix::fs::{Mode, OFlags};
        let flags = OFlags::RDONLY | OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::CLOEXEC;
        Ok(File::from(rustix::fs::open(path, flags, Mode::empty())?))
    }
    #[cfg(not(unix))]
    File::open(path)
}

/// Returns the identity of the file at a path. Does not block on a pipe.
pub(crate) fn identity(path: &Path) -> io::Result<Handle> {
    Handle::from_file(open(path)?)
}

/// Returns the identity of an open file or folder.
pub(crate) fn identity_of(file: &File) -> io::Result<Handle> {
    Handle::from_file(file.try_clone()?)
}

/// Appends at most `most` bytes of a file to `bytes`.
///
/// Fails for pipes, devices and folders.
pub(crate) fn read(path: &Path, most: u64, bytes: &mut Vec<u8>) -> io::Result<()> {
    read_opened(&open(path)?, most, bytes)
}

/// Appends at most `most` bytes of an open file to `bytes`. Fails in the same cases as [`read`].
pub(crate) fn read_opened(file: &File, most: u64, bytes: &mut Vec<u8>) -> io::Result<()> {
    match file.take(most).read_to_end(bytes) {
        // Only an empty file can be a pipe. Metadata of each file would cost as much as reading it.
        Ok(0) if most > 0 && !file.metadata()?.is_file() => Err(no_file()),
        Ok(_) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::WouldBlock => Err(no_file()),
        Err(error) => Err(error),
    }
}

/// Returns the error for a path that is not a regular file.
pub(crate) fn no_file() -> io::Error {
    io::Error::other("it is a pipe or a device")
}

#[cfg(all(test, unix))]
mod tests {
    use std::fs::{self, OpenOptions};

    use nix::{sys::stat::Mode, unistd::mkfifo};

    use super::*;

    fn content(path: &Path, most: u64) -> io::Result<String> {
        let mut bytes = Vec::new();
        read(path, most, &mut bytes)?;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }

    #[test]
    fn read_stops_at_limit() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a");
        fs::write(&path, "abc").unwrap();
        assert_eq!(content(&path, 2).unwrap(), "ab");
        assert_eq!(content(&path, 4).unwrap(), "abc");
        fs::write(&path, "").unwrap();
        assert_eq!(content(&path, 4).unwrap(), "");
        assert_eq!(content(Path::new("/dev/zero"), 2).unwrap(), "\0\0");
    }

    #[test]
    fn pipe_gives_error_without_blocking() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("pipe");
        mkfifo(&path, Mode::S_IRWXU).unwrap();
        let refused = || content(&path, 4).unwrap_err().to_string();
        assert_eq!(refused(), "it is a pipe or a device");
        // With a writer, opening the pipe still must not block.
        let _both = OpenOptions::new().read(true).write(true).open(&path).unwrap();
        assert_eq!(refused(), "it is a pipe or a device");
        assert!(content(Path::new("/dev/null"), 4).is_err());
        assert!(content(folder.path(), 4).is_err());
    }
}
