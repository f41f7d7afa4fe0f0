//! Opens regular files without blocking on FIFOs.
//!
//! Between a look at a file and its opening, a pipe or a device may take its place.

use std::{
    fs::File,
    io::{self, Read},
    path::Path,
};

use same_file::Handle;

/// Opens a file for reading; a pipe without a writer is opened at once.
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

/// The identity of what lies at a path now. A pipe is not waited for.
pub(crate) fn identity(path: &Path) -> io::Result<Handle> {
    Handle::from_file(open(path)?)
}

/// The identity of an open file or folder.
pub(crate) fn identity_of(file: &File) -> io::Result<Handle> {
    Handle::from_file(file.try_clone()?)
}

/// Adds what is in a file to the bytes, but no more than `most` of it.
///
/// A pipe, a device and a folder are errors.
pub(crate) fn read(path: &Path, most: u64, bytes: &mut Vec<u8>) -> io::Result<()> {
    read_opened(&open(path)?, most, bytes)
}

/// The same for a file that is open.
pub(crate) fn read_opened(file: &File, most: u64, bytes: &mut Vec<u8>) -> io::Result<()> {
    match file.take(most).read_to_end(bytes) {
        // To ask each file what it is costs as much as reading it, and only what is empty may be
        // a pipe.
        Ok(0) if most > 0 && !file.metadata()?.is_file() => Err(no_file()),
        Ok(_) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::WouldBlock => Err(no_file()),
        Err(error) => Err(error),
    }
}

/// What is there can be read, but has no end or no content that stays.
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
    fn no_more_is_read_than_is_asked_for() {
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
    fn a_pipe_is_an_error_and_not_waited_for() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("pipe");
        mkfifo(&path, Mode::S_IRWXU).unwrap();
        let refused = || content(&path, 4).unwrap_err().to_string();
        assert_eq!(refused(), "it is a pipe or a device");
        // Now somebody may still write.
        let _both = OpenOptions::new().read(true).write(true).open(&path).unwrap();
        assert_eq!(refused(), "it is a pipe or a device");
        assert!(content(Path::new("/dev/null"), 4).is_err());
        assert!(content(folder.path(), 4).is_err());
    }
}
