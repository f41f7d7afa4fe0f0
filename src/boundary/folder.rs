//! Opens folders inside the boundary, and the files in them.

use std::{ffi::OsStr, fs::File, io, path::Path};

use same_file::Handle;

use super::{Boundary, Refusal, paths::replaced};
use crate::source::regular;

/// An open folder. Files are opened relative to it, so replacing the folder or one of its parents
/// with a link has no effect.
#[derive(Debug)]
pub(crate) struct Folder {
    #[cfg(unix)]
    handle: File,
    #[cfg(not(unix))]
    path: std::path::PathBuf,
}

impl Boundary {
    /// Opens a folder, so that the caller can open files in it.
    pub(crate) fn open_folder(&self, path: &Path) -> Result<Folder, Refusal> {
        let resolved = self.resolve_folder(path)?;
        let folder = Folder::open(&resolved).map_err(Refusal::Io)?;
        let same = folder.identity().and_then(|opened| Ok(opened == regular::identity(&resolved)?));
        match same {
            Ok(true) if self.resolve_folder(path)? == resolved => Ok(folder),
            Ok(_) => Err(Refusal::Io(replaced())),
            Err(error) => Err(Refusal::Io(error)),
        }
    }
}

#[cfg(unix)]
impl Folder {
    fn open(path: &Path) -> io::Result<Self> {
        use rustix::fs::{Mode, OFlags};
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let handle = File::from(rustix::fs::open(path, flags, Mode::empty())?);
        Ok(Self { handle })
    }

    fn identity(&self) -> io::Result<Handle> {
        regular::identity_of(&self.handle)
    }

    /// Opens a file without blocking on a pipe. Returns `None` for a link. The caller must check
    /// that the opened file is a regular file.
    pub(crate) fn open_file(&self, name: &OsStr) -> io::Result<Option<File>> {
        use rustix::{
            fs::{Mode, OFlags},
            io::Errno,
        };
        let flags =
            OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::CLOEXEC;
        match rustix::fs::openat(&self.handle, name, flags, Mode::empty()) {
            Ok(file) => Ok(Some(File::from(file))),
            Err(Errno::LOOP) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }
}

#[cfg(not(unix))]
impl Folder {
    fn open(path: &Path) -> io::Result<Self> {
        Ok(Self { path: path.to_owned() })
    }

    fn identity(&self) -> io::Result<Handle> {
        Handle::from_path(&self.path)
    }

    /// Opens a file. Returns `None` for a link. The caller must check that the opened file is a
    /// regular file.
    pub(crate) fn open_file(&self, name: &OsStr) -> io::Result<Option<File>> {
        let path = self.path.join(name);
        if path.symlink_metadata()?.is_symlink() {
            return Ok(None);
        }
        let file = File::open(&path)?;
        let opened = regular::identity_of(&file)?;
        let real = path.canonicalize()?;
        let inside = real.parent() == Some(&*self.path) && Handle::from_path(&real)? == opened;
        if inside { Ok(Some(file)) } else { Err(replaced()) }
    }
}
