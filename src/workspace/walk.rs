//! Finds the documents in folders.

use std::{
    ffi::OsStr,
    io,
    path::{Path, PathBuf},
};

use ignore::{DirEntry, WalkBuilder};

use super::{error::LoadError, ignored::UnreadFolders};
use crate::{boundary::Boundary, configuration};

/// Returns the `*.toml` files in a folder and its subfolders, except `driverc.toml`, sorted.
///
/// Skips files that `.gitignore` matches, except files that git tracks. Skips hidden files and
/// folders, such as those that editors create. Does not follow links to folders.
///
/// Adds folders that cannot be read to `errors`, and continues.
pub fn find(folder: &Path, boundary: &Boundary, errors: &mut Vec<LoadError>) -> Vec<PathBuf> {
    find_with(folder, Ignored::LeftOut, boundary, errors)
}

/// Returns the files like [`find`], but optionally includes the files that `.gitignore` matches.
pub(crate) fn find_with(
    folder: &Path,
    ignored: Ignored,
    boundary: &Boundary,
    errors: &mut Vec<LoadError>,
) -> Vec<PathBuf> {
    let mut found = Vec::new();
    walk(folder, ignored, boundary, errors, |path| found.push(path));
    found.sort();
    found
}

/// Returns the folders below a folder that have a `driverc.toml`, sorted. Skips hidden and ignored
/// folders, and does not follow links. Ignores errors, because they are reported when the folder is
/// read.
pub(crate) fn configured_folders(folder: &Path, boundary: &Boundary) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let is_wanted = |entry: &DirEntry| {
        let is_file = entry.file_type().is_some_and(|kind| kind.is_file() || kind.is_symlink());
        is_file && entry.depth() > 1 && entry.file_name() == configuration::FILE_NAME
    };
    let add = |path: PathBuf| found.extend(path.parent().map(Path::to_owned));
    walk_entries(folder, Ignored::LeftOut, boundary, &mut Vec::new(), is_wanted, add);
    found.sort();
    found
}

/// The treatment of files that `.gitignore` matches and git does not track.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ignored {
    /// Skips these files.
    LeftOut,
    /// Finds these files like other files.
    Found,
}

/// Returns the links in a folder and its subfolders, sorted, except links with a `*.toml` name.
/// Ignores errors.
pub(crate) fn links(folder: &Path) -> Vec<PathBuf> {
    let entries = unfiltered(folder).build().filter_map(Result::ok);
    let links = entries.filter(|entry| entry.depth() > 0 && entry.path_is_symlink());
    let mut links: Vec<_> = links.map(DirEntry::into_path).collect();
    links.retain(|path| path.extension() != Some(OsStr::new("toml")));
    links.sort();
    links
}

/// Creates a walk that includes ignored files, but not hidden files.
fn unfiltered(folder: &Path) -> WalkBuilder {
    let mut walk = WalkBuilder::new(folder);
    walk.git_ignore(false).git_global(false).git_exclude(false).ignore(false).parents(false);
    walk
}

/// Passes the documents in a folder and its subfolders to `found`, sorted by name within each
/// folder.
pub(super) fn walk(
    folder: &Path,
    ignored: Ignored,
    boundary: &Boundary,
    errors: &mut Vec<LoadError>,
    found: impl FnMut(PathBuf),
) {
    let is_wanted = |entry: &DirEntry| is_document(entry, boundary);
    walk_entries(folder, ignored, boundary, errors, is_wanted, found);
}

/// Passes the wanted entries in a folder and its subfolders to `found`.
fn walk_entries(
    folder: &Path,
    ignored: Ignored,
    boundary: &Boundary,
    errors: &mut Vec<LoadError>,
    is_wanted: impl Fn(&DirEntry) -> bool,
    mut found: impl FnMut(PathBuf),
) {
    if let Err(refusal) = boundary.allow_walk(folder) {
        errors.push(LoadError { path: folder.to_owned(), error: refusal.into_error() });
        return;
    }
    let mut walk = unfiltered(folder);
    let left_out = match ignored {
        Ignored::LeftOut => UnreadFolders::of_walk(&mut walk, folder, boundary),
        Ignored::Found => Ok(UnreadFolders::default()),
    };
    let left_out = match left_out {
        Ok(left_out) => left_out,
        Err(error) => return errors.push(error),
    };
    let by_bytes = |left: &Path, right: &Path| left.as_os_str().cmp(right.as_os_str());
    for entry in walk.sort_by_file_path(by_bytes).build() {
        match entry {
            Ok(entry) if is_wanted(&entry) => found(entry.into_path()),
            Ok(_) => {}
            Err(error) => errors.push(walk_error(folder, error)),
        }
    }
    errors.extend(left_out.errors());
}

/// Returns true for a file or a link to a file. A broken link is also included. It causes an error
/// when it is read.
fn is_document(entry: &DirEntry, boundary: &Boundary) -> bool {
    let path = entry.path().as_os_str().as_encoded_bytes();
    let is_configuration = || {
        path.ends_with(configuration::FILE_NAME.as_bytes())
            && entry.file_name() == configuration::FILE_NAME
    };
    // A requested file can have any name.
    let is_found = path.ends_with(b".toml") && !is_configuration();
    let Some(kind) = entry.file_type().filter(|_| is_found || entry.depth() == 0) else {
        return false;
    };
    if kind.is_symlink() {
        return boundary.resolve(entry.path()).map_or(true, |target| target.path.is_file());
    }
    kind.is_file()
}

fn walk_error(folder: &Path, error: ignore::Error) -> LoadError {
    let path = path_of(&error).unwrap_or(folder).to_owned();
    let text = error.to_string();
    let error = error.into_io_error().map(cause);
    LoadError { path, error: error.unwrap_or_else(|| io::Error::other(text)) }
}

/// Returns the error of the operating system, without the path that the walk adds.
fn cause(error: io::Error) -> io::Error {
    let inner = error.get_ref().and_then(|wrapper| wrapper.source());
    let inner = inner.and_then(|inner| inner.downcast_ref::<io::Error>());
    match inner.and_then(io::Error::raw_os_error) {
        Some(code) => io::Error::from_raw_os_error(code),
        None => error,
    }
}

/// Returns the path at which a walk failed.
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
