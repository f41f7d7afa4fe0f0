//! Standard output and files: written whole or not at all.

use std::{
    env,
    ffi::OsStr,
    fs::{self, OpenOptions},
    io::{self, IsTerminal, Write},
    path::{Path, PathBuf},
};

use tempfile::NamedTempFile;

use super::{Failure, Outcome, arguments::Color};
use crate::{report::Style, source::regular};

/// The width of text that goes to a file or a pipe.
const WIDTH: usize = 100;
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

/// Puts new content into a file: the old content or the new is there, never a part.
pub(super) fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let existing = fs::metadata(path).ok();
    // A pipe or a device is not replaced, or `/dev/null` would become a file.
    if existing.is_some_and(|existing| !existing.is_file() && !existing.is_dir()) {
        return OpenOptions::new().write(true).open(path)?.write_all(bytes);
    }
    Renewal::prepare(path, bytes)?.complete()
}

/// Puts content that was made out of what is in a file into its place, unless somebody else has
/// changed the file meanwhile.
pub(super) fn renew(path: &Path, before: &[u8], after: &[u8]) -> Result<(), Failure> {
    let renewal = Renewal::prepare(path, after).map_err(|error| Failure::write(path, &error))?;
    renewal.complete_of(path, before)
}

/// New content beside the file whose place it takes.
struct Renewal {
    file: NamedTempFile,
    target: PathBuf,
}

impl Renewal {
    fn prepare(path: &Path, bytes: &[u8]) -> io::Result<Self> {
        // A link stays a link: what it points to is replaced.
        let target = path.canonicalize().unwrap_or_else(|_| path.to_owned());
        let file = prepared(&target, bytes)?;
        if let Ok(existing) = fs::metadata(&target) {
            file.as_file().set_permissions(existing.permissions())?;
        }
        Ok(Self { file, target })
    }

    /// Takes the place of whatever is there.
    fn complete(self) -> io::Result<()> {
        self.file.persist(&self.target)?;
        Ok(())
    }

    /// Takes the place of this content only; it is looked at last, when all else is done.
    fn complete_of(self, path: &Path, before: &[u8]) -> Result<(), Failure> {
        let mut current = Vec::with_capacity(before.len() + 1);
        regular::read(&self.target, before.len() as u64 + 1, &mut current)
            .map_err(|error| Failure::write(path, &error))?;
        if current != before {
            return Err(Failure::new(format!(
                "`{}` has changed since it was read; run again",
                path.display()
            )));
        }
        self.complete().map_err(|error| Failure::write(path, &error))
    }
}

/// Puts content into a file that does not exist yet; nothing is overwritten.
pub(super) fn create(path: &Path, bytes: &[u8]) -> io::Result<()> {
    prepared(path, bytes)?.persist_noclobber(path)?;
    Ok(())
}

/// A temporary file with this content, beside the file that it will become.
fn prepared(target: &Path, bytes: &[u8]) -> io::Result<NamedTempFile> {
    let folder = match target.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    };
    fs::metadata(folder)?;
    let mut builder = tempfile::Builder::new();
    builder.prefix(".driverc-");
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    // The error would name the temporary file, of which nobody knows.
    let file = builder.tempfile_in(folder).map_err(|error| io::Error::from(error.kind()))?;
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
    fn a_change_that_was_not_seen_is_not_written_over() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.toml");
        let now = || fs::read_to_string(&path).unwrap();
        for change in ["", "bef", "beforehand", "behind"] {
            fs::write(&path, "before").unwrap();
            let renewal = Renewal::prepare(&path, b"after").unwrap();
            fs::write(&path, change).unwrap();
            let failure = renewal.complete_of(&path, b"before").unwrap_err().to_string();
            assert!(failure.ends_with("a.toml` has changed since it was read; run again"));
            assert_eq!(now(), change);
        }
        let renewal = Renewal::prepare(&path, b"after").unwrap();
        renewal.complete_of(&path, b"behind").unwrap();
        assert_eq!(now(), "after");
        let renewal = Renewal::prepare(&path, b"later").unwrap();
        fs::remove_file(&path).unwrap();
        let failure = renewal.complete_of(&path, b"after").unwrap_err().to_string();
        assert!(failure.starts_with("cannot write `"), "{failure}");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0, "no part is left");
    }
}
